"""What a browser sees at the addresses that the API gives out for people: plain pages, public things only, no sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import quote

from dulwich.objects import Commit

from tutor.practice.github.handler import GitHubHandler, Refused
from tutor.practice.github.repository import Entry, Repository
from tutor.practice.github.state import MAIN, Moved, Record

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Practice · {title}</title></head>
<body><p><strong>Practice</strong>: this computer, not github.com</p><h1>{title}</h1>{body}</body></html>"""


class Page(GitHubHandler):
    """A page of any kind."""

    def authorize(self) -> None:
        """Everybody may look."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        for name, value in getattr(error, "headers", {}).items():
            self.set_header(name, value)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(_PAGE.format(title=status_code, body=""))

    async def show(self, title: str, body: str) -> None:
        """End with a page."""
        self.set_header("X-Content-Type-Options", "nosniff")
        await self.send(_PAGE.format(title=escape(title), body=body).encode(), "text/html; charset=utf-8")

    async def raw(self, data: bytes) -> None:
        """End with a file's bytes, which a browser shows and never runs."""
        self.set_header("X-Content-Type-Options", "nosniff")
        is_text = b"\0" not in data
        await self.send(data, "text/plain; charset=utf-8" if is_text else "application/octet-stream")

    def public(self, owner: str, name: str) -> Record:
        """The repository, if everybody may see it.

        Raises:
            Refused: there is none, or it has another name now.
        """
        try:
            record = self.state.repository(owner, name)
        except Moved as moved:
            where = self.request.path.removeprefix(f"/{owner}/{name}")
            raise Refused(301, headers={"Location": self.shapes.page_url(moved.record) + where}) from None
        if record is None or record["private"]:
            raise Refused(404)
        return record


class Owner(Page):
    """`/OWNER`."""

    async def get(self, owner: str) -> None:
        if not self.state.knows(owner):
            raise Refused(404)
        records = [record for record in self.state.repositories(owner) if not record["private"]]
        await self.show(owner, _links((record["name"], self.shapes.page_url(record)) for record in records))


class OfRepository(Page):
    """`/OWNER/NAME`, and in it `tree`, `blob`, `raw` and `commit`."""

    async def get(self, owner: str, name: str, kind: str | None = None, rest: str | None = None) -> None:
        record = self.public(owner, name)
        with self.state.opened(record) as repository:
            if kind == "commit":
                await self._commit(record, repository, rest or "")
                return
            ref, path = _ref_and_path(repository, rest or record["default_branch"])
            commit = repository.commit(ref)
            entry = repository.entry(commit, path) if commit else None
            if entry is None and not repository.refs() and not rest:
                await self.show(f"{owner}/{name}", "")
                return
            if entry is None or (entry.kind == "dir") == (kind in ("blob", "raw")):
                raise Refused(404)
            if kind == "raw":
                await self.raw(repository.data(entry.id))
            elif entry.kind == "dir":
                inside = [(each.name, self._url(record, each, ref)) for each in repository.entries(entry)]
                await self.show(f"{owner}/{name}/{path}".rstrip("/"), _links(inside))
            else:
                text = repository.data(entry.id).decode("utf-8", "replace")
                await self.show(f"{owner}/{name}/{path}", f"<pre>{escape(text)}</pre>")

    def _url(self, record: Record, entry: Entry, ref: str) -> str:
        kind = "tree" if entry.kind == "dir" else "blob"
        return f"{self.shapes.page_url(record)}/{kind}/{quote(ref)}/{quote(entry.path)}"

    async def _commit(self, record: Record, repository: Repository, name: str) -> None:
        commit = repository.commit(name)
        if not isinstance(commit, Commit):
            raise Refused(404)
        before = repository.commit(commit.parents[0].decode()) if commit.parents else None
        files = self.shapes.changes(record, repository, before, commit)
        body = "".join(
            f"<h2>{escape(each['filename'])}</h2><pre>{escape(each.get('patch', ''))}</pre>" for each in files
        )
        await self.show(commit.message.decode("utf-8", "replace"), body)


class OfGist(Page):
    """`/gist/ID`, and in it `raw/VERSION/NAME`."""

    async def get(self, name: str, version: str | None = None, file: str | None = None) -> None:
        record = self.state.gist(name)
        if record is None:
            raise Refused(404)
        with self.state.opened(record) as repository:
            commit = repository.commit(version or MAIN)
            top = repository.entry(commit, file or "") if commit else None
            if top is None:
                raise Refused(404)
            if file:
                await self.raw(repository.data(top.id))
                return
            body = "".join(
                f"<h2>{escape(each.name)}</h2><pre>{escape(repository.data(each.id).decode('utf-8', 'replace'))}</pre>"
                for each in repository.entries(top)
            )
        await self.show(record["description"] or name, body)


def _links(places: Iterable[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f'<li><a href="{escape(url)}">{escape(name)}</a></li>' for name, url in places) + "</ul>"


def _ref_and_path(repository: Repository, rest: str) -> tuple[str, str]:
    """Where the name of a branch ends, which may have slashes in it."""
    parts = rest.strip("/").split("/")
    for count in range(len(parts), 1, -1):
        ref = "/".join(parts[:count])
        if f"refs/heads/{ref}" in repository.refs():
            return ref, "/".join(parts[count:])
    return parts[0], "/".join(parts[1:])

"""Gists: each a small git repository without folders."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from dulwich.objects import Commit

from tutor.practice.github.handler import GitHubHandler, Refused, invalid
from tutor.practice.github.repository import Repository
from tutor.practice.github.shapes import MOST_INLINE, Json, moment
from tutor.practice.github.state import MAIN, Record

_LANGUAGES = {".ipynb": "Jupyter Notebook", ".md": "Markdown", ".py": "Python", ".txt": "Text"}
Files = dict[str, bytes | None]


class GistHandler(GitHubHandler):
    """What the two below share."""

    documentation = "gists/gists"

    def found(self, name: str) -> Record:
        """The gist of that id; whoever knows the id may read it, secret or not.

        Raises:
            Refused: there is none.
        """
        record = self.state.gist(name)
        if record is None:
            raise Refused(404)
        return record

    def shown(self, record: Record, *, whole: bool, revision: str = "") -> Json:
        """The gist as the API writes it. Args: `whole`: with contents and history, as one alone is answered; `revision`: an older state of it.

        Raises:
            Refused: there is no such revision.
        """
        name, page = record["id"], f"{self.service.root}/gist/{record['id']}"
        api = f"{self.service.root}/gists/{name}"
        with self.state.opened(record) as repository:
            commit = repository.commit(revision or MAIN)
            if commit is None:
                raise Refused(404)
            files = {each["filename"]: each for each in self._files(repository, commit, page, whole=whole)}
            history = (
                [self._version(record, repository, each, api) for each in repository.history(commit)] if whole else []
            )
        value: Json = {
            "url": api + (f"/{revision}" if revision else ""),
            "forks_url": f"{api}/forks",
            "commits_url": f"{api}/commits",
            "id": name,
            "node_id": f"G_practice{name}",
            "git_pull_url": f"{page}.git",
            "git_push_url": f"{page}.git",
            "html_url": page,
            "files": files,
            "public": record["public"],
            "created_at": record["created_at"],
            "updated_at": record["updated_at"],
            "description": record["description"],
            "comments": 0,
            "comments_enabled": True,
            "user": None,
            "comments_url": f"{api}/comments",
            "owner": self.shapes.user(record["owner"]),
            "truncated": False,
        }
        return value | ({"forks": [], "history": history} if whole else {})

    def _files(self, repository: Repository, commit: Commit, page: str, *, whole: bool) -> Iterator[Json]:
        top = repository.entry(commit, "")
        assert top is not None
        for entry in repository.entries(top):
            ending = "." + entry.name.rpartition(".")[2]
            value: Json = {
                "filename": entry.name,
                "type": mimetypes.guess_type(entry.name)[0] or "text/plain",
                "language": _LANGUAGES.get(ending),
                "raw_url": f"{page}/raw/{commit.id.decode()}/{quote(entry.name)}",
                "size": entry.size,
            }
            if whole:
                data = repository.data(entry.id)
                text = data[:MOST_INLINE].decode("utf-8", "replace")
                value |= {"truncated": len(data) > MOST_INLINE, "content": text, "encoding": "utf-8"}
            yield value

    def _version(self, record: Record, repository: Repository, commit: Commit, api: str) -> Json:
        before = repository.commit(commit.parents[0].decode()) if commit.parents else None
        lines = [0, 0]
        stand_in = {"owner": record["owner"], "name": record["id"]}
        for change in self.shapes.changes(stand_in, repository, before, commit):
            lines = [lines[0] + change["additions"], lines[1] + change["deletions"]]
        return {
            "user": self.shapes.user(record["owner"]),
            "version": commit.id.decode(),
            "committed_at": moment(commit.commit_time),
            "change_status": {"total": sum(lines), "additions": lines[0], "deletions": lines[1]},
            "url": f"{api}/{commit.id.decode()}",
        }

    def changes(self, there: Record | None) -> Files:
        """What the request does to files. Args: `there`: the gist that is changed.

        Raises:
            Refused: it makes no sense.
        """
        wanted = self.body.get("files")
        if not isinstance(wanted, dict):
            raise invalid("Gist", "files", "missing_field")
        changes: Files = {}
        for name, what in wanted.items():
            if what is None or (isinstance(what, dict) and not what):
                changes[_file_name(name)] = None
                continue
            if not isinstance(what, dict):
                raise invalid("Gist", "files", "invalid")
            new = _file_name(what.get("filename") or name)
            content = what.get("content")
            if new != name:
                changes[_file_name(name)] = None
            data = content.encode() if isinstance(content, str) else self._old(there, name)
            if not data:
                raise invalid("Gist", "files", "missing_field")
            changes[new] = data
        return changes

    def _old(self, there: Record | None, name: str) -> bytes | None:
        if there is None:
            return None
        with self.state.opened(there) as repository:
            commit = repository.commit(MAIN)
            entry = repository.entry(commit, name) if commit else None
            return repository.data(entry.id) if entry else None

    def add_version(self, record: Record, changes: Files) -> None:
        """One more version of it."""
        author = self.state.author(record["owner"])
        with self.state.opened(record) as repository:
            repository.change(MAIN, changes, "", author)
        self.state.touch(record)


class Gists(GistHandler):
    """`/gists`: those of whoever asks."""

    async def get(self) -> None:
        grant = self.grant
        if grant is None:
            await self.answer_page([])
            return
        secret_too = grant.has_scope("gist") if grant.is_classic else grant.right("gists") > 0
        records = [each for each in self.state.gists(grant.login) if each["public"] or secret_too]
        await self.answer_page([self.shown(record, whole=False) for record in records])

    async def post(self) -> None:
        grant = self.may_gist()
        changes = {name: data for name, data in self.changes(None).items() if data is not None}
        if not changes:
            raise invalid("Gist", "files", "missing_field")
        record = self.state.add_gist(
            grant.login, description=self.body.get("description"), public=self.body.get("public") in (True, "true")
        )
        self.add_version(record, dict(changes))
        self.set_header("Location", f"{self.service.root}/gists/{record['id']}")
        await self.answer(self.shown(record, whole=True), 201)


class OneGist(GistHandler):
    """`/gists/ID`, and `/gists/ID/VERSION`."""

    async def get(self, name: str, revision: str | None = None) -> None:
        record = self.found(name)
        await self.answer(self.shown(record, whole=True, revision=revision or ""))

    async def patch(self, name: str, revision: str | None = None) -> None:
        record = self._mine(name)
        changes = self.changes(record) if "files" in self.body else {}
        if "description" in self.body:
            record["description"] = self.body["description"]
        if changes:
            self.add_version(record, changes)
        self.state.touch(record)
        await self.answer(self.shown(record, whole=True))

    async def delete(self, name: str, revision: str | None = None) -> None:
        self.state.delete_gist(self._mine(name))
        await self.nothing()

    def _mine(self, name: str) -> Record:
        grant = self.may_gist()
        record = self.found(name)
        if record["owner"] != grant.login:
            raise Refused(404)
        return record


class GistCommits(GistHandler):
    """`/gists/ID/commits`."""

    async def get(self, name: str) -> None:
        found: list[Any] = self.shown(self.found(name), whole=True)["history"]
        await self.answer_page(found)


def _file_name(name: Any) -> str:
    if not isinstance(name, str) or not name or "/" in name or name in (".", "..", ".git"):
        raise invalid("Gist", "files", "invalid")
    return name

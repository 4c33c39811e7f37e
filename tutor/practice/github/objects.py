"""Git's own objects and refs through the API: blobs, trees, and what branches and tags point to."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import quote

from dulwich.objects import Blob, Commit, Tree

from tutor.practice.github.handler import GitHubHandler, Refused
from tutor.practice.github.repository import Entry
from tutor.practice.github.state import Record

_KINDS = {"dir": "tree", "submodule": "commit"}


class Blobs(GitHubHandler):
    """`/repos/OWNER/NAME/git/blobs`: bytes that no commit has yet."""

    documentation = "git/blobs#create-a-blob"

    async def post(self, owner: str, name: str) -> None:
        record = self.writable(owner, name)
        content = self.text("content")
        try:
            coded = self.body.get("encoding", "utf-8") == "base64"
            data = base64.b64decode("".join(content.split()), validate=True) if coded else content.encode()
        except (binascii.Error, ValueError):
            raise Refused(422, "content is not valid Base64") from None
        if len(data) > self.service.most_bytes:
            raise Refused(422, "Sorry, your input was too large to process.")
        with self.state.opened(record) as repository:
            if not repository.refs():
                raise Refused(409, "Git Repository is empty.")
            sha = repository.add_blob(data)
        await self.answer({"sha": sha, "url": f"{self.shapes.repository_url(record)}/git/blobs/{sha}"}, 201)


class OneBlob(GitHubHandler):
    """`/repos/OWNER/NAME/git/blobs/ID`."""

    documentation = "git/blobs#get-a-blob"

    async def get(self, owner: str, name: str, sha: str) -> None:
        record = self.readable(owner, name)
        with self.state.opened(record) as repository:
            blob = repository.object(sha)
            if not isinstance(blob, Blob):
                raise Refused(404)
            data = blob.as_raw_string()
        if ".raw" in self.request.headers.get("Accept", ""):
            await self.send(data, "application/vnd.github.raw+json; charset=utf-8")
            return
        await self.answer(
            {
                "sha": sha,
                "node_id": f"B_practice{sha}",
                "size": len(data),
                "url": f"{self.shapes.repository_url(record)}/git/blobs/{sha}",
                "content": base64.encodebytes(data).decode(),
                "encoding": "base64",
            }
        )


class OneTree(GitHubHandler):
    """`/repos/OWNER/NAME/git/trees/REF`; with `recursive` everything below, too."""

    documentation = "git/trees#get-a-tree"

    async def get(self, owner: str, name: str, ref: str) -> None:
        record = self.readable(owner, name)
        deep = bool(self.get_query_arguments("recursive"))
        api = self.shapes.repository_url(record)
        with self.state.opened(record) as repository:
            found = repository.commit(ref) or repository.object(ref)
            sha = found.tree.decode() if isinstance(found, Commit) else ref
            if not isinstance(found, (Commit, Tree)):
                raise Refused(404)
            entries = list(repository.entries(Entry("", sha, "dir", 0), deep=deep))
        shown = [_entry(entry, api) for entry in entries]
        await self.answer({"sha": sha, "url": f"{api}/git/trees/{sha}", "tree": shown, "truncated": False})


class Refs(GitHubHandler):
    """`/repos/OWNER/NAME/git/refs`: made here."""

    documentation = "git/refs#create-a-reference"

    async def get(self, owner: str, name: str) -> None:
        record = self.readable(owner, name)
        await self.answer_page(self.shown(record, "refs/"))

    async def post(self, owner: str, name: str) -> None:
        record = self.writable(owner, name)
        ref, sha = self.text("ref"), self.text("sha")
        if not ref.startswith("refs/") or ref.count("/") < 2:
            raise Refused(422, "Reference name must start with 'refs/' and have at least two slashes.")
        with self.state.opened(record) as repository:
            if repository.object(sha) is None:
                raise Refused(422, "Object does not exist")
            if ref in repository.refs() or not repository.set_ref(ref, sha, None):
                raise Refused(422, "Reference already exists")
        await self.answer(self.shown(record, ref)[0], 201)

    def shown(self, record: Record, beginning: str) -> list[dict[str, Any]]:
        """The refs whose names begin so, as the API writes them."""
        api = self.shapes.repository_url(record)
        with self.state.opened(record) as repository:
            found = {name: (sha, repository.object(sha)) for name, sha in repository.refs(beginning).items()}
        return [
            {
                "ref": name,
                "node_id": f"REF_practice{name}",
                "url": f"{api}/git/{quote(name)}",
                "object": {"sha": sha, "type": kind, "url": f"{api}/git/{kind}s/{sha}"},
            }
            for name, (sha, found_object) in found.items()
            for kind in [found_object.type_name.decode() if found_object else "commit"]
        ]


class MatchingRefs(Refs):
    """`/repos/OWNER/NAME/git/matching-refs/BEGINNING`."""

    documentation = "git/refs#list-matching-references"

    async def get(self, owner: str, name: str, beginning: str = "") -> None:
        record = self.readable(owner, name)
        await self.answer_page(self.shown(record, f"refs/{beginning}"))


class OneRef(Refs):
    """`/repos/OWNER/NAME/git/ref/NAME`, read; `…/git/refs/NAME`, changed."""

    documentation = "git/refs#get-a-reference"

    async def get(self, owner: str, name: str, ref: str) -> None:  # type: ignore[override]
        record = self.readable(owner, name)
        found = [each for each in self.shown(record, f"refs/{ref}") if each["ref"] == f"refs/{ref}"]
        if not found:
            raise Refused(404)
        await self.answer(found[0])

    async def patch(self, owner: str, name: str, ref: str) -> None:
        record = self.writable(owner, name)
        sha = self.text("sha")
        with self.state.opened(record) as repository:
            old = repository.refs().get(f"refs/{ref}")
            if old is None:
                raise Refused(422, "Reference does not exist")
            if repository.object(sha) is None:
                raise Refused(422, "Object does not exist")
            if not self.body.get("force") and not repository.contains(sha, old):
                raise Refused(422, "Update is not a fast forward")
            repository.set_ref(f"refs/{ref}", sha, old)
        self.state.touch(record)
        await self.get(owner, name, ref)

    async def delete(self, owner: str, name: str, ref: str) -> None:
        record = self.writable(owner, name)
        with self.state.opened(record) as repository:
            old = repository.refs().get(f"refs/{ref}")
            if old is None:
                raise Refused(422, "Reference does not exist")
            repository.set_ref(f"refs/{ref}", None, old)
        await self.nothing()


def _entry(entry: Entry, api: str) -> dict[str, Any]:
    kind = _KINDS.get(entry.kind, "blob")
    value: dict[str, Any] = {"path": entry.path, "mode": f"{entry.mode:06o}", "type": kind, "sha": entry.id}
    if kind == "blob":
        value["size"] = entry.size
    return value | ({} if kind == "commit" else {"url": f"{api}/git/{kind}s/{entry.id}"})

"""Files by their path: read, made, changed and taken away, each change a commit."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from dulwich.objects import Commit

from tutor.practice.github.handler import GitHubHandler, Refused, missing
from tutor.practice.github.repository import HEADS, Entry, InTheWay, Person, Repository
from tutor.practice.github.state import Record

WORKFLOWS = ".github/workflows/"


class Contents(GitHubHandler):
    """`/repos/OWNER/NAME/contents/PATH`."""

    documentation = "repos/contents"

    async def get(self, owner: str, name: str, path: str | None = None) -> None:
        record = self.readable(owner, name)
        ref = self.get_query_argument("ref", "") or record["default_branch"]
        with self.state.opened(record) as repository:
            commit = repository.commit(ref)
            if commit is None:
                raise Refused(
                    404, "This repository is empty." if not repository.refs() else f"No commit found for the ref {ref}"
                )
            entry = repository.entry(commit, _clean(path or ""))
            if entry is None:
                raise Refused(404)
            if entry.kind == "dir":
                await self.answer([self.shapes.content(record, each, ref) for each in repository.entries(entry)])
            elif entry.kind == "submodule":
                await self.answer(self.shapes.content(record, entry, ref) | {"submodule_git_url": None})
            else:
                await self._file(record, entry, ref, repository)

    async def _file(self, record: Record, entry: Entry, ref: str, repository: Repository) -> None:
        if entry.size > self.service.most_bytes:
            error = {"resource": "Blob", "field": "data", "code": "too_large"}
            raise Refused(
                403, "This API returns blobs up to 100 MB in size. The requested blob is too large.", errors=[error]
            )
        data = repository.data(entry.id)
        if ".raw" in self.request.headers.get("Accept", ""):
            await self.send(data, "application/vnd.github.raw+json; charset=utf-8")
            return
        await self.answer(self.shapes.content(record, entry, ref, data))

    async def put(self, owner: str, name: str, path: str | None = None) -> None:
        record = self.writable(owner, name)
        path = self._path(path)
        message, content = self.text("message"), self.text("content")
        data = self._decoded(content)
        if path.startswith(WORKFLOWS):
            self.writable(owner, name, "workflows")
        with self.state.opened(record) as repository:
            branch = self._branch(record, repository)
            old = self._old(repository, branch, path)
            sha = self.body.get("sha")
            if old is not None and not sha:
                raise missing("sha")
            if sha and (old is None or old.id != sha):
                raise Refused(409, f"{path} does not match {sha}")
            commit = self._changed(repository, branch, path, data, message)
            entry = repository.entry(commit, path)
            assert entry is not None
            self.state.touch(record)
            value = {
                "content": self.shapes.content(record, entry, branch),
                "commit": self.shapes.git_commit(record, commit),
            }
        await self.answer(value, 200 if old else 201)

    async def delete(self, owner: str, name: str, path: str | None = None) -> None:
        record = self.writable(owner, name)
        path = self._path(path)
        message, sha = self._field("message"), self._field("sha")
        with self.state.opened(record) as repository:
            branch = self._branch(record, repository)
            old = self._old(repository, branch, path)
            if old is None:
                raise Refused(404)
            if not sha:
                raise missing("sha")
            if old.id != sha:
                raise Refused(409, f"{path} does not match {sha}")
            commit = self._changed(repository, branch, path, None, message)
            self.state.touch(record)
            value = {"content": None, "commit": self.shapes.git_commit(record, commit)}
        await self.answer(value)

    def _field(self, name: str) -> str:
        """A deletion's fields may come in the address."""
        value = self.get_query_argument(name, "")
        return value or self.text(name)

    def _path(self, path: str | None) -> str:
        path = path or ""
        if path.startswith("/"):
            raise Refused(422, "path cannot start with a slash")
        if not path or any(part in ("", ".", "..") or part.lower() == ".git" for part in path.split("/")):
            raise Refused(422, "path contains a malformed path component")
        return path

    def _decoded(self, content: str) -> bytes:
        try:
            data = base64.b64decode("".join(content.split()), validate=True)
        except (binascii.Error, ValueError):
            raise Refused(422, "content is not valid Base64") from None
        if len(data) > self.service.most_bytes:
            raise Refused(422, "Sorry, your input was too large to process.")
        return data

    def _branch(self, record: Record, repository: Repository) -> str:
        branch = self.get_query_argument("branch", "") or self.body.get("branch") or record["default_branch"]
        refs = repository.refs(HEADS)
        if refs and f"{HEADS}{branch}" not in refs:
            raise Refused(404, f"Branch {branch} not found")
        return str(branch)

    def _old(self, repository: Repository, branch: str, path: str) -> Entry | None:
        head = repository.commit(f"{HEADS}{branch}")
        entry = repository.entry(head, path) if head else None
        if entry is not None and entry.kind == "dir":
            raise Refused(422, f"{path} is a directory")
        return entry

    def _changed(self, repository: Repository, branch: str, path: str, data: bytes | None, message: str) -> Commit:
        committer = self._person("committer")
        author = self._person("author") or committer
        own = self.state.author(self.signed_in().login)
        try:
            return repository.change(branch, {path: data}, message, author or own, committer or own)
        except InTheWay as error:
            raise Refused(422, f"{error} is a file, and {path} would need it to be a directory") from None

    def _person(self, name: str) -> Person | None:
        value: Any = self.body.get(name)
        if not isinstance(value, dict):
            return None
        if not value.get("name") or not value.get("email"):
            raise Refused(422, f'Invalid request.\n\n"email", "name" weren\'t supplied in {name}.')
        return Person(str(value["name"]), str(value["email"]))


def _clean(path: str) -> str:
    """A path as it is read: GitHub takes slashes at both ends away."""
    return path.strip("/")

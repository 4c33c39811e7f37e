"""Git's own protocol over HTTP: `git clone`, `git fetch` and `git push`, by dulwich's handlers."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from typing import Any

from dulwich.errors import GitProtocolError, HangupException, NotGitRepository
from dulwich.repo import Repo
from dulwich.server import Backend
from dulwich.web import HTTPGitApplication

from tutor.practice.github.handler import GitHubHandler, Refused
from tutor.practice.github.repository import HEADS, Repository
from tutor.practice.github.state import Moved, Record
from tutor.practice.handler import Refusal

PUSH = "git-receive-pack"
_SIGN_IN = "Invalid username or token. Password authentication is not supported for Git operations."


class _OneRepository(Backend):
    """The backend that dulwich asks, which knows one repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def open_repository(self, path: str) -> Repo:
        if not path:
            raise NotGitRepository
        return self._repository.git


class Smart(GitHubHandler):
    """`/OWNER/NAME.git/…`; of a gist `/gist/ID.git/…`."""

    async def get(self, owner: str, name: str, what: str) -> None:
        await self._serve(owner, name, what, self.get_query_argument("service", ""))

    async def post(self, owner: str, name: str, what: str) -> None:
        await self._serve(owner, name, what, what)

    async def _serve(self, owner: str, name: str, what: str, wanted: str) -> None:
        record = self._found(owner, name)
        if wanted == PUSH:
            self._may_push(record)
        elif record.get("private"):
            self.readable(owner, name)
        with self.state.opened(record) as repository:
            status, headers, body = _asked(_OneRepository(repository), self._environ(what))
            if what == PUSH:
                self._first_branch(record, repository)
                self.state.touch(record)
        for key, value in headers:
            self.set_header(key, value)
        await self.send(body, status=int(status.partition(" ")[0]))

    def _found(self, owner: str, name: str) -> Record:
        if owner == "gist":
            gist = self.state.gist(name)
            if gist is None:
                raise Refused(404)
            return gist
        try:
            record = self.state.repository(owner, name)
        except Moved as moved:
            record = moved.record
        if record is None or not self._sees(record):
            # Without a token GitHub does not say whether it is there; git asks for one then.
            raise Refused(404 if self.grant else 401)
        return record

    def _may_push(self, record: Record) -> None:
        if self.grant is None:
            raise Refused(401)
        try:
            if "public" in record:
                grant = self.may_gist()
                if grant.login != record["owner"]:
                    raise Refused(403)
            else:
                self.writable(record["owner"], record["name"])
        except Refused:
            raise Refused(403, "Write access to repository not granted.") from None

    def _first_branch(self, record: Record, repository: Repository) -> None:
        """What is pushed first into an empty repository is its default branch."""
        heads = [name.removeprefix(HEADS) for name in repository.refs(HEADS)]
        if "default_branch" in record and heads and record["default_branch"] not in heads:
            record["default_branch"] = heads[0]
            repository.set_head(heads[0])

    def _environ(self, what: str) -> dict[str, Any]:
        body = self.request.body
        if self.request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return {
            "REQUEST_METHOD": self.request.method,
            "PATH_INFO": f"/practice.git/{what}",
            "QUERY_STRING": self.request.query,
            "CONTENT_TYPE": self.request.headers.get("Content-Type", ""),
            "wsgi.input": io.BytesIO(body),
        }

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        why = error.why if isinstance(error, Refusal) else ""
        if status_code == 401:
            self.set_header("WWW-Authenticate", 'Basic realm="Practice GitHub"')
            why = _SIGN_IN
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(why or {404: "Repository not found."}.get(status_code, "Practice: it did not work."))


def _asked(backend: Backend, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    """What dulwich answers."""
    written = io.BytesIO()
    begun: list[Any] = []

    def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        begun[:] = [status, headers]
        return written.write

    try:
        for piece in HTTPGitApplication(backend)(environ, begin):
            written.write(piece)
    except (GitProtocolError, HangupException, EOFError):
        raise Refused(400, "Practice: that is not git's protocol.") from None
    return begun[0], begun[1], written.getvalue()

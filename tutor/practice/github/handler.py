"""What all handlers of the API share: who asks, what they may, how a refusal and a page of a list look."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tutor.practice.github.shapes import Shapes
from tutor.practice.github.state import Moved, Record, State
from tutor.practice.github.tokens import Grant, Right
from tutor.practice.handler import Handler, Refusal

if TYPE_CHECKING:
    from tutor.practice.github.service import GitHub

DOCUMENTATION = "https://docs.github.com/rest"
MOST_PER_PAGE = 100
_MESSAGES = {
    (301, ""): "Moved Permanently",
    (400, ""): "Problems parsing JSON",
    (401, ""): "Bad credentials",
    (401, "anonymous"): "Requires authentication",
    (403, ""): "Resource not accessible by personal access token",
    (
        403,
        "rate",
    ): "API rate limit exceeded for user ID 1. If you reach out to GitHub Support for help, please include the request ID.",
    (403, "secondary"): "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    (
        403,
        "sso",
    ): "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
    (404, ""): "Not Found",
    (405, ""): "Not Found",
    (409, ""): "Conflict",
    (422, ""): "Validation Failed",
    (429, ""): "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
}
_SERVER_ERROR = "Server Error"


class Refused(Refusal):
    """The same as a `Refusal`, with GitHub's list of what is wrong with a request."""

    def __init__(
        self,
        status: int,
        why: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        """Args: `why`: a key of the messages, or the message itself."""
        super().__init__(status, why, headers)
        self.errors = errors


class GitHubHandler(Handler):
    """A request to the REST API."""

    documentation = ""
    """Where this part of the API is described, after `DOCUMENTATION`."""
    token = ""
    grant: Grant | None = None
    """What the token that came along may do; None without one."""
    _errors: Sequence[Mapping[str, str]] = ()

    @property
    def service(self) -> GitHub:
        found: GitHub = self.settings["service"]
        return found

    @property
    def state(self) -> State:
        return self.service.state

    @property
    def shapes(self) -> Shapes:
        return Shapes(self.service.root, self.state)

    # Who asks.

    def authorize(self) -> None:
        self.token = self.bearer or self._password()
        if self.token:
            grant = self.service.tokens.get(self.token)
            if grant is None or not grant.is_accepted():
                raise Refused(401)
            self.grant = grant
        hour = self.service.limits.hour(self.token)
        if hour.left == 0:
            raise Refused(403, "rate")
        hour.used += 1
        self._tell_who()

    def _password(self) -> str:
        scheme, _, value = self.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return ""
        try:
            return base64.b64decode(value).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""

    def _tell_who(self) -> None:
        self.set_header("X-GitHub-Request-Id", secrets.token_hex(9).upper())
        self.set_header("X-GitHub-Media-Type", "github.v3; format=json")
        if self.token and self.grant is None:
            return
        for name, value in self.service.limits.hour(self.token).numbers.items():
            self.set_header(f"X-RateLimit-{name.title()}", str(value))
        self.set_header("X-RateLimit-Resource", "core")
        if self.grant is None:
            return
        if self.grant.scopes is not None:
            self.set_header("X-OAuth-Scopes", ", ".join(self.grant.scopes))
        if self.grant.expires is not None:
            moment = datetime.fromtimestamp(self.grant.expires, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            self.set_header("github-authentication-token-expiration", moment)

    def signed_in(self) -> Grant:
        """Whose token it is.

        Raises:
            Refused: there is none.
        """
        if self.grant is None:
            raise Refused(401, "anonymous")
        return self.grant

    # What they may.

    def seen(self, owner: str, name: str) -> Record:
        """The repository, if whoever asks may know that it is there.

        Raises:
            Refused: they may not, there is none, or it has another name now.
        """
        try:
            record = self.state.repository(owner, name)
        except Moved as moved:
            record = moved.record
            if self._sees(record):
                here = f"/repos/{owner}/{name}"
                there = self.shapes.repository_url(record)
                raise Refused(301, headers={"Location": there + self.request.path.removeprefix(here)}) from None
        if record is None or not self._sees(record):
            raise Refused(404)
        return record

    def _sees(self, record: Record) -> bool:
        if not record["private"]:
            return True
        grant = self.grant
        if grant is None or grant.login != record["owner"]:
            return False
        if grant.is_classic:
            return grant.has_scope("repo")
        return any(grant.right(each, record["name"]) for each in grant.permissions if each != "gists")

    def readable(self, owner: str, name: str) -> Record:
        """The repository, if its files may be read. Raises: as `seen`."""
        record = self.seen(owner, name)
        if record["private"] and not self.signed_in().is_classic:
            self._need("contents", Right.READ, record)
        return record

    def writable(self, owner: str, name: str, permission: str = "contents") -> Record:
        """The repository, if it may be changed. Raises: as `seen`."""
        record = self.seen(owner, name)
        grant = self.signed_in()
        if grant.is_classic:
            # With too few scopes GitHub says that it is not there at all.
            may = grant.has_scope("repo") or (grant.has_scope("public_repo") and not record["private"])
            if grant.login != record["owner"] or not may:
                raise Refused(404)
        elif grant.login != record["owner"]:
            raise Refused(403)
        else:
            self._need(permission, Right.WRITE, record)
        return record

    def _need(self, permission: str, right: Right, record: Record) -> None:
        if self.signed_in().right(permission, record["name"]) < right:
            accepted = {"X-Accepted-GitHub-Permissions": f"{permission}={right.name.lower()}"}
            raise Refused(403, headers=accepted)

    def may_gist(self) -> Grant:
        """Whoever may make and change gists.

        Raises:
            Refused: nobody, or not with this token.
        """
        grant = self.signed_in()
        if grant.is_classic and not grant.has_scope("gist"):
            raise Refused(404)
        if not grant.is_classic and grant.right("gists") < Right.WRITE:
            raise Refused(403, headers={"X-Accepted-GitHub-Permissions": "gists=write"})
        return grant

    # What comes along, and what goes back.

    @property
    def body(self) -> dict[str, Any]:
        """The request's JSON object.

        Raises:
            Refusal: it is none.
        """
        value = self.json
        if not isinstance(value, dict):
            raise Refused(400)
        return value

    def text(self, name: str) -> str:
        """A field of the body that must be there.

        Raises:
            Refused: it is not.
        """
        value = self.body.get(name)
        if not isinstance(value, str):
            raise missing(name)
        return value

    async def answer_page(self, items: Sequence[Any]) -> None:
        """End with one page of a list, and with `Link` to the others."""
        each = min(self._number("per_page", 30), MOST_PER_PAGE)
        page, last = self._number("page", 1), max(1, -(-len(items) // each))
        others = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        wanted = [
            f'<{self._page_url(number)}>; rel="{name}"'
            for name, number in others.items()
            if 1 <= number <= last and (number > page if name in ("next", "last") else number < page)
        ]
        if wanted:
            self.set_header("Link", ", ".join(wanted))
        await self.answer(items[(page - 1) * each : page * each])

    def _number(self, name: str, otherwise: int) -> int:
        given = self.get_query_argument(name, "")
        return int(given) if given.isdigit() and int(given) else otherwise

    def _page_url(self, number: int) -> str:
        query = {name: values[-1].decode() for name, values in self.request.query_arguments.items()}
        return f"{self.service.root}{self.request.path}?{urlencode(query | {'page': str(number)})}"

    async def nothing(self) -> None:
        """End well, with no body."""
        await self.send(b"", status=204)

    # Refusals.

    def refusal(self, status: int, why: str) -> Any:
        message = _MESSAGES.get((status, why)) or why or _MESSAGES.get((status, ""), _SERVER_ERROR)
        value: dict[str, Any] = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
        if self.documentation and status not in (401, 403, 429):
            value["documentation_url"] += f"/{self.documentation}"
        if self._errors:
            value["errors"] = list(self._errors)
        return value

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        self._errors = getattr(error, "errors", ())
        self._tell_who()
        if status_code == 405:
            self.set_status(404)
        if isinstance(error, Refusal) and error.why == "sso":
            self.set_header("X-GitHub-SSO", f"required; url={self.service.root}/orgs/practice-school/sso")
        if isinstance(error, Refusal) and error.why == "rate":
            self.set_header("X-RateLimit-Remaining", "0")
        super().write_error(404 if status_code == 405 else status_code, **kwargs)


def missing(name: str) -> Refused:
    """The refusal of a request that lacks a field."""
    return Refused(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')


def invalid(resource: str, field: str, code: str, message: str = "") -> Refused:
    """The refusal of a request with a field that does not fit."""
    error = {"resource": resource, "field": field, "code": code} | ({"message": message} if message else {})
    return Refused(422, errors=[error])

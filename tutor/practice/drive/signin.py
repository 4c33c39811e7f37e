"""The endpoints of Google's sign-in: what they answer to a program. Where Google shows a person a page, there is a line of text."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import secrets
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from tutor.practice.drive.grants import DEVICE_SCOPES, MAIL, PROJECT, Grants
from tutor.practice.drive.words import DriveRefusal, drive_error, sign_in_error
from tutor.practice.faults import Faults
from tutor.practice.handler import Handler, Refusal
from tutor.practice.service import LEARNER

SUBJECT = "100000000000000000001"
"""The person's number at Google."""


class SignInHandler(Handler):
    """Everybody may ask; the answers are OAuth's."""

    def initialize(self, faults: Faults) -> None:
        super().initialize(faults)
        self.grants: Grants = self.settings["service"].grants

    def refusal(self, status: int, why: str) -> Any:
        reason, _, message = why.partition(": ")
        if status >= 500:
            reason = reason or "internal_failure"
        return sign_in_error(reason, message)

    def page(self, status: int, error: str) -> None:
        """What a person would read, in one line."""
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"Practice, not Google. Error {status}: {error}\n")


class Authorize(SignInHandler):
    """The authorization endpoint. The person answers at once."""

    def get(self) -> None:
        """Send the browser back with a code, or with a refusal."""
        redirect_uri, client_id = self.get_argument("redirect_uri", ""), self.get_argument("client_id", "")
        if client_id != self.grants.clients["desktop"]:
            self.page(401, "invalid_client")
            return
        if not is_loopback(redirect_uri):
            self.page(400, "redirect_uri_mismatch")
            return
        if self.grants.person.page:
            self.page(403, self.grants.person.page)
            return
        if self.get_argument("response_type", "") != "code":
            self.page(400, "unsupported_response_type")
            return
        challenge = self.get_argument("code_challenge", "")
        if challenge and self.get_argument("code_challenge_method", "plain") != "S256":
            self.page(400, "invalid_request")
            return
        try:
            asked = self.grants.scopes_of(self.get_argument("scope", ""))
        except Refusal as refusal:
            self.page(400, refusal.why.partition(":")[0])
            return
        back = {"state": self.get_argument("state", "")}
        granted = self.grants.consent(asked)
        if granted is None:
            back["error"] = "access_denied"
        else:
            back["code"] = self.grants.code(client_id, granted, redirect_uri=redirect_uri, challenge=challenge)
            back["scope"] = " ".join(granted)
        self.redirect(f"{redirect_uri}?{urlencode(back)}")


class Token(SignInHandler):
    """Tokens for codes and for refresh tokens."""

    async def post(self) -> None:
        """One of the three grants."""
        client_id = self._client()
        match self.get_body_argument("grant_type", ""):
            case "authorization_code":
                answer = self.grants.exchange(
                    self.get_body_argument("code", ""),
                    client_id,
                    self.get_body_argument("redirect_uri", ""),
                    self.get_body_argument("code_verifier", ""),
                )
            case "refresh_token":
                answer = self.grants.refresh(self.get_body_argument("refresh_token", ""), client_id)
            case "urn:ietf:params:oauth:grant-type:device_code":
                answer = self.grants.poll(self.get_body_argument("device_code", ""), client_id)
            case other:
                raise Refusal(400, f"unsupported_grant_type: Invalid grant_type: {other}")
        self.set_header("Cache-Control", "no-store")
        await self.answer(answer)

    def _client(self) -> str:
        client_id = self.get_body_argument("client_id", "")
        secret = self.get_body_argument("client_secret", "")
        scheme, _, coded = self.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                client_id, _, secret = base64.b64decode(coded).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise Refusal(401, "invalid_client") from None
        self.grants.check_client(client_id, secret)
        return client_id


class DeviceCode(SignInHandler):
    """A code for a device without a browser."""

    async def post(self) -> None:
        """What the person types, and what the device asks with."""
        client_id = self.get_body_argument("client_id", "")
        if client_id not in self.grants.clients.values():
            raise Refusal(401, "invalid_client")
        if client_id != self.grants.clients["device"]:
            why = "Only clients of type 'TVs and Limited Input devices' can use the OAuth 2.0 flow for TV and Limited-Input Device Applications."
            raise Refusal(401, f"invalid_client: {why}")
        scopes = self.grants.scopes_of(self.get_body_argument("scope", ""), DEVICE_SCOPES)
        letters = "BCDFGHJKLMNPQRSTVWXZ"
        typed = "".join(secrets.choice(letters) for _ in range(8))
        person = self.grants.person
        await self.answer(
            {
                "device_code": self.grants.code(client_id, scopes),
                "user_code": f"{typed[:4]}-{typed[4:]}",
                "expires_in": person.device_seconds,
                "interval": person.interval,
                "verification_url": f"{self.request.protocol}://{self.request.host}/device",
            }
        )


class DevicePage(SignInHandler):
    """Where the person would type the code."""

    def get(self) -> None:
        """There is nothing to type."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("Practice, not Google: the code has been entered for you.\n")


class Revoke(SignInHandler):
    """Forgets a token."""

    async def post(self) -> None:
        """With the token in the body, or, as Google's pages have it, in the address."""
        self.grants.revoke(self.get_argument("token", ""))
        await self.answer({})


class TokenInfo(SignInHandler):
    """What a token is good for."""

    async def post(self) -> None:
        """Of the token in the header, in the body or in the address."""
        token = self.get_argument("access_token", "") or self.bearer
        grant = self.grants.of(token)
        if grant is None:
            raise Refusal(400, "invalid_token")
        answer = {
            "azp": grant.client_id,
            "aud": grant.client_id,
            "scope": " ".join(grant.scopes),
            "access_type": "offline",
        }
        if grant.expires is not None:
            answer |= {"exp": str(int(grant.expires)), "expires_in": str(int(grant.expires - time.time()))}
        await self.answer(answer)

    get = post


class UserInfo(SignInHandler):
    """Who signed in; for tokens that may know it."""

    def refusal(self, status: int, why: str) -> Any:
        return drive_error(status, why, "", "", PROJECT)

    async def get(self) -> None:
        """The person's number, and name and address if those were granted."""
        grant = self.grants.of(self.bearer)
        if grant is None:
            raise DriveRefusal(401, "authError")
        if "openid" not in grant.scopes:
            raise DriveRefusal(403, "insufficientPermissions")
        answer: dict[str, Any] = {"sub": SUBJECT}
        if "profile" in grant.scopes:
            answer["name"] = LEARNER
        if "email" in grant.scopes:
            answer |= {"email": MAIL, "email_verified": True}
        await self.answer(answer)


def is_loopback(url: str) -> bool:
    """Whether it leads to a program on this machine, on whichever port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http":
        return False
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

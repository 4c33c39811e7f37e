"""Kaggle's API as its own client speaks it: POST of JSON to `/v1/SERVICE/METHOD`, and downloads from signed addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

from tutor.paths import make_private
from tutor.practice.handler import Refusal
from tutor.practice.kaggle.calls import CALLS, DOWNLOADS, INTROSPECT, Asked
from tutor.practice.kaggle.downloads import Download, Signer
from tutor.practice.kaggle.handler import KaggleHandler
from tutor.practice.kaggle.shelf import Dataset, make_shelf
from tutor.practice.kaggle.tokens import Tokens
from tutor.practice.service import Lent, Route, Service

CLIENT = "kagglesdk"
"""The application that Kaggle's own programs are."""
CODE_PAGE = "/account/api/oauth/token"
"""Where the code is shown that is typed into a terminal."""


class Call(KaggleHandler):
    """All methods."""

    def refuse_stranger(self) -> None:
        # Kaggle's client takes a 403 of this method for a token that is not valid, and looks for the next credential.
        raise Refusal(403, "token") if self.request.path.endswith(INTROSPECT) else Refusal(401)

    async def post(self, name: str) -> None:
        body = self.json
        if not isinstance(body, dict):
            raise Refusal(400)
        asked = Asked(body, self.caller, self.kaggle.tokens, self.kaggle.shelf)
        if name in DOWNLOADS:
            await self._elsewhere(self._signed(asked))
        elif name in CALLS:
            await self.answer(CALLS[name](asked))
        else:
            raise Refusal(404)

    async def _elsewhere(self, address: str) -> None:
        self.set_header("Location", address)
        await self.send(b"", status=302)

    def _signed(self, asked: Asked) -> str:
        """The address of the archive, or of one file."""
        dataset, name = asked.dataset(), asked.text("fileName")
        if dataset.make is None:
            raise Refusal(403, "paper")
        if name and name not in dataset.sizes:
            raise Refusal(404)
        return self.kaggle.signer.address(dataset.number, name)


class Authorize(KaggleHandler):
    """Gives consent at once, since nobody is asked in practice: there is no page, only the code."""

    async def get(self) -> None:
        answer = {"state": self.get_query_argument("state", "")}
        wanted = {
            "client_id": CLIENT,
            "response_type": "code",
            "response_mode": "query",
            "code_challenge_method": "S256",
        }
        target, challenge = self.get_query_argument("redirect_uri", ""), self.get_query_argument("code_challenge", "")
        scope = self.get_query_argument("scope", "")
        is_right = all(self.get_query_argument(name, "") == value for name, value in wanted.items())
        if not (is_right and challenge and scope and answer["state"] and self._may_return_to(target)):
            raise Refusal(400)
        if self.kaggle.consents:
            answer["code"] = self.kaggle.tokens.consent(challenge, scope)
        else:
            answer["error"] = "access_denied"
        self.set_header("Location", f"{target}?{urlencode(answer)}")
        await self.send(b"", status=302)

    def _may_return_to(self, target: str) -> bool:
        parts = urlsplit(target)
        is_loopback = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
        return target == self.kaggle.root + CODE_PAGE or (is_loopback and parts.path in ("", "/"))


class CodePage(KaggleHandler):
    """Shows the code that comes with its address, and nothing else."""

    async def get(self) -> None:
        shown = self.get_query_argument("code", "") or self.get_query_argument("error", "")
        await self.send(shown.encode(), "text/plain; charset=utf-8")


class Kaggle(Service):
    """The stand-in for Kaggle."""

    name = "kaggle"
    tokens: Tokens
    signer: Signer
    shelf: Mapping[str, Dataset]
    consents = True
    """Whether those who are sent to `authorize` are taken to agree."""

    def routes(self, root: str) -> Sequence[Route]:
        self.tokens = Tokens(self.kept)
        self.signer = Signer(root, self.kept)
        self.shelf = {each.ref: each for each in make_shelf()}
        self.config = make_private(self.folder / "config")
        """`kaggle config set` in practice must not change the learner's own settings, nor may their own key be found."""
        shared = {"faults": self.faults}
        return [
            (r"/v1/([\w.]+/\w+)", Call, shared),
            (r"/api/v1/oauth2/authorize", Authorize, shared),
            (CODE_PAGE, CodePage, shared),
            (r"/kaggle-data-sets/(\d+)/1/(bundle/archive\.zip|files/.+)", Download, shared),
        ]

    def lent(self) -> Lent:
        return Lent(
            {
                "KAGGLE_API_TOKEN": self.tokens.access,
                "TUTOR_KAGGLE_API_URL": self.root,
                "KAGGLE_CONFIG_DIR": str(self.config),
            },
            {"service": self.name, "root": self.root, "token": self.tokens.access},
        )

"""Sign-in by a code that is typed on any other device: for SSH, and for terminals without a browser beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tutor.accounts.google.asking import Asker
from tutor.accounts.google.client_file import Client
from tutor.accounts.google.refusals import refusal
from tutor.accounts.model import AccountTrouble, Trouble
from tutor.i18n import Words
from tutor.kit.services.unreached import Unreached

PAGE = "https://www.google.com/device"
SLOWER_SECONDS = 5.0
"""By how much the pause grows when Google says that it is asked too often (RFC 8628, 3.5)."""


class Device:
    """One code: good for half an hour, and for one answer."""

    def __init__(self, words: Words, asker: Asker, client: Client) -> None:
        """
        Raises:
            AccountTrouble: Google gives no code to this client.
        """
        self._words = words
        self._asker = asker
        self._client = client
        answer = asker.device_code(client)
        self.code = str(answer.get("user_code", ""))
        """What the learner types."""
        self.url = _page(str(answer.get("verification_url") or answer.get("verification_uri") or ""))
        """Where they type it."""
        self._device_code = str(answer.get("device_code", ""))
        self._pause = _number(answer.get("interval"), 5)
        self._ends = time.monotonic() + _number(answer.get("expires_in"), 1800)
        self._closed = threading.Event()
        if not self.code or not self._device_code:
            raise asker.reaching.away(Unreached.PAGE)

    def wait(self) -> Mapping[str, Any] | None:
        """The tokens, once the learner has said yes; None: it was closed.

        Raises:
            AccountTrouble: they said no, or the code has expired.
        """
        while not self._closed.wait(self._pause):
            if time.monotonic() > self._ends:
                raise refusal(self._words, "expired_token")
            try:
                answer = self._asker.poll(self._client, self._device_code)
            except AccountTrouble as trouble:
                if trouble.trouble not in (Trouble.NETWORK, Trouble.BUSY):
                    raise
                continue  # the learner is busy with another device, and this network comes back meanwhile
            if answer.is_well:
                return answer.data
            if answer.error == "slow_down":
                self._pause += SLOWER_SECONDS
            elif answer.error == "invalid_grant":  # so it says of a code that is gone
                raise refusal(self._words, "expired_token")
            elif answer.error != "authorization_pending":
                raise self._asker.refused(answer)
        return None

    def close(self) -> None:
        """Stop asking. Safe to call twice."""
        self._closed.set()


def _number(said: object, otherwise: float) -> float:
    """What Google says, if it is a number."""
    return float(said) if isinstance(said, (int, float)) else otherwise


def _page(said: str) -> str:
    """The page that Google names, if it is one that can be opened."""
    return said if urlsplit(said).scheme in ("http", "https") else PAGE

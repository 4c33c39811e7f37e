"""Trying again: what is worth it, how long to wait between, and how a write is never done twice.

from tutor.kit.services.trying import keep_trying, write_once

page = keep_trying(lambda: repo.get_contents("notes.md"))
made = write_once(lambda: make_it(), find=lambda: look_for_it())
"""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import httplib2
import requests
import tenacity

from tutor.kit.services.answers import answer_of, seconds_asked
from tutor.kit.words import speak

T = TypeVar("T")

_STATUSES = (408, 425, 429, 500, 502, 503, 504)
_CUT = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,  # the name was not found, as it is when the network has just gone
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
    http.client.HTTPException,
    httplib2.ServerNotFoundError,
    requests.exceptions.ConnectionError,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.Timeout,
)
_AWAY = (errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH)
_ASKED = {
    "en": "The service asks to wait; I try again in {seconds} s.",
    "zh": "服务端要求稍等，{seconds} 秒后再试。",
}
_FAILED = {
    "en": "That did not go through; I try again in {seconds} s (attempt {attempt} of {attempts}).",
    "zh": "这次没有成功，{seconds} 秒后再试（第 {attempt} 次，最多 {attempts} 次）。",
}
_SILENT_SECONDS = 1.0
"""A wait that is shorter needs no words."""


@dataclass(frozen=True)
class Patience:
    """How much is tried before the trouble is told."""

    attempts: int = 6
    seconds: float = 120.0
    """All together. When the service asks for a longer wait than is left of them, the trouble is told at once."""
    first_wait: float = 1.0
    """Doubled each time, and up to this much more by chance, so that a whole class does not come back at the same moment."""
    longest_wait: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = print


PATIENCE = Patience()
"""In force when a call brings none of its own."""


def is_passing(error: BaseException) -> bool:
    """Whether the same may well go right a little later: the network broke off, or the service has a fault or wants a pause."""
    answer = answer_of(error)
    if answer is not None:
        if answer.status == 403:  # GitHub and Google say "too fast" with it, and mostly they mean "you may not"
            asked = seconds_asked(answer) is not None
            return asked or "ratelimit" in answer.reason.lower().replace(" ", "").replace("_", "")
        return answer.status in _STATUSES
    if isinstance(error, (ssl.SSLCertVerificationError, requests.exceptions.SSLError)):
        return False  # somebody else's certificate will not become the right one
    if isinstance(error, OSError) and error.errno in _AWAY:
        return True
    return isinstance(error, _CUT) or bool(getattr(error, "retryable", False))


def may_have_happened(error: BaseException) -> bool:
    """Whether a write that ended so can have taken effect all the same: there was no answer, or one of a machine on the way."""
    answer = answer_of(error)
    return answer is None or answer.status >= 500 or answer.status == 408


def keep_trying(call: Callable[[], T], *, patience: Patience | None = None) -> T:
    """Call until it goes well. For reading, and for writing that changes nothing the second time.

    Raises:
        Exception: the call's own one, when it is none that passes, or patience is at an end.
    """
    patience = patience or PATIENCE
    trying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(is_passing),
        wait=_Wait(patience),
        # Before, not after: nobody is made to wait for an attempt that is not made.
        stop=tenacity.stop_any(
            tenacity.stop_after_attempt(patience.attempts), tenacity.stop_before_delay(patience.seconds)
        ),
        sleep=patience.sleep,
        before_sleep=lambda state: _tell(state, patience),
        reraise=True,
    )
    return trying(call)


def write_once(write: Callable[[], T], find: Callable[[], T | None], *, patience: Patience | None = None) -> T:
    """Write, and after a failure that leaves it open whether it was written look before writing again.

    Args:
        find: what was written, if it is there; it may be tried several times.

    Raises:
        Exception: of `write` or `find`, as in `keep_trying`.
    """
    in_doubt = False

    def attempt() -> T:
        nonlocal in_doubt
        if in_doubt:
            found = find()
            if found is not None:
                return found
        try:
            return write()
        except Exception as error:
            in_doubt = in_doubt or may_have_happened(error)
            raise

    return keep_trying(attempt, patience=patience)


class _Wait(tenacity.wait.wait_base):
    def __init__(self, patience: Patience) -> None:
        doubled = tenacity.wait_exponential(multiplier=patience.first_wait, max=patience.longest_wait)
        self._backoff = doubled + tenacity.wait_random(0, patience.first_wait)

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        backoff = self._backoff(retry_state)
        # Never earlier than asked; a little later, each by another bit.
        return max(backoff, (_asked(retry_state) or 0.0) + backoff / 10)


def _asked(state: tenacity.RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    answer = answer_of(error) if error else None
    return seconds_asked(answer) if answer else None


def _tell(state: tenacity.RetryCallState, patience: Patience) -> None:
    seconds = state.upcoming_sleep
    if seconds <= _SILENT_SECONDS:
        return
    if _asked(state):
        patience.say(speak(_ASKED, seconds=round(seconds)))
    else:
        patience.say(
            speak(_FAILED, seconds=round(seconds), attempt=state.attempt_number + 1, attempts=patience.attempts)
        )

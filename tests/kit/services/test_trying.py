from __future__ import annotations

import errno
import http.client
import ssl
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate

import httplib2
import pytest
import requests
from github import GithubException
from googleapiclient.errors import HttpError

from tutor.kit.services.answers import Answer, answer_of, seconds_asked
from tutor.kit.services.trying import Patience, is_passing, keep_trying, may_have_happened, write_once

NOW = 1_800_000_000


class Waits:
    """Nobody waits; what would have been waited and said is here."""

    def __init__(self, **patience: float) -> None:
        self.slept: list[float] = []
        self.said: list[str] = []
        self.patience = Patience(sleep=self.slept.append, say=self.said.append, **patience)  # type: ignore[arg-type]


def of_github(status: int, message: str = "", headers: dict[str, str] | None = None) -> Exception:
    return GithubException(status, {"message": message}, headers or {})


def of_google(status: int, reason: str = "", headers: dict[str, str] | None = None) -> Exception:
    body = b'{"error": {"message": "no", "errors": [{"reason": "%s"}]}}' % reason.encode()
    error: Exception = HttpError(httplib2.Response({"status": str(status), **(headers or {})}), body)
    return error


def of_kaggle(status: int, message: str = "", headers: dict[str, str] | None = None) -> Exception:
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers or {})
    return requests.exceptions.HTTPError(message, response=response)


CLIENTS = pytest.mark.parametrize("of", [of_github, of_google, of_kaggle])
Made = Callable[..., Exception]


def failing(*errors: BaseException) -> Callable[[], str]:
    ahead: Iterator[BaseException] = iter(errors)

    def call() -> str:
        for error in ahead:
            raise error
        return "well"

    return call


@CLIENTS
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_what_passes_is_tried_again(of: Made, status: int) -> None:
    waits = Waits()
    assert keep_trying(failing(of(status), of(status)), patience=waits.patience) == "well"
    assert len(waits.slept) == 2
    assert waits.slept[0] < 2.01
    assert 2 <= waits.slept[1] < 3.01


@CLIENTS
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_what_stays_as_it_is_is_told_at_once(of: Made, status: int) -> None:
    waits = Waits()
    error = of(status)
    with pytest.raises(type(error)) as caught:
        keep_trying(failing(error), patience=waits.patience)
    assert caught.value is error
    assert not waits.slept
    assert not waits.said


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        http.client.IncompleteRead(b""),
        http.client.RemoteDisconnected(""),
        httplib2.ServerNotFoundError(),
        requests.exceptions.ConnectionError(),
        requests.exceptions.ReadTimeout(),
        requests.exceptions.ChunkedEncodingError(),
        OSError(errno.ENETUNREACH, "away"),
        of_github(403, "You have exceeded a secondary rate limit."),
        of_github(403, "slow down", {"Retry-After": "1"}),
        of_google(403, "userRateLimitExceeded"),
    ],
)
def test_the_network_and_a_pause_pass(error: BaseException) -> None:
    assert is_passing(error)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        FileNotFoundError(),
        ssl.SSLCertVerificationError(),
        requests.exceptions.SSLError(),
        requests.exceptions.JSONDecodeError("no JSON", "", 0),
        ValueError(),
        of_github(403, "Resource not accessible by personal access token"),
        of_google(403, "storageQuotaExceeded"),
    ],
)
def test_what_is_wrong_here_does_not_pass(error: BaseException) -> None:
    assert not is_passing(error)


@CLIENTS
def test_nobody_comes_back_earlier_than_asked(of: Made) -> None:
    waits = Waits()
    keep_trying(failing(of(429, headers={"retry-after": "17"})), patience=waits.patience)
    assert 17 <= waits.slept[0] < 18
    assert waits.said == ["The service asks to wait; I try again in 17 s."]


@CLIENTS
def test_a_date_is_read_by_the_clock_of_the_service(of: Made) -> None:
    headers = {"retry-after": formatdate(NOW + 40, usegmt=True), "date": formatdate(NOW, usegmt=True)}
    answer = answer_of(of(503, headers=headers))
    assert answer is not None
    assert seconds_asked(answer) == 40


def test_without_its_clock_ours_must_do() -> None:
    asked = seconds_asked(Answer(503, {"retry-after": formatdate(time.time() + 40, usegmt=True)}))
    assert asked is not None
    assert 37 < asked < 41


@pytest.mark.parametrize("after", ["soon", "-3", ""])
def test_a_wait_that_says_nothing_is_none(after: str) -> None:
    assert seconds_asked(Answer(429, {"retry-after": after})) is None


def test_the_end_of_githubs_hour_is_waited_for_only_when_nothing_is_left() -> None:
    headers = {"date": formatdate(NOW, usegmt=True), "x-ratelimit-reset": str(NOW + 30)}
    assert seconds_asked(Answer(403, headers | {"x-ratelimit-remaining": "0"})) == 30
    assert seconds_asked(Answer(403, headers | {"x-ratelimit-remaining": "4000"})) is None


def test_a_wait_beyond_all_patience_is_told_at_once() -> None:
    waits = Waits(seconds=60)
    with pytest.raises(GithubException):
        keep_trying(failing(of_github(429, headers={"retry-after": "3600"})), patience=waits.patience)
    assert not waits.slept


def test_patience_ends_and_the_last_trouble_is_told() -> None:
    waits = Waits(attempts=3)
    with pytest.raises(ConnectionResetError, match="third"):
        keep_trying(
            failing(ConnectionResetError("first"), of_github(502), ConnectionResetError("third")),
            patience=waits.patience,
        )
    assert len(waits.slept) == 2


def test_waits_grow_up_to_a_limit() -> None:
    waits = Waits(attempts=8, seconds=1000, longest_wait=10)
    with pytest.raises(TimeoutError):
        keep_trying(failing(*[TimeoutError()] * 8), patience=waits.patience)
    assert waits.slept == sorted(waits.slept, key=lambda seconds: min(seconds, 10))
    assert max(waits.slept) <= 11


def test_a_short_wait_needs_no_words_and_a_long_one_has_the_learners(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = Waits(first_wait=0.1)
    keep_trying(failing(TimeoutError()), patience=waits.patience)
    assert not waits.said
    monkeypatch.setenv("TUTOR_LANG", "zh")
    waits = Waits(first_wait=4)
    keep_trying(failing(TimeoutError()), patience=waits.patience)
    assert waits.said[0].endswith("（第 2 次，最多 6 次）。")


class Shelf:
    """Something to write to, whose answers get lost."""

    def __init__(self, *endings: tuple[bool, BaseException]) -> None:
        self.there: list[str] = []
        self.looked = 0
        self._endings = iter(endings)

    def write(self) -> str:
        takes_effect, error = next(self._endings, (True, None))
        if takes_effect:
            self.there.append("it")
        if error:
            raise error
        return "written"

    def find(self) -> str | None:
        self.looked += 1
        return "found" if self.there else None


@pytest.mark.parametrize("error", [ConnectionResetError(), of_github(502), of_google(500), requests.ReadTimeout()])
def test_what_was_written_is_not_written_twice(error: BaseException) -> None:
    shelf = Shelf((True, error))
    assert write_once(shelf.write, shelf.find, patience=Waits().patience) == "found"
    assert shelf.there == ["it"]


def test_what_was_not_written_is_written() -> None:
    shelf = Shelf((False, ConnectionResetError()), (False, ConnectionResetError()))
    assert write_once(shelf.write, shelf.find, patience=Waits().patience) == "written"
    assert shelf.there == ["it"]
    assert shelf.looked == 2


def test_a_refusal_leaves_nothing_open() -> None:
    shelf = Shelf((False, of_github(429)))
    assert write_once(shelf.write, shelf.find, patience=Waits().patience) == "written"
    assert not shelf.looked


def test_a_doubt_stays_after_a_refusal() -> None:
    shelf = Shelf((True, ConnectionResetError()))
    finds = iter([of_github(429)])

    def find() -> str | None:
        for error in finds:
            raise error
        return shelf.find()

    assert write_once(shelf.write, find, patience=Waits().patience) == "found"
    assert shelf.there == ["it"]


def test_what_may_have_happened() -> None:
    assert may_have_happened(ConnectionResetError())
    assert may_have_happened(of_github(502))
    assert not may_have_happened(of_github(429))
    assert not may_have_happened(of_github(409))

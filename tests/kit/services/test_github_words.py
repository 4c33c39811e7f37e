from __future__ import annotations

import socket
import ssl

import pytest
import requests
from github import GithubException
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError

from tutor.kit.services.answers import Answer
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.github_words import Reason, Trouble, in_words, trouble_of
from tutor.kit.services.unreached import Unreached


def unresolved() -> Exception:
    """As requests raises it when a name is not found."""
    below = NameResolutionError("api.github.com", HTTPConnection("api.github.com"), socket.gaierror(-2, "no name"))
    return requests.exceptions.ConnectionError(MaxRetryError(HTTPConnectionPool("api.github.com"), "/user", below))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.exceptions.SSLError("certificate verify failed"), Unreached.CERTIFICATE),
        (ssl.SSLCertVerificationError(), Unreached.CERTIFICATE),
        (requests.exceptions.ProxyError(), Unreached.PROXY),
        (GithubException(407, {"message": "Proxy Authentication Required"}), Unreached.PROXY),
        (unresolved(), Unreached.NAME),
        (requests.exceptions.ConnectTimeout(), Unreached.TIME),
        (ConnectionRefusedError(), Unreached.CUT),
        (GithubException(200, {"data": "<html>"}), Unreached.PAGE),
        (GithubException(403, {"data": "<html>blocked"}), Unreached.PAGE),
        (GithubException(502, {"data": "<html>bad gateway"}), Reason.BUSY),
        (GithubException(502, None), Reason.BUSY),
        (GithubException(403, {"message": "Resource not accessible by personal access token"}), Reason.RIGHTS),
        (GithubException(422, {"message": "no", "errors": [{"code": "too_large"}]}), Reason.LARGE),
        (GithubException(422, {"message": "no", "errors": ["words"]}), Reason.UNACCEPTED),
        (GithubException(418, {"message": "teapot"}), Reason.UNACCEPTED),
    ],
)
def test_what_an_exception_means(error: Exception, reason: Reason | Unreached) -> None:
    assert trouble_of(error).reason is reason


@pytest.mark.parametrize("reason", [*Reason, *Unreached])
def test_every_reason_has_a_sentence_in_both_languages(
    reason: Reason | Unreached, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    for language in ("en", "zh"):
        monkeypatch.setenv("TUTOR_LANG", language)
        said.append(str(Trouble(reason, 422, "said by GitHub", Answer(422, {"retry-after": "3600"}))))
    assert not any("{" in text for text in said)
    assert said[0].isascii() or "“" in said[0]
    assert not said[1].isascii()


def test_a_wait_is_told_in_minutes() -> None:
    error = GithubException(429, {"message": "slow down"}, {"retry-after": "300"})
    assert "Wait 5 min" in str(trouble_of(error))


def test_githubs_own_words_are_one_short_line() -> None:
    told = trouble_of(GithubException(422, {"message": "one\n\ntwo " + "x" * 1000}))
    assert told.said.startswith("one two x")
    assert len(told.said) == 200


def test_a_token_that_is_refused_is_nobody_signed_in() -> None:
    with pytest.raises(NotSignedIn), in_words():
        raise GithubException(401, {"message": "Bad credentials"})
    with pytest.raises(ServiceError) as caught, in_words():
        raise GithubException(404, {"message": "Not Found"})
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_what_is_not_githubs_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError), in_words():
        raise ZeroDivisionError
    with pytest.raises(ServiceError, match="mine"), in_words():
        raise ServiceError("mine")

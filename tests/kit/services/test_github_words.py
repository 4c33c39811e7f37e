from __future__ import annotations

import socket
import ssl

import pytest
import requests
from github import GithubException
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError

from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.github_words import _SENTENCES, Reason, Trouble, in_words, trouble_of


def unresolved() -> Exception:
    """As requests raises it when a name is not found."""
    below = NameResolutionError("api.github.com", HTTPConnection("api.github.com"), socket.gaierror(-2, "no name"))
    return requests.exceptions.ConnectionError(MaxRetryError(HTTPConnectionPool("api.github.com"), "/user", below))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.exceptions.SSLError("certificate verify failed"), Reason.CERTIFICATE),
        (ssl.SSLCertVerificationError(), Reason.CERTIFICATE),
        (requests.exceptions.ProxyError(), Reason.PROXY),
        (GithubException(407, {"message": "Proxy Authentication Required"}), Reason.PROXY),
        (unresolved(), Reason.NAME),
        (requests.exceptions.ConnectTimeout(), Reason.TIME),
        (ConnectionRefusedError(), Reason.NETWORK),
        (GithubException(200, {"data": "<html>"}), Reason.PAGE),
        (GithubException(403, {"data": "<html>blocked"}), Reason.PAGE),
        (GithubException(502, {"data": "<html>bad gateway"}), Reason.BUSY),
        (GithubException(502, None), Reason.BUSY),
        (GithubException(403, {"message": "Resource not accessible by personal access token"}), Reason.RIGHTS),
        (GithubException(422, {"message": "no", "errors": [{"code": "too_large"}]}), Reason.LARGE),
        (GithubException(422, {"message": "no", "errors": ["words"]}), Reason.UNACCEPTED),
        (GithubException(418, {"message": "teapot"}), Reason.UNACCEPTED),
    ],
)
def test_what_an_exception_means(error: Exception, reason: Reason) -> None:
    assert trouble_of(error).reason is reason


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason: Reason, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_LANG", language)
    text = str(Trouble(reason, 422, "said by GitHub", 3600))
    assert "{" not in text
    assert text[:5] == str(_SENTENCES[reason][language])[:5]


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

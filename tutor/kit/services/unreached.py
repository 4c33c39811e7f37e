"""Why a service could not be asked, or not now: what is the same whichever service it is."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from enum import Enum
from http.client import HTTPException
from typing import Any

import httplib2
import requests

from tutor.kit.services.answers import Answer, seconds_asked
from tutor.kit.words import speak


class Unreached(Enum):
    """What stands in the way."""

    PAGE = "page"
    """Something else answered, with a web page."""
    CERTIFICATE = "certificate"
    PROXY = "proxy"
    NAME = "name"
    TIME = "time"
    CUT = "cut"


class WebPage(ValueError):
    """Something else came in place of what was asked for."""


UNEXPECTED = (AssertionError, AttributeError, KeyError, TypeError, json.JSONDecodeError)
"""What a client stumbles over when an answer is not its service's."""
FAILURES = (OSError, ValueError, KeyError, HTTPException, httplib2.HttpLib2Error)
"""With their own refusals: what a call of the services' clients ends with when it fails; JSON that is none is a ValueError."""
_KINDS: tuple[tuple[Unreached, tuple[type[BaseException], ...]], ...] = (
    (
        Unreached.PROXY,
        (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL, requests.exceptions.InvalidSchema),
    ),
    (Unreached.PAGE, (*UNEXPECTED, WebPage)),
    (Unreached.CERTIFICATE, (ssl.SSLCertVerificationError, requests.exceptions.SSLError)),
    (Unreached.NAME, (socket.gaierror, httplib2.ServerNotFoundError)),
    (Unreached.TIME, (TimeoutError, requests.exceptions.Timeout)),
)


def unreached(error: BaseException) -> Unreached:
    """What that exception says, of whichever client, when there was no answer of the service."""
    below = list(_chain(error))
    for kind, types in _KINDS:
        if any(isinstance(each, types) for each in below):
            return kind
    if any(type(each).__module__ == "socks" for each in below):
        return Unreached.PROXY
    # urllib3 keeps the name's trouble in an exception of its own, of which requests passes on the text.
    return Unreached.NAME if "NameResolutionError" in repr(error) else Unreached.CUT


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def away_in_words(kind: Unreached, service: str) -> str:
    """For the learner, who was in the middle of something. Args: `service`: its name, as `GitHub`."""
    if kind is Unreached.PAGE:
        return speak(_PAGE, service=service)
    return speak(_AWAY, service=service, reason=speak(_REASONS[kind], service=service))


def busy_in_words(answer: Answer, service: str) -> str:
    """The service wants fewer requests."""
    seconds = seconds_asked(answer)
    if seconds is None:
        wait = speak(_A_WHILE)
    else:
        unit, count = (_SECONDS, seconds) if seconds < 100 else (_MINUTES, seconds / 60)
        wait = speak(unit, count=max(1, round(count)))
    return speak(_BUSY, service=service, wait=wait)


def fault_in_words(status: int, service: str) -> str:
    """The service has trouble of its own."""
    return speak(_FAULT, service=service, status=status)


_PAGE: dict[str, Any] = {
    "en": "Something else answered in {service}'s place, with a web page: a network that wants a sign-in, or a proxy. Open any page in a browser, sign in there, and run this again; nothing is lost.",
    "zh": "回应的不是 {service}，而是一个网页：可能是要先登录的网络，或者代理。请用浏览器随便打开一个网页，在那里登录后再运行；不会丢失任何内容。",
}
_AWAY = {
    "en": "{service} cannot be reached: {reason}. Look at the network and at the proxy settings, then run this again; nothing is lost.",
    "zh": "连不上 {service}：{reason}。请检查网络和代理设置后再运行；不会丢失任何内容。",
}
_REASONS = {
    Unreached.CERTIFICATE: {
        "en": "what answers cannot prove that it is {service}; a wrong clock does that, and a proxy or virus scanner that reads along",
        "zh": "对方无法证明自己是 {service}；本机时钟不对，或者有会解开加密连接的代理、杀毒软件，都会这样",
    },
    Unreached.PROXY: {
        "en": "the proxy on the way does not let us through",
        "zh": "途中的代理不放行",
    },
    Unreached.NAME: {
        "en": "its name is not found, as without a network",
        "zh": "查不到它的域名，可能没有联网",
    },
    Unreached.TIME: {"en": "no answer in time", "zh": "迟迟没有回应"},
    Unreached.CUT: {"en": "the connection was cut or refused", "zh": "连接被中断或被拒绝"},
}
_BUSY = {
    "en": "{service} wants fewer requests for now. Wait {wait}, then run this again; nothing is lost.",
    "zh": "{service} 暂时限制了请求次数。请等{wait}后再运行；不会丢失任何内容。",
}
_A_WHILE = {"en": "a few minutes", "zh": "几分钟"}
_SECONDS = {"en": "{count} s", "zh": " {count} 秒"}
_MINUTES = {"en": "{count} min", "zh": " {count} 分钟"}
_FAULT = {
    "en": "{service} has a fault of its own just now ({status}). Run this again in a few minutes; nothing is lost.",
    "zh": "{service} 自己暂时出了故障（{status}）。请过几分钟再运行；不会丢失任何内容。",
}

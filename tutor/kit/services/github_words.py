"""What GitHub's refusals mean, in a sentence or two for the learner."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPException
from typing import Any

import requests
from github import GithubException

from tutor.kit.services.answers import answer_of, seconds_asked
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.words import speak

_MOST_OF_GITHUBS = 200
"""Characters of GitHub's own explanation that are passed on."""


class Reason(str, Enum):
    """Why a request to GitHub did not do what it should."""

    TOKEN = "token"  # noqa: S105
    RIGHTS = "rights"
    SSO = "sso"
    RATE = "rate"
    MISSING = "missing"
    CONFLICT = "conflict"
    UNACCEPTED = "unaccepted"
    LARGE = "large"
    BUSY = "busy"
    PAGE = "page"
    CERTIFICATE = "certificate"
    PROXY = "proxy"
    NAME = "name"
    TIME = "time"
    NETWORK = "network"


@dataclass(frozen=True)
class Trouble:
    """A reason, and what belongs to it."""

    reason: Reason
    status: int = 0
    said: str = ""
    """GitHub's own words, one line of them."""
    seconds: float | None = None
    """How long GitHub asks to wait."""

    def __str__(self) -> str:
        minutes = max(1, round((self.seconds or 60) / 60))
        return speak(_SENTENCES[self.reason], status=self.status, said=self.said, minutes=minutes)


def trouble_of(error: BaseException) -> Trouble:
    """What that exception of PyGithub, or of the network below it, means."""
    if not isinstance(error, GithubException):
        return Trouble(_network(error))
    answer = answer_of(error)
    assert answer is not None
    if not isinstance(error.data, dict) or "message" not in error.data:
        # GitHub's refusals are JSON with a message; a proxy or a hotel's network sends a page.
        return Trouble(Reason.BUSY if answer.status >= 500 else Reason.PAGE, answer.status)
    said = " ".join(answer.reason.split())[:_MOST_OF_GITHUBS]
    asked = seconds_asked(answer)
    codes = [each.get("code") for each in error.data.get("errors") or () if isinstance(each, dict)]
    if "too_large" in codes or "too large" in said:
        reason = Reason.LARGE
    elif answer.status == 403 and "x-github-sso" in answer.headers:
        reason = Reason.SSO
    elif answer.status == 429 or (answer.status == 403 and (asked is not None or "rate limit" in said.lower())):
        reason = Reason.RATE
    elif answer.status >= 500:
        reason = Reason.BUSY
    else:
        reason = _BY_STATUS.get(answer.status, Reason.UNACCEPTED)
    return Trouble(reason, answer.status, said, asked)


@contextmanager
def in_words() -> Iterator[None]:
    """Whatever goes wrong inside with GitHub comes out as a `ServiceError` for the learner.

    Raises:
        ServiceError: it did; the exception below it is left out, since addresses and heads of requests stand in it.
    """
    try:
        yield
    except (GithubException, OSError, HTTPException, *UNEXPECTED) as error:
        trouble = trouble_of(error)
        kind = NotSignedIn if trouble.reason is Reason.TOKEN else ServiceError
        raise kind(str(trouble)) from None


UNEXPECTED = (AssertionError, AttributeError, KeyError, TypeError, json.JSONDecodeError)
"""What PyGithub stumbles over when an answer is not GitHub's."""
_BY_STATUS = {
    401: Reason.TOKEN,
    403: Reason.RIGHTS,
    404: Reason.MISSING,
    407: Reason.PROXY,
    409: Reason.CONFLICT,
    413: Reason.LARGE,
    422: Reason.UNACCEPTED,
}


def _network(error: BaseException) -> Reason:
    if isinstance(error, UNEXPECTED):
        return Reason.PAGE
    below = list(_chain(error))
    for reason, kinds in (
        (Reason.CERTIFICATE, (ssl.SSLError, requests.exceptions.SSLError)),
        (Reason.PROXY, (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL)),
        (Reason.NAME, (socket.gaierror,)),
        (Reason.TIME, (TimeoutError, requests.exceptions.Timeout)),
    ):
        if any(isinstance(each, kinds) for each in below):
            return reason
    # urllib3 keeps the name's trouble in an exception of its own, of which requests passes on the text.
    return Reason.NAME if "NameResolutionError" in repr(error) else Reason.NETWORK


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


_SENTENCES: dict[Reason, dict[str, Any]] = {
    Reason.TOKEN: {
        "en": "GitHub does not accept the token: it has expired, was revoked, or is not whole. Make a new one and connect the account again.",
        "zh": "GitHub 不接受这个令牌：它可能已过期、已被吊销，或者没有复制完整。请生成新令牌，重新连接账号。",
    },
    Reason.RIGHTS: {
        "en": "GitHub accepts the token, but it may not do this. A token for files needs the permission Contents (read and write) for this very repository; one for gists the account permission Gists.",
        "zh": "GitHub 认得这个令牌，但它没有做这件事的权限。要写文件，令牌需要对这个仓库有 Contents（读写）权限；要写 gist，需要账号权限 Gists。",
    },
    Reason.SSO: {
        "en": "The organisation wants this token released for its single sign-on first: on github.com, Settings, Developer settings, at the token “Configure SSO”.",
        "zh": "这个组织要求先为令牌开通单点登录：在 github.com 的 Settings、Developer settings 里，点令牌旁的「Configure SSO」。",
    },
    Reason.RATE: {
        "en": "GitHub wants fewer requests for now. Wait {minutes} min, then run this again; nothing is lost.",
        "zh": "GitHub 暂时限制了请求次数。请等 {minutes} 分钟后再运行；不会丢失任何内容。",
    },
    Reason.MISSING: {
        "en": "GitHub shows this token no such repository, branch or file. Look at the spelling (owner/name); a private repository is also invisible to a token that was not made for it.",
        "zh": "用这个令牌，GitHub 上看不到这样的仓库、分支或文件。请核对写法（所有者/仓库名）；令牌没有选中的私有仓库，它也看不到。",
    },
    Reason.CONFLICT: {
        "en": "Somebody else wrote to this branch at the same moment. Run this again; nothing is lost.",
        "zh": "就在同一时刻，有别的写入到了这个分支。请再运行一次；不会丢失任何内容。",
    },
    Reason.UNACCEPTED: {
        "en": "GitHub did not take the request ({status}): {said}",
        "zh": "GitHub 没有接受这次请求（{status}）：{said}",
    },
    Reason.LARGE: {
        "en": "The file is too large for GitHub: the limit is 100 MiB. Large data belong on Drive, in a Kaggle dataset or in a release.",
        "zh": "文件太大，GitHub 的上限是 100 MiB。大数据适合放在 Drive、Kaggle 数据集或 release 里。",
    },
    Reason.BUSY: {
        "en": "GitHub has a fault of its own just now ({status}). Run this again in a few minutes; nothing is lost.",
        "zh": "GitHub 自己暂时出了故障（{status}）。请过几分钟再运行；不会丢失任何内容。",
    },
    Reason.PAGE: {
        "en": "Something else answered in GitHub's place: a network that wants a sign-in, or a proxy. Open any page in a browser, sign in there, and run this again.",
        "zh": "回应的不是 GitHub：可能是要先登录的网络，或者代理。请用浏览器随便打开一个网页，在那里登录后再运行。",
    },
    Reason.CERTIFICATE: {
        "en": "What answers cannot prove that it is GitHub: its certificate does not fit. Look at this computer's date, and at a proxy or virus scanner that opens encrypted connections.",
        "zh": "对方无法证明自己是 GitHub：证书不符。请检查本机日期，以及会解开加密连接的代理或杀毒软件。",
    },
    Reason.PROXY: {
        "en": "The proxy on the way does not let us through. Look at HTTP_PROXY, HTTPS_PROXY and ALL_PROXY.",
        "zh": "途中的代理不放行。请检查 HTTP_PROXY、HTTPS_PROXY 和 ALL_PROXY。",
    },
    Reason.NAME: {
        "en": "GitHub's name is not found: is this computer on the network?",
        "zh": "找不到 GitHub 的域名：这台电脑联网了吗？",
    },
    Reason.TIME: {
        "en": "GitHub did not answer in time. Look at the network, then run this again; nothing is lost.",
        "zh": "GitHub 迟迟没有回应。请检查网络后再运行；不会丢失任何内容。",
    },
    Reason.NETWORK: {
        "en": "The connection to GitHub was cut or refused. Look at the network, then run this again; nothing is lost.",
        "zh": "到 GitHub 的连接被中断或被拒绝。请检查网络后再运行；不会丢失任何内容。",
    },
}

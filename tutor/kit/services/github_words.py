"""What GitHub's refusals mean, in a sentence or two for the learner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPException
from typing import Any

from github import GithubException

from tutor.kit.services.answers import Answer, answer_of, seconds_asked
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.unreached import UNEXPECTED, Unreached, away_in_words, busy_in_words, fault_in_words, unreached
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


@dataclass(frozen=True)
class Trouble:
    """A reason, and what belongs to it."""

    reason: Reason | Unreached
    status: int = 0
    said: str = ""
    """GitHub's own words, one line of them."""
    answer: Answer | None = None

    def __str__(self) -> str:
        if isinstance(self.reason, Unreached):
            return away_in_words(self.reason, "GitHub")
        if self.reason is Reason.RATE:
            return busy_in_words(self.answer or Answer(self.status), "GitHub")
        if self.reason is Reason.BUSY:
            return fault_in_words(self.status, "GitHub")
        return speak(_SENTENCES[self.reason], status=self.status, said=self.said)


def trouble_of(error: BaseException) -> Trouble:
    """What that exception of PyGithub, or of the network below it, means."""
    if not isinstance(error, GithubException):
        return Trouble(unreached(error))
    answer = answer_of(error)
    assert answer is not None
    if not isinstance(error.data, dict) or "message" not in error.data:
        # GitHub's refusals are JSON with a message; a proxy or a hotel's network sends a page.
        return Trouble(Reason.BUSY if answer.status >= 500 else Unreached.PAGE, answer.status)
    said = " ".join(answer.reason.split())[:_MOST_OF_GITHUBS]
    asked = seconds_asked(answer)
    codes = [each.get("code") for each in error.data.get("errors") or () if isinstance(each, dict)]
    reason: Reason | Unreached
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
    return Trouble(reason, answer.status, said, answer)


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


_BY_STATUS: dict[int, Reason | Unreached] = {
    401: Reason.TOKEN,
    403: Reason.RIGHTS,
    404: Reason.MISSING,
    407: Unreached.PROXY,
    409: Reason.CONFLICT,
    413: Reason.LARGE,
    422: Reason.UNACCEPTED,
}


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
        "zh": "文件太大，GitHub 的上限是 100 MiB。体积大的数据适合放在 Google 云端硬盘、Kaggle 数据集或 GitHub 的 Releases 里。",
    },
}

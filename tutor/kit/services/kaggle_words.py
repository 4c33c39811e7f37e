"""What Kaggle's refusals mean, in a sentence or two for the learner."""

from __future__ import annotations

import json
from typing import Any

import requests

from tutor.kit.services.answers import answer_of
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.unreached import away_in_words, busy_in_words, fault_in_words, unreached
from tutor.kit.words import speak

NOTHING_ACCEPTED = {
    "en": "Kaggle accepts no token that is here. Connect the account again, with a new token from kaggle.com/settings/api.",
    "zh": "这里没有 Kaggle 认可的令牌。请到 kaggle.com/settings/api 生成新令牌，重新连接账号。",
}
_RULES = {
    "en": "Kaggle wants the rules accepted first: open the page of {name} in a browser, accept them there, and run this again.",
    "zh": "Kaggle 要求先接受规则：请在浏览器里打开 {name} 的页面，接受规则后再运行。",
}
_PHONE = {
    "en": "Kaggle wants a verified phone number for this: kaggle.com/settings, “Phone Verification”.",
    "zh": "这一步 Kaggle 要求先验证手机号：请到 kaggle.com/settings 的「Phone Verification」完成验证。",
}
_FORBIDDEN = {
    "en": "Kaggle does not give {name} to this account. It is private, or there is none of that name: Kaggle answers both alike. Look at the spelling, owner/slug as in the page's address.",
    "zh": "Kaggle 不向这个账号提供 {name}。它可能是私有的，也可能根本不存在，Kaggle 对两者的回答一样。请核对写法：owner/slug，与网页地址里的相同。",
}
_NOT_FOUND = {
    "en": "Kaggle has no {name}, or not this version or file of it.",
    "zh": "Kaggle 上没有 {name}，或没有它的这个版本或文件。",
}
_REFUSED = {
    "en": "Kaggle refused the request ({status}).",
    "zh": "Kaggle 拒绝了这次请求（{status}）。",
}
_NAME_OF_ALL = {"en": "this", "zh": "所请求的内容"}


def told(error: Exception, name: str = "") -> ServiceError:
    """The error as the learner shall read it; nothing of the service's own text or address is in it.

    Args: `name`: what was asked for, such as `owner/slug`.
    """
    if isinstance(error, ServiceError):
        return error
    answer = answer_of(error)
    if cannot_be_sent(error) or (answer is not None and answer.status == 401):
        return NotSignedIn(speak(NOTHING_ACCEPTED))
    if answer is None:
        return ServiceError(away_in_words(unreached(error), "Kaggle"))
    name = name or speak(_NAME_OF_ALL)
    status = answer.status
    said = message_of(error).casefold()
    if status == 403:
        kind = _RULES if "rules" in said or "accept" in said else _PHONE if "phone" in said else _FORBIDDEN
        return ServiceError(speak(kind, name=name))
    if status == 404:
        return ServiceError(speak(_NOT_FOUND, name=name))
    if status == 429:
        return ServiceError(busy_in_words(answer, "Kaggle"))
    if status >= 500:
        return ServiceError(fault_in_words(status, "Kaggle"))
    return ServiceError(speak(_REFUSED, status=status))


def cannot_be_sent(error: Exception) -> bool:
    """Whether the token has characters that no header can have; nothing else of the learner's is in one."""
    return isinstance(error, (requests.exceptions.InvalidHeader, UnicodeError))


def message_of(error: Exception) -> str:
    """Kaggle's own words, to be looked at and not to be shown; empty where there are none."""
    response = getattr(error, "response", None)
    try:
        said: Any = json.loads(response.text) if response is not None else {}
    except (ValueError, requests.RequestException, RuntimeError):  # the last: the body was streamed, and is gone
        return ""
    inner = said.get("error", said) if isinstance(said, dict) else {}
    return str(inner.get("message", "")) if isinstance(inner, dict) else ""

"""What Kaggle's refusals mean, in a sentence or two for the learner."""

from __future__ import annotations

import json
from typing import Any

import requests

from tutor.kit.services.answers import answer_of, seconds_asked
from tutor.kit.services.errors import NotSignedIn, ServiceError
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
    "en": "Kaggle wants a verified phone number for this: kaggle.com/settings, “Phone verification”.",
    "zh": "这一步 Kaggle 要求先验证手机号：请到 kaggle.com/settings 的「Phone verification」完成验证。",
}
_FORBIDDEN = {
    "en": "Kaggle does not give {name} to this account. It is private, or there is none of that name: Kaggle answers both alike. Look at the spelling, owner/slug as in the page's address.",
    "zh": "Kaggle 不向这个账号提供 {name}。它可能是私有的，也可能根本不存在，Kaggle 对两者的回答一样。请核对写法：owner/slug，与网页地址里的相同。",
}
_NOT_FOUND = {
    "en": "Kaggle has no {name}, or not this version or file of it.",
    "zh": "Kaggle 上没有 {name}，或没有它的这个版本或文件。",
}
_BUSY = {
    "en": "Kaggle wants fewer requests for now. Wait {wait}, then run this again; what has arrived is kept.",
    "zh": "Kaggle 暂时限制了请求次数。请等{wait}后再运行；已下载的部分会保留。",
}
_A_WHILE = {"en": "a few minutes", "zh": "几分钟"}
_SECONDS = {"en": "{seconds} s", "zh": " {seconds} 秒"}
_FAULT = {
    "en": "Kaggle has a fault of its own just now ({status}). Run this again in a few minutes; what has arrived is kept.",
    "zh": "Kaggle 自己暂时出了故障（{status}）。请过几分钟再运行；已下载的部分会保留。",
}
_REFUSED = {
    "en": "Kaggle refused the request ({status}).",
    "zh": "Kaggle 拒绝了这次请求（{status}）。",
}
PAGE = {
    "en": "Something else answered in Kaggle's place, with a web page: a network that wants a sign-in, or a proxy. Open any page in a browser, sign in there, and run this again.",
    "zh": "回应的不是 Kaggle，而是一个网页：可能是要先登录的网络，或者代理。请用浏览器随便打开一个网页，在那里登录后再运行。",
}
_AWAY = {
    "en": "Kaggle cannot be reached: {reason}. Look at the network, and at the proxy settings; what has arrived is kept.",
    "zh": "连不上 Kaggle：{reason}。请检查网络和代理设置；已下载的部分会保留。",
}
_NO_ANSWER = {"en": "no answer in time", "zh": "迟迟没有回应"}
_PROXY = {"en": "the proxy on the way does not let us through", "zh": "途中的代理不放行"}
_CERTIFICATE = {"en": "what answers cannot prove that it is Kaggle", "zh": "对方无法证明自己是 Kaggle"}
_CUT = {"en": "the connection was cut or refused", "zh": "连接被中断或被拒绝"}
_NAME_OF_ALL = {"en": "this", "zh": "所请求的内容"}


FAILURES = (OSError, ValueError)
"""What a call of Kaggle's client ends with when it fails: all of requests' own, and JSON that is none."""


class WebPage(ValueError):
    """A web page came in place of what was asked for."""


def told(error: Exception, name: str = "") -> ServiceError:
    """The error as the learner shall read it; nothing of the service's own text or address is in it.

    Args: `name`: what was asked for, such as `owner/slug`.
    """
    if isinstance(error, ServiceError):
        return error
    answer = answer_of(error)
    if isinstance(
        error, (requests.exceptions.InvalidHeader, UnicodeError)
    ):  # of the token: there is nothing else of the learner's in a header
        return NotSignedIn(speak(NOTHING_ACCEPTED))
    if answer is None:
        return ServiceError(_away(error))
    name = name or speak(_NAME_OF_ALL)
    status = answer.status
    said = message_of(error).casefold()
    if status == 401:
        return NotSignedIn(speak(NOTHING_ACCEPTED))
    if status == 403:
        kind = _RULES if "rules" in said or "accept" in said else _PHONE if "phone" in said else _FORBIDDEN
        return ServiceError(speak(kind, name=name))
    if status == 404:
        return ServiceError(speak(_NOT_FOUND, name=name))
    if status == 429:
        seconds = seconds_asked(answer)
        wait = speak(_A_WHILE) if seconds is None else speak(_SECONDS, seconds=round(seconds))
        return ServiceError(speak(_BUSY, wait=wait))
    return ServiceError(speak(_FAULT if status >= 500 else _REFUSED, status=status))


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


def _away(error: Exception) -> str:
    if isinstance(error, (WebPage, json.JSONDecodeError)):
        return speak(PAGE)
    kinds: list[tuple[type[Exception] | tuple[type[Exception], ...], dict[str, str]]] = [
        ((requests.exceptions.ProxyError, requests.exceptions.InvalidSchema), _PROXY),
        (requests.exceptions.SSLError, _CERTIFICATE),
        ((requests.exceptions.Timeout, TimeoutError), _NO_ANSWER),
    ]
    reason = next((words for kind, words in kinds if isinstance(error, kind)), _CUT)
    return speak(_AWAY, reason=speak(reason))

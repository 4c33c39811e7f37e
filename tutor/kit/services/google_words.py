"""What Google's refusals mean, in a sentence or two for the learner."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import Any

import httplib2

from tutor.kit.services.answers import answer_of, seconds_asked
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.words import speak

_NOT_ACCEPTED = {
    "en": "Google does not accept the sign-in any more: it is good for an hour, and can be revoked. Run this again; if that does not help, connect Google again (tutor accounts connect google).",
    "zh": "Google 不再接受这次登录：它的有效期是一小时，也可能已被撤销。请再运行一次；如果还不行，就重新连接 Google（tutor accounts connect google）。",
}
_FULL = {
    "en": "Your Google Drive is full, so {name} does not fit. Make room at drive.google.com, and empty the trash there: it counts too.",
    "zh": "你的 Google 云端硬盘已满，放不下 {name}。请到 drive.google.com 腾出空间，并清空回收站，它也占用空间。",
}
_API_OFF = {
    "en": "The Drive API is switched off in your Google Cloud project. Switch it on at console.cloud.google.com/apis/library/drive.googleapis.com, wait a minute, and run this again.",
    "zh": "你的 Google Cloud 项目没有启用 Drive API。请到 console.cloud.google.com/apis/library/drive.googleapis.com 启用，等一分钟再运行。",
}
_BOX = {
    "en": "This sign-in may not use Drive: the box for it was left unticked. Connect Google again (tutor accounts connect google), and tick it.",
    "zh": "这次登录没有使用云端硬盘的权限：授权时没有勾选那一项。请重新连接 Google（tutor accounts connect google），并勾选它。",
}
_RIGHTS = {
    "en": "Google does not allow this with {name}: this account, or this application, has no right to.",
    "zh": "Google 不允许对 {name} 这样做：当前账号或应用没有这个权限。",
}
_NATIVE = {
    "en": "{name} is a document of Google's own kind, or a folder: it has no bytes to download. Export it, or open it in a browser.",
    "zh": "{name} 是 Google 自家格式的文档或文件夹，没有可下载的内容。请用导出，或在浏览器中打开。",
}
_SHARING = {
    "en": "Google does not share with this address, or not with these rights. Look at the spelling; a company's account may also forbid it.",
    "zh": "Google 不能按这个地址或这个权限共享。请核对写法；公司账号也可能禁止共享。",
}
_NOT_FOUND = {
    "en": "Drive shows this application no {name}. It was deleted, or another application or you by hand made it: with the right drive.file one sees only what one made oneself.",
    "zh": "云端硬盘没有向这个应用显示 {name}。它可能已删除，也可能是别的应用或你手动创建的：drive.file 权限只能看到本应用创建的文件。",
}
_IN_USE = {
    "en": "Drive has another file under the identifier that was meant for {name}. Run this again.",
    "zh": "为 {name} 准备的标识已被另一个文件占用。请再运行一次。",
}
_BUSY = {
    "en": "Google wants fewer requests for now. Wait {wait}, then run this again; what has arrived is kept.",
    "zh": "Google 暂时限制了请求次数。请等{wait}后再运行；已传输的部分会保留。",
}
_A_WHILE = {"en": "a few minutes", "zh": "几分钟"}
_SECONDS = {"en": "{seconds} s", "zh": " {seconds} 秒"}
_FAULT = {
    "en": "Google has a fault of its own just now ({status}). Run this again in a few minutes; what has arrived is kept.",
    "zh": "Google 自己暂时出了故障（{status}）。请过几分钟再运行；已传输的部分会保留。",
}
_REFUSED = {
    "en": "Google refused the request for {name} ({status}).",
    "zh": "Google 拒绝了对 {name} 的请求（{status}）。",
}
_PAGE = {
    "en": "Something else answered in Google's place, with a web page: a network that wants a sign-in, or a proxy. Open any page in a browser, sign in there, and run this again; what has arrived is kept.",
    "zh": "回应的不是 Google，而是一个网页：可能是要先登录的网络，或者代理。请用浏览器随便打开一个网页，在那里登录后再运行；已传输的部分会保留。",
}
_AWAY = {
    "en": "Google cannot be reached: {reason}. Look at the network, and at the proxy settings; what has arrived is kept, so run this again.",
    "zh": "连不上 Google：{reason}。请检查网络和代理设置；已传输的部分会保留，再运行一次即可。",
}
_NO_ANSWER = {"en": "no answer in time", "zh": "迟迟没有回应"}
_NO_NAME = {"en": "the name was not found, as without a network", "zh": "查不到域名，可能没有联网"}
_PROXY = {"en": "the proxy on the way does not let us through", "zh": "途中的代理不放行"}
_CERTIFICATE = {
    "en": "what answers cannot prove that it is Google, or this computer's clock is wrong",
    "zh": "对方无法证明自己是 Google，或者这台电脑的时钟不对",
}
_CUT = {"en": "the connection was cut or refused", "zh": "连接被中断或被拒绝"}
_LOCAL = {"en": "{path} cannot be read or written: {reason}.", "zh": "无法读写 {path}：{reason}。"}
_THIS = {"en": "this", "zh": "所请求的内容"}

_OF_REASON = {
    "accessNotConfigured": _API_OFF,
    "appNotAuthorizedToFile": _NOT_FOUND,
    "cannotDownloadFile": _RIGHTS,
    "domainPolicy": _SHARING,
    "fileNotDownloadable": _NATIVE,
    "insufficientPermissions": _BOX,
    "invalidSharingRequest": _SHARING,
    "storageQuotaExceeded": _FULL,
    "teamDriveFileLimitExceeded": _FULL,
}
_OF_STATUS = {403: _RIGHTS, 404: _NOT_FOUND, 409: _IN_USE}
_RATES = ("ratelimit", "quotaexceeded", "dailylimit")

FAILURES = (OSError, ValueError, KeyError, http.client.HTTPException, httplib2.HttpLib2Error)
"""With its own `HttpError`: what a call of Google's client ends with when it fails; JSON that is none is a ValueError."""


class WebPage(ValueError):
    """Something else came in place of what was asked for."""


def reasons_of(error: BaseException) -> list[str]:
    """Google's own words for why (`storageQuotaExceeded`)."""
    details: Any = getattr(error, "error_details", None)
    return (
        [str(each.get("reason", "")) for each in details if isinstance(each, dict)] if isinstance(details, list) else []
    )


def told(error: BaseException, name: str = "") -> ServiceError:
    """The error as the learner shall read it; nothing of Google's own text or address is in it.

    Args: `name`: what it was about, a file's name or id.
    """
    if isinstance(error, ServiceError):
        return error
    name = name or speak(_THIS)
    answer = answer_of(error)
    if isinstance(error, OSError) and error.filename is not None:  # a file of this computer; connections have no names
        return ServiceError(speak(_LOCAL, path=error.filename, reason=error.strerror))
    if answer is None or answer.status < 300:
        return ServiceError(_away(error))
    status = answer.status
    if status == 401:
        return NotSignedIn(speak(_NOT_ACCEPTED))
    reasons = reasons_of(error)
    known = next((_OF_REASON[reason] for reason in reasons if reason in _OF_REASON), None)
    if known is not None:
        return ServiceError(speak(known, name=name))
    if status == 429 or any(rate in reason.lower() for rate in _RATES for reason in reasons):
        seconds = seconds_asked(answer)
        wait = speak(_A_WHILE) if seconds is None else speak(_SECONDS, seconds=round(seconds))
        return ServiceError(speak(_BUSY, wait=wait))
    if status >= 500:
        return ServiceError(speak(_FAULT, status=status))
    return ServiceError(speak(_OF_STATUS.get(status, _REFUSED), name=name, status=status))


def _away(error: BaseException) -> str:
    if answer_of(error) is not None or isinstance(error, (ValueError, KeyError)):
        return speak(_PAGE)
    if type(error).__module__ == "socks":
        reason = _PROXY
    elif isinstance(error, ssl.SSLCertVerificationError):
        reason = _CERTIFICATE
    elif isinstance(error, TimeoutError):
        reason = _NO_ANSWER
    elif isinstance(error, (httplib2.ServerNotFoundError, socket.gaierror)):
        reason = _NO_NAME
    else:
        reason = _CUT
    return speak(_AWAY, reason=speak(reason))

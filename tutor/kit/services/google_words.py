"""What Google's refusals mean, in a sentence or two for the learner."""

from __future__ import annotations

from tutor.kit.services.answers import answer_of, google_reasons
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.unreached import Unreached, away_in_words, busy_in_words, fault_in_words, unreached
from tutor.kit.words import speak

_NOT_ACCEPTED = {
    "en": "Google does not accept the sign-in any more: it is good for an hour, and can be revoked. Run this again; if that does not help, connect Google again (tutor accounts connect google).",
    "zh": "Google 不再接受这次登录：它的有效期是一小时，授权也可能已被取消。请再运行一次；如果还不行，就重新连接 Google（tutor accounts connect google）。",
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
_REFUSED = {
    "en": "Google refused the request for {name} ({status}).",
    "zh": "Google 拒绝了对 {name} 的请求（{status}）。",
}
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
_RATES = ("ratelimit", "rate_limit", "dailylimit")


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
        # An answer that is well and yet an error is somebody else's.
        kind = unreached(error) if answer is None else Unreached.PAGE
        return ServiceError(away_in_words(kind, "Google"))
    status = answer.status
    if status == 401:
        return NotSignedIn(speak(_NOT_ACCEPTED))
    reasons = google_reasons(error)
    known = next((_OF_REASON[reason] for reason in reasons if reason in _OF_REASON), None)
    if known is not None:
        return ServiceError(speak(known, name=name))
    if status == 429 or any(rate in reason.lower() for rate in _RATES for reason in reasons):
        return ServiceError(busy_in_words(answer, "Google"))
    if status >= 500:
        return ServiceError(fault_in_words(status, "Google"))
    return ServiceError(speak(_OF_STATUS.get(status, _REFUSED), name=name, status=status))

"""Google's own words for what it refuses, in the two shapes that it has: Drive's and the sign-in's."""

from __future__ import annotations

from typing import Any

from tutor.practice.handler import Refusal

ENABLE_URL = "https://console.developers.google.com/apis/api/drive.googleapis.com/overview"
_OF_STATUS = {
    400: "badRequest",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "fileIdInUse",
    416: "requestedRangeNotSatisfiable",
    429: "rateLimitExceeded",
}
"""The reason where a status has one that goes without saying; beyond 500 it is `backendError`."""
_MESSAGES = {
    "accessNotConfigured": "Google Drive API has not been used in project {project} before or it is disabled. Enable it by visiting {url}?project={project} then retry.",
    "authError": "Invalid Credentials",
    "backendError": "Backend Error",
    "badRequest": "Bad Request",
    "cannotAddParent": "Increasing the number of parents is not allowed",
    "cannotCopyFile": "This file cannot be copied by the user.",
    "fieldNotWritable": "The resource body includes fields which are not directly writable.",
    "fileIdInUse": "A file already exists with the provided ID.",
    "fileNotDownloadable": "Only files with binary content can be downloaded. Use Export with Docs Editors files.",
    "fileNotExportable": "Export only supports Docs Editors files.",
    "forbidden": "Forbidden",
    "insufficientFilePermissions": "The user does not have sufficient permissions for this file.",
    "insufficientPermissions": "Request had insufficient authentication scopes.",
    "invalid": "Invalid Value",
    "notFound": "Not Found",
    "parentNotAFolder": "The specified parent is not a folder.",
    "rateLimitExceeded": "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'drive.googleapis.com'.",
    "requestedRangeNotSatisfiable": "Request range not satisfiable",
    "storageQuotaExceeded": "The user's Drive storage quota has been exceeded.",
    "userRateLimitExceeded": "User Rate Limit Exceeded",
}
_USAGE = ("accessNotConfigured", "rateLimitExceeded", "userRateLimitExceeded")
_RPC_STATUS = {
    "accessNotConfigured": "PERMISSION_DENIED",
    "authError": "UNAUTHENTICATED",
    "insufficientPermissions": "PERMISSION_DENIED",
    "rateLimitExceeded": "RESOURCE_EXHAUSTED",
}
"""What is refused before Drive itself is asked has a second shape beside the first."""
_RPC_REASON = {
    "accessNotConfigured": "SERVICE_DISABLED",
    "insufficientPermissions": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    "rateLimitExceeded": "RATE_LIMIT_EXCEEDED",
}

_SIGN_IN = {
    "access_denied": "Forbidden",
    "authorization_pending": "Precondition Required",
    "expired_token": "The device code has expired.",
    "invalid_client": "The OAuth client was not found.",
    "invalid_grant": "Bad Request",
    "invalid_token": "Invalid Value",
    "slow_down": "Forbidden",
    "unsupported_grant_type": "Invalid grant_type",
}


class DriveRefusal(Refusal):
    """A refusal of Drive that says where the trouble is."""

    def __init__(self, status: int, why: str = "", message: str = "", *, parameter: str = "") -> None:
        """Args: `message`: in place of the reason's usual one; `parameter`: of the request, that is not right."""
        super().__init__(status, why)
        self.message = message
        self.parameter = parameter


def not_found(file_id: str) -> DriveRefusal:
    """There is no such file, or none that this token may see: Google does not say which."""
    return DriveRefusal(404, "notFound", f"File not found: {file_id}.", parameter="fileId")


def drive_error(status: int, why: str, message: str, parameter: str, project: str) -> dict[str, Any]:
    """The body of Drive's refusal."""
    reason = why or _OF_STATUS.get(status, "backendError" if status >= 500 else "badRequest")
    text = message or _MESSAGES.get(reason, reason).format(project=project, url=ENABLE_URL)
    detail = {"message": text, "domain": "usageLimits" if reason in _USAGE else "global", "reason": reason}
    if reason == "accessNotConfigured":
        detail["extendedHelp"] = "https://console.developers.google.com"
    if reason == "authError":
        detail |= {"location": "Authorization", "locationType": "header"}
    elif parameter:
        detail |= {"location": parameter, "locationType": "parameter"}
    error: dict[str, Any] = {"errors": [detail], "code": status, "message": text}
    if reason in _RPC_STATUS:
        error["status"] = _RPC_STATUS[reason]
    if reason in _RPC_REASON:
        info = {"reason": _RPC_REASON[reason], "domain": "googleapis.com"}
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", **info}]
    return {"error": error}


def sign_in_error(why: str, message: str) -> dict[str, str]:
    """The body of the sign-in's refusal (RFC 6749, 5.2)."""
    return {"error": why or "invalid_request", "error_description": message or _SIGN_IN.get(why, "Bad Request")}

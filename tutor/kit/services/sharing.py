"""Folders, and who else may see what is on Drive: with the least rights that do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tutor.kit.services.drive_file import FIELDS, FOLDER, File, answered, ask, explained, file_of, look, new_id
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.trying import Patience, write_once
from tutor.kit.services.unreached import WebPage
from tutor.kit.words import speak

ROLES = ("reader", "commenter", "writer")
"""From the least on."""
_FIELDS = "id,type,role,emailAddress"

_ROLE = {
    "en": "The role is one of {roles}; take the first that does.",
    "zh": "role 只能是 {roles} 之一；够用的话，选靠前的那个。",
}
_LINK_WRITES = {
    "en": "Whoever has the link would be able to change the file. With a link, share to read; to let somebody write, name their address.",
    "zh": "这样一来，任何拿到链接的人都能修改文件。用链接共享时只给读取权限；要让某人修改，请写明对方的邮箱。",
}


@dataclass(frozen=True)
class Share:
    """One right to one file."""

    id: str
    who: str
    """A mail address; `anyone` who has the link; or a domain."""
    role: str
    """`owner`, `writer`, `commenter`, `reader`."""


def make_folder(drive: Any, name: str, *, folder: str | None = None, patience: Patience | None = None) -> File:
    """A folder of that name, made if this application has none there: Drive itself would make a second one of the same name.

    Args: `folder`: the id of the folder around it; None for the top of the Drive.

    Raises:
        ServiceError: it is not there; the text says why.
    """
    around = folder or "root"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    query = f"name = '{quoted}' and mimeType = '{FOLDER}' and '{around}' in parents and trashed = false"
    request = drive.files().list(q=query, orderBy="createdTime", fields=f"files({FIELDS})", pageSize=1)
    answer = ask(request, about=name, patience=patience)
    found = explained(lambda: [file_of(each) for each in answer["files"]], name)
    if found:
        return found[0]
    file_id = new_id(drive, patience=patience)
    body = {"id": file_id, "name": name, "mimeType": FOLDER, "parents": [around]}
    request = drive.files().create(body=body, fields=FIELDS)
    made: dict[str, Any] = explained(
        lambda: write_once(
            lambda: answered(request),
            lambda: look(drive, file_id, patience=patience),
            patience=patience,
        ),
        name,
    )
    return explained(lambda: file_of(made), name)


def sharing(drive: Any, file_id: str, *, patience: Patience | None = None) -> list[Share]:
    """Who may do what with a file, its owner among them.

    Raises:
        ServiceError: Google did not say.
    """
    shares: list[Share] = []
    page: str | None = ""
    while page is not None:
        request = drive.permissions().list(
            fileId=file_id, fields=f"nextPageToken,permissions({_FIELDS},domain)", pageSize=100, pageToken=page or None
        )
        answer = ask(request, about=file_id, patience=patience)
        shares += explained(lambda answer=answer: [_share(each) for each in answer["permissions"]], file_id)  # type: ignore[misc]
        page = answer.get("nextPageToken")
    return shares


def share(
    drive: Any, file_id: str, *, email: str | None = None, role: str = "reader", patience: Patience | None = None
) -> Share:
    """Let somebody see a file; no mail is sent to them.

    Args:
        email: of one person; None for everybody who has the link, which can only be to read or to comment.
        role: `reader`, `commenter` or `writer`.

    Raises:
        ServiceError: it is not shared; the text says why.
    """
    if role not in ROLES:
        raise ServiceError(speak(_ROLE, roles=", ".join(ROLES)))
    if email is None and role == "writer":
        raise ServiceError(speak(_LINK_WRITES))
    who = email or "anyone"

    def find() -> Share | None:
        found = sharing(drive, file_id, patience=patience)
        return next((each for each in found if (each.who.lower(), each.role) == (who.lower(), role)), None)

    there = find()
    if there is not None:
        return there
    body = {"type": "anyone" if email is None else "user", "role": role}
    options: dict[str, Any] = {}
    if email is not None:
        body["emailAddress"] = email
        options["sendNotificationEmail"] = False
    request = drive.permissions().create(fileId=file_id, body=body, fields=_FIELDS, **options)
    return explained(lambda: write_once(lambda: _share(answered(request)), find, patience=patience), file_id)


def unshare(drive: Any, file_id: str, share_id: str, *, patience: Patience | None = None) -> None:
    """Take a right back; the `id` of a `Share`. One that is gone already is as good.

    Raises:
        ServiceError: it may still be there; the text says why.
    """
    request = drive.permissions().delete(fileId=file_id, permissionId=share_id)

    def is_gone() -> bool | None:
        return True if all(each.id != share_id for each in sharing(drive, file_id, patience=patience)) else None

    def delete() -> bool:
        if request.execute():  # of what was deleted there is nothing to say
            raise WebPage
        return True

    if not is_gone():
        explained(lambda: write_once(delete, is_gone, patience=patience), file_id)


def _share(permission: dict[str, Any]) -> Share:
    who = permission.get("emailAddress") or permission.get("domain") or permission["type"]
    return Share(str(permission["id"]), str(who), str(permission["role"]))

"""Who else may see a file."""

from __future__ import annotations

import hashlib
from typing import Any

from tutor.practice.drive import fields, resource
from tutor.practice.drive.base import DriveHandler
from tutor.practice.drive.store import OWNER_ID, Record
from tutor.practice.drive.words import DriveRefusal

ANYONE = "anyoneWithLink"
_ROLES = ("reader", "commenter", "writer")
_TYPES = ("user", "group", "domain", "anyone")
_NO_MAIL = (
    "The sendNotificationEmail parameter is only applicable for permissions of type 'user' or 'group', "
    "and must not be disabled for ownership transfers."
)
_LIST_DEFAULT = "kind,nextPageToken,permissions(kind,id,type,role)"


class _Handler(DriveHandler):
    async def answer_permission(self, permission: Record) -> None:
        tree = fields.read(self.get_query_argument("fields", "") or resource.DEFAULT["Permission"], "Permission")
        await self.answer(fields.select(permission, tree))

    def found(self, record: Record, permission_id: str) -> Record:
        """Raises: DriveRefusal: the file has no such permission."""
        for each in record["permissions"]:
            if each["id"] == permission_id:
                permission: Record = each
                return permission
        message = f"Permission not found: {permission_id}."
        raise DriveRefusal(404, "notFound", message, parameter="permissionId")


class Permissions(_Handler):
    """Those of one file."""

    async def get(self, file_id: str) -> None:
        """All of them; there are never so many that they need pages."""
        tree = fields.read(self.get_query_argument("fields", "") or _LIST_DEFAULT, "PermissionList")
        permissions = self.store.get(file_id, self.grant)["permissions"]
        await self.answer(fields.select({"kind": "drive#permissionList", "permissions": permissions}, tree))

    async def post(self, file_id: str) -> None:
        """One more; for somebody who has one already, another role."""
        record, wanted = self.store.get(file_id, self.grant), self.json
        made = self._made(wanted)
        others = [each for each in record["permissions"] if each["id"] != made["id"]]
        record["permissions"] = [*others, made]
        self.store.touch(record)
        await self.answer_permission(made)

    def _made(self, wanted: Any) -> Record:
        kind, role, mail = wanted.get("type"), wanted.get("role"), wanted.get("emailAddress", "")
        if kind not in _TYPES:
            raise DriveRefusal(400, "invalid", "The permission type field is required.", parameter="permission.type")
        if role not in _ROLES:
            if role == "owner" and self.get_query_argument("transferOwnership", "") != "true":
                message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
                raise DriveRefusal(403, "forbidden", message, parameter="transferOwnership")
            raise DriveRefusal(400, "invalid", "The permission role field is required.", parameter="permission.role")
        if kind in ("anyone", "domain") and self.get_query_argument("sendNotificationEmail", ""):
            raise DriveRefusal(403, "forbidden", _NO_MAIL, parameter="sendNotificationEmail")
        made: Record = {"kind": "drive#permission", "type": kind, "role": role}
        if kind == "anyone":
            return {**made, "id": ANYONE, "allowFileDiscovery": bool(wanted.get("allowFileDiscovery", False))}
        whom = str(mail or wanted.get("domain", ""))
        if not whom or (kind != "domain" and "@" not in whom):
            message = "The specified emailAddress is invalid or not applicable for the given permission type."
            raise DriveRefusal(400, "invalid", message, parameter="permission.emailAddress")
        number = str(int(hashlib.sha256(whom.lower().encode()).hexdigest()[:16], 16)).zfill(20)
        if kind == "domain":
            return {**made, "id": f"{number}k", "domain": whom, "displayName": whom, "allowFileDiscovery": False}
        named = {"emailAddress": whom, "displayName": whom.partition("@")[0], "deleted": False, "pendingOwner": False}
        return {**made, "id": number, **named}


class OnePermission(_Handler):
    """One of them."""

    async def get(self, file_id: str, permission_id: str) -> None:
        """As it is."""
        await self.answer_permission(self.found(self.store.get(file_id, self.grant), permission_id))

    async def patch(self, file_id: str, permission_id: str) -> None:
        """Another role."""
        record = self.store.get(file_id, self.grant)
        permission = self.found(record, permission_id)
        self._check_not_owner(permission_id)
        role = self.json.get("role")
        if role not in _ROLES:
            raise DriveRefusal(400, "invalid", parameter="permission.role")
        permission["role"] = role
        self.store.touch(record)
        await self.answer_permission(permission)

    async def delete(self, file_id: str, permission_id: str) -> None:
        """Take it back."""
        record = self.store.get(file_id, self.grant)
        permission = self.found(record, permission_id)
        self._check_not_owner(permission_id)
        record["permissions"].remove(permission)
        self.store.touch(record)
        await self.send(b"", status=204)

    @staticmethod
    def _check_not_owner(permission_id: str) -> None:
        if permission_id == OWNER_ID:
            raise DriveRefusal(403, "insufficientFilePermissions")

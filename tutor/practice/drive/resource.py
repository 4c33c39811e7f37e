"""A file and the person as the service's description has them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from tutor.practice.drive.grants import MAIL, Grant
from tutor.practice.drive.store import FOLDER, NATIVE, OWNER_ID, Record, Store
from tutor.practice.service import LEARNER

DEFAULT = {"File": "kind,id,name,mimeType", "Permission": "kind,id,type,role"}
"""What comes without `fields`."""
_PLAIN = (
    *("id", "name", "mimeType", "description", "starred", "createdTime", "modifiedTime", "viewedByMeTime"),
    *("properties", "appProperties", "originalFilename", "headRevisionId", "folderColorRgb"),
)
_SUMS = {"md5": "md5Checksum", "sha1": "sha1Checksum", "sha256": "sha256Checksum"}


def user() -> dict[str, Any]:
    """The person."""
    return {
        "kind": "drive#user",
        "displayName": LEARNER,
        "me": True,
        "permissionId": OWNER_ID,
        "emailAddress": MAIL,
    }


def file(record: Record, store: Store, grant: Grant, root: str) -> dict[str, Any]:
    """All that is known of a file, each number as text where the service has it so."""
    is_folder = record["mimeType"] == FOLDER
    trashed = store.is_trashed(record)
    resource: dict[str, Any] = {
        "kind": "drive#file",
        **{name: record[name] for name in _PLAIN if name in record},
        "trashed": trashed,
        "explicitlyTrashed": bool(record["trashed"]),
        # Folders that this token may not see are not named, but for the root.
        "parents": [each for each in record["parents"] if each == store.root_id or store.sees(each, grant)],
        "spaces": ["drive"],
        "version": str(record["version"]),
        "viewedByMe": "viewedByMeTime" in record,
        "owners": [user()],
        "ownedByMe": True,
        "lastModifyingUser": user(),
        "modifiedByMe": True,
        "modifiedByMeTime": record["modifiedTime"],
        "shared": len(record["permissions"]) > 1,
        "permissions": record["permissions"],
        "permissionIds": [each["id"] for each in record["permissions"]],
        "isAppAuthorized": grant.project in record["projects"],
        "capabilities": _capabilities(record, is_folder, trashed),
        "quotaBytesUsed": str(record.get("size", 0)),
        "hasThumbnail": False,
        "thumbnailVersion": "0",
        "viewersCanCopyContent": True,
        "copyRequiresWriterPermission": bool(record.get("copyRequiresWriterPermission", False)),
        "writersCanShare": bool(record.get("writersCanShare", True)),
        "iconLink": f"{root}/icon/{record['mimeType']}",
        "webViewLink": f"{root}/drive/folders/{record['id']}" if is_folder else f"{root}/file/d/{record['id']}/view",
    }
    if not resource["parents"]:
        del resource["parents"]
    if "size" in record:
        suffix = PurePosixPath(record["name"]).suffix[1:]
        resource |= {
            "size": str(record["size"]),
            **{there: record[here] for here, there in _SUMS.items()},
            "webContentLink": f"{root}/uc?id={record['id']}&export=download",
            "fullFileExtension": suffix,
            "fileExtension": suffix,
        }
    elif record["mimeType"].startswith(NATIVE) and not is_folder:
        resource["exportLinks"] = {"text/plain": f"{root}/drive/v3/files/{record['id']}/export?mimeType=text/plain"}
    return resource


def _capabilities(record: Mapping[str, Any], is_folder: bool, trashed: bool) -> dict[str, bool]:
    able = ("canEdit", "canDelete", "canRename", "canShare", "canModifyContent", "canListChildren", "canReadRevisions")
    return {
        **dict.fromkeys(able, True),
        "canCopy": not is_folder,
        "canDownload": "size" in record,
        "canAddChildren": is_folder,
        "canTrash": not trashed,
        "canUntrash": trashed,
    }

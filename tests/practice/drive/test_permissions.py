from __future__ import annotations

from typing import Any

import pytest

from tests.practice.drive.test_files import put, refusal


def test_somebody_may_look_and_then_no_more(drive: Any) -> None:
    file_id = put(drive)["id"]
    body = {"type": "user", "role": "reader", "emailAddress": "a@example.com"}
    made = drive.permissions().create(fileId=file_id, body=body, sendNotificationEmail=False, fields="*").execute()
    assert (made["role"], made["emailAddress"]) == ("reader", "a@example.com")
    there = drive.permissions().list(fileId=file_id, fields="permissions(id,role,emailAddress)").execute()
    assert [each["role"] for each in there["permissions"]] == ["owner", "reader"]
    assert drive.files().get(fileId=file_id, fields="shared").execute()["shared"]
    got = drive.permissions().get(fileId=file_id, permissionId=made["id"]).execute()
    assert sorted(got) == ["id", "kind", "role", "type"]
    changed = drive.permissions().update(fileId=file_id, permissionId=made["id"], body={"role": "writer"}).execute()
    assert changed["role"] == "writer"
    assert drive.permissions().delete(fileId=file_id, permissionId=made["id"]).execute() == ""
    assert refusal(drive.permissions().get(fileId=file_id, permissionId=made["id"]).execute) == (404, "notFound")
    assert not drive.files().get(fileId=file_id, fields="shared").execute()["shared"]


def test_one_person_has_one_permission(drive: Any) -> None:
    file_id = put(drive)["id"]
    for role in ("reader", "writer"):
        for mail in ("A@example.com", "a@example.com"):
            body = {"type": "user", "role": role, "emailAddress": mail}
            drive.permissions().create(fileId=file_id, body=body).execute()
    drive.permissions().create(fileId=file_id, body={"type": "anyone", "role": "reader"}).execute()
    found = drive.permissions().list(fileId=file_id).execute()["permissions"]
    assert [(each["type"], each["role"]) for each in found] == [
        ("user", "owner"),
        ("user", "writer"),
        ("anyone", "reader"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"role": "reader"}, (400, "invalid")),
        ({"type": "user", "role": "king", "emailAddress": "a@example.com"}, (400, "invalid")),
        ({"type": "user", "role": "owner", "emailAddress": "a@example.com"}, (403, "forbidden")),
        ({"type": "user", "role": "reader"}, (400, "invalid")),
        ({"type": "user", "role": "reader", "emailAddress": "nobody"}, (400, "invalid")),
    ],
)
def test_what_is_no_permission_is_refused(drive: Any, body: dict[str, str], expected: tuple[int, str]) -> None:
    file_id = put(drive)["id"]
    assert refusal(drive.permissions().create(fileId=file_id, body=body).execute) == expected


def test_the_owner_stays(drive: Any) -> None:
    file_id = put(drive)["id"]
    owner = drive.permissions().list(fileId=file_id).execute()["permissions"][0]["id"]
    assert refusal(drive.permissions().delete(fileId=file_id, permissionId=owner).execute)[0] == 403
    change = drive.permissions().update(fileId=file_id, permissionId=owner, body={"role": "reader"})
    assert refusal(change.execute)[0] == 403

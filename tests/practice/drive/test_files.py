from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from tutor.kit.services.answers import google_reasons
from tutor.practice.drive.service import Drive

FOLDER = "application/vnd.google-apps.folder"
DOCUMENT = "application/vnd.google-apps.document"


def put(drive: Any, name: str = "notes.txt", content: bytes = b"hello", **body: Any) -> dict[str, Any]:
    media = MediaIoBaseUpload(io.BytesIO(content), "text/plain")
    made: dict[str, Any] = drive.files().create(body={"name": name, **body}, media_body=media, fields="*").execute()
    return made


def folder(drive: Any, name: str = "box", **body: Any) -> str:
    body = {"name": name, "mimeType": FOLDER, **body}
    return str(drive.files().create(body=body, fields="id").execute()["id"])


def refusal(call: Callable[[], Any]) -> tuple[int, str]:
    """Status and reason; the shape is looked at by the way."""
    with pytest.raises(HttpError) as caught:
        call()
    error = json.loads(caught.value.content)["error"]
    detail = error["errors"][0]
    assert {"domain", "message", "reason"} <= set(detail)
    assert (error["code"], error["message"]) == (caught.value.resp.status, detail["message"])
    return caught.value.resp.status, str(detail["reason"])


def test_a_file_is_described_whole(drive: Any) -> None:
    made = put(drive)
    assert (made["size"], made["md5Checksum"]) == ("5", "5d41402abc4b2a76b9719d911017c592")
    assert (made["mimeType"], made["fileExtension"], made["originalFilename"]) == ("text/plain", "txt", "notes.txt")
    assert made["createdTime"].endswith("Z")
    assert made["webViewLink"].endswith(f"/file/d/{made['id']}/view")
    assert (made["ownedByMe"], made["shared"], made["isAppAuthorized"]) == (True, False, True)


def test_without_fields_four_of_them_come(drive: Any) -> None:
    made = drive.files().create(body={"name": "x"}).execute()
    assert sorted(made) == ["id", "kind", "mimeType", "name"]
    assert sorted(drive.files().get(fileId=made["id"]).execute()) == ["id", "kind", "mimeType", "name"]
    assert sorted(drive.files().list().execute()) == ["files", "incompleteSearch", "kind"]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("id", {"id"}),
        (" id , name ", {"id", "name"}),
        ("owners/emailAddress,owners/me", {"owners"}),
        ("capabilities(canEdit,canCopy),size", {"capabilities", "size"}),
        ("*", None),
    ],
)
def test_only_what_is_asked_for_comes(drive: Any, fields: str, found: set[str] | None) -> None:
    file_id = put(drive)["id"]
    got = drive.files().get(fileId=file_id, fields=fields).execute()
    assert found is None or set(got) == found
    if "owners" in (found or ()):
        assert set(got["owners"][0]) == {"emailAddress", "me"}
    if "capabilities" in (found or ()):
        assert set(got["capabilities"]) == {"canEdit", "canCopy"}


@pytest.mark.parametrize("fields", ["nothing", "id,", "owners(", "owners/none", "files(id)", "id)", "§"])
def test_fields_that_are_none_are_refused(drive: Any, fields: str) -> None:
    file_id = put(drive)["id"]
    assert refusal(drive.files().get(fileId=file_id, fields=fields).execute) == (400, "invalidParameter")


def test_what_the_person_made_is_hidden_from_the_application_in_every_way(drive: Any, person: Any) -> None:
    theirs, around = put(person, "secret.txt")["id"], folder(person)
    for call in (
        drive.files().get(fileId=theirs),
        drive.files().get_media(fileId=theirs),
        drive.files().update(fileId=theirs, body={"name": "mine"}),
        drive.files().delete(fileId=theirs),
        drive.files().copy(fileId=theirs, body={}),
        drive.permissions().list(fileId=theirs),
        drive.files().create(body={"parents": [around]}),
        drive.files().get(fileId="root"),
    ):
        assert refusal(call.execute) == (404, "notFound")
    assert drive.files().list().execute()["files"] == []
    assert {each["id"] for each in person.files().list().execute()["files"]} == {theirs, around}


def test_the_person_sees_all_and_can_move_what_the_application_made(drive: Any, person: Any) -> None:
    ours, theirs = put(drive)["id"], folder(person)
    root = person.files().get(fileId="root").execute()["id"]
    person.files().update(fileId=ours, addParents=theirs, removeParents=root).execute()
    assert "parents" not in drive.files().get(fileId=ours, fields="*").execute()
    assert person.files().get(fileId=ours, fields="parents").execute()["parents"] == [theirs]


def test_metadata_changes_and_says_when(drive: Any) -> None:
    made = put(drive)
    new = {"name": "new.txt", "starred": True, "properties": {"a": "1"}, "description": "x"}
    changed = drive.files().update(fileId=made["id"], body=new, fields="*").execute()
    assert (changed["name"], changed["starred"], changed["properties"]) == ("new.txt", True, {"a": "1"})
    assert int(changed["version"]) > int(made["version"])
    assert (changed["md5Checksum"], changed["headRevisionId"]) == (made["md5Checksum"], made["headRevisionId"])
    assert drive.files().update(fileId=made["id"], body={"properties": {"a": None}}, fields="properties").execute() == {
        "properties": {}
    }
    when = {"modifiedTime": "2020-02-03T04:05:06+01:00"}
    kept = drive.files().update(fileId=made["id"], body=when, fields="modifiedTime").execute()
    assert kept == {"modifiedTime": "2020-02-03T03:05:06.000Z"}


def test_content_changes_and_the_id_stays(drive: Any) -> None:
    made = put(drive)
    media = MediaIoBaseUpload(io.BytesIO(b"other"), "text/plain")
    changed = drive.files().update(fileId=made["id"], media_body=media, fields="*").execute()
    assert changed["id"] == made["id"]
    assert changed["headRevisionId"] != made["headRevisionId"]
    assert drive.files().get_media(fileId=made["id"]).execute() == b"other"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"parents": ["root"]}, (403, "fieldNotWritable")),
        ({"size": "7"}, (403, "fieldNotWritable")),
        ({"modifiedTime": "yesterday"}, (400, "invalid")),
    ],
)
def test_some_changes_are_refused(drive: Any, body: dict[str, Any], expected: tuple[int, str]) -> None:
    file_id = put(drive)["id"]
    assert refusal(drive.files().update(fileId=file_id, body=body).execute) == expected
    assert drive.files().get(fileId=file_id, fields="name").execute() == {"name": "notes.txt"}


def test_a_folder_takes_its_content_into_the_trash_and_away(drive: Any) -> None:
    box = folder(drive)
    inner = put(drive, parents=[folder(drive, "inner", parents=[box])])["id"]
    drive.files().update(fileId=box, body={"trashed": True}).execute()
    there = drive.files().get(fileId=inner, fields="trashed,explicitlyTrashed").execute()
    assert there == {"trashed": True, "explicitlyTrashed": False}
    drive.files().update(fileId=box, body={"trashed": False}).execute()
    assert not drive.files().get(fileId=inner, fields="trashed").execute()["trashed"]
    assert drive.files().delete(fileId=box).execute() == ""
    assert refusal(drive.files().get(fileId=inner).execute) == (404, "notFound")
    assert drive.about().get(fields="storageQuota").execute()["storageQuota"]["usage"] == "0"


def test_the_trash_can_be_emptied(drive: Any) -> None:
    kept, thrown = put(drive)["id"], put(drive)["id"]
    drive.files().update(fileId=thrown, body={"trashed": True}).execute()
    drive.files().emptyTrash().execute()
    assert [each["id"] for each in drive.files().list().execute()["files"]] == [kept]


def test_moving_keeps_a_file_in_one_folder(drive: Any) -> None:
    box, other, file_id = folder(drive), folder(drive, "other"), put(drive)["id"]
    assert refusal(drive.files().update(fileId=file_id, addParents=box).execute) == (403, "cannotAddParent")
    moved = drive.files().update(fileId=file_id, addParents=box, removeParents="root", fields="parents").execute()
    assert moved["parents"] == [box]
    drive.files().update(fileId=other, addParents=box, removeParents="root").execute()
    assert refusal(drive.files().update(fileId=box, addParents=other, removeParents="root").execute)[0] == 403
    assert refusal(drive.files().create(body={"parents": [file_id]}).execute) == (403, "parentNotAFolder")
    assert refusal(drive.files().create(body={"parents": [box, other]}).execute) == (400, "invalid")


def test_a_copy_is_another_file(drive: Any) -> None:
    made = put(drive, content=b"same", properties={"a": "1"})
    copied = drive.files().copy(fileId=made["id"], body={"name": "copy.txt"}, fields="*").execute()
    assert copied["id"] != made["id"]
    assert (copied["name"], copied["md5Checksum"], copied["parents"]) == (
        "copy.txt",
        made["md5Checksum"],
        made["parents"],
    )
    drive.files().delete(fileId=made["id"]).execute()
    assert drive.files().get_media(fileId=copied["id"]).execute() == b"same"
    assert refusal(drive.files().copy(fileId=folder(drive), body={}).execute) == (403, "cannotCopyFile")


def test_an_id_that_was_given_out_makes_one_file(drive: Any) -> None:
    ids = drive.files().generateIds(count=3).execute()["ids"]
    assert len(set(ids)) == 3
    assert put(drive, id=ids[0])["id"] == ids[0]
    assert refusal(lambda: put(drive, id=ids[0])) == (409, "fileIdInUse")
    assert folder(drive, id=ids[1]) == ids[1]
    assert refusal(lambda: put(drive, id="1" + "x" * 32)) == (400, "invalid")
    assert refusal(drive.files().create(body={"id": ids[2], "mimeType": DOCUMENT}).execute) == (400, "invalid")
    assert refusal(drive.files().generateIds(count=1001).execute) == (400, "invalidParameter")


def test_googles_own_documents_have_no_bytes(drive: Any) -> None:
    made = put(drive, "paper", mimeType=DOCUMENT)
    assert "md5Checksum" not in made
    assert "size" not in made
    assert refusal(drive.files().get_media(fileId=made["id"]).execute) == (403, "fileNotDownloadable")
    assert drive.files().export(fileId=made["id"], mimeType="text/plain").execute() == b""
    assert refusal(drive.files().export(fileId=made["id"], mimeType="image/png").execute) == (400, "badRequest")
    assert refusal(drive.files().export(fileId=put(drive)["id"], mimeType="text/plain").execute) == (
        403,
        "fileNotExportable",
    )


def test_a_full_drive_takes_nothing_more(service: Drive, drive: Any) -> None:
    service.set_quota(100)
    made = put(drive, content=b"x" * 60)
    assert drive.about().get(fields="storageQuota(limit,usage)").execute() == {
        "storageQuota": {"limit": "100", "usage": "60"}
    }
    assert refusal(lambda: put(drive, content=b"x" * 60)) == (403, "storageQuotaExceeded")
    assert refusal(drive.files().copy(fileId=made["id"], body={}).execute) == (403, "storageQuotaExceeded")
    media = MediaIoBaseUpload(io.BytesIO(b"y" * 90), "text/plain")
    drive.files().update(fileId=made["id"], media_body=media).execute()
    assert len(drive.files().list().execute()["files"]) == 1


def test_about_wants_to_know_what_is_asked(drive: Any, person: Any) -> None:
    assert refusal(drive.about().get().execute) == (400, "required")
    user = drive.about().get(fields="user").execute()["user"]
    assert (user["displayName"], user["emailAddress"]) == ("practice-learner", "practice-learner@example.com")
    assert drive.about().get(fields="appInstalled").execute() != person.about().get(fields="appInstalled").execute()


def test_switched_off_it_says_where_to_switch_it_on(service: Drive, drive: Any) -> None:
    service.enable_api(False)
    with pytest.raises(HttpError, match="Enable it by visiting https://console") as caught:
        drive.about().get(fields="user").execute()
    assert google_reasons(caught.value) == ["accessNotConfigured", "SERVICE_DISABLED"]
    service.enable_api(True)
    drive.about().get(fields="user").execute()

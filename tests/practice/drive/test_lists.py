from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.practice.drive.test_files import FOLDER, folder, put, refusal
from tests.support.drive import checked_drive
from tutor.practice.drive.service import Drive


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Of one Drive for all tests that only look."""
    service = Drive(tmp_path_factory.mktemp("google"))
    with checked_drive(service.root, service.lent().environment["TUTOR_DRIVE_TOKEN"]) as client:
        yield client
    service.close()


@pytest.fixture(scope="module")
def shelf(drive: Any) -> dict[str, str]:
    """Ids by name."""
    box = folder(drive)
    made = {
        "box": box,
        "HelloWorld.txt": put(drive, "HelloWorld.txt")["id"],
        "a b.py": put(drive, "a b.py", parents=[box])["id"],
        "it's \\ odd": put(drive, "it's \\ odd", appProperties={"k": "v"})["id"],
        "old.txt": put(drive, "old.txt", modifiedTime="2020-01-01T00:00:00Z")["id"],
        "gone": put(drive, "gone")["id"],
    }
    drive.files().update(fileId=made["gone"], body={"trashed": True, "starred": True}).execute()
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "a b.py,box,gone,HelloWorld.txt,it's \\ odd,old.txt"),
        ("name = 'HelloWorld.txt'", "HelloWorld.txt"),
        ("name='helloworld.txt'", ""),
        ("name != 'box' and trashed = false", "a b.py,HelloWorld.txt,it's \\ odd,old.txt"),
        ("name contains 'hello'", "HelloWorld.txt"),
        ("name contains 'World'", ""),
        ("name contains 'b'", "a b.py,box"),
        ("name = 'it\\'s \\\\ odd'", "it's \\ odd"),
        (f"mimeType = '{FOLDER}'", "box"),
        (f"mimeType != '{FOLDER}' and not trashed = true", "a b.py,HelloWorld.txt,it's \\ odd,old.txt"),
        ("mimeType contains 'LAIN' and name contains 'a'", "a b.py"),
        ("'BOX' in parents", "a b.py"),
        ("'root' in parents and trashed = true", "gone"),
        ("not 'root' in parents", "a b.py"),
        ("starred = true", "gone"),
        ("starred != true and name contains 'o'", "it's \\ odd,old.txt"),
        ("modifiedTime < '2021-01-01T00:00:00'", "old.txt"),
        ("modifiedTime >= '2021-01-01T00:00:00Z' and name contains 'h'", "HelloWorld.txt"),
        ("modifiedTime = '2020-01-01T01:00:00+01:00'", "old.txt"),
        ("'practice-learner@example.com' in owners and name = 'box'", "box"),
        ("'somebody@example.com' in writers", ""),
        ("sharedWithMe = true", ""),
        ("appProperties has { key='k' and value='v' }", "it's \\ odd"),
        ("name = 'box' or name = 'old.txt' and trashed = true", ""),
        ("name = 'box' or (name = 'old.txt' and trashed = true)", "box"),
        ("(name = 'box' or name = 'old.txt') and not (trashed = true)", "box,old.txt"),
    ],
)
def test_a_question_finds_what_fits(drive: Any, shelf: dict[str, str], query: str, found: str) -> None:
    query = query.replace("BOX", shelf["box"])
    answer = drive.files().list(q=query, orderBy="name_natural", fields="files(name)").execute()
    assert ",".join(each["name"] for each in answer["files"]) == found


@pytest.mark.parametrize(
    "query",
    [
        *("name", "name =", "name = box", "'x' in", "'x' in name", "trashed = 1", "name ~ 'x'", "nothing = 'x'"),
        *("name = 'x' and", "(name = 'x'", "name = 'x')", "name = 'x", "modifiedTime > 'soon'", "name > 'x'", "and"),
        "appProperties has { key='k' }",
    ],
)
def test_a_question_that_is_none_is_refused(drive: Any, query: str) -> None:
    assert refusal(drive.files().list(q=query).execute) == (400, "invalid")


def test_a_long_list_comes_in_pages(drive: Any, shelf: dict[str, str]) -> None:
    seen, token, pages = [], None, 0
    while pages == 0 or token:
        options = {"pageSize": 2, "orderBy": "name desc", "pageToken": token, "fields": "nextPageToken,files(name)"}
        answer = drive.files().list(**options).execute()
        seen += [each["name"] for each in answer["files"]]
        token, pages = answer.get("nextPageToken"), pages + 1
    assert (seen, pages) == (sorted(shelf, reverse=True), 3)
    token = drive.files().list(pageSize=2, fields="nextPageToken").execute()["nextPageToken"]
    assert refusal(drive.files().list(q="name = 'n01'", pageToken=token).execute) == (400, "invalid")
    assert refusal(drive.files().list(pageToken="§").execute) == (400, "invalid")
    assert refusal(drive.files().list(pageSize=1001).execute) == (400, "invalidParameter")


def test_order_goes_by_several_keys(drive: Any, shelf: dict[str, str]) -> None:
    answer = drive.files().list(orderBy="folder,modifiedTime,name", fields="files(id)").execute()["files"]
    assert [each["id"] for each in answer][:2] == [shelf["box"], shelf["old.txt"]]
    assert refusal(drive.files().list(orderBy="beauty").execute) == (400, "invalid")
    assert refusal(drive.files().list(orderBy="name up").execute) == (400, "invalid")


def test_a_question_that_is_too_long_for_an_address_is_answered(drive: Any, shelf: dict[str, str]) -> None:
    query = " or ".join(f"name = 'no such name {number}'" for number in range(120)) + " or name = 'box'"
    assert [each["id"] for each in drive.files().list(q=query).execute()["files"]] == [shelf["box"]]

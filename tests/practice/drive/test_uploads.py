from __future__ import annotations

import io
import json
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from googleapiclient.http import MediaIoBaseDownload, MediaIoBaseUpload

from tests.practice.drive.test_files import put, refusal
from tests.support.waiting import wait_for
from tutor.practice.drive.service import Drive
from tutor.practice.faults import Fault, Kind

GRAIN = 256 * 1024


@pytest.fixture
def web(service: Drive) -> Iterator[requests.Session]:
    """Speaks the protocol by hand, with the application's token."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {service.lent().environment['TUTOR_DRIVE_TOKEN']}"
        yield session


def begin(service: Drive, web: requests.Session, size: int | None, fields: str = "id,size", **body: Any) -> str:
    headers = {"Content-Type": "application/json; charset=UTF-8", "X-Upload-Content-Type": "application/zip"}
    if size is not None:
        headers["X-Upload-Content-Length"] = str(size)
    url = f"{service.root}/upload/drive/v3/files"
    answer = web.post(url, params={"uploadType": "resumable", "fields": fields}, data=json.dumps(body), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["X-Tutor-Practice"] == "1"
    return str(answer.headers["Location"])


def send(web: requests.Session, session: str, data: bytes, content_range: str) -> requests.Response:
    return web.put(session, data=data, headers={"Content-Range": content_range})


def test_a_simple_upload_has_only_content(service: Drive, web: requests.Session) -> None:
    url = f"{service.root}/upload/drive/v3/files?uploadType=media&fields=name,mimeType,size"
    answer = web.post(url, data=b"abc", headers={"Content-Type": "text/csv"})
    assert answer.json() == {"name": "Untitled", "mimeType": "text/csv", "size": "3"}


@pytest.mark.parametrize(
    "content",
    [b"", b"\r\n", b"--\r\n\r\n--x--", bytes(range(256)), b"\n" + random.Random(7).randbytes(5000) + b"\r"],
    ids=["empty", "line", "dashes", "all", "random"],
)
def test_a_multipart_upload_keeps_every_byte(drive: Any, content: bytes) -> None:
    made = put(drive, "x.bin", content)
    assert drive.files().get_media(fileId=made["id"]).execute() == content


@pytest.mark.parametrize("size", [0, 1, GRAIN - 1, GRAIN, GRAIN + 1, 5 * GRAIN + 7])
def test_a_resumable_upload_in_pieces_arrives(drive: Any, size: int) -> None:
    content = random.Random(size).randbytes(size)
    media = MediaIoBaseUpload(io.BytesIO(content), "application/zip", chunksize=2 * GRAIN, resumable=True)
    made = drive.files().create(body={"name": "a.zip"}, media_body=media, fields="*").execute()
    assert (made["size"], made["mimeType"]) == (str(size), "application/zip")
    got = io.BytesIO()
    download = MediaIoBaseDownload(got, drive.files().get_media(fileId=made["id"]), chunksize=2 * GRAIN)
    while not download.next_chunk()[1]:
        continue
    assert got.getvalue() == content


def test_an_upload_can_be_asked_how_far_it_is(service: Drive, web: requests.Session) -> None:
    content = random.Random(1).randbytes(2 * GRAIN + 10)
    session = begin(service, web, len(content), name="a")
    asked = send(web, session, b"", f"bytes */{len(content)}")
    assert (asked.status_code, "Range" in asked.headers) == (308, False)
    # Of what is no whole grain, the rest is forgotten.
    first = send(web, session, content[: GRAIN + 5], f"bytes 0-{GRAIN + 4}/{len(content)}")
    assert (first.status_code, first.headers["Range"]) == (308, f"bytes=0-{GRAIN - 1}")
    assert send(web, session, b"", "bytes */*").headers["Range"] == f"bytes=0-{GRAIN - 1}"
    # What is sent twice is taken once.
    last = send(web, session, content[100:], f"bytes 100-{len(content) - 1}/{len(content)}")
    assert last.status_code == 200
    assert last.json()["size"] == str(len(content))
    again = send(web, session, b"", f"bytes */{len(content)}")
    assert (again.status_code, again.json()) == (200, last.json())
    media = f"{service.root}/drive/v3/files/{last.json()['id']}?alt=media"
    assert web.get(media).content == content


def test_an_upload_of_unknown_size_ends_when_it_says_so(service: Drive, web: requests.Session) -> None:
    session = begin(service, web, None, name="a")
    assert send(web, session, b"x" * GRAIN, f"bytes 0-{GRAIN - 1}/*").status_code == 308
    done = send(web, session, b"end", f"bytes {GRAIN}-{GRAIN + 2}/{GRAIN + 3}")
    assert done.json()["size"] == str(GRAIN + 3)


@pytest.mark.parametrize(
    ("data", "content_range"),
    [
        (b"x" * 10, "bytes 0-9/1000000"),  # too small for a piece
        (b"x" * GRAIN, f"bytes {GRAIN}-{2 * GRAIN - 1}/1000000"),  # the beginning is missing
        (b"x" * GRAIN, f"bytes 0-{GRAIN}/1000000"),
        (b"x" * GRAIN, f"bytes 0-{GRAIN - 1}/999999"),
        (b"x" * GRAIN, "pages 1-2/3"),
    ],
    ids=["small", "gap", "length", "total", "pages"],
)
def test_a_piece_that_does_not_fit_is_refused(
    service: Drive, web: requests.Session, data: bytes, content_range: str
) -> None:
    session = begin(service, web, 1_000_000, name="a")
    assert send(web, session, data, content_range).status_code == 400
    assert "Range" not in send(web, session, b"", "bytes */1000000").headers


def test_the_address_of_an_upload_is_its_own_key_and_lapses(service: Drive, web: requests.Session) -> None:
    session = begin(service, web, 3, name="a")
    assert requests.put(session, headers={"Content-Range": "bytes */3"}).status_code == 308
    service.expire_uploads()
    assert send(web, session, b"abc", "bytes 0-2/3").status_code == 404
    assert list((service.folder / "content").iterdir()) == []


def test_what_cannot_become_a_file_is_refused_before_it_is_sent(service: Drive, drive: Any) -> None:
    def start(size: int, **body: Any) -> Any:
        media = MediaIoBaseUpload(io.BytesIO(b"x" * size), "text/plain", resumable=True)
        return drive.files().create(body=body, media_body=media).next_chunk

    service.set_quota(100)
    file_id = drive.files().generateIds(count=1).execute()["ids"][0]
    assert refusal(start(101)) == (403, "storageQuotaExceeded")
    assert refusal(start(1, parents=["nowhere"])) == (404, "notFound")
    put(drive, id=file_id)
    assert refusal(start(1, id=file_id)) == (409, "fileIdInUse")


def test_of_two_uploads_under_one_id_one_becomes_the_file(service: Drive, drive: Any, web: requests.Session) -> None:
    file_id = drive.files().generateIds(count=1).execute()["ids"][0]
    first, second = (begin(service, web, 1, id=file_id) for _ in range(2))
    assert send(web, first, b"1", "bytes 0-0/1").status_code == 200
    late = send(web, second, b"2", "bytes 0-0/1")
    assert (late.status_code, late.json()["error"]["errors"][0]["reason"]) == (409, "fileIdInUse")
    assert drive.files().get_media(fileId=file_id).execute() == b"1"


def test_new_content_comes_resumable_too(drive: Any) -> None:
    made = put(drive)
    media = MediaIoBaseUpload(io.BytesIO(b"z" * 300_000), "text/plain", chunksize=GRAIN, resumable=True)
    request = drive.files().update(fileId=made["id"], body={"name": "z"}, media_body=media, fields="id,name,size")
    assert request.execute() == {"id": made["id"], "name": "z", "size": "300000"}


def test_of_a_piece_that_was_cut_the_beginning_is_kept(service: Drive, web: requests.Session) -> None:
    size = 4 * GRAIN
    session = begin(service, web, size, name="a")
    service.faults.plan(Fault(Kind.CUT), method="PUT")
    with pytest.raises(requests.ConnectionError):
        send(web, session, b"x" * size, f"bytes 0-{size - 1}/{size}")
    kept = wait_for(lambda: send(web, session, b"", f"bytes */{size}").headers.get("Range"))
    assert kept == f"bytes=0-{2 * GRAIN - 1}"


def test_of_a_sender_that_died_the_beginning_is_kept(service: Drive, web: requests.Session) -> None:
    size = 4 * GRAIN
    session = urlsplit(begin(service, web, size, name="a"))
    head = f"PUT {session.path}?{session.query} HTTP/1.1\r\nHost: {session.netloc}\r\nContent-Length: {size}\r\n"
    with socket.create_connection((str(session.hostname), session.port or 0)) as wire:
        wire.sendall(f"{head}Content-Range: bytes 0-{size - 1}/{size}\r\n\r\n".encode() + b"x" * (GRAIN + 7))
    asked = wait_for(lambda: send(web, session.geturl(), b"", f"bytes */{size}").headers.get("Range"))
    assert asked == f"bytes=0-{GRAIN - 1}"


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "body"),
    [
        ("", 200, None, b"0123456789"),
        ("bytes=0-3", 206, "bytes 0-3/10", b"0123"),
        ("bytes=4-", 206, "bytes 4-9/10", b"456789"),
        ("bytes=-3", 206, "bytes 7-9/10", b"789"),
        ("bytes=8-99", 206, "bytes 8-9/10", b"89"),
        ("bytes=10-12", 416, "bytes */10", None),
    ],
)
def test_content_comes_in_parts(
    service: Drive, drive: Any, web: requests.Session, asked: str, status: int, content_range: str, body: bytes | None
) -> None:
    made = put(drive, "digits.txt", b"0123456789")
    url = f"{service.root}/drive/v3/files/{made['id']}?alt=media"
    answer = web.get(url, headers={"Range": asked} if asked else {})
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, content_range)
    assert body is None or answer.content == body


def test_of_nothing_there_is_no_part(drive: Any) -> None:
    made, got = put(drive, content=b""), io.BytesIO()
    assert MediaIoBaseDownload(got, drive.files().get_media(fileId=made["id"])).next_chunk()[1]
    assert got.getvalue() == b""


def test_the_next_practice_finds_everything(service: Drive, drive: Any, web: requests.Session, tmp_path: Path) -> None:
    made = put(drive)
    session = urlsplit(begin(service, web, 2 * GRAIN, name="later"))
    send(web, session.geturl(), b"x" * GRAIN, f"bytes 0-{GRAIN - 1}/{2 * GRAIN}")
    token = service.lent().environment["TUTOR_DRIVE_TOKEN"]
    service.close()
    later = Drive(service.folder)
    try:
        assert later.lent().environment["TUTOR_DRIVE_TOKEN"] == token
        assert web.get(f"{later.root}/drive/v3/files/{made['id']}?alt=media").content == b"hello"
        there = f"{later.root}{session.path}?{session.query}"
        assert send(web, there, b"y" * GRAIN, f"bytes {GRAIN}-{2 * GRAIN - 1}/{2 * GRAIN}").json()["size"] == "524288"
    finally:
        later.close()

"""A dataset in a folder, from the stand-in: looked at, brought, unpacked, and gone on with after a kill."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.kaggle import GARMENTS, SMALL, everything_of, hurried, serving
from tests.support.waiting import wait_for
from tutor.kit.services import archives, datasets, kaggle_client
from tutor.kit.services.datasets import fetch, in_words
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.kaggle_client import signed_in_with
from tutor.practice import handler
from tutor.practice.faults import Fault, Kind
from tutor.practice.kaggle import downloads
from tutor.practice.kaggle.service import Kaggle

STORAGE = "kaggle-data-sets"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    with serving(tmp_path / "practice", monkeypatch) as running:
        yield running


@pytest.fixture
def api(service: Kaggle) -> Any:
    return signed_in_with(service.root, service.tokens.access)


@pytest.fixture
def begins(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """With which byte each download begins that is asked for."""
    seen: list[int] = []
    wanted = downloads.Download._wanted

    def note(download: downloads.Download, size: int, tag: str) -> tuple[int, int]:
        found = wanted(download, size, tag)
        seen.append(found[0])
        return found

    monkeypatch.setattr(downloads.Download, "_wanted", note)
    return seen


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != datasets.KEPT
    }


def test_among_the_data_no_file_is_half(api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is killed while it unpacks leaves nothing there that a loader would take for data."""
    folder, chunks = tmp_path / "data", archives._chunks
    seen: set[str] = set()

    def look(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        for chunk in chunks(archive, entry):
            yield chunk
            seen.update(path.relative_to(folder).parts[0] for path in folder.rglob(".unpacking.*"))

    monkeypatch.setattr(archives, "_chunks", look)
    fetch(api, SMALL, folder)
    assert seen == {datasets.WORKING}


def test_all_files_come_and_their_list(
    service: Kaggle, api: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = fetch(api, GARMENTS, tmp_path / "data")
    assert contents(tmp_path / "data") == service.shelf[GARMENTS].files
    assert files == sorted(tmp_path / "data" / name for name in service.shelf[GARMENTS].files)
    said = capsys.readouterr().out
    assert said.startswith(f"{GARMENTS}: 321 files, 200 kB, licence CC0-1.0.\n")
    assert said.count("\n") == 1, "what is there at once is not worth a line"


def test_what_is_all_there_is_left_alone(
    service: Kaggle, api: Any, tmp_path: Path, begins: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    first = fetch(api, SMALL, tmp_path)
    assert fetch(api, f"https://www.kaggle.com/datasets/{SMALL}", tmp_path) == first
    assert len(begins) == 1
    assert "nothing was downloaded" in capsys.readouterr().out


def test_several_datasets_may_share_a_folder(service: Kaggle, api: Any, tmp_path: Path, begins: list[int]) -> None:
    fetch(api, SMALL, tmp_path)
    own = fetch(api, "practice-learner/my-first-run", tmp_path)
    assert [file.name for file in own] == ["losses.csv", "notes.txt"]
    fetch(api, SMALL, tmp_path)
    assert len(begins) == 2


@pytest.mark.parametrize("harm", ["missing", "longer", "version"])
def test_what_is_not_whole_any_more_is_brought_again(service: Kaggle, api: Any, tmp_path: Path, harm: str) -> None:
    (file,) = fetch(api, SMALL, tmp_path)
    if harm == "missing":
        file.unlink()
    elif harm == "longer":
        file.write_bytes(b"my own rows\n")
    else:
        known = json.loads((tmp_path / datasets.KEPT).read_bytes())
        known[SMALL]["version"] = 0
        (tmp_path / datasets.KEPT).write_text(json.dumps(known), encoding="utf-8")
    fetch(api, SMALL, tmp_path)
    assert file.read_bytes() == service.shelf[SMALL].files["measurements.csv"]
    kept = tmp_path / "measurements (mine).csv"
    assert kept.exists() == (harm == "longer")
    assert harm != "longer" or kept.read_bytes() == b"my own rows\n"


def test_what_no_disk_can_hold_is_refused_before_it_starts(api: Any, tmp_path: Path, begins: list[int]) -> None:
    with pytest.raises(ServiceError, match=r"needs 9\.0 TB") as told:
        fetch(api, "practice-data/street-scenes-8k", tmp_path / "data")
    assert "There is no room" in str(told.value)
    assert begins == []
    assert list((tmp_path / "data").iterdir()) == []


def test_room_is_looked_for_again_when_the_archive_s_size_is_known(
    service: Kaggle, api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(service.shelf[GARMENTS].sizes.values())
    usage = shutil.disk_usage(tmp_path)._replace(free=size + 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ServiceError, match="no room"):
        fetch(api, GARMENTS, tmp_path / "data")
    assert not list((tmp_path / "data").rglob("archive.zip"))


@pytest.mark.parametrize("name", ["", "garments", "a/b/c", "../x/..", "owner/..", "http://example.org/a/b"])
def test_what_is_no_name_is_not_asked_for(service: Kaggle, api: Any, tmp_path: Path, name: str) -> None:
    service.faults.plan(Fault(Kind.RESET), times=99)
    with pytest.raises(ServiceError, match="owner/slug"):
        fetch(api, name, tmp_path)
    assert service.faults.met == []


def test_it_goes_on_where_the_network_broke_off(service: Kaggle, api: Any, tmp_path: Path, begins: list[int]) -> None:
    service.faults.plan(Fault(Kind.CUT), path=STORAGE, times=7)
    fetch(api, GARMENTS, tmp_path / "data", patience=hurried())
    assert contents(tmp_path / "data") == service.shelf[GARMENTS].files
    # More breaks than attempts: each brought it nearer. What came before is never asked for again.
    resumed = [first for first in begins if first]
    assert resumed == sorted(resumed)
    assert len(resumed) >= 3


def test_it_begins_anew_when_the_archive_is_another_one(
    service: Kaggle, api: Any, tmp_path: Path, begins: list[int]
) -> None:
    service.faults.plan(Fault(Kind.CUT), path=STORAGE, times=1)
    service.faults.plan(Fault(Kind.STATUS, 503), path=STORAGE, times=99)
    with pytest.raises(ServiceError, match="nothing is lost"):
        fetch(api, SMALL, tmp_path, patience=hurried())
    service.faults.clear()
    (part,) = tmp_path.rglob("archive.zip")
    assert part.stat().st_size > 0
    service.shelf[SMALL].__dict__.pop("archive", None)
    service.shelf[SMALL].files["measurements.csv"] = b"id,value,label\n1,2.0,0\n"
    fetch(api, SMALL, tmp_path)
    assert (tmp_path / "measurements.csv").read_bytes() == b"id,value,label\n1,2.0,0\n"
    assert begins[-1] == 0


@pytest.mark.parametrize("times", [1, 2])
def test_an_archive_that_arrives_damaged_is_brought_once_more(
    service: Kaggle, api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    left = [True] * times
    send = downloads.Download.send

    async def damage(download: downloads.Download, body: bytes, *how: Any) -> None:
        await send(download, body[:100] + bytes([body[100] ^ 1]) + body[101:] if left and left.pop() else body, *how)

    monkeypatch.setattr(downloads.Download, "send", damage)
    if times == 1:
        fetch(api, SMALL, tmp_path / "data")
        assert contents(tmp_path / "data") == service.shelf[SMALL].files
    else:
        with pytest.raises(ServiceError, match="arrived damaged twice"):
            fetch(api, SMALL, tmp_path / "data")
        assert contents(tmp_path / "data") == {}


def test_silence_in_the_middle_is_not_waited_for(
    service: Kaggle, api: Any, tmp_path: Path, begins: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kaggle_client, "SILENCE_SECONDS", 0.1)
    monkeypatch.setattr(handler, "PIECE_SECONDS", 0.5)
    service.faults.plan(Fault(Kind.SLOW), path=STORAGE)
    fetch(api, SMALL, tmp_path, patience=hurried())
    assert begins[0] == 0
    assert begins[-1] > 0


FETCH = """\
import sys
from tutor.kit.services import kaggle
from tutor.kit.services.datasets import fetch
fetch(kaggle(), sys.argv[1], sys.argv[2])
"""


def test_it_goes_on_after_the_program_was_killed(
    service: Kaggle, api: Any, tmp_path: Path, begins: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "PIECE_SECONDS", 1.0)
    service.faults.plan(Fault(Kind.SLOW), path=STORAGE)
    folder = tmp_path / "data"
    environment = os.environ | dict(service.lent().environment)
    with subprocess.Popen(
        [sys.executable, "-c", FETCH, GARMENTS, str(folder)], env=environment, stdout=subprocess.PIPE
    ) as process:
        part = folder / datasets.WORKING / GARMENTS.replace("/", "+") / "archive.zip"
        wait_for(lambda: part.exists() and part.stat().st_size, what="the first piece")
        process.send_signal(signal.SIGKILL)
    there = part.stat().st_size
    left = "".join(file.read_text(encoding="utf-8", errors="replace") for file in part.parent.iterdir())
    assert service.tokens.access not in left
    assert "Signature" not in left
    fetch(api, GARMENTS, folder)
    assert begins[-1] == there > 0
    assert contents(folder) == service.shelf[GARMENTS].files
    assert not (folder / datasets.WORKING).exists()


def test_two_at_once_wait_for_each_other(service: Kaggle, api: Any, tmp_path: Path, begins: list[int]) -> None:
    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "print", said.append, raising=False)
        second = threading.Thread(target=fetch, args=(api, SMALL, tmp_path))
        second.start()
        wait_for(lambda: any("at this moment" in str(line) for line in said))
        assert begins == []
        os.close(holder)
        second.join()
    assert len(begins) == 1


def test_a_folder_that_cannot_be_written_is_the_disk_s_fault(api: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ServiceError, match="cannot be written"):
        fetch(api, SMALL, tmp_path / "file" / "data")


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [("rules", "rules accepted", "接受规则"), ("phone", "verified phone", "手机号"), ("private", "private", "私有")],
)
def test_a_403_is_told_by_its_reason(
    service: Kaggle,
    api: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reason: str,
    english: str,
    chinese: str,
) -> None:
    service.faults.plan(Fault(Kind.STATUS, 403, reason), path="DownloadDataset", times=2)
    for language, words in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("TUTOR_LANG", language)
        with pytest.raises(ServiceError, match=words) as told:
            fetch(api, SMALL, tmp_path)
        assert service.tokens.access not in everything_of(told.value)


def test_sizes_are_told_as_people_do() -> None:
    told = [in_words(size) for size in (12, 200_333, 4_200_000, 7.5e9, 9e12)]
    assert told == ["12 bytes", "200 kB", "4.2 MB", "7.5 GB", "9.0 TB"]

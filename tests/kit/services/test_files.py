from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.kit.services.drive_world import FAULTS, GRAIN, SIZE, World, made, world
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.files import download, make_folder, md5_of, share, sharing, unshare, upload
from tutor.kit.services.upload_memory import Memories, Memory


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made_world:
        yield made_world


@pytest.fixture(autouse=True)
def well(one: World) -> None:
    one.service.faults.clear()
    one.service.set_quota(15 << 30)
    one.slept.clear()


def a_file(folder: Path, seed: str, size: int = SIZE) -> Path:
    path = folder / f"{seed}.bin"
    path.write_bytes(made(seed, size))
    return path


def memories(home: Path) -> list[Path]:
    return sorted((home / "cache" / "uploads").glob("*.json"))


@pytest.mark.parametrize("size", [0, 1, GRAIN, SIZE, 4 * GRAIN])
def test_a_file_goes_there_and_back(one: World, tmp_path: Path, size: int, capsys: pytest.CaptureFixture[str]) -> None:
    source = a_file(tmp_path, f"there-{size}", size)
    file = upload(one.drive, source)
    assert (file.name, file.size, file.md5) == (source.name, size, hashlib.md5(source.read_bytes()).hexdigest())
    assert file.link.startswith(f"{one.service.root}/file/d/{file.id}")
    assert md5_of(source) == file.md5
    back = tmp_path / "new" / "back.bin"
    assert download(one.drive, file.id, back) == file
    assert back.read_bytes() == source.read_bytes()
    assert [path.name for path in back.parent.iterdir()] == ["back.bin"]
    # What is there at once is not worth a line.
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" · ")[0] for line in lines] == [f"{source.name}: 1.0/1.0 MB"] * 2 * (size > 1_000_000)


def test_into_a_folder_and_under_another_name(one: World, tmp_path: Path) -> None:
    folder = make_folder(one.drive, "lessons")
    file = upload(one.drive, str(a_file(tmp_path, "named", 10)), folder=folder.id, name="it's here.txt")
    assert file.name == "it's here.txt"
    assert one.drive.files().get(fileId=file.id, fields="parents,mimeType").execute() == {
        "parents": [folder.id],
        "mimeType": "text/plain",
    }
    download(one.drive, file.id, tmp_path)
    assert (tmp_path / "it's here.txt").read_bytes() == made("named", 10)


def test_the_same_content_is_sent_once(
    one: World, tmp_path: Path, tutor_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = a_file(tmp_path, "once", 1000)
    first = upload(one.drive, source)
    assert upload(one.drive, source) == first
    assert "is on Drive already" in capsys.readouterr().out
    shutil.copy(source, tmp_path / "copy.bin")
    assert upload(one.drive, tmp_path / "copy.bin", name=source.name) == first
    (kept,) = memories(tutor_home)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_other_content_another_name_or_another_folder_is_another_file(one: World, tmp_path: Path) -> None:
    source = a_file(tmp_path, "versions", 100)
    ids = {upload(one.drive, source).id, upload(one.drive, source, name="other.bin").id}
    ids.add(upload(one.drive, source, folder=make_folder(one.drive, "versions").id).id)
    source.write_bytes(b"changed")
    ids.add(upload(one.drive, source).id)
    assert len(ids) == 4
    assert len(one.names(source.name)) == 3


def test_what_was_thrown_away_is_sent_again(one: World, tmp_path: Path) -> None:
    source = a_file(tmp_path, "thrown", 100)
    first = upload(one.drive, source)
    one.drive.files().update(fileId=first.id, body={"trashed": True}).execute()
    second = upload(one.drive, source)
    one.drive.files().delete(fileId=second.id).execute()
    third = upload(one.drive, source)
    assert len({first.id, second.id}) == 2
    assert one.content(third.id) == source.read_bytes()
    assert one.names(source.name).count(third.id) == 1


def test_a_lapsed_upload_begins_anew_under_the_same_id(one: World, tmp_path: Path, tutor_home: Path) -> None:
    source = a_file(tmp_path, "lapsed")
    one.plan("401", after=5)
    with pytest.raises(NotSignedIn):
        upload(one.drive, source, patience=one.patience)
    one.service.faults.clear()
    one.service.expire_uploads()
    known = memories(tutor_home)[0].read_text()
    file = upload(one.drive, source, patience=one.patience)
    assert file.id in known
    assert one.names(source.name) == [file.id]


@pytest.mark.parametrize("fault", ["404", "410"])
def test_an_upload_that_google_gives_up_on_the_way_begins_anew(one: World, tmp_path: Path, fault: str) -> None:
    source = a_file(tmp_path, f"given-up-{fault}")
    one.plan(fault, after=4)
    file = upload(one.drive, source, patience=one.patience)
    assert one.content(file.id) == source.read_bytes()
    one.service.faults.clear()
    for _ in range(3):
        one.service.faults.plan(FAULTS[fault], method="PUT", times=1)
    with pytest.raises(ServiceError, match="gave up this upload 3 times"):
        upload(one.drive, a_file(tmp_path, f"always-{fault}"), patience=one.patience)


def test_it_goes_on_where_it_was(one: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = a_file(tmp_path, "goes-on")
    one.plan("401", after=5)
    with pytest.raises(NotSignedIn, match="connect Google again"):
        upload(one.drive, source, patience=one.patience)
    one.service.faults.clear()
    file = upload(one.drive, source, patience=one.patience)
    assert f"the upload goes on after {2 * GRAIN / 1e6:.1f} of" in capsys.readouterr().out
    assert one.content(file.id) == source.read_bytes()

    one.plan("401", after=3)
    with pytest.raises(NotSignedIn):
        download(one.drive, file.id, tmp_path / "back", patience=one.patience)
    (part,) = tmp_path.glob(".back.*.part")
    assert part.stat().st_size == 2 * GRAIN
    one.service.faults.clear()
    download(one.drive, file.id, tmp_path / "back", patience=one.patience)
    assert "the download goes on after" in capsys.readouterr().out
    assert (tmp_path / "back").read_bytes() == source.read_bytes()
    assert not part.exists()


def test_a_part_that_is_not_what_it_should_be_is_thrown_away(one: World, tmp_path: Path) -> None:
    file = upload(one.drive, a_file(tmp_path, "part"))
    part = tmp_path / f".back.{file.md5[:8]}.part"
    part.write_bytes(b"x" * 100)
    with pytest.raises(ServiceError, match="is not what Drive holds"):
        download(one.drive, file.id, tmp_path / "back")
    assert not part.exists()
    part.write_bytes(b"x" * (SIZE + 1))
    download(one.drive, file.id, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == made("part")


def test_what_is_here_is_not_lost(one: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = upload(one.drive, a_file(tmp_path, "kept", 50))
    back = tmp_path / "back.txt"
    for text in ("mine", "mine too"):
        back.write_text(text)
        download(one.drive, file.id, back)
    assert (tmp_path / "back (old 1).txt").read_text() == "mine"
    assert (tmp_path / "back (old 2).txt").read_text() == "mine too"
    one.service.faults.plan(FAULTS["500"], path="alt=media", times=9)
    download(one.drive, file.id, back)
    assert "is here already" in capsys.readouterr().out


def test_a_file_that_changes_meanwhile_leaves_nothing_wrong_behind(one: World, tmp_path: Path) -> None:
    source = a_file(tmp_path, "restless")

    def change(_: float) -> None:
        with source.open("r+b") as stream:
            stream.seek(SIZE - 5)
            stream.write(b"other")

    one.plan("500", after=4)
    patience = one.patience.__class__(attempts=4, first_wait=0.01, sleep=change)
    with pytest.raises(ServiceError, match="was changed while it was uploaded"):
        upload(one.drive, source, patience=patience)
    assert one.names(source.name) == []
    assert one.content(upload(one.drive, source).id) == source.read_bytes()


def test_too_large_for_drive_or_disk_is_told_before_anything_is_sent(
    one: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = a_file(tmp_path, "large")
    used = int(one.drive.about().get(fields="storageQuota").execute()["storageQuota"]["usage"])
    one.service.set_quota(used + 1000)
    with pytest.raises(ServiceError, match=r"large\.bin has 0\.5 MB, and your Google Drive has 0\.0 MB left"):
        upload(one.drive, source)
    one.service.set_quota(15 << 30)
    assert one.names(source.name) == []
    file = upload(one.drive, source)
    monkeypatch.setattr("tutor.kit.services.downloading.shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(ServiceError, match=r"the disk under .* has 0\.0 MB left"):
        download(one.drive, file.id, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_what_cannot_be_transferred_says_why(one: World, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="There is no file"):
        upload(one.drive, tmp_path / "nothing")
    with pytest.raises(ServiceError, match="There is no file"):
        upload(one.drive, tmp_path)
    with pytest.raises(ServiceError, match="no folder nowhere"):
        upload(one.drive, a_file(tmp_path, "nowhere", 5), folder="nowhere")
    with pytest.raises(ServiceError, match="Drive shows this application no nothing"):
        download(one.drive, "nothing", tmp_path / "x")
    with pytest.raises(ServiceError, match="is a folder or a document"):
        download(one.drive, make_folder(one.drive, "no bytes").id, tmp_path / "x")
    file = upload(one.drive, a_file(tmp_path, "blocked", 5))
    (tmp_path / "blocker").write_text("a file")
    with pytest.raises(ServiceError, match=r"could not be written"):
        download(one.drive, file.id, tmp_path / "blocker" / "x")


def test_a_name_from_drive_leads_nowhere_else(one: World, tmp_path: Path) -> None:
    target = tmp_path / "in"
    target.mkdir()
    for name in ("../out.txt", "..\\out.txt", "/etc/out.txt", ".."):
        file = upload(one.drive, a_file(tmp_path, "escape", 7), name=name)
        download(one.drive, file.id, target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["escape.bin", "in"]
    assert "out.txt" in {path.name for path in target.iterdir()}


def test_folders_of_one_name_are_one(one: World) -> None:
    first = make_folder(one.drive, "it's \\ one")
    inner = make_folder(one.drive, "it's \\ one", folder=first.id)
    assert make_folder(one.drive, "it's \\ one") == first
    assert make_folder(one.drive, "it's \\ one", folder=first.id) == inner
    assert first.id != inner.id
    one.drive.files().update(fileId=first.id, body={"trashed": True}).execute()
    assert make_folder(one.drive, "it's \\ one").id != first.id
    with pytest.raises(ServiceError, match="shows this application no x"):
        make_folder(one.drive, "x", folder="nowhere")


def test_rights_are_given_once_and_taken_back(one: World, tmp_path: Path) -> None:
    file = upload(one.drive, a_file(tmp_path, "shared", 5))
    given = share(one.drive, file.id, email="Friend@example.com")
    assert share(one.drive, file.id, email="friend@example.com") == given
    link = share(one.drive, file.id)
    assert {(each.who, each.role) for each in sharing(one.drive, file.id)} == {
        ("practice-learner@example.com", "owner"),
        ("Friend@example.com", "reader"),
        ("anyone", "reader"),
    }
    assert share(one.drive, file.id, email="friend@example.com", role="writer").role == "writer"
    for each in (given, link, link):
        unshare(one.drive, file.id, each.id)
    assert [each.role for each in sharing(one.drive, file.id)] == ["owner"]


def test_more_rights_than_are_good_are_not_given(one: World, tmp_path: Path) -> None:
    file = upload(one.drive, a_file(tmp_path, "careful", 5))
    with pytest.raises(ServiceError, match="Whoever has the link"):
        share(one.drive, file.id, role="writer")
    with pytest.raises(ServiceError, match="reader, commenter, writer"):
        share(one.drive, file.id, email="a@example.com", role="owner")
    with pytest.raises(ServiceError):
        share(one.drive, file.id, email="nobody")
    assert len(sharing(one.drive, file.id)) == 1


def test_a_memory_may_be_anything_and_nothing_breaks(tmp_path: Path) -> None:
    kept = Memories(tmp_path / "uploads")
    assert kept.find("a") is None
    kept.keep("a", Memory("id", "http://127.0.0.1/x", 0.0))
    assert kept.find("a") == Memory("id")  # the address has lapsed long ago
    for text in ("", "[]", "{}", '{"file_id": "x", "more": 1}', '{"file_id": "x", "since": "y"}'):
        (tmp_path / "uploads" / "a.json").write_text(text)
        assert kept.find("a") is None
    (tmp_path / "blocker").write_text("")
    Memories(tmp_path / "blocker" / "uploads").keep("a", Memory("id"))
    old = tmp_path / "uploads" / "old.json"
    old.write_text("{}")
    os.utime(old, (0, 0))
    kept.keep("b", Memory("id"))
    assert not old.exists()
    kept.forget("b")
    kept.forget("b")


def test_an_address_of_elsewhere_gets_no_token(one: World, tmp_path: Path, tutor_home: Path) -> None:
    source = a_file(tmp_path, "elsewhere")
    one.plan("401", after=5)
    with pytest.raises(NotSignedIn):
        upload(one.drive, source, patience=one.patience)
    one.service.faults.clear()
    (kept,) = memories(tutor_home)
    kept.write_text(kept.read_text().replace(one.service.root, "http://192.0.2.1"))
    assert one.content(upload(one.drive, source, patience=one.patience).id) == source.read_bytes()


def test_an_identifier_that_is_taken_is_not_tried_for_ever(one: World, tmp_path: Path) -> None:
    source = a_file(tmp_path, "taken", 10)
    first = upload(one.drive, source)
    one.drive.files().delete(fileId=first.id).execute()
    one.service.faults.plan(FAULTS["409"], method="POST", path="upload")
    with pytest.raises(ServiceError, match="Run this again"):
        upload(one.drive, source)
    second = upload(one.drive, source)
    assert second.id != first.id
    assert one.names(source.name) == [second.id]

"""Archives of strangers: what may be unpacked, and what of the learner's own is in the way."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from tutor.kit.services.archives import DAMAGE, crc_of, look, unpack
from tutor.kit.services.errors import ServiceError


def made(file: Path, entries: dict[str, str], kind: int = 0, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (kind | 0o644) << 16
            archive.writestr(entry, content, method)
    return file


def unpacked(file: Path, folder: Path, ours: dict[str, int] | None = None) -> dict[str, int]:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(file) as archive:
        entries = look(archive, folder, (".ours",))
        return unpack(archive, entries, folder, ours or {}, "an archive", unfinished=file.parent)


def test_files_come_with_their_folders(tmp_path: Path) -> None:
    file = made(tmp_path / "a.zip", {"one.txt": "1", "deep/er/two.txt": "22", "empty/": ""})
    assert set(unpacked(file, tmp_path / "out")) == {"one.txt", "deep/er/two.txt"}
    assert (tmp_path / "out/deep/er/two.txt").read_text(encoding="utf-8") == "22"


@pytest.mark.parametrize(
    "name",
    ["../up.txt", "a/../../up.txt", "/absolute.txt", "C:/drive.txt", "back\\slash.txt", ".ours/state.json", ".ours"],
)
def test_no_file_comes_to_where_it_must_not(tmp_path: Path, name: str) -> None:
    # Writing such a name is cleaned by zipfile itself, so it is put in afterwards.
    harmless = "h" * len(name)
    file = made(tmp_path / "a.zip", {"good.txt": "1", harmless: "2"})
    file.write_bytes(file.read_bytes().replace(harmless.encode(), name.encode()))
    with pytest.raises(ServiceError, match="not unpacked"):
        unpacked(file, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.zip", "out"]


def test_links_are_not_made_and_not_followed(tmp_path: Path) -> None:
    link = made(tmp_path / "link.zip", {"link": "/etc/passwd"}, kind=stat.S_IFLNK)
    with pytest.raises(ServiceError):
        unpacked(link, tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/way").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ServiceError):
        unpacked(made(tmp_path / "through.zip", {"way/file.txt": "1"}), tmp_path / "out")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_the_learner_changed_is_kept_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = made(tmp_path / "a.zip", {"labels.csv": "theirs", "same.txt": "same"})
    out = tmp_path / "out"
    out.mkdir()
    (out / "labels.csv").write_text("mine", encoding="utf-8")
    (out / "labels (mine).csv").write_text("older", encoding="utf-8")
    (out / "same.txt").write_text("same", encoding="utf-8")
    before = (out / "same.txt").stat().st_mtime_ns
    unpacked(file, out)
    contents = {each.name: each.read_text(encoding="utf-8") for each in out.iterdir()}
    assert contents == {
        "labels.csv": "theirs",
        "labels (mine).csv": "older",
        "labels (mine 2).csv": "mine",
        "same.txt": "same",
    }
    assert (out / "same.txt").stat().st_mtime_ns == before
    assert "labels (mine 2).csv" in capsys.readouterr().out


def test_what_an_earlier_version_put_there_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = unpacked(made(tmp_path / "1.zip", {"labels.csv": "first"}), out)
    assert first == {"labels.csv": crc_of(out / "labels.csv")}
    unpacked(made(tmp_path / "2.zip", {"labels.csv": "second"}), out, first)
    assert [each.name for each in out.iterdir()] == ["labels.csv"]


def test_damage_leaves_no_half_file(tmp_path: Path) -> None:
    file = made(tmp_path / "a.zip", {"big.txt": "0123456789" * 1000}, method=zipfile.ZIP_STORED)
    data = bytearray(file.read_bytes())
    data[5000] ^= 1
    file.write_bytes(data)
    with pytest.raises(DAMAGE):
        unpacked(file, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_password_is_said_to_be_one(tmp_path: Path) -> None:
    file = made(tmp_path / "a.zip", {"one.txt": "1"})
    data = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    file.write_bytes(data)
    with pytest.raises(ServiceError, match="password"):
        unpacked(file, tmp_path / "out")

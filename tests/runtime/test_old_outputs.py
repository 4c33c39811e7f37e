from __future__ import annotations

import os
from pathlib import Path

import pytest

from tutor.runtime.old_outputs import prune


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five files of 10 bytes, the first one the oldest, and what is no file."""
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    for number in range(5):
        file = outputs / f"{9 - number}.txt"
        file.write_bytes(b"x" * 10)
        os.utime(file, (1_700_000_000 + number, 1_700_000_000 + number))
    (outputs / "folder").mkdir()
    (outputs / "link").symlink_to(tmp_path / "elsewhere")
    return outputs


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.suffix)


def test_the_oldest_files_go_until_the_others_fit(folder: Path) -> None:
    prune(folder, 25)
    assert names(folder) == ["5.txt", "6.txt"]
    assert (folder / "folder").is_dir()
    assert (folder / "link").is_symlink()


def test_what_fits_stays(folder: Path) -> None:
    prune(folder, 50)
    prune(folder)
    assert len(names(folder)) == 5


def test_a_folder_that_cannot_be_read_hinders_nobody(tmp_path: Path) -> None:
    prune(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_deleted_hinders_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    delete = Path.unlink

    def refuse_the_first(path: Path, missing_ok: bool = False) -> None:
        if path.name == "8.txt":
            raise PermissionError(13, "Permission denied", str(path))
        delete(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse_the_first)
    prune(folder, 25)
    assert names(folder) == ["5.txt", "6.txt", "8.txt"]

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.harness.attempt import empty


def test_a_folder_is_emptied_and_links_are_not_followed(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "work", tmp_path / "elsewhere"
    for made in (folder / "data", elsewhere):
        made.mkdir(parents=True)
        (made / "x.txt").write_text("x")
    (folder / "y.txt").write_text("y")
    (folder / "link").symlink_to(elsewhere)
    empty(str(folder))
    assert not list(folder.iterdir())
    assert (elsewhere / "x.txt").exists()


@pytest.mark.parametrize("name", ["missing", "a-file"])
def test_what_is_no_folder_is_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("x")
    empty(str(tmp_path / name))
    assert (tmp_path / "a-file").exists()

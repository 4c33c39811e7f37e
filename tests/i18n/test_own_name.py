"""What tutor calls itself where it tells the learner what to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.i18n import Words
from tutor.i18n.own_name import called


def program_in(folder: Path) -> Path:
    folder.mkdir(parents=True)
    file = folder / "tutor"
    file.write_text("", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_it_is_the_path_that_was_typed_where_no_shell_would_find_it(tmp_path: Path) -> None:
    mine, other = program_in(tmp_path / ".venv" / "bin"), program_in(tmp_path / "other")
    assert called(str(mine), "/nowhere") == str(mine)
    assert called(str(mine), str(other.parent)) == str(mine), "the shell would find another program"


def test_it_is_the_plain_name_where_the_shell_finds_it(tmp_path: Path) -> None:
    mine = program_in(tmp_path / "bin")
    assert called(str(mine), str(mine.parent)) == "tutor"
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "tutor").symlink_to(mine)
    assert called(str(mine), str(tmp_path / "links")) == "tutor"


@pytest.mark.parametrize("started", ["/somewhere/tutor/__main__.py", "-c", ""])
def test_started_in_another_way_it_is_the_plain_name(started: str) -> None:
    assert called(started, "/nowhere") == "tutor"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sentences_say_it(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.i18n.program", lambda: ".venv/bin/tutor")
    assert "`.venv/bin/tutor list`" in Words(language)("commands.no_lesson_hint")

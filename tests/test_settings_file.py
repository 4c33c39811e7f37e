from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from tutor.errors import ConfigError
from tutor.settings import load
from tutor.settings_file import save, save_all

WRITTEN_BY_HAND = """\
# Mine, do not touch.
log = "debug"   # for the report

# Where I keep my own lessons:
lessons = [
    "/a",       # the first
]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_new_file_is_private_and_can_be_read_back(tmp_path: Path) -> None:
    file = tmp_path / "home" / "config.toml"
    save(file, "language", "zh")
    save(file, "runtime", 'local:/a "quoted" 路径/python')
    save(file, "lessons", ["/a", "mine"])
    settings = load(file, {})
    assert (settings.language, settings.runtime) == ("zh", 'local:/a "quoted" 路径/python')
    assert settings.lessons == (Path("/a"), file.parent / "mine")
    assert mode_of(file) == 0o600
    assert mode_of(file.parent) == 0o700
    assert list(file.parent.iterdir()) == [file]


def test_comments_order_and_mode_stay(file: Path) -> None:
    file.write_text(WRITTEN_BY_HAND)
    file.chmod(0o640)
    save(file, "log", "info")
    assert file.read_text() == WRITTEN_BY_HAND.replace('"debug"', '"info"')
    save(file, "language", "en")
    assert file.read_text().startswith(WRITTEN_BY_HAND.replace('"debug"', '"info"'))
    assert load(file, {}).language == "en"
    assert mode_of(file) == 0o640


def test_none_takes_the_key_out(file: Path) -> None:
    file.write_text(WRITTEN_BY_HAND)
    save(file, "log", None)
    assert tomllib.loads(file.read_text()) == {"lessons": ["/a"]}
    assert "Mine, do not touch" in file.read_text()
    before = file.read_bytes()
    save(file, "language", None)
    assert file.read_bytes() == before


def test_several_keys_are_kept_together_or_not_at_all(file: Path) -> None:
    save_all(file, {"language": "zh", "runtime": "local", "log": None})
    assert file.read_text() == 'language = "zh"\nruntime = "local"\n'
    before = file.stat().st_ino
    save_all(file, {"language": "zh", "runtime": "local"})
    assert file.stat().st_ino == before, "nothing was written, since nothing is new"


def test_taking_a_key_out_of_no_file_makes_none(file: Path) -> None:
    save(file, "language", None)
    assert not file.exists()


@pytest.mark.parametrize("before", ['log = "debug"', '\ufefflog = "debug"\n', 'log = "debug"\r\n', "\n\n# only words"])
def test_files_of_other_editors_take_a_key(file: Path, before: str) -> None:
    file.write_bytes(before.encode())
    save(file, "language", "zh")
    assert load(file, {}).language == "zh"
    assert load(file, {}).log == ("debug" if "debug" in before else "info")


def test_a_key_goes_before_tables(file: Path) -> None:
    file.write_text("[later]\na = 1\n")
    save(file, "language", "zh")
    assert tomllib.loads(file.read_text()) == {"language": "zh", "later": {"a": 1}}


@pytest.mark.parametrize("broken", [b"language = ", b"language = \xff\xfe", b'a = "1"\na = "2"\n'])
def test_a_broken_file_is_left_alone(file: Path, broken: bytes) -> None:
    file.write_bytes(broken)
    with pytest.raises(ConfigError, match="is not TOML") as caught:
        save(file, "language", "zh")
    assert str(file) in caught.value.message
    assert "Mend that place" in caught.value.hint
    assert file.read_bytes() == broken


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "tutor.toml"
    real.parent.mkdir()
    real.write_text('log = "debug"\n')
    file.symlink_to(real)
    save(file, "language", "zh")
    assert file.is_symlink()
    assert load(real, {}).language == "zh"


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "config.toml"
    folder.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        save(folder, "language", "zh")
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be read"):
        save(tmp_path / "file" / "config.toml", "language", "zh")
    taken = tmp_path / "taken"
    taken.write_text("")
    with pytest.raises(ConfigError, match="cannot be"):
        save(taken / "deeper" / "config.toml", "language", "zh")


def test_nothing_half_written_stays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('log = "debug"\n')

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        save(file, "language", "zh")
    assert file.read_text() == 'log = "debug"\n'
    assert list(file.parent.iterdir()) == [file]

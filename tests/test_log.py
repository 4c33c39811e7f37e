from __future__ import annotations

import logging
import stat
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor import log
from tutor.text.scrub import Scrubber

logger = logging.getLogger("tutor.test")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    root, ours = logging.getLogger(), logging.getLogger("tutor")
    levels = root.level, ours.level
    yield tmp_path / "home" / "logs" / "tutor.log"
    log.stop()
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_the_folder_is_made_at_the_first_record(path: Path) -> None:
    log.start(path)
    assert not path.parent.exists()
    logger.info("hello %s", "there")
    (line,) = lines(path)
    assert line.endswith("INFO tutor.test: hello there")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_record_is_one_clean_line(path: Path) -> None:
    log.start(path)
    logger.warning("two\nlines \x1b[31mred\x1b[0m 你好 \udcff")
    (line,) = lines(path)
    assert line.endswith("two\\nlines red 你好 �")


def test_the_level(path: Path) -> None:
    log.start(path, "warning")
    logger.info("no")
    logger.warning("yes")
    logging.getLogger("library").info("no")
    logging.getLogger("library").warning("yes")
    assert len(lines(path)) == 2


def test_secrets_are_taken_out_of_messages_and_exceptions(path: Path) -> None:
    log.start(path, scrubber=Scrubber([("token", "hunter22")]))
    try:
        raise ValueError("hunter22")
    except ValueError:
        logger.exception("it failed with %s", "hunter22")
    text = path.read_text()
    assert "hunter22" not in text
    assert "ValueError: {{token}}" in text
    assert len(lines(path)) == 1


def test_values_that_are_learned_later_are_hidden_too(path: Path) -> None:
    log.start(path)
    log.hide(Scrubber([("token", "hunter22")]))
    logger.info("hunter22")
    assert lines(path)[0].endswith("{{token}}")


def test_the_size_is_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MOST_BYTES", 2000)
    log.start(path)
    for number in range(100):
        logger.info("record %d", number)
    files = list(path.parent.iterdir())
    assert len(files) == 2
    assert all(file.stat().st_size <= 2000 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert lines(path)[-1].endswith("record 99")


def test_a_log_that_cannot_be_opened_is_done_without(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.parent.parent.write_text("a file in the place of the folder")
    log.start(path)
    logger.error("lost")
    logger.error("lost again")
    assert capsys.readouterr().err == ""


def test_starting_again_moves_the_log(path: Path) -> None:
    log.start(path.with_name("first.log"))
    log.start(path)
    logger.info("here")
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_nothing_reaches_the_terminal(path: Path) -> None:
    code = (
        "import logging, sys, warnings; from pathlib import Path; from tutor import log; log.start(Path(sys.argv[1]));"
        "logging.getLogger('library').error('one'); warnings.warn('two'); logging.getLogger('tutor').error('three')"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert len(lines(path)) == 3


def test_after_stop_warnings_are_as_before(path: Path) -> None:
    log.start(path)
    log.stop()
    with pytest.warns(UserWarning, match="seen"):
        warnings.warn("seen", stacklevel=1)

"""A transfer whose program is killed in the middle goes on in the next one, and makes no second file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.services.drive_world import GRAIN, World, made, world
from tests.support.waiting import wait_for
from tutor.kit.services.files import download, upload
from tutor.practice.faults import Fault, Kind

SIZE = 4 * GRAIN
PROGRAM = """
import sys
from tutor.kit.services import drive, downloading, uploading
uploading.PIECE = downloading.PIECE = {grain}
from tutor.kit.services.files import download, upload
{call}
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made_world:
        yield made_world


def killed(one: World, call: str, *, after: int) -> str:
    """Run it until it waits for an answer that does not come, and kill it; what it printed."""
    one.service.faults.clear()
    one.service.faults.plan(Fault(Kind.SILENT), after=after)
    environment = {**os.environ, **one.service.lent().environment}
    words = [sys.executable, "-c", PROGRAM.format(grain=GRAIN, call=call)]
    program = subprocess.Popen(
        words,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for(lambda: one.service.faults.met or program.poll() is not None, timeout=30)
        assert program.poll() is None, program.communicate()[0]
    finally:
        program.send_signal(signal.SIGKILL)
        printed = program.communicate()[0]
    # Nobody sees a token of a program that runs.
    assert not any(token in " ".join(words) for token in one.tokens)
    one.service.faults.clear()
    return printed


def test_an_upload_goes_on(one: World, tmp_path: Path, tutor_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "big.bin"
    source.write_bytes(made("killed upload", SIZE))
    # Who, id, address, two of four pieces; the third finds nobody.
    printed = killed(one, f"upload(drive(), {str(source)!r})", after=5)
    assert one.names("big.bin") == []
    file = upload(one.drive, source)
    assert f"goes on after {2 * GRAIN / 1e6:.1f} of" in capsys.readouterr().out
    assert one.names("big.bin") == [file.id]
    assert one.content(file.id) == source.read_bytes()
    one.check_secrets(tmp_path.parent, printed)
    one.check_secrets(tutor_home)


def test_a_download_goes_on(one: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, back = tmp_path / "far.bin", tmp_path / "back.bin"
    source.write_bytes(made("killed download", SIZE))
    file = upload(one.drive, source)
    printed = killed(one, f"download(drive(), {file.id!r}, {str(back)!r})", after=3)
    assert not back.exists()
    assert next(tmp_path.glob(".back.bin.*.part")).stat().st_size == 2 * GRAIN
    download(one.drive, file.id, back)
    assert f"goes on after {2 * GRAIN / 1e6:.1f} of" in capsys.readouterr().out
    assert back.read_bytes() == source.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back.bin", "far.bin"]
    one.check_secrets(tmp_path, printed)

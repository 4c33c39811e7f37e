"""Several programs that transfer the same file at once: it arrives once and whole, and all of them are told so."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest

from tests.kit.services.drive_world import GRAIN, World, made, world
from tests.support.waiting import wait_for
from tutor.kit.services.clients import drive_at
from tutor.kit.services.files import download, upload
from tutor.practice.faults import Fault, Kind

T = TypeVar("T")

SIZE = 6 * GRAIN
TOGETHER = 3


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made_world:
        yield made_world


def together(one: World, call: Callable[[Any], T]) -> list[T]:
    """What it gives to each of them, who begin at the same moment with clients of their own."""
    ready = Barrier(TOGETHER)

    def done(_: int) -> T:
        with drive_at(one.service.root, one.service.lent().environment["TUTOR_DRIVE_TOKEN"]) as drive:
            ready.wait(10)
            return call(drive)

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(done, range(TOGETHER)))


def test_one_file_comes_of_uploads_at_the_same_time(one: World, tmp_path: Path) -> None:
    source = tmp_path / "together.bin"
    source.write_bytes(made("up", SIZE))
    # What one of them sends takes its time, so that the others are there before it ends.
    one.service.faults.plan(Fault(Kind.SLOW), method="PUT", times=20)
    files = together(one, lambda drive: upload(drive, source))
    one.service.faults.clear()
    assert len(set(files)) == 1
    assert one.names("together.bin") == [files[0].id]
    assert one.content(files[0].id) == source.read_bytes()


def test_one_file_comes_of_downloads_at_the_same_time(one: World, tmp_path: Path) -> None:
    source = tmp_path / "source.bin"
    source.write_bytes(made("down", SIZE))
    file = upload(one.drive, source)
    target = tmp_path / "here" / "back.bin"
    one.service.faults.plan(Fault(Kind.SLOW), path=file.id, times=30)
    files = together(one, lambda drive: download(drive, file.id, target))
    one.service.faults.clear()
    assert set(files) == {file}
    assert [path.name for path in target.parent.iterdir()] == ["back.bin"]
    assert target.read_bytes() == source.read_bytes()


def test_whoever_comes_second_says_that_it_waits(
    one: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "waited-for.bin"
    source.write_bytes(made("waits", 10))
    file = upload(one.drive, source, memory=tmp_path / "memory")
    (lock,) = (tmp_path / "memory").glob("*.lock")
    part = tmp_path / f".back.bin.{file.md5[:8]}.part"
    part.touch()
    for held, call in (
        (lock, lambda drive: upload(drive, source, memory=tmp_path / "memory")),
        (part, lambda drive: download(drive, file.id, tmp_path / "back.bin")),
    ):
        said = ""
        with ThreadPoolExecutor() as pool, held.open("rb") as holder:
            fcntl.flock(holder, fcntl.LOCK_EX)
            waiting = pool.submit(together, one, call)
            while said.count("Another program") < TOGETHER:
                said += wait_for(lambda: capsys.readouterr().out)
            assert not waiting.done()
            holder.close()
            assert set(waiting.result(20)) == {file}

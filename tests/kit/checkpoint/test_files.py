"""What is on the disk: whole or passed over, private, and unharmed by a disk that is full."""

from __future__ import annotations

import errno
import random
import resource
import shutil
import stat
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from tutor.kit.checkpoint import CheckpointError, Checkpoints, checkpoints, files

NUMBERS = DataLoader(TensorDataset(torch.arange(4.0)))


def trained(folder: Path, weights: list[float], *, score: bool = False) -> None:
    """An epoch for each weight, which the model then has."""
    for weight in weights:
        model = nn.Linear(1, 1)
        training = Checkpoints(folder).resume(model=model)
        for _ in training.epochs(training.epoch + 1):
            for _ in training.batches(NUMBERS):
                nn.init.constant_(model.weight, weight)
            if score:
                training.judge(-weight)


def kept(folder: Path) -> float:
    model = nn.Linear(1, 1)
    Checkpoints(folder).resume(model=model)
    return model.weight.item()


def test_what_is_written_is_read_and_pytorch_reads_it_too(tmp_path: Path) -> None:
    content = {"numbers": torch.arange(5), "text": "x", "list": [1.5, None]}
    files.write(tmp_path / "x.pt", content)
    for read in (files.read(tmp_path / "x.pt"), torch.load(tmp_path / "x.pt", weights_only=True)):
        assert read["numbers"].tolist() == [0, 1, 2, 3, 4]
        assert (read["text"], read["list"]) == ("x", [1.5, None])
    assert stat.S_IMODE((tmp_path / "x.pt").stat().st_mode) == 0o600


def test_no_damage_is_overlooked(tmp_path: Path) -> None:
    path = tmp_path / "x.pt"
    files.write(path, {"numbers": torch.arange(50)})
    whole = path.read_bytes()
    chance = random.Random()
    damaged = [whole[: chance.randrange(len(whole))] for _ in range(50)] + [b"", whole[:-1], whole + b"\0", whole * 2]
    for _ in range(200):
        at = chance.randrange(len(whole))
        damaged.append(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
    for data in damaged:
        path.write_bytes(data)
        with pytest.raises(files.Damaged):
            files.read(path)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not all of it"])
def test_of_a_damaged_one_the_one_before_is_taken_and_that_is_said(
    damage: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained(tmp_path, [1.0, 2.0])
    (tmp_path / "last.pt").write_bytes(damage)
    assert kept(tmp_path) == 1.0
    assert f"{tmp_path / 'last.pt'} is damaged and was not used." in capsys.readouterr().out


def test_a_damaged_one_does_not_push_out_the_one_before(tmp_path: Path) -> None:
    trained(tmp_path, [1.0, 2.0])
    (tmp_path / "last.pt").write_bytes(b"")
    trained(tmp_path, [3.0])
    (tmp_path / "last.pt").write_bytes(b"")
    assert kept(tmp_path) == 1.0


def test_where_both_are_damaged_the_best_is_taken(tmp_path: Path) -> None:
    trained(tmp_path, [3.0, 2.0, 1.0], score=True)
    for name in ("last.pt", "previous.pt"):
        (tmp_path / name).write_bytes(b"x")
    assert kept(tmp_path) == 3.0


def test_where_all_are_damaged_nothing_begins_by_itself(tmp_path: Path) -> None:
    trained(tmp_path, [1.0])
    (tmp_path / "last.pt").write_bytes(b"x")
    with pytest.raises(CheckpointError, match="to begin anew, delete it"):
        kept(tmp_path)


def test_killed_between_two_names_the_one_before_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(tmp_path, [1.0, 2.0])
    put = files.put

    def killed(written: Path, path: Path) -> None:
        if path.name == "last.pt":
            raise KeyboardInterrupt
        put(written, path)

    with monkeypatch.context() as patch:
        patch.setattr(files, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            trained(tmp_path, [3.0])
    assert kept(tmp_path) == 2.0
    trained(tmp_path, [4.0])
    assert kept(tmp_path) == 4.0


def test_a_full_disk_is_said_and_breaks_nothing(tmp_path: Path) -> None:
    trained(tmp_path, [1.0])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))  # a write beyond that fails as on a full disk
    try:
        with pytest.raises(
            CheckpointError, match=r"could not be written to .*: File too large\. The one before is whole"
        ):
            trained(tmp_path, [2.0])
        with pytest.raises(CheckpointError, match=r"None has been written so far\. Make room"):
            trained(tmp_path / "other", [2.0])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert kept(tmp_path) == 1.0
    assert [path.name for path in tmp_path.glob("*.pt")] == ["last.pt"]
    assert list(tmp_path.glob(".writing*")) == []


def test_what_damages_the_last_leaves_the_best_whole(tmp_path: Path) -> None:
    trained(tmp_path, [1.0], score=True)
    (tmp_path / "last.pt").write_bytes(b"x")
    best = nn.Linear(1, 1)
    Checkpoints(tmp_path).load_best(best)
    assert best.weight.item() == kept(tmp_path) == 1.0
    assert stat.S_IMODE((tmp_path / "best.pt").stat().st_mode) == 0o600


def test_a_best_that_cannot_be_written_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(tmp_path, [1.0], score=True)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(CheckpointError, match=r"No space left on device\. The one before is whole"):
        trained(tmp_path, [2.0], score=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.pt", "last.pt"]
    assert kept(tmp_path) == 1.0


def test_what_a_killed_program_left_is_cleared_away(tmp_path: Path) -> None:
    trained(tmp_path, [1.0])
    (tmp_path / ".writing-123").write_bytes(b"half")
    assert kept(tmp_path) == 1.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["last.pt"]


def test_no_best_is_said(tmp_path: Path) -> None:
    trained(tmp_path, [1.0])
    with pytest.raises(CheckpointError, match=r"has no best\.pt yet"):
        Checkpoints(tmp_path).load_best(nn.Linear(1, 1))


def test_within_an_epoch_it_costs_at_most_its_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    kept_here = Checkpoints(tmp_path, every=30)
    assert not kept_here.due
    now[0] += 30
    assert kept_here.due
    slow = files.write

    def taking_two_seconds(path: Path, content: Any) -> None:
        slow(path, content)
        now[0] += 2

    monkeypatch.setattr(files, "write", taking_two_seconds)
    kept_here.write({}, best=False)
    now[0] += 2 / checkpoints.SHARE - 1
    assert not kept_here.due
    now[0] += 1
    assert kept_here.due
    assert Checkpoints(tmp_path, every=0).due

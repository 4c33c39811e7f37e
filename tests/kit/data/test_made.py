"""The made sets: of the right shape, the same everywhere, and hard enough."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from tests.support.sources import ROOT
from tutor.kit.data import folders
from tutor.kit.data.drawing import SHAPES, draw
from tutor.kit.data.errors import DataError
from tutor.kit.data.known import CIFAR10, FASHION_MNIST, Known
from tutor.kit.data.made import FOLDER, made

SETS = {"fashion": FASHION_MNIST, "cifar": CIFAR10}


@pytest.mark.parametrize(
    ("known", "counts", "shape"),
    [(FASHION_MNIST, (60_000, 10_000), (28, 28)), (CIFAR10, (50_000, 10_000), (32, 32, 3))],
    ids=SETS,
)
def test_it_has_the_shape_of_the_set_whose_place_it_takes(
    known: Known, counts: tuple[int, int], shape: tuple[int, ...]
) -> None:
    train, test = made(known)
    assert (len(train), len(test)) == counts
    assert tuple(train.data.shape) == (counts[0], *shape)
    assert isinstance(train, known.real_class())
    assert list(train.classes) == list(SHAPES)
    for part in (train, test):
        assert np.bincount(np.asarray(part.targets)).tolist() == [len(part) // 10] * 10
    assert not np.array_equal(train.data[:100], test.data[:100])


@pytest.mark.parametrize("known", SETS.values(), ids=SETS)
def test_it_is_made_once_and_again_when_it_is_damaged(known: Known) -> None:
    first, _ = made(known)
    root = folders.kept() / FOLDER
    files = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    made(known)
    assert {path: path.stat().st_mtime_ns for path in files} == files
    left = root / f".making-{next(root.iterdir()).name}-left-behind"
    left.mkdir()
    damaged = max(files, key=lambda path: path.stat().st_size)
    damaged.write_bytes(damaged.read_bytes()[:1000])
    again, _ = made(known)
    assert np.array_equal(first.data, again.data)
    assert not list(root.glob(".*"))


def test_two_programs_that_make_it_at_once_both_have_it() -> None:
    code = "from tutor.kit import torchvision_schemas; torchvision_schemas.watch()\nfrom tutor.kit.data import fashion_mnist; fashion_mnist()"
    running = [
        subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT)
        for _ in range(2)
    ]
    for process in running:
        assert (process.communicate(timeout=100)[1], process.returncode) == (b"", 0)
    assert [path.name for path in (folders.kept() / FOLDER).iterdir()] == ["DrawnShapes"]


@pytest.mark.parametrize("coloured", [False, True])
def test_images_do_not_depend_on_the_number_of_processors(coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    for count in (1, 7):
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        drawn.append(draw(2000, 28, coloured=coloured, seed=5))
    for first, second in zip(*drawn, strict=True):
        assert np.array_equal(first, second)
    assert not np.array_equal(drawn[0][0], draw(2000, 28, coloured=coloured, seed=6)[0])


def test_without_room_it_says_where() -> None:
    folders.kept().parent.mkdir(parents=True)
    folders.kept().write_text("a file", encoding="utf-8")
    with pytest.raises(DataError, match=f"The drawn images could not be kept in {folders.kept()}"):
        made(FASHION_MNIST)


def accuracy(model: torch.nn.Module, train: Any, test: Any, epochs: int) -> float:
    """On the test images, after that many epochs of Adam."""
    torch.manual_seed(0)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    images, labels = (torch.tensor(part) for part in train)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(128):
            loss = torch.nn.functional.cross_entropy(model(images[batch].float() / 255), labels[batch].long())
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    images, labels = (torch.tensor(part) for part in test)
    with torch.no_grad():
        return float((model(images.float() / 255).argmax(1) == labels).float().mean())


def test_a_linear_model_stays_under_nine_tenths_and_a_network_does_not() -> None:
    train, test = draw(10_000, 28, coloured=False, seed=1), draw(5_000, 28, coloured=False, seed=2)
    linear = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))
    network = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)
    )
    assert 0.6 < accuracy(linear, train, test, epochs=8) < 0.9
    assert accuracy(network, train, test, epochs=4) > 0.9


def test_colours_do_not_give_a_shape_away() -> None:
    train, test = draw(10_000, 32, coloured=True, seed=1), draw(5_000, 32, coloured=True, seed=2)
    linear = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3072, 10))
    assert accuracy(linear, train, test, epochs=2) < 0.5

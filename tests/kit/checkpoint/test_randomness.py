"""Random states of all generators, those of an accelerator among them, which is pretended here."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tutor.kit.checkpoint import files, randomness


class Card:
    """Two devices, each with a state of its own."""

    def __init__(self) -> None:
        self.states = [torch.tensor([1, 2], dtype=torch.uint8), torch.tensor([3, 4], dtype=torch.uint8)]

    def device_count(self) -> int:
        return len(self.states)

    def get_rng_state_all(self) -> list[torch.Tensor]:
        return [state.clone() for state in self.states]

    def set_rng_state(self, state: torch.Tensor, device: int) -> None:
        self.states[device] = state


class OneState:
    """As `torch.mps` is: one device, which has no number."""

    def __init__(self) -> None:
        self.state = torch.tensor([5], dtype=torch.uint8)

    def get_rng_state(self) -> torch.Tensor:
        return self.state

    def set_rng_state(self, state: torch.Tensor) -> None:
        self.state = state


def drawn(generator: torch.Generator) -> list[float]:
    values = [random.random(), random.gauss(0, 1), float(np.random.rand()), float(np.random.randn())]
    return [*values, torch.rand(1).item(), torch.rand(1, generator=generator).item()]


def test_after_a_file_every_generator_goes_on_where_it_was(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(1)
    drawn(generator)  # of two normal numbers that are made at once, one is left over
    files.write(tmp_path / "x.pt", randomness.captured([generator]))
    expected = drawn(generator)
    drawn(generator)
    randomness.restore(files.read(tmp_path / "x.pt"), [generator])
    assert drawn(generator) == expected


def test_numpy_is_not_imported_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "numpy")
    state = randomness.captured()
    assert "numpy" not in state
    assert "numpy" not in sys.modules
    randomness.restore(state)
    assert "numpy" not in sys.modules


def test_all_devices_of_an_accelerator_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    card = Card()
    monkeypatch.setattr(randomness, "_accelerator", lambda: ("cuda", card))
    state = randomness.captured()
    card.states = [torch.zeros(2, dtype=torch.uint8)] * 2
    randomness.restore(state)
    assert [one.tolist() for one in card.states] == [[1, 2], [3, 4]]
    card.states = card.states[:1]  # a computer with fewer
    randomness.restore(state)
    monkeypatch.setattr(randomness, "_accelerator", lambda: ("mps", OneState()))
    randomness.restore(state)  # of another kind


def test_a_device_with_one_state_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    device = OneState()
    monkeypatch.setattr(randomness, "_accelerator", lambda: ("mps", device))
    state = randomness.captured()
    device.state = torch.tensor([6], dtype=torch.uint8)
    randomness.restore(state)
    assert device.state.tolist() == [5]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_on_a_card_the_numbers_go_on() -> None:
    state = randomness.captured()
    expected = torch.rand(4, device="cuda").tolist()
    randomness.restore(state)
    assert torch.rand(4, device="cuda").tolist() == expected

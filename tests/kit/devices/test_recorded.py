"""Texts of real machines: each file says what it is and where it was published."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tutor.kit import devices

FOLDER = Path(__file__).with_name("recorded")
RECORDED = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_machine_is_read_as_what_it_is(name: str) -> None:
    recorded = RECORDED[name]
    computer = devices.read(recorded["text"])
    for path, expected in recorded["facts"].items():
        assert fact(computer, path) == expected, path
    assert [finding.code for finding in devices.broken(computer)] == recorded["codes"]


def fact(computer: Any, path: str) -> Any:
    """`torch.cuda`, or `accelerators.0.name`."""
    found = computer
    for part in path.split("."):
        found = found[int(part)] if part.isdigit() else getattr(found, part)
    return list(found) if isinstance(found, tuple) else found


def test_lines_may_end_as_on_windows() -> None:
    text = RECORDED["smi-t4"]["text"]
    assert devices.read(text.replace("\n", "\r\n")) == devices.read(text)


def test_a_container_whose_driver_gives_no_cuda_is_still_read() -> None:
    text = RECORDED["smi-t4"]["text"].replace("CUDA Version: 10.1 ", "CUDA Version: ERR! ")
    found = devices.read(text)
    assert (found.driver.version, found.driver.cuda, found.accelerators[0].name) == ("418.87.01", "", "NVIDIA Tesla T4")


def test_a_hidden_card_is_seen_in_the_text() -> None:
    text = RECORDED["env-h100"]["text"].replace("Is CUDA available: True", "Is CUDA available: False")
    assert [one.code for one in devices.broken(devices.read(f"{text}\nCUDA_VISIBLE_DEVICES: -1\n"))] == [
        "devices-hidden"
    ]


@pytest.mark.parametrize("text", ["", "hello", "| no table |", "PyTorch version: ", "\x00" * 100])
def test_anything_else_is_nothing(text: str) -> None:
    assert devices.broken(devices.read(text)) == () or "PyTorch" in text

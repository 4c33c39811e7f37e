"""The machine decides between causes where the text does not, and never where the text is of another machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.faults.explain import explain
from tutor.faults.model import Fault, Machine

CARD = Machine(system="linux", card=True, driver="580.65.06", torch="2.13.0+cpu", python="/home/user/.venv/bin/python")
NONE = Machine(system="linux", card=False, torch="2.13.0+cpu", python="/usr/bin/python3")
NO_CUDA = "AssertionError: Torch not compiled with CUDA enabled"


def only(text: str, machine: Machine | None = None, language: str = "en") -> Fault:
    (fault,) = explain(text, machine, language)
    return fault


def test_with_a_card_the_build_is_the_cause_without_one_the_code_is() -> None:
    assert "--force-reinstall torch torchvision" in only(NO_CUDA, CARD).mend
    without = only(NO_CUDA, NONE)
    assert "pip install" not in without.mend
    assert "torch.accelerator" in without.mend
    assert "no NVIDIA card" in without.cause


def test_unknown_says_both_ways() -> None:
    mend = only(NO_CUDA).mend
    assert "--index-url https://download.pytorch.org/whl/cu126" in mend
    assert "torch.accelerator" in mend


@pytest.mark.parametrize(
    ("driver", "capability", "index"),
    [
        ("580.65.06", (8, 6), "cu130"),
        ("535.104.05", (8, 6), "cu126"),
        ("595.1", (6, 1), "cu126"),
        ("570.26", (12, 0), "cu128"),
        ("", None, "cu126"),
    ],
)
def test_the_build_is_chosen_by_driver_and_card(driver: str, capability: tuple[int, int] | None, index: str) -> None:
    machine = replace(CARD, driver=driver, capability=capability)
    assert f"/whl/{index}\n" in only(NO_CUDA, machine).mend


def test_the_python_that_runs_is_the_one_to_install_into() -> None:
    assert "/home/user/.venv/bin/python -m pip" in only(NO_CUDA, CARD).mend


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"File /content/train.py\n{NO_CUDA}", "Change runtime type"),
        (f"File /Users/user/train.py\n{NO_CUDA}", "Apple silicon"),
        ("/kaggle/working/x.py\nRuntimeError: No CUDA GPUs are available", "GPU T4 x2"),
        ("C:\\Users\\user> nvidia-smi\n'nvidia-smi' is not recognized as an internal command", "Device Manager"),
    ],
)
def test_a_text_of_another_machine_is_not_explained_by_this_one(text: str, words: str) -> None:
    fault = only(text, CARD)
    assert words in fault.cause + fault.mend
    assert CARD.python not in fault.mend


def test_the_card_that_the_caller_knows_decides_where_the_text_names_none() -> None:
    text = "RuntimeError: CUDA error: no kernel image is available for execution on the device"
    new = replace(CARD, capability=(12, 0), architectures=("sm_75", "sm_80", "sm_90"))
    assert only(text, new).code == "gpu-too-new"
    assert only(text, replace(new, capability=(6, 0))).code == "gpu-too-old"


def test_what_was_caught_stands_in_the_sentences() -> None:
    assert "`einops`" in only("ModuleNotFoundError: No module named 'einops'").cause
    assert "pip install einops" in only("ModuleNotFoundError: No module named 'einops'").mend
    assert "opencv-python-headless" in only("ModuleNotFoundError: No module named 'cv2'").mend
    assert "lsof -i :6006" in only("Port 6006 is already in use").mend
    assert "only inside Colab" in only("ModuleNotFoundError: No module named 'google.colab'").cause


def test_both_languages_say_the_same_fault() -> None:
    english, chinese = only(NO_CUDA, CARD), only(NO_CUDA, CARD, "zh")
    assert (english.code, english.line) == (chinese.code, chinese.line)
    assert "CPU 版" in chinese.cause
    assert [line for line in english.mend.split("\n") if line.startswith("    ")] == [
        line for line in chinese.mend.split("\n") if line.startswith("    ")
    ]

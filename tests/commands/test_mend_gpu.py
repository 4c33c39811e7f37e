"""The lesson that mends a GPU set-up: true on any machine, at one with `tutor explain`, and each usual slip has its hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.slips import all_odd_slips, shipped, step_of
from tests.commands.support import tutor
from tutor.faults.explain import explain
from tutor.lesson.model import Lesson, Quiz
from tutor.session import commands as ask

pytestmark = pytest.mark.kernel

SLIPS: dict[str, dict[tuple[str, str], str]] = {
    "diagnose": {
        ("def diagnose", "def diagnosis"): "keep the names",
        # As it stands, C and the CPU build without "+cpu" are missed; A, whose version says it, is not.
        ("", ""): "begins with a digit",
        (
            'field(report, "CUDA used to build PyTorch")[0].isdigit()',
            'field(report, "Built for")[0].isdigit()',
        ): "names",
        ('not field(report, "CUDA used to build PyTorch")[0].isdigit()', '"None" in report'): "begins with a digit",
        ('if field(report, "Is CUDA available") == "True"', "if False"): "ask first whether CUDA is available",
        ('return "no driver"', 'return "driver too old"'): "a question is missing",
        ('return "driver too old"', "return None"): "Older reports say `No`",
        ("field(", "fields("): "keep the names",
    },
    "toolkit": {
        ("def ready", "def usable"): "its three arguments",
        ("", ""): "drop it|`if not driver` is question enough",
        ("if not driver:", "if not driver or 'not found' in nvcc:"): "`if not driver` is question enough",
        (">=", "=="): "may be larger, never smaller",
        (">=", "<="): "may be larger, never smaller",
        (">=", ">"): "`if not driver` is question enough",
        ("return int(driver[1])", "answer = int(driver[1])"): "hands it back",
        ("    if not driver:\n        return False\n", ""): "keep the two questions",
        ("    if built_for is None:\n        return False\n", ""): "keep the two questions",
        ("def ready(smi, nvcc, built_for)", "def ready(smi, built_for)"): "its three arguments",
    },
    "next": {
        ("next_command =", "command ="): "each letter in quotes",
        ('1: "c"', '1: "b"'): "the bus can tell",
        ('1: "c"', '1: "e"'): "before you install or restart",
        ('2: "a"', '2: "d"'): "load its kernel modules afresh",
        ('3: "d"', '3: "a"'): "the other side must change",
        ('3: "d"', '3: "e"'): "a toolkit is for compiling",
        ('3: "d"', '3: "f"'): "one built for CUDA 12",
        ('4: "b"', '4: "f"'): "3.06 less 2.81",
        ('4: "b"', '4: "a"'): "Which command shows who",
        ('"c"', "c"): "each letter in quotes",
    },
    "kernel": {
        ("def has_code", "def fits"): "keep its name",
        ("", ""): "a lower second number will do",
        ("range(minor + 1)", "range(minor)"): "a lower second number",
        ("range(minor + 1)", "range(10)"): "never higher",
        ('[f"sm_{major}{lower}" for lower in range(minor + 1)]', '[f"sm_{str(major)[0]}"]'): "a lower second number",
        ("return any(entry in built_for for entry in fitting)", "return True"): "never higher|must be the same",
        ("return any(", "print("): "hands it back",
    },
    "memory": {
        ("def largest", "def biggest"): "keep its name",
        ("", ""): "takes everything",
        ("except torch.OutOfMemoryError", "except RuntimeError"): "takes everything",
        ("            if batch == 1:\n                raise\n", "            pass\n"): "nothing left to halve",
        (
            "            if batch == 1:\n                raise\n        batch = batch // 2",
            "            raise",
        ): "a loop that goes on",
        ("batch // 2", "batch - 1"): "does not shrink, or shrinks too far",
        ("batch // 2", "batch / 2"): "does not shrink, or shrinks too far",
        ("return batch\n", "return step\n"): "does not shrink, or shrinks too far",
    },
    "here": {
        ("def block", "def report"): "keep the names",
        (".to(device)", ""): "never moved",
        ("computer.accelerators[:1]", "[computer.accelerators[0]]"): "of nothing is an error",
        ('"CPU", 0', '"cpu", 0'): "`card.name` and `card.memory`",
        ("name, memory = card.name, card.memory or 0", "pass"): "`card.name` and `card.memory`",
        ('"GiB":', '"memory":'): "the four keys",
    },
}
"""Of each step: what a learner may write in place of a piece of the solution ("": the starter as it stands), and pieces of the hints
of which one must then come by itself; where several are named, each will do. A name that is kept is known from then on: first those
who gave it another."""
BEFORE = {"report": ask.Run()}
"""A step that must have run."""
LOOK = "devices.look()"
SAID = {
    "AssertionError: Torch not compiled with CUDA enabled": "torch-without-cuda",
    "RuntimeError: Found no NVIDIA driver on your system.": "no-nvidia-driver",
    "RuntimeError: No CUDA GPUs are available": "devices-hidden",
    "bash: nvidia-smi: command not found": "no-nvidia-driver",
    "Failed to initialize NVML: Driver/library version mismatch": "driver-library-mismatch",
    "The NVIDIA driver on your system is too old (found version 12080)": "driver-too-old",
    "RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 7.93 GiB total capacity)": "gpu-out-of-memory",
    "RuntimeError: operator torchvision::nms does not exist": "torchvision-mismatch",
}
"""Texts of the lesson, and the code that the program gives them."""


def looking_once(code: str) -> str:
    """A look at the computer starts another Python with PyTorch: one is enough for all slips."""
    return code.replace(LOOK, f"vars(devices).get('seen') or vars(devices).update(seen={LOOK}) or devices.seen")


def lesson(language: str) -> Lesson:
    return shipped("mend-gpu", language)


def test_it_proves_itself_also_where_the_cards_are_hidden() -> None:
    ran = tutor("run", "mend-gpu", "--solutions", "--json", CUDA_VISIBLE_DEVICES="")
    assert ran.code in (0, 3), ran.out + ran.err
    assert "Error" in ran.printed("cuda-error")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path) -> None:
    odd = await all_odd_slips(lesson(language), SLIPS, tmp_path, before=BEFORE, shortened=looking_once)
    assert odd == {step: [] for step in odd}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_program_names_the_texts_of_the_lesson_as_the_lesson_does(language: str) -> None:
    for text, code in SAID.items():
        assert [fault.code for fault in explain(text)] == [code], text
    quiz = step_of(lesson(language), "read-it").work
    assert isinstance(quiz, Quiz)
    (right,) = (choice.text for choice in quiz.choices if choice.right)
    assert f"`{SAID['RuntimeError: No CUDA GPUs are available']}`" in right

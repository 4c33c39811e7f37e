"""The lesson that chooses hardware: its sums are right, each usual slip has its hint, and a card is held against the lesson's table."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest
import torch

from tests.commands.slips import all_odd_slips, english_hint, ignore, shipped, step_of, task_of
from tests.commands.support import tutor
from tests.runtime.kernels import make_runtime
from tutor.commands.driver import Driver
from tutor.lesson.model import Lesson, Quiz
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

SLIPS: dict[str, dict[tuple[str, str], str]] = {
    "estimate": {
        ("def estimate", "def estimated"): "keep its name",
        ("", ""): "the gradients are missing",
        ("return weights + gradients + optimizer", "total = weights + gradients + optimizer"): "has to be `return`",
        (
            "return weights + gradients + optimizer",
            "return (weights + gradients + optimizer) / 1e9",
        ): "answers in bytes",
        ("return weights + gradients + optimizer", "return weights + optimizer"): "the gradients are missing",
        ("return weights + gradients + optimizer", "return weights * kept"): "Add its part to them",
        ("return weights + gradients + optimizer", "return weights + gradients"): "for *every* parameter",
        ("gradients = parameters * size", "gradients = parameters"): "as well",
        ("optimizer = parameters * size * kept", "optimizer = parameters * kept"): "as well",
        ("optimizer = parameters * size * kept", "optimizer = kept"): "as well",
        ("optimizer = parameters * size * kept", "optimizer = size * kept"): "for *every* parameter",
        ("optimizer = parameters * size * kept", "optimizer = parameters * size"): "not by a fixed number",
        ("optimizer = parameters * size * kept", "optimizer = parameters * size * 2"): "not by a fixed number",
        ("parameters * size\n    optimizer", "parameters * 4\n    optimizer"): "in the place of `size`",
        ("estimate(parameters, size, kept)", "estimate(parameters, size)"): "its three arguments",
    },
    "precision": {
        ("def precision", "def precise"): "keep its name",
        ("", ""): "otherwise",
        ("capability >= (8, 0)", "capability > (8, 0)"): "8.0 itself counts",
        ("capability >= (8, 0)", "capability[0] > 8"): "8.0 itself counts",
        ("capability >= (8, 0)", "torch.cuda.is_bf16_supported(including_emulation=False)"): "*this* computer|bf16",
        ("capability >= (8, 0)", "capability in [(8, 0), (8, 6), (8, 9), (9, 0)]"): "12.0 as well",
        ("capability >= (8, 0)", "capability == (8, 0)"): "12.0 as well",
        ("capability >= (8, 0)", "capability >= 8"): "compare it with two",
        ("torch.float16, True", '"fp16", True'): "without quotes",
        ("torch.float16, True", "torch.float16, False"): "`True` goes with fp16",
        ("torch.bfloat16, False\n    return", "torch.bfloat16, True\n    return"): "`False` with bf16",
        ("return torch.float16, True", "return torch.float16"): "return two things",
        ("return torch.float16, True", "print(torch.float16, True)"): "return two things",
    },
    "roofline": {
        ("def at_best", "def best"): "keep its name",
        ("", ""): "the limit of the memory is still missing",
        ("min(peak, intensity * bandwidth)", "intensity * bandwidth"): "`min` of both",
        ("min(", "max("): "`min` of both|still missing",
        ("intensity * bandwidth", "bandwidth / intensity"): "do not divide",
        ("intensity * bandwidth", "intensity / bandwidth"): "do not divide",
        ("intensity * bandwidth", "bandwidth"): "times bytes a second",
        ("return min(", "print("): "`return` the lower",
        ("2 * 1024**3", "1"): "Run it once more",
        ("at_best(intensity, peak, bandwidth)", "at_best(intensity, peak)"): "its three arguments",
    },
    "cost": {
        ("def cost", "def costs"): "keep its name",
        ("", ""): "the price is for one hour",
        ("return max(", "print("): "`return` the price",
        ("hours + forgotten, 1", "hours, 1"): "hours like the others",
        ("max(hours + forgotten, 1 / 60) * price", "hours * price + forgotten"): "hours like the others",
        ("max(hours + forgotten, 1 / 60) * price", "(hours + forgotten) * price"): "less than a minute",
        ("1 / 60)", "1)"): "not 1 and not 60",
        ("1 / 60)", "60)"): "not 1 and not 60|price is for one hour",
        ("max(hours", "min(hours"): "that is `min`",
        ('cheaper = "p4d.24xlarge"', 'cheaper = "g5.xlarge"'): "not the price of an hour",
        ('cheaper = "p4d.24xlarge"', 'cheaper = "?"'): "stands in quotes",
        ('cheaper = "p4d.24xlarge"', 'cheaper = "P4d"'): "stands in quotes",
        ('cheaper = "p4d.24xlarge"', "cheaper = p4d.24xlarge"): "stands in quotes",
        ('cheaper = "p4d.24xlarge"', "cheaper = p4d"): "stands in quotes",
    },
    "server": {
        ("def supply", "def power"): "keep the names",
        ("", ""): "on the list is missing",
        ("(sum(gpus) + 250) * 1.2", "sum(gpus) * 1.2"): "the rest of the computer is missing",
        ("(sum(gpus) + 250) * 1.2", "sum(gpus) + 250"): "on the list is missing",
        ("(sum(gpus) + 250) * 1.2", "sum(gpus) + 250 * 1.2"): "so brackets",
        ("(sum(gpus) + 250) * 1.2", "sum(gpus) * 1.2 + 250"): "so brackets",
        ("(sum(gpus) + 250) * 1.2", "(sum(gpus) + 250) * 0.2"): "times 1.2, not times 0.2",
        ("(sum(gpus) + 250) * 1.2", "(sum(gpus) + 250) * 20"): "20% on top is times 1.2",
        ("(sum(gpus) + 250) * 1.2", "(sum(gpus) + 250 * len(gpus)) * 1.2"): "there once",
        ("(sum(gpus) + 250) * 1.2", "(gpus[0] + 250) * 1.2"): "all of them|there once",
        ("return (sum", "print(sum"): "`return` what they computed",
        ("sum(gpus) * 2", "sum(gpus)"): "then take it twice",
        ("sum(gpus) * 2", "gpus * 2"): "then take it twice",
        ("return sum(gpus) * 2", "sum(gpus) * 2"): "`return` what they computed",
    },
}
"""Of each step: what a learner may write in place of a piece of the solution ("": the starter as it stands), and pieces of the hints
of which one must then come by itself; where several are named, each will do."""
MEASURED = {"measure": "estimate", "activations": "measure"}
"""Steps that need another one's names, and which."""


def lesson(language: str) -> Lesson:
    return shipped("choose-hardware", language)


def right(step_id: str) -> str:
    """What the quiz of this step takes for right, in English."""
    quiz = step_of(lesson("en"), step_id).work
    assert isinstance(quiz, Quiz)
    return " ".join(f"{choice.text} {choice.why}" for choice in quiz.choices if choice.right)


@pytest.mark.parametrize("language", ["en"])  # `tutor check --run` proves both
def test_it_proves_itself_and_the_estimate_is_what_is_measured(language: str) -> None:
    ran = tutor("run", "choose-hardware", "--solutions", "--json", "--lang", language)
    assert ran.code in (0, 3), ran.out + ran.err
    rows = [line.split() for line in ran.printed("measure").splitlines()[1:]]
    assert [row[:2] for row in rows] == [["4", "0"], ["4", "1"], ["4", "2"], ["2", "2"]]
    for _, _, measured, estimated in rows:
        # Adam's count of its steps: 4 bytes for each of the four tensors.
        assert int(measured.replace(",", "")) - int(estimated.replace(",", "")) in (0, 16)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path) -> None:
    odd = await all_odd_slips(lesson(language), SLIPS, tmp_path)
    assert odd == {step: [] for step in odd}


@pytest.mark.parametrize(("step_id", "language"), list(zip(MEASURED, ("en", "zh", "en"), strict=False)))
async def test_whoever_begins_in_the_middle_hears_which_names_to_bring_back(
    step_id: str, language: str, tmp_path: Path
) -> None:
    runtimes = Runtimes("local", lambda name: make_runtime(tmp_path))
    told = lesson(language)
    try:
        async with Driver(told, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            outcome = await driver.step(step_id, ask.Run())
    finally:
        await runtimes.aclose()
    assert outcome.verdict is Verdict.NOT_YET
    assert "Bring the names back" in english_hint(told, step_id, outcome.hint)


def held_against_the_table(name: str, capability: tuple[int, int], gigabytes: float, code: str) -> str:
    """What the step's check says of a computer with this card: nothing, or what it misses."""
    here = step_of(lesson("en"), "precision")
    card = SimpleNamespace(name=name, total_memory=gigabytes * 1e9)
    names: dict[str, object] = {}
    with (
        mock.patch.object(torch.cuda, "get_device_properties", return_value=card),
        mock.patch.object(torch.cuda, "get_device_capability", return_value=capability),
        mock.patch.object(torch.cuda, "is_bf16_supported", return_value=capability >= (8, 0)) as asked,
    ):
        exec(code, names)
        try:
            exec(next(check.code for check in here.checks if check.needs), names)
        except AssertionError as missed:
            return str(missed)
    asked.assert_called_once_with(including_emulation=False)
    return ""


@pytest.mark.parametrize(
    ("name", "capability", "gigabytes"),
    [
        ("Tesla T4", (7, 5), 15.6),
        ("NVIDIA A100-SXM4-40GB", (8, 0), 42.3),
        ("NVIDIA A100-SXM4-40GB MIG 1g.5gb", (8, 0), 5.0),
        ("NVIDIA L4", (8, 9), 23.6),
        ("NVIDIA GeForce RTX 4090", (8, 9), 25.3),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", (8, 9), 16.9),
        ("NVIDIA H100 80GB HBM3", (9, 0), 85.0),
        ("NVIDIA GeForce RTX 5090", (12, 0), 33.7),
        ("NVIDIA GeForce GTX 1080", (6, 1), 8.5),
    ],
)
def test_a_card_agrees_with_the_table_of_the_lesson(name: str, capability: tuple[int, int], gigabytes: float) -> None:
    task = task_of(lesson("en"), "precision")
    assert held_against_the_table(name, capability, gigabytes, task.solution) == ""


def test_a_card_that_is_not_what_was_written_is_told_apart() -> None:
    task = task_of(lesson("en"), "precision")
    assert "bf16 built in: False" in held_against_the_table("Tesla T4", (7, 5), 15.6, task.starter)
    assert "on the card 7.8 GB" in held_against_the_table("Tesla T4", (7, 5), 7.8, task.solution)


def test_the_sums_in_the_quizzes_are_those_of_the_lesson() -> None:
    names: dict[str, dict[str, tuple[float, int, int]]] = {}
    exec(task_of(lesson("en"), "cost").solution, names)
    price = {name: figures[0] for name, figures in names["machines"].items()}
    texts = {each: str(step_of(lesson("en"), each).work) for each in ("beginner", "researcher", "company")}
    assert f"{730 * price['g4dn.xlarge']:.0f} a month" in texts["beginner"]
    hours = 8 * 250 * 3
    assert f"{hours * price['g5.xlarge']:,.0f} USD" in texts["researcher"]
    assert f"{1.2e9 * 16 / 1e9:.1f} GB" in texts["researcher"]
    assert f"{hours * 0.7 * 0.20:.0f} USD" in right("researcher")
    assert f"{8760 * price['p4d.24xlarge']:,.0f} USD" in texts["company"]
    assert f"about {round(288 * price['p5.48xlarge'], -1):,.0f} USD" in right("company")
    assert f"{365 * round(1.408 - price['g5.xlarge'], 3):.0f} USD a year" in right("company")

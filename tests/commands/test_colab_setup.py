"""The lesson `colab-setup` under the hands of a learner, and what only Colab or a card can prove, seen both ways on a pretended one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from tests.commands.slips import Slips, all_odd_slips, english_hint, ignore, shipped, task_of
from tests.runtime.kernels import make_runtime
from tutor.commands.driver import Driver
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.events import Outcome
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])

INSTALL = "install -c keep.txt toymetrics"
STRAY = """from pathlib import Path
stray = Path("stray-1.0.dist-info")
stray.mkdir(exist_ok=True)
(stray / "METADATA").write_text("Metadata-Version: 2.1\\nName: stray\\nVersion: 1.0\\n")
"""

FIRST: Slips = {
    ("", ""): "If nothing is printed",
    ("print(greeting)\n", ""): "If nothing is printed",
    ("print(greeting)\nlength", "print(greeting)\nprint(length)"): "If the 13 is printed as well",
    ("print(greeting)\nlength", "print(greeting)"): "If the value is not 13",
    ("print(greeting)\nlength", "print(length)"): "If only a number is printed",
    ("Hello, Colab!", "Hello, colab!"): "If it prints something else",
    ('Colab!"', "Colab!"): "If Python stops",
}
KEEP: Slips = {
    ("", ""): "If toytorch became 3.0",
    (INSTALL, "install -c keep.txt toymetrics==1.0"): "If pip refused",
    (INSTALL, "install -c kept.txt toymetrics"): "If pip could not read the list",
    (f"!{{pip}} {INSTALL}", ""): "If toymetrics is not installed",
}
KEEP_MORE: Slips = {
    (INSTALL, "install toymetrics==1.0"): "If toytorch became 1.0",
    (INSTALL, "install --no-deps toymetrics"): "If toymetrics is there and cannot compute",
    (INSTALL, "install -C keep.txt toymetrics"): "If pip could not read the list",
    (INSTALL, "uninstall -y toyvision"): "If toytorch or toyvision is gone",
    ("use =", STRAY + "use ="): "If a package outside changed",
}


def quick(code: str) -> str:
    """The same list, written without a pip of its own."""
    listed = 'open("keep.txt", "w").write("toytorch==2.0\\ntoyvision==2.0\\n")'
    return code.replace("!{pip} list --format=freeze > keep.txt", listed)


@asynccontextmanager
async def learner(
    language: str, folder: Path
) -> AsyncIterator[Callable[[str, ask.Command], Coroutine[None, None, Outcome]]]:
    """Somebody in the lesson, whose commands end in an outcome."""
    runtimes = Runtimes("local", lambda name: make_runtime(folder))
    try:
        lesson = shipped("colab-setup", language)
        async with Driver(lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            yield driver.step
    finally:
        await runtimes.aclose()


def lines(outcome: Outcome) -> list[Verdict]:
    return [line.verdict for line in outcome.lines]


@LANGUAGES
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path) -> None:
    keep = KEEP if language == "zh" else {**KEEP, **KEEP_MORE}
    slips = {"first-cell": FIRST, "keep": keep}
    odd = await all_odd_slips(shipped("colab-setup", language), slips, tmp_path, shortened=quick)
    assert odd == {step: [] for step in odd}


@LANGUAGES
async def test_the_line_from_colab_is_told_from_others(language: str, tmp_path: Path) -> None:
    lesson = shipped("colab-setup", language)
    from_colab = '{"colab": true, "torch": "2.11.0+cpu", "device": "cpu", "card": ""}\n'
    async with learner(language, tmp_path) as step:
        elsewhere = await step("notebook", ask.Answer((from_colab.replace("true", "false"),)))
        assert elsewhere.verdict is Verdict.NOT_YET
        assert "If another computer printed it" in english_hint(lesson, "notebook", elsewhere.hint)
        part = await step("notebook", ask.Answer(('"colab": true',)))
        assert part.verdict is Verdict.NOT_YET
        # Without a GPU too: none is promised, and the line says what was given.
        assert (await step("notebook", ask.Answer((f"  {from_colab}",)))).verdict is Verdict.PASSED


async def test_right_answers_of_other_shapes_pass_and_in_colab_its_own_pair_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab_20261120")
    elsewhere = tmp_path / "packages"
    elsewhere.mkdir()
    (elsewhere / "torch.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(elsewhere))
    lesson = shipped("colab-setup", "en")
    solution = quick(task_of(lesson, "keep").solution)
    solution = solution.replace(INSTALL, "install toymetrics --constraint keep.txt --quiet")
    async with learner("en", tmp_path) as step:
        cell = "length = len('Hello, Colab!')\nprint('Hello,', 'Colab!')\n13"
        assert (await step("first-cell", ask.Run(cell))).verdict is Verdict.PASSED
        (elsewhere / "torchvision.py").touch()
        assert (await step("keep", ask.Run(solution))).verdict is Verdict.PASSED
        nms = "raise RuntimeError('operator torchvision::nms does not exist')"
        (elsewhere / "torchvision.py").write_text(nms, encoding="utf-8")
        outcome = await step("keep", ask.Check())
        assert lines(outcome)[-1] is Verdict.NOT_YET
        assert "If Colab's own pair is broken" in english_hint(lesson, "keep", outcome.hint)


PRETENDED = """
import torch
from types import SimpleNamespace
from tutor.harness import machine
there = machine.here()
machine.hand_in(SimpleNamespace(kinds=lambda: ["nvidia"], accelerators=there.accelerators,
    describe=there.describe, cpus=there.cpus, ram=there.ram))
torch.cuda.is_available = lambda: {sees}
torch.accelerator.is_available = lambda: {offers}
torch.accelerator.current_accelerator = lambda: torch.device("cuda")
tensor = SimpleNamespace(device=torch.device("{lies}"))
print(tensor.device)
"""


async def test_with_a_card_the_tensor_has_to_lie_on_it(tmp_path: Path) -> None:
    lesson = shipped("colab-setup", "zh")
    async with learner("zh", tmp_path) as step:
        without = await step("device", ask.Run())
        assert lines(without) == [Verdict.PASSED] * 2 + [Verdict.COULD_NOT_CHECK] * 2

        used = PRETENDED.format(sees=True, offers=True, lies="cuda:0")
        assert (await step("device", ask.Run(dedent(used)))).verdict is Verdict.PASSED
        for sees, offers, hint in ((False, False, "does not see it"), (True, True, "the tensor lies elsewhere")):
            code = PRETENDED.format(sees=sees, offers=offers, lies="cpu")
            outcome = await step("device", ask.Run(dedent(code)))
            assert outcome.verdict is Verdict.NOT_YET
            assert hint in english_hint(lesson, "device", outcome.hint)

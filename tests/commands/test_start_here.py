"""The first lesson, as a newcomer meets it: it always works, always at home, and each usual slip has its hint."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.commands.slips import ignore, shipped
from tests.commands.support import Ran, tutor
from tests.runtime.kernels import make_runtime
from tests.support.environments import make_environment
from tests.support.sources import ROOT
from tutor.commands.driver import Driver
from tutor.kit.live import MIME
from tutor.lesson.model import Lesson
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

SLIPS = {
    "2": "larger number",
    "1": "larger number",
    "0": "larger number",
    "-3": "whole one",
    "2.5": "whole one",
    "'16'": "whole one",
    "sixteen": "whole one",
    "16 units": "whole one",
    "16, 16": "whole one",
    "model": "whole one",
    "10 ** 13": "16 are plenty",
}
"""What may stand in the place of the number, and a piece of the hint that then comes by itself."""


def lesson(language: str) -> Lesson:
    return shipped("start-here", language)


def test_it_proves_itself_and_its_training_is_seen() -> None:
    # `tutor check --run` proves the rest; the first training is what the wider one is compared with.
    steps = [f"start-here#{step}" for step in ("train", "wider", "look")]
    ran = tutor("run", *steps, "--solutions", "--json", "--lang", "zh")
    assert ran.code == 0, ran.out + ran.err
    told = [event for event in ran.events if event["event"] == "output" and event["step"] == "wider"]
    assert told[-1]["mime"] == MIME
    assert told[-1]["data"]["state"] == "finished"
    assert told[-1]["data"]["values"]["accuracy"] > 0.97
    assert "#" in ran.printed("look")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path) -> None:
    runtimes = Runtimes("local", lambda name: make_runtime(tmp_path))
    first, in_english = lesson(language), lesson("en").step("wider")
    here = first.step("wider")
    assert here is not None
    assert in_english is not None
    try:
        async with Driver(first, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            assert (await driver.step("train", ask.Run())).verdict is Verdict.PASSED
            told_already: set[str] = set()
            for number, piece in SLIPS.items():
                if language == "zh" and piece in told_already:
                    continue  # the code is the same: one slip for each hint tells
                told_already.add(piece)
                code = f"hidden = {number}\nmodel = train(hidden, epochs=100)"
                outcome = await driver.step("wider", ask.Run(code))
                assert outcome.verdict is Verdict.NOT_YET, number
                # Hints come in the same order in both languages.
                given = [hint.markdown for hint in here.hints].index(outcome.hint or "")
                assert piece in in_english.hints[given].markdown, (number, outcome)
            outcome = await driver.step("wider", ask.Run("hidden = 16\nmodel = train(hidden, epochs=4000)"))
            assert outcome.verdict is Verdict.PASSED
    finally:
        await runtimes.aclose()


def test_a_python_chosen_for_other_lessons_does_not_count_here(tmp_path: Path) -> None:
    python = make_environment(tmp_path / "bare", "ipykernel")
    ran = tutor("run", "start-here#train", "start-here#next", "--json", "--runtime", f"local:{python}")
    assert ran.code == 0, ran.out + ran.err
    assert ran.finished("train")["runtime"] == "local"


def test_without_torch_it_could_not_be_checked_and_says_how_to_install_it(tmp_path: Path) -> None:
    needed = ("ipykernel", "jupyter-client", "markdown-it-py", "mdit-py-plugins", "platformdirs", "pyyaml")
    python = make_environment(tmp_path / "bare", *needed)
    done = subprocess.run(
        [str(python), "-m", "tutor", "run", "start-here", "--solutions", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    ran = Ran(done.returncode, done.stdout, done.stderr)
    assert ran.code == 3, ran.out + ran.err
    for step_id in ("train", "longer", "wider", "look"):
        assert ran.finished(step_id)["verdict"] == "could_not_check"
        assert f"{python} -m pip install torch" in ran.finished(step_id)["reason"]

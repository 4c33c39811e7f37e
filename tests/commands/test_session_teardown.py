"""The lesson `session-teardown` under the hands of a learner: each usual slip is not yet, and the hint that fits comes by itself.

That the right answers pass, in both languages, is proved by `tutor check --run`.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from tests.commands.slips import Slips, all_odd_slips, english_hint, ignore, shipped, step_of, task_of
from tests.runtime.kernels import make_runtime
from tutor.commands.driver import Driver
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])

_WAIT = """    try:
        session.wait(timeout=1)
    except subprocess.TimeoutExpired:
        session.kill()
        session.wait()
"""
END: Slips = {
    ("def end(session):", "def finish(session):"): "If the checks cannot use your code",
    ("", ""): "after `terminate()` nobody waited for it",
    (f"    session.terminate()\n{_WAIT}", "    session.kill()\n    session.wait()\n"): "If it could not save",
    (_WAIT, "    session.wait(timeout=1)\n"): "If the deaf one lives on",
}
_ONLY_CODE = """    book = json.loads(text)
    for cell in book["cells"]:
        cell["source"] = TOKEN.sub("REMOVED", "".join(cell["source"]))
    return json.dumps(book)"""
SECRETS: Slips = {
    ("", ""): "If a token is left",
    (
        '    return TOKEN.sub("REMOVED", text)',
        _ONLY_CODE,
    ): "If a token is left",
    ('"REMOVED"', '""'): "If more than the tokens changed",
    ('    return TOKEN.sub("REMOVED", text)', '    TOKEN.sub("REMOVED", text)'): "`clean` has to return the whole text",
    ('TOKEN.sub("REMOVED", text)', 'text.replace(fake, "REMOVED")'): "Replace all that `TOKEN` finds",
    ('"REMOVED", text', 'text, "REMOVED"'): "If it says `bad escape`",
}
TOLD = {
    ("en", "it stopped at step 50, it went on at step 1"): "If it went on at step 1:",
    ("zh", "停在第 50 步，它从第 1 步继续"): "If it went on at step 1:",
    ("en", "it stopped at step 50, it went on at step 41"): "If it went on at step 41",
    ("zh", "停在第 50 步，之后一步也没有显示"): "If the program stops",
    ("zh", "最多相差 0.32"): "If the losses differ",
    ("en", "RuntimeError: batches() belongs inside `for epoch in"): "If `batches()` belongs inside",
    ("zh", "RuntimeError: batches() 要写在 `for epoch in"): "If `batches()` belongs inside",
    ("en", "SyntaxError: invalid syntax"): "If the program stops",
    ("zh", "它走到了第 0 步：NameError"): "If the program stops",
}


@pytest.mark.parametrize(("language", "message"), TOLD)
def test_what_a_training_says_has_its_hint(language: str, message: str) -> None:
    lesson = shipped("session-teardown", language)
    found = next(hint for hint in step_of(lesson, "resume").hints if hint.when and re.search(hint.when, message))
    assert TOLD[language, message] in english_hint(lesson, "resume", found.markdown)


@pytest.mark.parametrize("lesson_id", ["colab-setup", "session-teardown", "save-to-github"])
def test_no_line_shows_what_was_looked_for_as_what_was_seen(lesson_id: str) -> None:
    """The left side of a comparison is what was seen, which of an `in` would be untrue: a name goes first."""
    code = [check.code for step in shipped(lesson_id, "en").steps for check in step.checks]
    asserts = [node.test for each in code for node in ast.walk(ast.parse(each)) if isinstance(node, ast.Assert)]
    compared = [node for each in asserts for node in ast.walk(each) if isinstance(node, ast.Compare)]
    assert compared
    assert [ast.unparse(node) for node in compared if isinstance(node.ops[0], ast.In | ast.NotIn)] == []


@LANGUAGES
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path) -> None:
    lesson = shipped("session-teardown", language)
    odd = await all_odd_slips(lesson, {"end": END, "secrets": SECRETS}, tmp_path)
    assert odd == {step: [] for step in odd}


CRASH = """%%writefile train.py
raise TypeError("Checkpoints.resume() takes 1 positional argument but 3 were given")
"""


@LANGUAGES
async def test_a_crash_passes_nothing_and_waiting_by_communicate_passes(language: str, tmp_path: Path) -> None:
    lesson = shipped("session-teardown", language)
    runtimes = Runtimes("local", lambda name: make_runtime(tmp_path))
    try:
        async with Driver(lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            outcome = await driver.step("resume", ask.Run(CRASH))
            # `communicate` waits as well as `wait` does.
            by_communicating = task_of(lesson, "end").solution.replace("session.wait(", "session.communicate(")
            ended = await driver.step("end", ask.Run(by_communicating))
    finally:
        await runtimes.aclose()
    assert [line.verdict for line in outcome.lines] == [Verdict.NOT_YET] * 4, outcome
    assert (outcome.lines[3].expected, outcome.lines[3].seen) == (None, None)
    assert "If the program stops" in english_hint(lesson, "resume", outcome.hint)
    assert ended.verdict is Verdict.PASSED, ended


SAYS = {
    "echo '[colab] No active sessions found on server.'": None,
    "echo '[mine] gpu-t4-s-1 | Hardware: T4 | Shape: Standard | Variant: GPU'": "`colab stop -s NAME` ends it",
    "echo 'Authorize here:'; exit 1": "most often nobody is signed in",
}


@LANGUAGES
async def test_what_the_colab_command_says_is_judged(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words are those of google-colab-cli 0.7.5, whose server no test can reach."""
    command = tmp_path / "bin" / "colab"
    command.parent.mkdir()
    command.touch(mode=0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    lesson = shipped("session-teardown", language)
    runtimes = Runtimes("local", lambda name: make_runtime(tmp_path))
    try:
        async with Driver(lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            for says, hint in SAYS.items():
                command.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
                outcome = await driver.step("terminal", ask.Run())
                if hint is None:
                    assert outcome.verdict is Verdict.PASSED, outcome
                else:
                    assert outcome.verdict is Verdict.NOT_YET
                    assert outcome.hint is not None  # it comes by itself
                    assert hint in english_hint(lesson, "terminal", outcome.hint)
            # What was left running, and a token in a file, are found at the end.
            await driver.step("end", ask.Run(task_of(lesson, "end").starter))
            await driver.step(
                "secrets", ask.Run("import re\nfrom pathlib import Path\nTOKEN = re.compile('ghp_[A-Za-z]{30}')")
            )
            await driver.step(
                "kill", ask.Run("trainings = [start(), start()]\nPath('x.py').write_text('ghp_' + 'Z' * 30)")
            )
            outcome = await driver.step("finish", ask.Run())
            assert [line.verdict for line in outcome.lines] == [Verdict.PASSED, Verdict.NOT_YET, Verdict.NOT_YET]
            assert "If a process still runs" in english_hint(lesson, "finish", outcome.hint)
    finally:
        await runtimes.aclose()

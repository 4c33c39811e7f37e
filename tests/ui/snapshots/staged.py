"""A second scripted lesson, for what the first one never shows: curves, figures, tables, errors, a prediction, several right answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.text.test_tracebacks import RECORDED
from tests.ui.fake.host import FakeHost
from tests.ui.fake.session import FakeLog, FakeSession
from tests.ui.figures.samples import live_output, picture
from tutor.i18n import Words
from tutor.lesson.model import Check, Choice, FixCode, FrontMatter, Hint, Language, Lesson, Quiz, RunCode, Step
from tutor.progress.model import Entry, StepState, Verdict
from tutor.runtime.base import Raised, Rich
from tutor.session.events import Card, Line, Outcome
from tutor.session.praise import praise

TABLE = """\
<table><thead><tr><th></th><th>device</th><th>batch</th><th>ms</th></tr></thead><tbody>\
<tr><th>0</th><td>cpu</td><td>64</td><td>412.0</td></tr><tr><th>1</th><td>cuda:0</td><td>64</td><td>9.3</td></tr>\
<tr><th>2</th><td>cuda:0</td><td>1024</td><td>11.8</td></tr></tbody></table>"""


def training(language: str) -> Lesson:
    """The lesson."""
    zh = language == "zh"

    def say(english: str, chinese: str) -> str:
        return chinese if zh else english

    rates = Quiz(
        say("The learning rate becomes ten times as large. What happens to the loss?", "学习率变成十倍，损失会怎样？"),
        1,
        choices=(
            Choice(say("It falls faster", "下降得更快")),
            Choice(say("It jumps up and down", "忽高忽低"), right=True),
            Choice(say("It stays as it was", "和原来一样")),
        ),
    )
    moved = Quiz(
        say("What has to be on the same device?", "哪些东西必须在同一个设备上？"),
        1,
        choices=(
            Choice(say("The model's parameters", "模型的参数"), right=True),
            Choice(say("The batch", "当前这一批数据"), right=True),
            Choice(say("The file with the data", "数据所在的文件")),
        ),
    )
    steps = (
        Step(
            "train",
            say("Train a small network", "训练一个小网络"),
            1,
            body=say("Run it, and watch the loss fall.", "运行它，看着损失下降。"),
            work=RunCode("python", "from training import train\n\ntrain(epochs=10)", 1),
            minutes=1,
        ),
        Step(
            "guess",
            say("A larger step", "步子大一点"),
            1,
            work=RunCode("python", "train(epochs=10, rate=0.1)", 1),
            predict=rates,
            minutes=2,
        ),
        Step("several", say("On the same device", "在同一个设备上"), 1, work=moved, minutes=1),
        Step("table", say("Times in a table", "把时间列成表"), 1, work=RunCode("python", "times", 1), minutes=1),
        Step("figure", say("A picture", "一张图"), 1, work=RunCode("python", "plot(times)", 1), minutes=1),
        Step(
            "error", say("A broken file", "一个坏文件"), 1, work=RunCode("python", "import json\n\njson.loads(text)", 1)
        ),
        Step(
            "mend",
            say("The device in one place", "只在一处写设备"),
            1,
            body=say("`device` must be right on every computer.", "`device` 在任何电脑上都要正确。"),
            work=FixCode("device = 'cuda'", 1, "device = 'cuda' if torch.cuda.is_available() else 'cpu'", 1),
            checks=(Check("assert True", 1),),
            hints=(Hint(say("Ask PyTorch first.", "先问问 PyTorch。"), 1),),
            minutes=2,
        ),
    )
    front = FrontMatter(say("Train a small model", "训练一个小模型"), "", 8)
    return Lesson("train-mnist", Language(language), Path("x.md"), front, "", steps, shipped=True)


class StagedSession(FakeSession):
    """Plays it."""

    def __init__(
        self,
        lesson: Lesson,
        keep: Callable[[Entry], Entry],
        states: dict[str, StepState],
        step_id: str,
        *,
        rehearses: bool,
    ) -> None:
        """Args: `rehearses`: practice mode."""
        super().__init__(lesson, keep, states, step_id)
        self.rehearses = rehearses
        self.end_of_training = asyncio.Event()

    def card(self, *, running: bool = False) -> Card:
        return replace(super().card(running=running), practice=self.rehearses, practises=self.rehearses)

    def _judge(self, outcome: Outcome) -> None:
        words = Words(self.lesson.language)
        state = self._states.get(self.step.id, StepState.NEW)
        earned = praise(self.step, self._visit, state, outcome.verdict, words)
        super()._judge(replace(outcome, praise=earned, practice=self.rehearses, attempt=self._visit.attempts + 1))

    async def _play(self, step: Step, code: str, log: FakeLog) -> Outcome:
        zh = self.lesson.language == "zh"
        right = Line("代码运行不出错" if zh else "The code runs", Verdict.PASSED)
        match step.id:
            case "train":
                log.outputs.append(live_output(7, left=1.8))
                await self.end_of_training.wait()
                log.outputs.append(live_output(10, update=True, state="finished", left=None))
            case "table":
                log.outputs.append(Rich({"text/html": TABLE, "text/plain": "a table"}))
            case "figure":
                log.outputs.append(Rich({"image/png": picture(320, 160), "text/plain": "<Figure size 320x160>"}))
            case "error":
                error = RECORDED["9.18"]["library"]
                log.outputs.append(Raised(error["type"], error["message"], tuple(error["traceback"])))
                return Outcome(
                    Verdict.NOT_YET, error={"type": error["type"], "message": error["message"]}, error_line=3
                )
            case "mend" if "is_available" not in code:
                line = Line(
                    "device 是这台电脑有的设备" if zh else "device is one that this computer has",
                    Verdict.NOT_YET,
                    expected="'cpu'",
                    seen="'cuda'",
                )
                return Outcome(Verdict.NOT_YET, (line,))
        return Outcome(Verdict.PASSED, (right,))


class StagedHost(FakeHost):
    """Opens it."""

    def __init__(self, language: str, step_id: str, *, rehearses: bool = False) -> None:
        super().__init__(language, ("train-mnist", step_id))
        self._rehearses = rehearses

    async def open(self, lesson_id: str, step_id: str = "") -> StagedSession:
        session = StagedSession(training(self.language), self.keep, self.states, step_id, rehearses=self._rehearses)
        self.session = session
        session.begin(resumed=False)
        return session

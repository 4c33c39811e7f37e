"""The host of the scripted session: remembers in memory, or in a file for the demonstration."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.ui.fake.accounts import FakeAccounts
from tests.ui.fake.elsewhere import FakeElsewhere
from tests.ui.fake.lesson import lesson
from tests.ui.fake.session import FakeSession
from tutor.errors import LessonError, TutorError
from tutor.progress.model import Entry, StepState
from tutor.runtime.old_log import OldLog
from tutor.ui.host import DoctorLine, DoctorPart, Home, LessonRow, OpenStep, PythonChoice, SettingNow

OTHERS = (
    ("first-gpu", "Your first hour on a GPU", "第一次用 GPU", 15, 7),
    ("train-mnist", "Train a small model", "训练一个小模型", 25, 9),
    ("colab-start", "A free GPU in Colab", "Colab 里的免费 GPU", 20, 8),
    ("memory", "Out of memory, and what to do about it", "显存不足怎么办", 20, 6),
)


MACHINE = (
    DoctorLine("system", "Linux 6.8 · x86_64 · in a container"),
    DoctorLine("processor", "AMD EPYC 7B13 · cores: 2 of 8 · avx2"),
    DoctorLine("GPU", "NVIDIA Tesla T4 · 15.0 GiB · compute capability 7.5 · driver 535.104.05", "passed"),
)
BROKEN = DoctorLine(
    "driver-too-old",
    "driver 535.104.05, PyTorch for CUDA 13.0",
    "not_yet",
    (
        "What it means: [b]PyTorch[/b] was built for a newer CUDA.",
        "What mends it:",
        "    pip install --force-reinstall torch",
        "    python train.py",
    ),
)


class FakeHost(FakeElsewhere, FakeAccounts):
    """Everything that the screen asks for."""

    def __init__(self, language: str = "en", target: tuple[str, str] = ("", ""), file: Path | None = None) -> None:
        super().__init__()
        FakeAccounts.__init__(self)
        self.language = language
        self.theme = "auto"
        self.target = target
        self.session: FakeSession | None = None
        self.kept: Mapping[str, Any] | None = None
        self.stored: list[Entry] = []
        self.states: dict[str, StepState] = {}
        self.typed: list[str] = []
        self.examined: list[bool] = []
        """Each examination, with the network or without."""
        self.broken: tuple[DoctorLine, ...] = (BROKEN,)
        self.opened: list[str] = []
        self.has_news = False
        """A lesson is new since the last sitting."""
        self.asked: Sequence[str] = ()
        self.found: Sequence[PythonChoice] = (PythonChoice("local", "", "3.11.9", "2.13.0+cpu"),)
        self.gate = asyncio.Event()
        """Until it is set only the first Python has answered."""
        self.gate.set()
        self.answers: Mapping[str, str] | None = None
        self.kept_settings: dict[str, str] = {}
        self.decided: dict[str, tuple[str, str]] = {}
        """Origin and name of settings that are no defaults."""
        self.refusal: TutorError | None = None
        """Why settings cannot be kept."""
        self._file = file

    def questions(self) -> Sequence[str]:
        return self.asked

    async def pythons(self) -> AsyncGenerator[PythonChoice, None]:
        for python in self.found:
            yield python
            await self.gate.wait()

    async def keep_answers(self, answers: Mapping[str, str], lesson_id: str) -> None:
        self.language = answers.get("language", self.language)
        self.answers = dict(answers)
        self.target = (lesson_id, "")
        if self.refusal is not None:
            raise self.refusal

    settings_file = "~/.config/gpu-tutor/config.toml"

    async def settings(self) -> Sequence[SettingNow]:
        values = {"language": self.language, "lessons": "", "runtime": "local", "theme": self.theme, "log": "info"}
        return [
            SettingNow(key, self.kept_settings.get(key, value), *self.decided.get(key, ("default", "")))
            for key, value in values.items()
        ]

    async def keep_setting(self, key: str, value: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.kept_settings[key] = value
        self.decided[key] = ("file", "/home/me/config.toml")

    def snapshot(self) -> Mapping[str, Any] | None:
        if self._file is not None and self._file.exists():
            return json.loads(self._file.read_text())  # type: ignore[no-any-return]
        return self.kept

    def keep_snapshot(self, snapshot: Mapping[str, Any]) -> None:
        self.kept = json.loads(json.dumps(snapshot))
        if self._file is not None:
            self._file.write_text(json.dumps(snapshot))

    async def first(self) -> tuple[str, str]:
        return (self.target[0] or "check-device", self.target[1])

    async def lessons(self) -> Sequence[LessonRow]:
        zh = self.language == "zh"
        here = lesson(self.language)
        passed = sum(state is StepState.PASSED for state in self.states.values())
        rows = [LessonRow(here.id, here.front.title, 10, len(here.steps), passed, 0, "started")]
        rows += [LessonRow(i, c if zh else e, m, s) for i, e, c, m, s in OTHERS]
        return [
            *rows[:3],
            replace(rows[3], passed=8, state="passed"),
            rows[4],
            LessonRow("broken", "Broken", 5, 0, broken="no id"),
        ]

    async def home(self) -> Home:
        zh = self.language == "zh"
        rows = [*await self.lessons()]
        rows[1] = replace(rows[1], after=("check-device",), needs=("cuda",), summary="一小时" if zh else "One hour.")
        rows[2] = replace(rows[2], is_news=self.has_news)
        rows[3] = replace(rows[3], state="changed", changed=2)
        rows.append(LessonRow("made", "Made elsewhere", 5, 2, waits="/home/me/my lessons/made"))
        open_steps = [
            OpenStep("check-device", "ask-pytorch", rows[0].title, "Ask PyTorch", 2, ("cuda",)),
            OpenStep("first-gpu", "second", rows[1].title, "The second step", 10, ("cuda",)),
            OpenStep("first-gpu", "third", rows[1].title, "The third step", 4, ("module:tensorflow",)),
        ]
        step = lesson(self.language).steps[1]
        return Home(rows, open_steps, "check-device", step.id, step.title, 2, 8, "/venv/bin/python")

    async def examine(self, *, network: bool) -> AsyncGenerator[DoctorPart, None]:
        self.examined.append(network)
        zh = self.language == "zh"
        yield DoctorPart("machine", "这台电脑" if zh else "This machine", MACHINE, is_complete=True)
        first = DoctorLine("tutor 自带的" if zh else "tutor's own", "Python 3.11.9 · PyTorch 2.13.0+cpu", "passed")
        yield DoctorPart("pythons", "Python" if zh else "Pythons", (first,), is_complete=False)
        await self.gate.wait()
        other = DoctorLine(
            "~/a/folder/with/a/rather/long/name",
            "Python 3.10.2",
            "could_not_check",
            ("Lessons need ipykernel there.", "    pip install ipykernel"),
        )
        yield DoctorPart("pythons", "Python" if zh else "Pythons", (first, other), is_complete=True)
        yield DoctorPart(
            "tutor", "tutor 自身" if zh else "tutor itself", (DoctorLine("tutor", "0.1.0", "passed"),), is_complete=True
        )
        if network:
            lines = (
                DoctorLine("GitHub", "api.github.com · 0.2 s", "passed"),
                DoctorLine(
                    "Colab", "colab.research.google.com", "could_not_check", ("[Errno -2] Name or service not known",)
                ),
            )
            yield DoctorPart("network", "网络" if zh else "Network", lines, is_complete=True)
        yield DoctorPart("faults", "哪里有问题" if zh else "What is broken", self.broken, is_complete=True)

    async def report(self) -> str:
        return "/tmp/tutor-report.txt"

    async def open(self, lesson_id: str, step_id: str = "") -> FakeSession:
        if lesson_id == "broken":
            raise LessonError("The lesson is broken: line 3 has no id.", "Run tutor check.")
        self.opened.append(lesson_id)
        resumed = any(entry.lesson_id == lesson_id for entry in self.stored)
        where = step_id or (self.stored[-1].step_id if resumed else "")
        self.session = FakeSession(lesson(self.language, lesson_id), self.keep, self.states, where)
        self.session.begin(resumed=resumed and not step_id)
        return self.session

    def keep(self, entry: Entry) -> Entry:
        entry = replace(entry, id=len(self.stored) + 1)
        self.stored.append(entry)
        return entry

    async def entries(self, lesson_id: str, before: int | None = None, limit: int = 50) -> Sequence[Entry]:
        own = [entry for entry in self.stored if entry.lesson_id == lesson_id and (before is None or entry.id < before)]
        return own[-limit:]

    async def set_language(self, language: str) -> None:
        self.language = language
        if self.session is not None:
            self.session.change_language(lesson(language, self.session.lesson.id))

    async def switch(self, runtime: str) -> None:
        await super().switch(runtime)
        if self.session is not None:
            self.session.move_to(runtime)

    def old_output(self, file: str) -> OldLog:
        return OldLog(Path(file))

    async def history(self) -> Sequence[str]:
        return list(self.typed)

    async def add_history(self, line: str) -> None:
        self.typed.append(line)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.fakes import FakeRuntime, Talk, always, judged, line
from tests.session.memory_store import MemoryStore
from tests.session.samples import COUNT, LOOK, lesson
from tutor.commands.driver import warmed
from tutor.lesson.model import Lesson, Need, NeedKind
from tutor.runtime.base import RuntimeState
from tutor.session import commands as ask
from tutor.session.desk import Options
from tutor.session.engine import Session
from tutor.session.events import CardChanged, RuntimeChanged
from tutor.session.runtimes import Runtimes

OTHER = "local:/opt/python"
FIRST = replace(lesson(COUNT, LOOK), id="start-here")
OF_ANOTHER_COURSE = replace(FIRST, shipped=False)
PASSES = always(judged(line("it is there")))


class Opened:
    """Opens scripted runtimes and remembers them by name."""

    def __init__(self) -> None:
        self.by_name: dict[str, FakeRuntime] = {}

    def __call__(self, name: str) -> FakeRuntime:
        self.by_name[name] = FakeRuntime(PASSES, name)
        return self.by_name[name]


@pytest.mark.parametrize(
    ("lesson_", "chosen", "runs_in"),
    [
        (lesson(COUNT), OTHER, OTHER),
        (FIRST, OTHER, "local"),
        (FIRST, "local", "local"),
        (FIRST, "http://127.0.0.1:8888/", "http://127.0.0.1:8888/"),
        (OF_ANOTHER_COURSE, OTHER, OTHER),
    ],
)
def test_the_first_lesson_runs_in_the_python_of_tutor_unless_a_server_was_chosen(
    lesson_: Lesson, chosen: str, runs_in: str
) -> None:
    runtimes = Runtimes(chosen, Opened())
    assert runtimes.for_lesson(lesson_).info.name == runs_in
    assert runtimes.for_step(lesson_, COUNT).info.name == runs_in


def test_steps_on_this_machine_or_with_an_account_stay_where_they_were() -> None:
    here = replace(COUNT, on_local=True)
    account = replace(COUNT, needs=(Need(NeedKind.ACCOUNT, "github"),))
    assert Runtimes(OTHER, Opened()).for_step(lesson(here), here).info.name == OTHER
    assert Runtimes("http://127.0.0.1:8888/", Opened()).for_step(lesson(here), here).info.name == "local"
    assert Runtimes(OTHER, Opened()).for_step(lesson(account), account).info.name == "local"


async def test_the_first_lesson_warms_shows_and_keeps_the_runtime_that_it_uses() -> None:
    opened, store = Opened(), MemoryStore()
    options = Options("key", Path())
    session = Session(FIRST, options, runtimes=Runtimes(OTHER, opened), store=store, secrets={})
    await session.open()
    shown = await Talk(session, FakeRuntime(PASSES), store).until(
        lambda event: isinstance(event, RuntimeChanged) and event.state is RuntimeState.READY
    )
    assert isinstance(shown, RuntimeChanged)
    assert shown.info.name == "local"
    conversation = Talk(session, opened.by_name["local"], store)
    await conversation.verdict(ask.Run())
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    await session.aclose()
    assert list(opened.by_name) == ["local"]
    assert opened.by_name["local"].hear is None
    assert [attempt.runtime for attempt in store.attempts] == ["local"]


async def test_a_headless_run_warms_the_runtime_of_its_first_lesson() -> None:
    for first, name in ((FIRST, "local"), (lesson(COUNT), OTHER), (None, OTHER)):
        opened = Opened()
        async with warmed(Runtimes(OTHER, opened), first):
            pass
        assert list(opened.by_name) == [name]

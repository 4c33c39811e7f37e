"""The conversation's host with a real Jupyter server: added, chosen, left, found again, stopped."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.commands.support import step, write_lesson
from tests.runtime.kernels import waits_for
from tests.support.jupyter import TOKEN, JupyterServer, free_port
from tests.support.waiting import wait_for_async
from tutor.commands.environment import Environment
from tutor.commands.host import ChatHost
from tutor.commands.selection import trust_key
from tutor.errors import ServerError, TutorError
from tutor.lesson.trust import content_digest
from tutor.progress.model import EntryKind, Verdict
from tutor.progress.store import Store
from tutor.runtime.base import RuntimeState
from tutor.session import commands as ask
from tutor.session.engine import Session
from tutor.session.events import Added, CardChanged, Event, OutputChanged, RuntimeChanged, SaidFinished, StepFinished
from tutor.ui.elsewhere import NewServer, Place, PlaceState

pytestmark = pytest.mark.kernel

WAIT = waits_for("go", "y = 7\nprint('missed')")
Opener = Callable[[], ChatHost]


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[Opener]:
    """Opens hosts of the test's home, as one tutor after the other would; all are closed at the end."""
    hosts: list[ChatHost] = []

    def opener() -> ChatHost:
        options = argparse.Namespace(lang="en", runtime=None, lesson=None, practice=False)
        hosts.append(ChatHost.of(options))
        return hosts[-1]

    yield opener
    for host in hosts:
        for left in await host.still_running():
            await host.stop(left.key)
        await host.aclose()


@pytest.fixture
def lesson(lessons: Path, server: JupyterServer) -> str:
    # The server is shared, and so is the folder of a lesson of that name.
    (server.home / "tutor-work" / "made" / "go").unlink(missing_ok=True)
    body = step("first", "x = 5", "assert x == 5") + step("long", WAIT, "assert y == 7")
    folder = write_lesson(lessons, "made", body)
    environment = Environment.of(argparse.Namespace(lang="en", runtime=None), log=False)
    with contextlib.closing(Store(environment.paths.database())) as store:
        store.add_trust(trust_key(folder), content_digest(folder), "made")
    return "made"


class Talk:
    """A session whose events are kept."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.events: list[Event] = []
        self._task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        async for event in self.session.events():
            self.events.append(event)

    def outcomes(self) -> list[StepFinished]:
        return [event for event in self.events if isinstance(event, StepFinished)]

    @property
    def said(self) -> str:
        return "\n".join(event.entry.body for event in self.events if isinstance(event, Added))

    @property
    def printed(self) -> str:
        entries = [event.entry for event in self.events if isinstance(event, Added)]
        return str([entry.data for entry in entries if entry.kind is EntryKind.OUTPUT])

    async def begun(self) -> None:
        """Until what runs prints its first line."""
        await wait_for_async(lambda: any(isinstance(event, OutputChanged) for event in self.events), 30)

    async def finished(self, count: int) -> StepFinished:
        await wait_for_async(lambda: len(self.outcomes()) >= count, 30)
        return self.outcomes()[count - 1]

    async def run(self) -> StepFinished:
        """Run the step, until its verdict is there and the session is back with the learner."""
        count = len(self.outcomes())
        await self.session.send(ask.Run())
        finished = await self.finished(count + 1)
        place = self.events.index(finished)
        await wait_for_async(lambda: any(_is_idle(event) for event in self.events[place:]), 30)
        return finished

    async def close(self) -> None:
        await self.session.aclose()
        await self._task


def _is_idle(event: Event) -> bool:
    return isinstance(event, CardChanged) and not event.card.running


async def add(host: ChatHost, server: JupyterServer, price: float | None = 2.0) -> str:
    return await host.keep_server(NewServer(server.url, "", "lab", price, "$"))


async def listed(host: ChatHost) -> list[Place]:
    places: list[Place] = []
    async for found in host.places():
        places = list(found)
    return places


async def test_a_server_is_examined_kept_listed_and_forgotten(
    server: JupyterServer, opened: Opener, tutor_home: Path
) -> None:
    host = opened()
    with pytest.raises(ServerError) as refused:
        await host.examine_server(server.root, "wrong")
    assert refused.value.about_token
    with pytest.raises(ServerError, match="is not the address"):
        await host.examine_server("hello?token=secret", "")
    with pytest.raises(ServerError, match="Colab's page") as colab:
        await host.examine_server("https://colab.research.google.com/drive/1", "")
    assert "export" in colab.value.hint
    found = await host.examine_server(server.root, TOKEN)
    assert found.address == server.root
    assert found.about.startswith("Jupyter Server 2.")
    runtime = await add(host, server)
    assert runtime == server.root
    places = await listed(host)
    assert places[0].runtime == "local"
    assert places[0].is_chosen
    (lab,) = [place for place in places if place.name == "lab"]
    assert lab.state is PlaceState.READY
    assert (tutor_home / "servers.json").stat().st_mode & 0o777 == 0o600
    await host.forget_server(runtime)
    assert "lab" not in [place.name for place in await listed(host)]
    assert TOKEN not in (tutor_home / "servers.json").read_text()


async def test_a_server_that_is_gone_is_listed_with_the_mend(opened: Opener) -> None:
    host = opened()
    await host.keep_server(NewServer(f"http://127.0.0.1:{free_port()}/", "t", "gone"))
    (gone,) = [place for place in await listed(host) if place.name == "gone"]
    assert gone.state is PlaceState.UNREACHABLE
    assert "Nothing answers" in gone.problem
    assert "ssh -N -L" in gone.problem


async def test_the_lesson_moves_there_with_its_warning_and_its_lease(
    server: JupyterServer, opened: Opener, lesson: str
) -> None:
    host = opened()
    talk = Talk(await host.open(lesson))
    await wait_for_async(
        lambda: any(isinstance(event, RuntimeChanged) and event.info.device for event in talk.events), 30
    )
    assert await host.losses() == []
    assert host.lease() is None
    assert (await talk.run()).outcome.runtime == "local"
    (lost,) = await host.losses()
    assert lost == "what the code of one step has made stays in the kernel of this computer"
    runtime = await add(host, server)
    await host.switch(runtime)
    assert await host.losses() == []
    lease = host.lease()
    assert lease is not None
    assert (lease.name, lease.price, lease.currency) == ("lab", 2.0, "$")
    passed = await talk.run()
    assert passed.outcome.verdict is Verdict.PASSED
    assert passed.outcome.runtime == server.root
    (lab,) = [place for place in await listed(host) if place.name == "lab"]
    assert (lab.state, lab.is_chosen) == (PlaceState.RUNNING, True)
    assert lab.cost.startswith("$0.0")
    await host.switch("local")
    assert await host.losses()  # the names are still here
    await talk.close()


async def test_a_place_that_cannot_be_used_leaves_everything_as_it_was(opened: Opener, lesson: str) -> None:
    host = opened()
    talk = Talk(await host.open(lesson))
    await talk.run()
    runtime = await host.keep_server(NewServer(f"http://127.0.0.1:{free_port()}/", "t", "gone"))
    with pytest.raises(TutorError, match="Nothing answers"):
        await host.switch(runtime)
    assert (await talk.run()).outcome.runtime == "local"
    await talk.close()


async def test_a_step_goes_on_without_the_tutor_and_its_verdict_is_heard_by_the_next(
    server: JupyterServer, opened: Opener, lesson: str
) -> None:
    first = opened()
    runtime = await add(first, server)
    talk = Talk(await first.open(lesson))
    await first.switch(runtime)
    await talk.run()
    await talk.session.send(ask.Next())
    await talk.session.send(ask.Run())
    await talk.begun()
    assert "what runs on lab goes on there" in await first.losses()
    await talk.close()
    (left,) = await first.still_running()
    assert left.is_paid
    assert "busy with made#long" in left.about
    await first.aclose()
    (server.home / "tutor-work" / lesson / "go").touch()
    await wait_for_async(lambda: not server.is_busy(), 30)

    second = opened()
    talk = Talk(await second.open(lesson))
    await wait_for_async(lambda: second.lease() is not None, 30)
    outcome = await talk.finished(1)
    assert (outcome.step_id, outcome.outcome.verdict) == ("long", Verdict.PASSED)
    assert "still under way when you left" in talk.said
    assert "missed" in talk.said
    assert "your variables are still there" in talk.said
    assert not talk.session._desk.needs_earlier()
    await talk.close()


async def test_nobody_is_led_back_to_where_nothing_is_left(server: JupyterServer, opened: Opener, lesson: str) -> None:
    first = opened()
    runtime = await add(first, server)
    talk = Talk(await first.open(lesson))
    await first.switch(runtime)
    await talk.close()
    (left,) = await first.still_running()
    await first.stop(left.key)
    await first.aclose()
    second = opened()
    talk = Talk(await second.open(lesson))
    await wait_for_async(lambda: "where you were last time" in talk.said)
    assert (await talk.run()).outcome.runtime == "local"
    await talk.close()


async def test_code_of_the_prompt_that_goes_on_is_told_to_its_end(
    server: JupyterServer, opened: Opener, lesson: str
) -> None:
    first = opened()
    runtime = await add(first, server)
    talk = Talk(await first.open(lesson))
    await first.switch(runtime)
    await talk.session.send(ask.Say(WAIT))
    await talk.begun()
    await talk.close()
    assert "begun" in talk.printed  # what was there before is kept
    await first.aclose()
    assert "tutor runtimes" in first.last_words
    (server.home / "tutor-work" / lesson / "go").touch()
    await wait_for_async(lambda: not server.is_busy(), 30)
    second = opened()
    talk = Talk(await second.open(lesson))
    await wait_for_async(lambda: any(isinstance(event, SaidFinished) for event in talk.events), 30)
    assert "missed" in talk.printed
    last = [event for event in talk.events if isinstance(event, RuntimeChanged)][-1]
    assert last.state is RuntimeState.READY
    await talk.close()


async def test_a_server_that_stops_while_nothing_runs_is_noticed(opened: Opener, lesson: str, tmp_path: Path) -> None:
    with JupyterServer(tmp_path / "jupyter") as own:
        host = opened()
        runtime = await add(host, own)
        talk = Talk(await host.open(lesson))
        await host.switch(runtime)
        await talk.run()
        own.stop()
        await wait_for_async(
            lambda: any(isinstance(e, RuntimeChanged) and e.state is RuntimeState.DEAD for e in talk.events), 30
        )
        assert host.lease() is None
        outcome = (await talk.run()).outcome
        assert outcome.verdict is Verdict.COULD_NOT_CHECK
        assert "Nothing answers" in outcome.reason
        own.start()
        assert (await talk.run()).outcome.verdict is Verdict.PASSED
        await talk.close()


async def test_stopping_is_verified_by_asking_the_server(server: JupyterServer, opened: Opener, lesson: str) -> None:
    host = opened()
    runtime = await add(host, server)
    talk = Talk(await host.open(lesson))
    await host.switch(runtime)
    count = len(server.kernels())
    (left,) = await host.still_running()
    stopped = await host.stop(left.key)
    assert stopped.is_gone
    assert stopped.told == "lab: the kernel is gone; the server says so."
    assert len(server.kernels()) == count - 1
    assert await host.still_running() == []
    assert (await host.stop(left.key)).is_gone
    assert (await talk.run()).outcome.verdict is Verdict.PASSED  # in a new one
    await talk.close()


async def test_what_cannot_be_verified_is_said(opened: Opener, lesson: str, tmp_path: Path) -> None:
    with JupyterServer(tmp_path / "jupyter") as own:
        host = opened()
        runtime = await add(host, own)
        talk = Talk(await host.open(lesson))
        await host.switch(runtime)
        await talk.close()
        (left,) = await host.still_running()
        own.stop()
        stopped = await host.stop(left.key)
    assert not stopped.is_gone
    assert "nobody knows whether the kernel there is gone" in stopped.told
    assert "costs until it is stopped where you rented it" in stopped.told


async def test_open_steps_are_closed_together_elsewhere(
    server: JupyterServer, opened: Opener, lessons: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = step("names", "x = 5", "assert x == 5") + step(
        "there", "y = x", "assert y == 5", attributes='needs="env:colab"'
    )
    folder = write_lesson(lessons, "made", body)
    environment = Environment.of(argparse.Namespace(lang="en", runtime=None), log=False)
    with contextlib.closing(Store(environment.paths.database())) as store:
        store.add_trust(trust_key(folder), content_digest(folder), "made")
    host = opened()
    talk = Talk(await host.open("made"))
    await talk.run()
    await talk.session.send(ask.Next())
    assert (await talk.run()).outcome.verdict is Verdict.COULD_NOT_CHECK
    await talk.close()
    count = len(server.kernels())
    runtime = await add(host, server)
    news = [one async for one in host.close_open(runtime)]
    assert [(one.title, one.verdict, one.done, one.total) for one in news] == [
        ("There", None, 0, 1),
        ("There", Verdict.COULD_NOT_CHECK, 1, 1),
    ]
    assert "colab" in news[-1].reason.lower()
    assert len(server.kernels()) == count


async def test_a_lesson_that_is_left_while_its_code_runs_there_hears_the_verdict_when_it_comes_back(
    server: JupyterServer, opened: Opener, lesson: str
) -> None:
    host = opened()
    runtime = await add(host, server)
    talk = Talk(await host.open(lesson, "long"))
    await host.switch(runtime)
    await talk.session.send(ask.Run())
    await wait_for_async(lambda: any(isinstance(event, OutputChanged) for event in talk.events), 30)
    await talk.close()
    (server.home / "tutor-work" / lesson).mkdir(parents=True, exist_ok=True)
    (server.home / "tutor-work" / lesson / "go").touch()
    await wait_for_async(lambda: not server.is_busy(), 30)
    talk = Talk(await host.open(lesson))
    outcome = await talk.finished(1)
    assert (outcome.step_id, outcome.outcome.verdict) == ("long", Verdict.PASSED)
    await talk.close()
    talk = Talk(await host.open(lesson))
    await wait_for_async(lambda: any(isinstance(event, RuntimeChanged) for event in talk.events), 30)
    assert not talk.outcomes()  # it is heard once
    await talk.close()

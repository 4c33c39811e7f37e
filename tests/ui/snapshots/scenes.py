"""How a learner comes to each state: one function a state, by keys only, in whatever language. Nothing here looks at words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from tests.ui.fake.elsewhere import FREE, PAID, SINCE, TOKEN
from tests.ui.fake.session import FakeLog
from tests.ui.helpers import Learner
from tutor.progress.model import EntryKind, StepState
from tutor.session.events import Asking
from tutor.ui.elsewhere import Lease
from tutor.ui.screens.conversation import ConversationScreen
from tutor.ui.screens.places import PlacesScreen
from tutor.ui.screens.question import QuestionScreen
from tutor.ui.screens.welcome import WelcomeScreen
from tutor.ui.stops import StopKind
from tutor.ui.widgets.area import Area, CodeArea
from tutor.ui.widgets.fields import TextLine
from tutor.ui.widgets.menu import Menu
from tutor.ui.widgets.running import Clock

NVIDIA_SMI = """\
+-----------------------------------------------------------------------------+
| NVIDIA-SMI 550.54       Driver Version: 550.54       CUDA Version: 12.4     |
+-----------------------------------------------------------------------------+"""
SECONDS = 7
"""For which something has been running."""


async def nothing(me: Learner) -> None:
    """The state is there at once."""


async def run(me: Learner) -> None:
    """Run the step, to its verdict."""
    attempts = me.card.attempt
    await me.press("r")
    await me.until(lambda: me.card.attempt > attempts and not me.card.running, "a verdict")


async def running(me: Learner) -> None:
    await me.press("r")
    await me.until(lambda: me.card.running and me.screen.query(Clock), "running")
    me.screen.query_one(Clock)._began -= SECONDS


async def running_with_output(me: Learner) -> None:
    await running(me)
    await me.until_said("tick")
    live = me.screen.conductor.stage.talk.live  # type: ignore[union-attr]
    assert live is not None
    assert isinstance(live.output, FakeLog)
    live.output.add("".join(f"epoch {n}: loss {2.3 / n:.4f}\n" for n in range(1, 41)))
    live.output.add("\r 41%|████      | 41/100\r 42%|████▏     | 42/100")
    await me.until_said("42/100")


async def miss_then_hint(me: Learner) -> None:
    await run(me)
    hints = me.card.hints_left
    await me.press("h")
    await me.until(lambda: me.card.hints_left < hints, "the hint")


async def solved(me: Learner) -> None:
    """A miss, the learner's own line, a pass."""
    await run(me)
    await me.press("e")
    await me.until(lambda: isinstance(me.focused, CodeArea))
    area = me.focused
    assert isinstance(area, CodeArea)
    area.text = "device = 'cuda' if torch.cuda.is_available() else 'cpu'"
    await me.until(lambda: "is_available" in me.card.code)
    await me.press("escape")
    await me.until(lambda: not isinstance(me.focused, CodeArea))
    await run(me)


async def choices_marked(me: Learner) -> None:
    await me.press("1", "2")


async def number_typed(me: Learner) -> None:
    await me.press("a")
    await me.until(lambda: isinstance(me.focused, TextLine))
    await me.type("4")


async def form_filled(me: Learner) -> None:
    await me.press("a")
    await me.until(lambda: isinstance(me.focused, TextLine))
    await me.paste("my-first-gpu")
    await me.press("enter")
    await me.paste("ghp_12345678")


async def pasted(me: Learner) -> None:
    await me.press("a")
    await me.until(lambda: isinstance(me.focused, Area))
    await me.paste(NVIDIA_SMI)


async def ticked(me: Learner) -> None:
    await me.press("1")
    await me.until(lambda: me.card.ticked)


async def asked_by_the_code(me: Learner) -> None:
    await me.press("r")
    await me.until(lambda: me.card.asking is Asking.INPUT and isinstance(me.focused, TextLine), "the question")
    await me.type("Ada")


async def editing(me: Learner) -> None:
    await me.press("e")
    await me.until(lambda: isinstance(me.focused, CodeArea))
    await me.press("down", "down", "end")
    await me.type("()")


async def block_under_the_cursor(me: Learner) -> None:
    await run(me)
    for _ in range(6):
        stop = me.screen.transcript.stop
        if stop is not None and stop.kind is StopKind.CODE:
            return
        await me.press("left_square_bracket")
        await me.until(lambda was=stop: me.screen.transcript.stop is not was)  # type: ignore[misc]
    raise AssertionError("no code above")


async def more_below(me: Learner) -> None:
    await run(me)
    await me.press("pageup")
    await me.until(lambda: not me.screen.transcript.at_end)
    me.session.say(EntryKind.NOTE, "The runtime is fresh.")
    await me.until(lambda: me.screen.more_below.display, "the line")


async def end_of_the_lesson(me: Learner) -> None:
    states = {step.id: StepState.PASSED for step in me.card.lesson.steps}
    me.host.states.update(states | me.host.states)
    await me.press("n")
    await me.until(lambda: me.screen.conductor is not None and me.screen.conductor.stage.finished, "the end")


async def end_with_open_steps(me: Learner) -> None:
    me.host.states["ask-pytorch"] = StepState.OPEN
    await end_of_the_lesson(me)


async def list_called(me: Learner) -> None:
    await me.press("L")
    await me.until(lambda: me.screen.list.has_focus)
    await me.press("down")


async def at_the_prompt(me: Learner) -> None:
    await me.press("t")
    await me.until(lambda: me.focused is not None and me.focused.id == "prompt")
    await me.paste("torch.cuda.device_count()")


async def _another_screen(me: Learner) -> Screen[Any]:
    await me.until(lambda: not isinstance(me.app.screen, ConversationScreen | WelcomeScreen), "another screen")
    return me.app.screen


def page(*keys: str) -> Callable[[Learner], Any]:
    """A screen that the first of the keys opens; the others are pressed there."""

    async def open_it(me: Learner) -> None:
        await me.press(keys[0])
        await _another_screen(me)
        await me.pilot.pause()
        await me.press(*keys[1:])

    return open_it


async def question_before_quitting(me: Learner) -> None:
    await running(me)
    await page("q")(me)


async def found_in_the_pager(me: Learner) -> None:
    await run(me)
    await page("p")(me)
    await me.until(lambda: "line 501" in me.seen, "the lines")
    await me.press("slash")
    await me.paste("line 77")
    await me.press("enter")
    await me.until(lambda: "line 770" in me.seen, "what is looked for")


def welcome(question: str) -> Callable[[Learner], Any]:
    """A newcomer is asked this."""

    async def come_to_it(me: Learner) -> None:
        def screen() -> WelcomeScreen:
            one = me.app.screen
            assert isinstance(one, WelcomeScreen)
            return one

        while screen().question != question:
            was = screen().question
            await me.press("enter")
            await me.until(lambda was=was: screen().question != was)  # type: ignore[misc]

    return come_to_it


async def doctor(me: Learner) -> None:
    await me.command("/doctor")
    await _another_screen(me)
    await me.until(lambda: "driver-too-old" in me.seen, "what is broken")


async def places(me: Learner) -> None:
    """The cursor is on a server that costs."""
    await page("w")(me)
    await me.until(lambda: len(me.app.screen.query_one(Menu).items) > 1, "the places")
    await me.press("3")


async def server_being_added(me: Learner) -> None:
    """Its price could not be read."""
    me.host.wants = TOKEN
    await page("w", "a")(me)
    for answer in (f"http://127.0.0.1:8888/?token={TOKEN}", "", "cheap"):
        await me.until(lambda: isinstance(me.focused, TextLine))
        if answer:
            await me.paste(answer)
        before = me.focused
        await me.press("enter")
        if answer != "cheap":
            await me.until(lambda before=before: isinstance(me.focused, TextLine) and me.focused is not before)  # type: ignore[misc]


async def question_before_switching(me: Learner) -> None:
    zh = me.host.language == "zh"
    me.host.lost = ("变量：model、loss", "文件：weights.pt") if zh else ("variables: model, loss", "files: weights.pt")
    await places(me)
    await me.press("enter")
    await me.until(lambda: isinstance(me.app.screen, QuestionScreen))


async def question_about_what_runs_on(me: Learner) -> None:
    me.host.left = (PAID, FREE)
    await page("q")(me)


async def on_a_server(me: Learner) -> None:
    me.host.leased = Lease("box", SINCE)
    me.session.move_to("server:box")
    await me.until(lambda: me.screen.status.left.startswith("box"))


async def open_steps_closed(me: Learner) -> None:
    await page("l", "o")(me)
    await me.until(lambda: isinstance(me.app.screen, PlacesScreen) and len(me.app.screen.menu.items) > 1)
    await me.press("3", "enter")
    await me.until(lambda: me.host.closing_ended)

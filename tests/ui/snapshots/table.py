"""Which states of the screen are kept, and each in which size, language and themes: the one place that says so.

Every state has both sizes, both languages and both of the usual themes somewhere; the conversation itself has all combinations.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, at
from tests.ui.snapshots import connecting, scenes
from tests.ui.snapshots.staged import StagedHost
from tutor.ui.host import PythonChoice

SMALL, LARGE = (80, 24), (120, 40)
USUAL = ("dark", "light")

EACH_ONCE = ((SMALL, "en"), (LARGE, "zh"))
OTHER_WAY_ROUND = ((SMALL, "zh"), (LARGE, "en"))
EVERY = (*EACH_ONCE, *OTHER_WAY_ROUND)

PYTHONS = (
    PythonChoice("local", "", "3.11.9", "2.13.0+cpu"),
    PythonChoice("local:/home/me/project", "~/project", "3.12.4", "2.9.1+cu128"),
    PythonChoice(
        "local:/usr/bin/python3", "/usr/bin/python3", "3.10.2", None, "/usr/bin/python3 -m pip install ipykernel"
    ),
)

Maker = Callable[[str], FakeHost]
"""From a language to a host."""


def newcomers(language: str) -> FakeHost:
    """Someone's first start."""
    host = FakeHost(language)
    host.asked, host.found = ("language", "python", "start"), PYTHONS
    return host


def begun(step_id: str, language: str) -> FakeHost:
    """The lesson with every kind of work, at a step."""
    return at(step_id, language)


def staged(step_id: str, language: str) -> FakeHost:
    """The lesson with every kind of output."""
    return StagedHost(language, step_id)


def rehearsed(language: str) -> FakeHost:
    """The same in practice mode."""
    return StagedHost(language, "mend", rehearses=True)


@dataclass(frozen=True, slots=True)
class State:
    """One state of the screen."""

    name: str
    host: Maker
    scene: Callable[[Learner], Awaitable[None]]
    seen: tuple[tuple[tuple[int, int], str], ...] = EACH_ONCE
    """In these sizes and languages."""
    themes: tuple[str, ...] = USUAL
    is_dialog: bool = False
    """Opened anew for each theme: Textual leaves some dialogs as they are when the theme changes under them."""


def step(name: str, scene: Callable[[Learner], Awaitable[None]], step_id: str) -> State:
    return State(name, partial(begun, step_id), scene)


def shown(name: str, scene: Callable[[Learner], Awaitable[None]], step_id: str) -> State:
    return State(name, partial(staged, step_id), scene)


STATES = (
    # The conversation.
    replace(step("step", scenes.nothing, "brackets"), seen=EVERY, themes=(*USUAL, "contrast")),
    # Has lines of its own where the others have grounds, so that it shows other text.
    replace(step("step-ansi", scenes.nothing, "brackets"), themes=("ansi",)),
    replace(step("miss", scenes.miss_then_hint, "brackets"), seen=EVERY),
    replace(step("open", scenes.run, "ask-pytorch"), seen=EVERY),
    shown("pass", scenes.solved, "mend"),
    State("practice", rehearsed, scenes.miss_then_hint),
    step("end", scenes.end_of_the_lesson, "bye"),
    step("done-here", scenes.end_with_open_steps, "bye"),
    # Running, and what comes out.
    replace(step("running", scenes.running_with_output, "endless"), seen=OTHER_WAY_ROUND),
    replace(shown("curve", scenes.running, "train"), seen=EVERY),
    shown("table", scenes.run, "table"),
    shown("figure", scenes.run, "figure"),
    replace(shown("traceback", scenes.run, "error"), seen=OTHER_WAY_ROUND),
    step("input", scenes.asked_by_the_code, "ask-name"),
    # Answers.
    shown("prediction", scenes.nothing, "guess"),
    step("quiz", scenes.nothing, "slow"),
    replace(shown("several", scenes.choices_marked, "several"), seen=OTHER_WAY_ROUND),
    step("number", scenes.number_typed, "how-many"),
    replace(step("form", scenes.form_filled, "names"), seen=OTHER_WAY_ROUND),
    step("paste", scenes.pasted, "colab"),
    replace(step("checklist", scenes.ticked, "by-hand"), seen=OTHER_WAY_ROUND),
    step("editor", scenes.editing, "brackets"),
    replace(step("prompt", scenes.at_the_prompt, "brackets"), seen=OTHER_WAY_ROUND),
    # Reading.
    step("cursor", scenes.block_under_the_cursor, "brackets"),
    step("more-below", scenes.more_below, "noise"),
    replace(step("pager", scenes.found_in_the_pager, "noise"), seen=OTHER_WAY_ROUND),
    # Around it.
    State("welcome-language", newcomers, scenes.welcome("language")),
    State("welcome-python", newcomers, scenes.welcome("python")),
    State("welcome-start", newcomers, scenes.welcome("start")),
    replace(step("home", scenes.page("l"), "brackets"), seen=EVERY),
    step("home-search", scenes.page("l", "slash", "g", "p", "u"), "brackets"),
    step("list", scenes.list_called, "brackets"),
    replace(step("palette", scenes.page("ctrl+p"), "brackets"), is_dialog=True),
    replace(step("palette-search", scenes.page("ctrl+p", "t", "h"), "brackets"), seen=OTHER_WAY_ROUND, is_dialog=True),
    step("help", scenes.page("question_mark"), "brackets"),
    step("settings", scenes.page("comma"), "brackets"),
    replace(step("doctor", scenes.doctor, "brackets"), seen=EVERY),
    replace(step("places", scenes.places, "brackets"), seen=EVERY, is_dialog=True),
    replace(step("add-server", scenes.server_being_added, "brackets"), seen=OTHER_WAY_ROUND, is_dialog=True),
    replace(step("accounts", connecting.accounts, "brackets"), seen=EVERY, is_dialog=True),
    replace(step("connect", connecting.token_refused, "brackets"), seen=OTHER_WAY_ROUND),
    step("connect-wait", connecting.waiting_for_the_browser, "brackets"),
    replace(step("stays-behind", scenes.question_before_switching, "brackets"), is_dialog=True),
    replace(step("left-running", scenes.question_about_what_runs_on, "brackets"), is_dialog=True),
    step("lease", scenes.on_a_server, "brackets"),
    replace(step("open-steps", scenes.open_steps_closed, "brackets"), seen=OTHER_WAY_ROUND),
    replace(step("quit", scenes.question_before_quitting, "endless"), seen=OTHER_WAY_ROUND, is_dialog=True),
)


@dataclass(frozen=True, slots=True)
class Sight:
    """A state in one size and one language."""

    state: State
    size: tuple[int, int]
    language: str

    @property
    def name(self) -> str:
        return f"{self.state.name}.{self.language}.{self.size[0]}x{self.size[1]}"


SIGHTS = tuple(Sight(state, size, language) for state in STATES for size, language in state.seen)

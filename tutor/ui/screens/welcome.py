"""The welcome of a newcomer: at most three questions, then the conversation. It stands in the conversation's place at the very first
start and paints as fast: nothing here knows a lesson, a session or the store, and Pythons are looked for behind the first paint.
"""

from __future__ import annotations

import gc
import logging
from contextlib import aclosing
from importlib import import_module

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.host import Host, PythonChoice
from tutor.ui.messages import Chosen
from tutor.ui.pythons import item_of
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.menu import Item, Menu
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

log = logging.getLogger(__name__)

OWN = "local"
BEGINNING, MY_GPU, ALL_LESSONS = "", "check-device", "all"
"""Answers to the last question: the first lesson, this one, or the list of all."""
SETTINGS = {"language": "language", "python": "runtime"}
"""The setting that a question decides."""


class WelcomeScreen(Screen[None]):
    """Asks, and opens the conversation with the answers."""

    DEFAULT_CSS = """
    WelcomeScreen {
        align-horizontal: center;
        background: $background;

        #welcome {
            width: 100%;
            max-width: 92;
            height: auto;
            max-height: 92vh;
            padding: 1 2 0 2;
            scrollbar-size-vertical: 1;
            scrollbar-background: $background;
        }

        Message, Menu {
            padding: 0 1;
        }

        Menu {
            margin: 1 0;
        }

        ActionRow {
            max-width: 92;
            padding: 0 1 0 2;
        }
    }
    """
    AUTO_FOCUS = "Menu"
    BINDINGS = [
        Binding("escape,left,backspace", "back", show=False),
        Binding("f2", "wish('lang')", show=False, priority=True),
        Binding("ctrl+c", "wish('quit')", show=False, priority=True),
    ]

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self.words = Words(host.language)
        """What the screen says, in the language that was chosen last."""
        self._questions = tuple(host.questions())
        self._at = 0
        self._answers: dict[str, str] = {}
        self._pythons: list[PythonChoice] = []
        self._searching = "python" in self._questions
        self._ended = False
        self._said = Message(self._speech())
        self.menu = Menu(self._items())
        self.row = ActionRow(self._chips())

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="welcome", can_focus=False):
            yield self._said
            yield self.menu
        yield self.row

    def on_mount(self) -> None:
        self.menu.show(self._items(), at=self._preselected)
        self.call_after_refresh(self._furnish)

    def _furnish(self) -> None:
        # As the conversation does: collecting was put off until the first paint.
        gc.freeze()
        gc.enable()
        if self._searching:
            self._look_for_pythons()
        self._warm_up()

    @work(group="warm-up", thread=True, exit_on_error=False)
    def _warm_up(self) -> None:
        """Load what comes next while the learner reads."""
        import_module("tutor.ui.screens.conversation")

    @work(group="pythons", exit_on_error=False)
    async def _look_for_pythons(self) -> None:
        try:
            async with aclosing(self._host.pythons()) as pythons:
                async for python in pythons:
                    self._pythons.append(python)
                    if self.question == "python":
                        self._show()
        finally:
            self._searching = False
        if self.question == "python":
            if self._nothing_to_choose:
                self._go(1)
            else:
                self._show()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Whatever fails behind it must not end the welcome: the log has it all, the newcomer is told."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            log.error("worker %s failed", event.worker.name, exc_info=error)
            self.notify(self.words("ui.failed", message=repr(error)), severity="error", markup=False)

    # -- what is asked now

    @property
    def question(self) -> str:
        """`language`, `python` or `start`."""
        return self._questions[self._at]

    @property
    def _nothing_to_choose(self) -> bool:
        """Nobody is asked which Python when there is but one."""
        return self.question == "python" and not self._searching and len(self._pythons) <= 1

    @property
    def _preselected(self) -> str:
        """What was answered before, else what suits most."""
        suits = {"language": self.words.language, "python": OWN, "start": BEGINNING}
        return self._answers.get(self.question, suits[self.question])

    def _items(self) -> list[Item]:
        words = self.words
        match self.question:
            case "language":
                return [Item("en", words("welcome.english")), Item("zh", words("welcome.chinese"))]
            case "python":
                return [item_of(python, words) for python in self._pythons] or [Item(OWN, words("welcome.own"))]
            case _:
                return [
                    Item(BEGINNING, words("welcome.from_the_beginning"), words("welcome.from_the_beginning_note")),
                    Item(MY_GPU, words("welcome.my_gpu"), words("welcome.my_gpu_note")),
                    Item(ALL_LESSONS, words("welcome.all_lessons"), words("welcome.all_lessons_note")),
                ]

    def _chips(self) -> list[Chip]:
        words = self.words
        chips = [Chip("enter", words("welcome.choose"), Wish.SUGGESTED, suggested=True)]
        if self._before() is not None:
            chips.append(Chip("esc", words("welcome.back"), Wish.LEAVE))
        if self.question != "language":
            chips.append(Chip("f2", words("welcome.other_language"), Wish.LANGUAGE))
        return [*chips, Chip("ctrl+q", words("welcome.quit"), Wish.QUIT)]

    def _speech(self) -> list[Block]:
        """The greeting, the answers so far and the question; in both languages while nobody has said which one it shall be."""
        asks_language = self.question == "language"
        tongues = [self.words, Words(self.words.other_language)] if asks_language else [self.words]
        blocks: list[Block] = []
        for words in tongues:
            blocks.append(text(words("welcome.greeting"), "strong"))
            if self._at == 0:
                blocks.append(text(words("welcome.nothing_needed"), gap=False))
        for number, name in enumerate(self._questions[: self._at]):
            if (answer := self._answer_in_words(name)) is not None:
                spans = ((f"{self.words(f'welcome.{name}')}  ", "muted"), (answer, "you"))
                blocks.append(Block(BlockKind.TEXT, spans, gap=number == 0))
        for words in tongues:
            blocks.append(text(words(f"welcome.{self.question}_question"), "heading"))
            blocks.append(text(words(f"welcome.{self.question}_why"), "muted", gap=False))
        if self.question == "python":
            found = self.words("welcome.found", count=len(self._pythons))
            # A line in both cases, so that nothing moves when the search ends.
            blocks.append(text(self.words("welcome.looking") if self._searching else found, "muted", gap=False))
        return blocks

    def _answer_in_words(self, name: str) -> str | None:
        """None for a question that was not asked."""
        answer = self._answers.get(name)
        if answer is None:
            return None
        if name == "language":
            return self.words("welcome.english" if answer == "en" else "welcome.chinese")
        python = next((python for python in self._pythons if python.runtime == answer), None)
        return python.place if python is not None and python.place else self.words("welcome.own")

    def _show(self, *, at: str | None = None) -> None:
        self._said.show(self._speech())
        self.menu.show(self._items(), at)
        self.row.show(self._chips())

    # -- what the learner does

    @on(Menu.Picked)
    async def take_answer(self, event: Menu.Picked) -> None:
        if self._ended:
            return
        self._answers[self.question] = event.value
        if self.question == "language":
            self.words = Words(event.value)
        if self.question == self._questions[-1]:
            await self._end()
        else:
            self._go(1)

    def _go(self, step: int) -> None:
        """To the question after or before this one, past what nobody need be asked."""
        self._at += step
        if self._nothing_to_choose:
            self._answers.pop("python", None)
            self._at += step
        self._show(at=self._preselected)

    def _before(self) -> int | None:
        """The question that `esc` leads back to."""
        asked = [place for place in range(self._at) if self._questions[place] in self._answers]
        return asked[-1] if asked else None

    def action_back(self) -> None:
        before = self._before()
        if before is not None and not self._ended:
            self._at = before
            self._show(at=self._preselected)

    @on(Chosen)
    def hand_on_choice(self, event: Chosen) -> None:
        self.action_wish(str(event.what))

    def action_wish(self, name: str) -> None:
        """Keys of the whole app, and chips."""
        match name:
            case Wish.SUGGESTED:
                self.menu.action_choose()
            case Wish.LEAVE:
                self.action_back()
            case Wish.LANGUAGE:
                self._change_language()
            case Wish.QUIT:
                self.app.exit(0)

    def _change_language(self) -> None:
        self.words = Words(self.words.other_language)
        if self.question == "language":
            self._show(at=self.words.language)
        else:
            self._answers["language"] = self.words.language
            self._show()

    async def _end(self) -> None:
        """Keep the answers, and begin."""
        from tutor.ui.screens.conversation import ConversationScreen

        self._ended = True
        self.workers.cancel_group(self, "pythons")
        start = self._answers["start"]
        kept = {SETTINGS[name]: answer for name, answer in self._answers.items() if name in SETTINGS}
        try:
            await self._host.keep_answers(kept, "" if start == ALL_LESSONS else start)
        except TutorError as error:
            message = self.words("welcome.not_kept", message=error.message, hint=error.hint)
            self.app.notify(message, severity="warning", markup=False, timeout=10)
        early = [Wish.LESSONS] if start == ALL_LESSONS else []
        # Above this screen, because the first screen of an app cannot be taken away.
        self.app.push_screen(ConversationScreen(self._host, early))

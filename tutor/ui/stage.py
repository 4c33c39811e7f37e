"""What stands on the screen now, and how each thing that happens changes it. Decides nothing: keys and requests are the screen's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.i18n import Words
from tutor.progress.model import Entry, EntryKind, StepState
from tutor.runtime.base import RuntimeInfo, RuntimeState
from tutor.session.events import Action, Asking, Card
from tutor.ui.chips import End, Mode, chips_for, chips_for_commands, chips_for_stop
from tutor.ui.device import device_words
from tutor.ui.elsewhere import Lease
from tutor.ui.faces import language_of, panel_texts
from tutor.ui.host import LessonRow
from tutor.ui.leases import lease_parts
from tutor.ui.messages import Suggesting
from tutor.ui.rows import StepRow, rows_of
from tutor.ui.shelf import following
from tutor.ui.snapshot import FirstScreen, Said, newest
from tutor.ui.talk import Talk
from tutor.ui.widgets.code_panel import CodePanel
from tutor.ui.widgets.face import CodeFace, Face
from tutor.ui.widgets.step_card import StepCard
from tutor.ui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from tutor.ui.screens.conversation import ConversationScreen

PLACES = {"prompt": Mode.PROMPT, "lessons": Mode.LIST, "transcript": Mode.BLOCKS}


class Stage:
    """The newest state of everything on the screen."""

    def __init__(self, screen: ConversationScreen, lease: Callable[[], Lease | None]) -> None:
        """Args: `lease`: of the server that lessons run on at that moment; None on this computer."""
        self._screen = screen
        self._lease = lease
        self.card: Card | None = None
        """The newest card, with the text of the editor in it."""
        self.finished = ""
        """The lesson whose end was just reached."""
        self._lessons: Sequence[LessonRow] = ()
        self._mode = Mode.CARD
        self._suggesting: Suggesting | None = None
        """While the menu of commands is open."""
        self.talk = Talk(screen.transcript, lambda: screen.words)
        self._runtime: tuple[RuntimeState, RuntimeInfo] = (RuntimeState.OFF, RuntimeInfo(""))

    @property
    def words(self) -> Words:
        """In the language that the screen speaks now."""
        return self._screen.words

    @property
    def transcript(self) -> Transcript:
        """The messages."""
        return self._screen.transcript

    @property
    def step_card(self) -> StepCard:
        """The step."""
        return self._screen.step_card

    # -- the step

    async def show_entry(self, entry: Entry) -> None:
        """Something was said; code from the prompt begins to run with it."""
        is_new = self.talk.show_entry(entry)
        if is_new and entry.kind is EntryKind.CODE and entry.data.get("attempt") == 0:
            await self._show_free_run()

    async def _show_free_run(self) -> None:
        """Code from the prompt runs: it belongs to no attempt, and its entry is the only sign of its beginning."""
        if self.card is not None and not self.card.running:
            only = Action.INTERRUPT
            running = replace(self.card, running=True, asking=Asking.NOTHING, actions=(only,), suggested=only)
            await self.show_card(running)

    async def show_card(self, card: Card) -> None:
        """The step in front of the learner is now this."""
        before = self.card
        self.card = card
        if before is None or before.step.id != card.step.id or card.running:
            self.finished = ""
        # At the end of a lesson nothing of its last step stands below the last word.
        bare = replace(card, code="", asking=Asking.NOTHING, attempt=0, step=replace(card.step, work=None))
        await self.step_card.show(bare if self.finished else card, self.words, self._screen.prompt_bar.idle)
        self.show_chips()
        self.show_rows()
        self.show_status()
        self.talk.bring_heading_into_sight()

    async def reopen(self) -> None:
        """The learner works on the last step once more."""
        self.finished = ""
        if self.card is not None:
            await self.show_card(self.card)

    def show_edited(self, code: str) -> None:
        """The editor's text is the code that would run now; the session says so only when it is asked again."""
        if self.card is not None:
            suggested = Action.RUN if self.card.suggested is Action.EDIT else self.card.suggested
            self.card = replace(self.card, code=code, is_draft=True, suggested=suggested)
            self.step_card.card = self.card

    def show_chips(self) -> None:
        """The action row, for the card and for where the keys go."""
        if self.card is not None:
            stop = self.transcript.stop
            if self._mode is Mode.BLOCKS and stop is not None:
                self._screen.row.show(tuple(chips_for_stop(stop, self.card, self.words)))
                return
            if self._suggesting is not None and self._mode is Mode.PROMPT and not self.card.running:
                self._screen.row.show(tuple(chips_for_commands(self.words, completes=self._suggesting.completes)))
                return
            # Not `at_end`: while a card is laid out that is for a moment another, and nobody would say when it is over.
            in_sight = self.transcript.end_in_sight
            self._screen.row.show(chips_for(self.card, self._mode, self.words, reads_on=not in_sight, end=self._end()))

    async def show_commands(self, suggesting: Suggesting) -> None:
        """The menu of commands, over the end of the conversation; without rows it is closed."""
        from tutor.ui.widgets.command_menu import CommandMenu

        self._suggesting = suggesting if suggesting.rows else None
        self.show_chips()
        menu = next(iter(self._screen.query(CommandMenu)), None)
        if menu is None:
            menu = CommandMenu()
            await self._screen.query_one("#talk").mount(menu)
        above = self._screen.row.lines + self._screen.prompt_bar.outer_size.height
        menu.show(suggesting.rows, suggesting.chosen, above)

    def _end(self) -> End:
        """Whether the lesson has come to its end."""
        if not self.finished:
            return End.NOT_YET
        return End.NEXT if self.next_lesson() is not None else End.HOME

    def show_keys_of(self, face: Face | None, place: str | None) -> None:
        """The action row again, for what has the focus now. Args: `place`: its id."""
        if place in PLACES:
            self._mode = PLACES[place]
        elif face is not None and face.TAKES_TEXT:
            self._mode = Mode.EDITOR if self.step_card.is_editing else Mode.ANSWER
        else:
            self._mode = Mode.CARD
        self.show_chips()

    # -- around it

    def show_lesson(self, *, resumed: bool) -> None:
        """A lesson was opened."""
        self.finished = ""
        self.talk.begin(resumed=resumed)

    def show_lessons(self, lessons: Sequence[LessonRow]) -> None:
        """The list with its progress."""
        self._lessons = lessons
        self.show_rows()

    @property
    def lessons(self) -> Sequence[LessonRow]:
        """All lessons, as far as they are known by now."""
        return self._lessons

    def show_rows(self) -> None:
        """The list again, with the steps of the open lesson."""
        if not self._lessons or self.card is None:
            return
        card = self.card
        passed = sum(state is StepState.PASSED for state in card.states.values())
        title = card.lesson.front.title
        lessons = [
            replace(row, title=title, passed=passed) if row.id == card.lesson.id else row for row in self._lessons
        ]
        steps = [StepRow(step.id, step.title, str(card.states.get(step.id, "new"))) for step in card.lesson.steps]
        self._screen.list.show(rows_of(lessons, card.lesson.id, steps, card.step.id))

    def next_lesson(self) -> LessonRow | None:
        """The lesson that comes after the open one."""
        here = self.card.lesson.id if self.card is not None else ""
        return following(self._lessons, here, finished=self.finished)

    def show_lesson_finished(self, lesson_id: str) -> None:
        """The end was reached: the next lesson is one key away."""
        self.finished = lesson_id
        following = self.next_lesson()
        if following is not None:
            self.talk.say(self.words("ui.next_lesson", title=following.title))

    def show_runtime(self, state: RuntimeState, info: RuntimeInfo) -> None:
        """The runtime starts, is ready, busy or dead."""
        self._runtime = (state, info)
        self.show_status()

    def show_status(self) -> None:
        """The line at the bottom."""
        state, info = self._runtime
        device = device_words(info, self.words) if state is RuntimeState.READY else ""
        lease = self._lease()
        if lease is not None:
            parts = lease_parts(lease, state, device, datetime.now().astimezone(), self.words)
        else:
            parts = [self.words("ui.runs_here", device=device) if device else self.words(f"ui.runtime_{state}")]
        if (card := self.card) is not None:
            parts.append(self.words("ui.step_short", position=card.index + 1, total=len(card.lesson.steps)))
            if card.minutes_left:
                parts.append(self.words("ui.minutes_left", minutes=card.minutes_left))
        if info.python:
            # Last, since it is the first to go where there is little room.
            parts.append(f"Python {info.python}")
        sign = self.words("ui.practice") if card is not None and card.practises else ""
        self._screen.status.show(parts, str(state), self._screen.status_right(), sign=sign)

    def show_words(self) -> None:
        """All that the screen itself says, in the language that it speaks now; what was said stays as it was said."""
        self._screen.prompt_bar.say(self.words("ui.prompt_placeholder"))
        self.show_chips()
        self.show_status()

    def repaint(self) -> None:
        """Code has its colours now."""
        for message in self.transcript.messages:
            message.repaint()
        for panel in self.step_card.query(CodePanel):
            panel.repaint()

    def first_screen(self) -> FirstScreen | None:
        """What the next sitting draws first."""
        card = self.card
        if card is None:
            return None
        said = newest(
            [
                Said(message.entry_id, " ".join(sorted(message.classes)), message.blocks)
                for message in self.transcript.messages[-40:]
            ]
        )
        shows_code = bool(self.step_card.query(CodeFace))
        return FirstScreen(
            self.words.language,
            card.lesson.id,
            tuple(
                (row.lesson_id, row.step_id, row.glyph, row.role, row.title, row.count, row.is_open)
                for row in self._screen.list.rows_in_sight
            ),
            said,
            (card.code, language_of(card), *panel_texts(card, self.words)) if shows_code else None,
            tuple((chip.key, chip.label, chip.suggested) for chip in chips_for(card, Mode.CARD, self.words)),
            self._screen.status.left,
        )

"""The conversation: its widgets, its first paint and its keys. What is asked for goes to `tutor.ui.conductor`, which is not there before
the first paint: nothing that this module imports knows a session, a lesson or an entry.
"""

from __future__ import annotations

import gc
import logging
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from tutor.i18n import Words
from tutor.ui.blocks import text
from tutor.ui.messages import Answered, Chosen, Edited, Left, LessonChosen, Submitted, Suggesting, Ticked
from tutor.ui.snapshot import FirstScreen, from_snapshot
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.face import CodeFace, Face
from tutor.ui.widgets.lesson_list import LessonList, Row
from tutor.ui.widgets.message import Message
from tutor.ui.widgets.more_below import MoreBelow
from tutor.ui.widgets.prompt_bar import PromptBar
from tutor.ui.widgets.status_line import StatusLine
from tutor.ui.widgets.step_card import StepCard
from tutor.ui.widgets.transcript import Transcript
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.session.events import Action
    from tutor.ui.conductor import Conductor
    from tutor.ui.host import Host
    from tutor.ui.widgets.command_menu import CommandMenu

WIDE = 90
"""Columns from which on there is room for the list of lessons beside the conversation."""
BROAD = 150
"""Columns from which on there is room for whole titles in it."""

log = logging.getLogger(__name__)


class ConversationScreen(Screen[None]):
    """The one screen of tutor."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide"), (BROAD, "-broad")]
    AUTO_FOCUS = "#step-card"
    BINDINGS = [
        Binding("ctrl+c", "stop", show=False, priority=True),
        Binding("f2", "wish('lang')", show=False, priority=True),
        Binding("f1,question_mark,fullwidth_question_mark", "wish('help')", show=False),
        Binding("comma,fullwidth_comma", "wish('settings')", show=False),
        Binding("l", "wish('lessons')", show=False),
        Binding("L", "wish('list')", show=False),
        Binding("ctrl+p", "wish('palette')", show=False, priority=True),
        Binding("w", "wish('runtime')", show=False),
        Binding("q", "wish('quit')", show=False),
        # A Chinese input method types 、 or ／ in the place of a slash.
        Binding("slash,ideographic_comma,fullwidth_solidus", "begin_command", show=False),
        Binding("t", "begin_code", show=False),
        Binding("p", "wish('open')", show=False),
        Binding("space", "wish('read_on')", show=False),
        Binding("left_square_bracket,ctrl+up", "wish('earlier')", show=False),
        Binding("right_square_bracket,ctrl+down", "wish('later')", show=False),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(1)", show=False),
        Binding("escape", "wish('leave')", show=False),
    ]

    def __init__(self, host: Host, early: Sequence[Action | Wish | str] = ()) -> None:
        """Args: `early`: asked for before this screen was there; done once a lesson is open."""
        # The class that the breakpoints would set at the first size: setting it later styles every widget once more.
        columns = shutil.get_terminal_size().columns
        super().__init__(
            classes=next(name for least, name in reversed(self.HORIZONTAL_BREAKPOINTS) if columns >= least)
        )
        self._host = host
        self.words = Words(host.language)
        """What the screen says, in the language that it speaks now."""
        self.conductor: Conductor | None = None
        """None until the first paint is done."""
        self._early: list[Action | Wish | str] = [*early]
        first = self._first_screen()
        self.step_card = StepCard(CodeFace(*first.code) if first is not None and first.code else None)
        self.transcript = Transcript(self._first_messages(first), self.step_card)
        self.more_below = MoreBelow(lambda: self.words)
        self.list = LessonList([Row(*row) for row in first.rows] if first is not None else ())
        chips = first.chips if first is not None else ()
        self.row = ActionRow([Chip(key, label, Wish.WAIT, lit) for key, label, lit in chips])
        self.prompt_bar = PromptBar(self.words("ui.prompt_placeholder"))
        status = first.status if first is not None else self.words("ui.runtime_off")
        self.status = StatusLine(status, "off", self.status_right())

    def _first_screen(self) -> FirstScreen | None:
        """The snapshot, if it shows what will be opened."""
        first = from_snapshot(self._host.snapshot())
        lesson_id, step_id = self._host.target
        fits = first is not None and first.language == self._host.language and lesson_id in ("", first.lesson_id)
        return first if fits and not step_id else None

    def _first_messages(self, first: FirstScreen | None) -> list[Message]:
        if first is None:
            return [Message([text(self.words("ui.welcome"), "muted")])]
        return [Message(said.blocks, entry_id=said.entry_id, classes=said.kind or None) for said in first.said]

    def status_right(self) -> tuple[tuple[str, Wish], ...]:
        """What can be clicked in the status line."""
        return (
            (self.words("ui.status_lessons"), Wish.LESSONS),
            (self.words("ui.status_language"), Wish.LANGUAGE),
            (self.words("ui.status_help"), Wish.HELP),
        )

    def compose(self) -> ComposeResult:
        with Horizontal(id="main"):
            yield self.list
            with Vertical(id="talk"):
                yield self.transcript
                yield self.more_below
                yield self.row
                yield self.prompt_bar
        yield self.status

    def on_mount(self) -> None:
        self.call_after_refresh(self._furnish)

    @work(group="furnish", exit_on_error=False)
    async def _furnish(self) -> None:
        """All that the first paint did not wait for."""
        from tutor.ui.code import load
        from tutor.ui.conductor import Conductor

        # Whoever starts the app may have put garbage collection off until here: nothing made so far will ever be garbage.
        gc.freeze()
        gc.enable()
        self.conductor = Conductor(self, self._host)
        history = await self._host.history()
        self.conductor.begin(self._early)
        await self.prompt_bar.furnish(history, self.conductor.suggest)
        load()
        self.conductor.stage.repaint()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker of ours failed: the log has it all, the learner is told, the tutor goes on."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            log.error("worker %s failed", event.worker.name, exc_info=error)
            self.notify(self.words("ui.failed", message=repr(error)), severity="error", markup=False)

    # -- what is asked for

    @on(Chosen)
    async def hand_on_choice(self, event: Chosen) -> None:
        await self._choose(event.what)

    async def _choose(self, what: Action | Wish | str) -> None:
        if self.conductor is None:
            self._early.append(what)
        else:
            await self.conductor.choose(what)

    async def action_wish(self, name: str) -> None:
        await self._choose(Wish(name))

    async def action_stop(self) -> None:
        """Ctrl+C: copy what is selected, else stop what runs, else ask whether to quit."""
        if selected := self.get_selected_text() or getattr(self.focused, "selected_text", ""):
            self.app.copy_to_clipboard(selected)
            self.clear_selection()
        elif self.conductor is None:
            self.app.exit(0)
        else:
            await self.conductor.stop()

    def action_scroll(self, pages: int) -> None:
        if pages < 0:
            self.transcript.action_page_up()
        else:
            self.transcript.action_page_down()

    def action_begin_command(self) -> None:
        self.prompt_bar.begin("/")

    async def action_begin_code(self) -> None:
        if self.transcript.stop is not None and self.conductor is not None:
            await self.conductor.grant(Wish.TO_PROMPT)
        self.prompt_bar.begin()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted where nothing takes text: an error or code from elsewhere, to be read once more and sent."""
        event.stop()  # the app would hand it to whatever has the focus by then
        if event.text.strip():
            self.prompt_bar.begin()
            self.prompt_bar.take(event.text)

    @on(Submitted)
    async def hand_on_typed(self, event: Submitted) -> None:
        if self.conductor is not None:
            await self.conductor.take_typed(event.text)

    @on(Suggesting)
    async def hand_on_suggestions(self, event: Suggesting) -> None:
        if self.conductor is not None:
            await self.conductor.stage.show_commands(event)

    @on(Answered)
    async def hand_on_answer(self, event: Answered) -> None:
        if self.conductor is not None:
            await self.conductor.answer(event.values)

    @on(Ticked)
    async def hand_on_tick(self, event: Ticked) -> None:
        if self.conductor is not None:
            await self.conductor.tick(event.item, done=event.done)

    @on(Edited)
    async def hand_on_edit(self, event: Edited) -> None:
        if self.conductor is not None:
            await self.conductor.edit(event.text)

    @on(LessonChosen)
    async def hand_on_lesson(self, event: LessonChosen) -> None:
        if self.conductor is not None:
            await self.conductor.go_to(event.lesson_id, event.step_id)

    def on_command_menu_picked(self, event: CommandMenu.Picked) -> None:
        self.prompt_bar.complete(event.typed)

    @on(Left)
    async def hand_on_leaving(self) -> None:
        await self._choose(Wish.LEAVE)

    @on(Transcript.OlderWanted)
    def hand_on_older(self, event: Transcript.OlderWanted) -> None:
        if self.conductor is not None:
            self.conductor.fetch_older(event.before)

    @on(Transcript.NewerWanted)
    def hand_on_newer(self, event: Transcript.NewerWanted) -> None:
        if self.conductor is not None:
            self.conductor.fetch_newer(event.after)

    @on(Transcript.EndWanted)
    def hand_on_wish_for_end(self) -> None:
        if self.conductor is not None:
            self.conductor.go_to_end()

    @on(Transcript.EndMoved)
    def hand_on_end(self, event: Transcript.EndMoved) -> None:
        self.more_below.show(None if event.in_sight else event.said)
        if self.conductor is not None:
            self.conductor.stage.show_chips()

    @on(Transcript.CursorMoved)
    def hand_on_cursor(self) -> None:
        if self.conductor is not None:
            self.conductor.stage.show_chips()

    def watch_focused(self, focused: Widget | None) -> None:
        """A click beyond the screen, where the window has just become smaller, takes the focus from everybody; keys would do nothing then."""
        if focused is None and self.app.app_focus:
            self.call_later(self._regain_focus)

    def _regain_focus(self) -> None:
        if self.focused is None and self.app.app_focus and self.conductor is not None:
            self.step_card.settle_focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The action row shows the keys of what has the focus."""
        focused = event.widget
        if focused is not self.list:
            self.remove_class("-listing")
        if focused is not self.transcript:
            self.transcript.lift_cursor()
        if self.conductor is not None:
            face = next((node for node in focused.ancestors_with_self if isinstance(node, Face)), None)
            self.conductor.stage.show_keys_of(face, focused.id)

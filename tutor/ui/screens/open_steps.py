"""All open steps run together in another place, with their news as they come. Loaded when it is first wanted."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.worker import Worker

from tutor.errors import TutorError
from tutor.ui.blocks import Block, text
from tutor.ui.elsewhere import ClosedStep, Place
from tutor.ui.failing import tell_failure
from tutor.ui.messages import Chosen
from tutor.ui.open_steps import count_of, ended_in_words, step_blocks, told, without_begun
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


class OpenStepsScreen(Screen[None]):
    """Esc stops what runs; once nothing does, it leads back."""

    CSS_PATH = "open_steps.tcss"
    BINDINGS = [
        Binding("escape,ctrl+c,q", "leave", show=False, priority=True),
        Binding("enter", "done", show=False),
        Binding("space,pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("down,j", "line(1)", show=False),
        Binding("up,k", "line(-1)", show=False),
    ]

    def __init__(self, conductor: Conductor, place: Place) -> None:
        super().__init__()
        self._conductor = conductor
        self._words = conductor.words
        self._place = place
        self._steps: list[ClosedStep] = []
        self._work: Worker[None] | None = None
        self._is_stopping = False
        self._problem = ""
        self._head = Message(())
        self._list = Message(())
        self._end = Message(())
        self.row = ActionRow()

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="open-steps", can_focus=False):
            yield self._head
            yield self._list
            yield self._end
        yield self.row

    def on_mount(self) -> None:
        self._work = self._close_open()
        self._show()

    @property
    def goes_on(self) -> bool:
        """Whether steps run, or are being stopped."""
        return self._work is not None

    def _show(self) -> None:
        words = self._words
        title = text(words("places.close_title", name=self._place.name), "heading")
        count = words("places.close_stopping") if self._is_stopping and self.goes_on else count_of(self._steps, words)
        self._head.show([title, text(count, "muted", gap=False)] if self.goes_on else [title])
        self._list.show(step_blocks(self._steps, words))
        self._end.show(self._ended())
        if self.goes_on:
            self.row.show([] if self._is_stopping else [Chip("esc", words("places.key_stop_run"), Wish.LEAVE)])
        else:
            self.row.show([Chip("enter", words("places.key_done"), Wish.LEAVE, suggested=True)])
        page = self.query_one("#open-steps", VerticalScroll)
        page.scroll_end(animate=False)

    def _ended(self) -> list[Block]:
        if self.goes_on:
            return []
        problem = [text(self._problem, "error")] if self._problem else []
        if problem and not self._steps:
            return problem
        return [*problem, text(ended_in_words(self._steps, self._words, stopped=self._is_stopping), "strong")]

    @work(group="open-steps", exclusive=True, exit_on_error=False)
    async def _close_open(self) -> None:
        try:
            async with aclosing(self._conductor.host.close_open(self._place.runtime)) as news:
                async for step in news:
                    self._steps = told(self._steps, step)
                    self._show()
        except TutorError as error:
            self._problem = f"{error.message} {error.hint}".strip()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The end, however it came."""
        tell_failure(self, self._words, event)
        if event.worker is self._work and event.worker.is_finished:
            self._work = None
            self._steps = without_begun(self._steps)
            self._show()

    # -- what the learner does

    def action_leave(self) -> None:
        if self._work is None:
            self.dismiss(None)
        elif not self._is_stopping:
            self._is_stopping = True
            self._work.cancel()
            self._show()

    def action_done(self) -> None:
        if not self.goes_on:
            self.dismiss(None)

    @on(Chosen)
    def obey_chip(self, event: Chosen) -> None:
        event.stop()
        self.action_leave()

    def action_page(self, step: int) -> None:
        page = self.query_one("#open-steps", VerticalScroll)
        page.scroll_relative(y=step * page.size.height, animate=False)

    def action_line(self, step: int) -> None:
        self.query_one("#open-steps", VerticalScroll).scroll_relative(y=step, animate=False)

"""The question before quitting: whether code is to be stopped, and what is to become of what would go on without tutor."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.worker import Worker

from tutor.i18n import Words
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.elsewhere import StillRunning, Stopped
from tutor.ui.failing import tell_failure
from tutor.ui.look import GLYPHS
from tutor.ui.messages import Chosen
from tutor.ui.places import named_apart, stop_first
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

log = logging.getLogger(__name__)

STOP = "stop"
"""Stop what goes on, and quit."""

Asking = Awaitable[Sequence[StillRunning]]
Stop = Callable[[Sequence[StillRunning]], Awaitable[Sequence[Stopped]]]


class QuitScreen(ModalScreen[bool]):
    """Returns whether to quit. While it asks or stops something, quitting at once is possible."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [
        Binding("enter", "lit", show=False, priority=True),
        Binding("y,q,l,ctrl+c,ctrl+q", "answer(True)", show=False, priority=True),
        Binding("s", "stop", show=False, priority=True),
        Binding("escape,n", "stay", show=False),
    ]

    def __init__(
        self,
        words: Words,
        *,
        running: bool,
        asked: bool = True,
        asking: Asking | None = None,
        stop: Stop | None = None,
    ) -> None:
        """
        Args:
            running: code runs on this computer.
            asked: the question is asked in any case, also where nothing goes on.
            asking: finds out what goes on; None: nothing does.
            stop: does it.
        """
        super().__init__()
        self._words = words
        self._stops_code = running
        self._asked = asked
        self._asking = asking
        self._stop = stop
        self._still: Sequence[StillRunning] = ()
        self._stopped: Sequence[Stopped] | None = None
        self._is_stopping = False
        self._message = Message(())
        self.row = ActionRow()

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False):
            yield self._message
            yield self.row

    def on_mount(self) -> None:
        self._show()
        if self._asking is not None:
            self._find_out(self._asking)

    # -- what is shown

    def _show(self) -> None:
        self.query_one(VerticalScroll).set_class(bool(self._still), "-places")
        self._message.show(self._blocks())
        self.row.show(self._chips())

    def _blocks(self) -> list[Block]:
        words = self._words
        if self._stopped is not None:
            return [text(words("places.quit_stopped"), "strong"), *self._outcome(self._stopped)]
        if self._is_stopping:
            names = words("places.joint").join(one.name for one in self._still)
            return [text(words("places.quit_stopping", name=names), "muted")]
        if self._still:
            about = words("places.quit_paid" if stop_first(self._still) else "places.quit_free")
            code = [text(words("places.quit_code"), "muted", gap=False)] if self._stops_code else []
            return [text(words("places.quit_title"), "strong"), *self._lines(), text(about, "muted"), *code]
        waits = [text(words("places.quit_asking"), "muted")] if self._asking is not None else []
        question = text(words("ui.quit_running" if self._stops_code else "ui.quit_idle"))
        return [question, *waits] if self._asked else waits or [question]

    def _lines(self) -> list[Block]:
        return [
            Block(
                BlockKind.TEXT, ((one.name, "strong"), (f"  {one.about}", "")), "● ", "  ", number == 0, role="running"
            )
            for number, one in enumerate(self._still)
        ]

    def _outcome(self, stopped: Sequence[Stopped]) -> list[Block]:
        lines = []
        for number, one in enumerate(stopped):
            role = "passed" if one.is_gone else "could_not_check"
            name = named_apart(one)
            spans = ((f"{name}  " if name else "", "strong"), (one.told, ""))
            lines.append(Block(BlockKind.TEXT, spans, f"{GLYPHS[role]} ", "  ", number == 0, role=role))
        gone = all(one.is_gone for one in stopped)
        told = self._words("places.quit_all_gone" if gone else "places.quit_unsure")
        return [*lines, text(told, "muted" if gone else "could_not_check")]

    def _chips(self) -> list[Chip]:
        words = self._words
        if self._stopped is not None:
            return [Chip("enter", words("ui.quit_yes"), Wish.QUIT, suggested=True)]
        if self._is_stopping or (self._asking is not None and not self._asked):
            stay = [] if self._is_stopping else [Chip("esc", words("ui.quit_no"), Wish.LEAVE)]
            lit = not self._is_stopping
            return [Chip("enter" if lit else "q", words("places.quit_now"), Wish.QUIT, suggested=lit), *stay]
        stay_here = Chip("esc", words("ui.quit_no"), Wish.LEAVE)
        if not self._still:
            return [Chip("enter", words("ui.quit_yes"), Wish.QUIT, suggested=True), stay_here]
        first = stop_first(self._still)
        stop = Chip("s", words("places.quit_stop"), STOP, suggested=first)
        leave = Chip("l", words("places.quit_leave"), Wish.QUIT, suggested=not first)
        return [stop, leave, stay_here] if first else [leave, stop, stay_here]

    # -- what happens

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def _find_out(self, asking: Asking) -> None:
        self._still = await asking
        self._asking = None
        if not self._still and not self._asked:
            self.dismiss(True)
        else:
            self._show()

    @work(group="stop", exclusive=True, exit_on_error=False)
    async def _stop_all(self, stop: Stop) -> None:
        self._is_stopping = True
        self._show()
        self._stopped = await stop(self._still)
        self._show()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Whatever fails here, the way out stays open."""
        if tell_failure(self, self._words, event):
            self._asking = None
            self._asked = True
            self._show()

    def action_lit(self) -> None:
        """What is lit; nothing is while something is being stopped."""
        lit = next((chip.what for chip in self.row.chips if chip.suggested), None)
        if lit is not None:
            self._obey(lit)

    def action_stop(self) -> None:
        if self._still and self._stop is not None and not self._is_stopping:
            self._stop_all(self._stop)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def action_stay(self) -> None:
        """Not once something was stopped: the lesson has ended for that."""
        if self._stopped is not None:
            self.dismiss(True)
        elif not self._is_stopping:
            self.dismiss(False)

    def on_chosen(self, event: Chosen) -> None:
        event.stop()
        self._obey(event.what)

    def _obey(self, what: object) -> None:
        match what:
            case "stop":
                self.action_stop()
            case Wish.QUIT:
                self.dismiss(True)
            case _:
                self.action_stay()

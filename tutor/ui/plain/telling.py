"""From events of the session to printed lines, and to the moment at which the learner's next line may be taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import assert_never

from tutor.i18n import Words
from tutor.progress.model import Entry, EntryKind
from tutor.runtime.base import RuntimeState
from tutor.session.events import (
    Added,
    Asking,
    Card,
    CardChanged,
    Event,
    Failed,
    LessonFinished,
    LessonStarted,
    OutputChanged,
    ReceiptTaken,
    RuntimeChanged,
    SaidFinished,
    StepFinished,
    StepStarted,
    StoreFailed,
)
from tutor.session.scribe import Scribe
from tutor.text.plain import strip
from tutor.ui.device import device_words
from tutor.ui.elsewhere import Lease
from tutor.ui.plain.lines import lines_of
from tutor.ui.plain.printing import OutputPrinter


class Teller:
    """Tells one lesson."""

    def __init__(
        self, write: Callable[[str], None], words: Callable[[], Words], lease: Callable[[], Lease | None]
    ) -> None:
        """
        Args:
            write: takes a line.
            words: of the language spoken at that moment.
            lease: of the server that code runs on at that moment; None on this computer.
        """
        self._lease = lease
        self._write = write
        self._words = words
        self._printer = OutputPrinter(write)
        self._last_id = 0
        self._told_step = ""
        """The step whose heading was told last."""
        self.card: Card | None = None
        self.finished = False
        """The end of the lesson was reached."""
        self.settled = asyncio.Event()
        """Set while the session waits for the learner."""
        self.warm = asyncio.Event()
        """The runtime is ready, or will not be: before that, cards come that answer nothing."""

    def expect(self) -> None:
        """A command was sent: the next card of an idle session says that it is done."""
        self.settled.clear()

    def tell_so_far(self, entries: Sequence[Entry]) -> None:
        """Where the learner stopped: the present step from its heading on, or all of a conversation without one."""
        self._last_id = max((entry.id for entry in entries), default=0)
        heads = [index for index, entry in enumerate(entries) if entry.kind is EntryKind.HEADING]
        # A lesson that has just begun has its opening before its first heading.
        start = heads[-1] if len(heads) > 1 else 0
        for entry in entries[start:]:
            self._tell(entry)

    def take(self, event: Event) -> None:
        """Tell one event."""
        match event:
            case Added(entry):
                if not 0 < entry.id <= self._last_id:
                    self._tell(entry)
            case CardChanged(card):
                self._take_card(card)
            case OutputChanged(log=log):
                self._printer.follow(log)
            case StepFinished() | SaidFinished() | StepStarted():
                self._printer.end()
            case RuntimeChanged():
                self._take_runtime(event)
            case LessonFinished():
                self.finished = True
            case StoreFailed(message):
                self._write(strip(message))
            case Failed(message, details):
                self._write(strip(f"{message} {details.get('hint', '')}".strip()))
                self.settled.set()
            case LessonStarted():
                self.finished = False
            case ReceiptTaken():
                pass  # told as an entry
            case _:
                assert_never(event)

    def _tell(self, entry: Entry) -> None:
        if entry.kind is EntryKind.HEADING:
            self._told_step = entry.step_id
        if entry.kind is EntryKind.OUTPUT and self._printer.end():
            # It was printed as it came.
            return
        for line in lines_of(entry, self._words()):
            self._write(line)

    def _tell_step(self, card: Card) -> None:
        """The step to which the learner comes back, where its beginning is older than all that was fetched."""
        scribe = Scribe(card.lesson)
        self._tell(scribe.heading(card.step, card.index, len(card.lesson.steps)))
        if card.step.body.strip():
            self._tell(scribe.entry(card.step, EntryKind.PROSE, card.step.body))

    def _take_card(self, card: Card) -> None:
        if self.card is None and card.step.id != self._told_step:
            self._tell_step(card)
        if self.card is not None and card.step.id != self.card.step.id:
            self.finished = False
        self.card = card
        if card.asking is Asking.INPUT:
            self._printer.pause()
            self.settled.set()
        elif card.running:
            self.settled.clear()
        else:
            self.settled.set()

    def _take_runtime(self, event: RuntimeChanged) -> None:
        if event.state is RuntimeState.DEAD:
            self._write(strip(event.message))
        if event.state is RuntimeState.READY and not self.warm.is_set() and event.info.device:
            device, lease = device_words(event.info, self._words()), self._lease()
            if lease is None:
                self._write(self._words()("plain.runs_on", device=device))
            else:
                self._write(strip(self._words()("places.plain_runs_on", name=lease.name, device=device)))
        if event.state in (RuntimeState.READY, RuntimeState.DEAD):
            self.warm.set()

"""The conversation as it is told: entries become messages, running output is watched, and a new step is read from its beginning."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from tutor.i18n import Words
from tutor.progress.model import Entry, EntryKind, Verdict
from tutor.runtime.base import OutputLog
from tutor.ui.blocks import BlockKind, text
from tutor.ui.entries import entry_blocks
from tutor.ui.widgets.live_output import LiveOutput
from tutor.ui.widgets.message import Message
from tutor.ui.widgets.transcript import Transcript

CLASSES = {
    EntryKind.HEADING: "heading",
    EntryKind.OUTPUT: "output",
    EntryKind.VERDICT: "verdict",
    EntryKind.CODE: "you",
    EntryKind.ANSWER: "you",
}
"""How messages stand apart from each other, see conversation.tcss, and as one block for the cursor, see `tutor.ui.stops`."""

READ_FROM = (EntryKind.HEADING, EntryKind.HINT, EntryKind.SOLUTION, EntryKind.EXPLANATION)
"""What is read from its beginning as soon as it is there, as is a verdict of not yet: a card that fills the screen would leave it out of
sight above.
"""


class Talk:
    """Fills the transcript."""

    def __init__(self, transcript: Transcript, words: Callable[[], Words]) -> None:
        """Args: `words`: in the language that the screen speaks at that moment."""
        self.transcript = transcript
        self._words = words
        self._live: LiveOutput | None = None
        self._heading: Message | None = None
        """Of a step that has just begun, or what was asked for about it, and is to be read from its beginning."""
        self._verdict: Message | None = None
        """What was said last, if that is a verdict."""
        self._is_new = False
        """The lesson was opened for the first time, and nothing was said in it yet."""
        self.last_id = max((message.entry_id for message in transcript.messages), default=0)
        """Of the newest entry that was said, whether it is mounted or not."""

    @property
    def words(self) -> Words:
        """In the language that the screen speaks now."""
        return self._words()

    def message_of(self, entry: Entry) -> Message:
        """The message that shows an entry."""
        classes = CLASSES.get(entry.kind)
        return Message(entry_blocks(entry, self.words), entry_id=entry.id, classes=classes)

    async def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these as the end of the transcript, unless they are what the snapshot has already drawn."""
        shown = [message.entry_id for message in self.transcript.messages]
        self._live = None
        self.last_id = max((entry.id for entry in entries), default=0)
        if not shown or shown != [entry.id for entry in entries][-len(shown) :]:
            await self.transcript.replace([self.message_of(entry) for entry in entries])
            return
        for message, entry in zip(self.transcript.messages, entries[-len(shown) :], strict=True):
            # A snapshot has only the names of pictures.
            if any(block.kind is BlockKind.FIGURE for block in message.blocks):
                message.show(entry_blocks(entry, self.words))

    async def show_end(self, fetch: Callable[[], Awaitable[Sequence[Entry]]]) -> None:
        """Show the end of the transcript again, with all that was said while it was fetched."""
        while True:
            said = self.last_id
            entries = await fetch()
            if self.last_id == said:
                break
        await self.show_entries(entries)

    def show_entry(self, entry: Entry) -> bool:
        """Something was said. Returns whether it is new."""
        if 0 < entry.id <= self.last_id:
            return False
        self.last_id = max(self.last_id, entry.id)
        if entry.kind is EntryKind.OUTPUT and self._live is not None:
            live, self._live = self._live, None
            live.finish()
            live.entry_id = entry.id
            live.show(entry_blocks(entry, self.words))
            return True
        message = self.transcript.add(self.message_of(entry))
        is_miss = entry.kind is EntryKind.VERDICT and entry.data.get("verdict") == Verdict.NOT_YET
        if self._heading is None and (self._is_new or is_miss or entry.kind in READ_FROM):
            # What an error means belongs to the verdict above it.
            is_part = entry.kind is EntryKind.EXPLANATION and self._verdict is not None
            self._heading = self._verdict if is_part else message
        self._verdict = message if entry.kind is EntryKind.VERDICT else None
        self._is_new = False
        return True

    def show_output(self, log: OutputLog) -> None:
        """Code prints: watch its log, if that is not done already."""
        if self._live is None:
            self._live = LiveOutput(log, self.words)
            self.transcript.add(self._live)

    def meet_live_output(self) -> None:
        """The end is mounted again: output that began while it was not is watched from its next line on."""
        if self._live is not None and not self._live.is_attached and not self.transcript.is_cut_off:
            self._live = None

    @property
    def live(self) -> LiveOutput | None:
        """The output of the code that runs."""
        return self._live

    def show_end_of_output(self) -> None:
        """The code has ended without an entry for its output."""
        if self._live is not None:
            self._live.finish()
            self._live = None

    def say(self, body: str, role: str = "muted") -> None:
        """The screen itself says something that is not kept."""
        self.transcript.say([text(body, role, first="· ", rest="  ", mark=role)])

    def say_failure(self, message: str, hint: str) -> None:
        """The session could not do something; what it has just said about that itself is not said twice."""
        newest = self.transcript.messages[-1].blocks if self.transcript.messages else ()
        if not any(message in block.plain for block in newest):
            self.say(f"{message} {hint}".strip(), "error")

    def begin(self, *, resumed: bool) -> None:
        """A lesson was opened; a new one is read from its beginning, others from where the learner stopped."""
        if not resumed:
            self._heading = next(iter(self.transcript.messages), None)
            self._is_new = self._heading is None

    def bring_heading_into_sight(self) -> None:
        """The step that has just begun, or the hint, is told: read it from its beginning."""
        if self._heading is not None:
            self.transcript.read_from(self._heading)
            self._heading = None

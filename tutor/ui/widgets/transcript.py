"""The conversation so far: messages in a stream that stays at its end until the learner scrolls up.

Only the newest messages are mounted. Older ones are fetched and mounted when the learner scrolls up to them, and unmounted again once
the end is in sight, so that a transcript of thousands costs as much as one of fifty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message as TextualMessage
from textual.widget import Widget

from tutor.ui.blocks import Block
from tutor.ui.widgets.message import Message

LOW_LINES, HIGH_LINES = 600, 1200
"""With the end in sight: past the high mark the oldest messages are unmounted until the low mark is reached."""
MOST_LINES = 2400
"""Far from the end: past this the newest messages are unmounted; they are fetched again on the way back."""
NEAR_TOP = 4
"""Lines from the top at which older messages are wanted."""


def is_end_in_sight(widget: Widget) -> bool:
    """Whether the learner sees the end of the transcript that the widget is in; what stands there is answered only then."""
    transcript = next((node for node in widget.ancestors if isinstance(node, Transcript)), None)
    return transcript is None or transcript.at_end


class Transcript(VerticalScroll, can_focus=False):
    """Messages, and at their end whatever is in front of the learner."""

    @dataclass
    class OlderWanted(TextualMessage):
        """The learner has scrolled up to the oldest mounted message."""

        before: int
        """Id of its entry."""

    @dataclass
    class EndMoved(TextualMessage):
        """The end came into sight or went out of it."""

        in_sight: bool

    @dataclass
    class NewestWanted(TextualMessage):
        """The learner goes back to the end, which is not mounted."""

    def __init__(self, messages: Sequence[Message], last: Widget) -> None:
        """Args: `last`: stays behind all messages."""
        super().__init__(id="transcript")
        self._first_messages = messages
        self._last = last
        self._has_older = True
        self._fetching = False
        self.is_cut_off = False
        """The newest messages are not mounted, because the learner reads far above them."""
        self._end_in_sight = True
        self._reading: Message | None = None
        """Where the learner begins to read; it stays at the top while what follows it is still being laid out."""
        self._reading_at: float | None = None
        """The scroll offset for that, once it was found; any other means that the learner has scrolled."""

    def compose(self) -> ComposeResult:
        yield from self._first_messages
        yield self._last

    def on_mount(self) -> None:
        self.anchor()

    @property
    def messages(self) -> list[Message]:
        """The mounted messages, oldest first."""
        return [child for child in self.children if isinstance(child, Message)]

    def add(self, message: Message) -> Message:
        """Put a message at the end; while that is cut off it is left to the store, from which it will come back."""
        if not self.is_cut_off:
            self.mount(message, before=self._last)
            self.call_after_refresh(self._prune)
        return message

    def say(self, blocks: Sequence[Block], *, classes: str | None = None) -> Message:
        """Put a message at the end that no store knows."""
        return self.add(Message(blocks, classes=classes))

    async def replace(self, messages: Sequence[Message]) -> None:
        """Show these messages instead of all that are mounted."""
        self._has_older, self._fetching, self.is_cut_off = True, False, False
        async with self.batch():
            await self.remove_children(Message)
            await self.mount_all(messages, before=self._last)
        self.to_end()

    async def add_older(self, messages: Sequence[Message]) -> None:
        """Put messages before the first one; what is on the screen stays where it is."""
        self._has_older = bool(messages)
        oldest = next(iter(self.messages), None)
        if oldest is None or not messages:
            self._fetching = False
            return
        before = oldest.virtual_region.y
        self._cut_newest()
        await self.mount_all(messages, before=0)
        self.call_after_refresh(self._keep_place, oldest, before)

    def _cut_newest(self) -> None:
        """Unmount messages at the end until the rest is bounded."""
        height = self.virtual_size.height
        gone: list[Message] = []
        for message in reversed(self.messages):
            if height <= MOST_LINES:
                break
            height -= message.outer_size.height
            gone.append(message)
        if gone:
            self.is_cut_off = True
            self.remove_children(gone)

    def _keep_place(self, message: Message, before: int) -> None:
        """Scroll by as much as the message has moved."""
        self.scroll_to(y=self.scroll_y + message.virtual_region.y - before, animate=False, immediate=True)
        self._fetching = False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._reading_at is not None and new_value != self._reading_at:
            self._reading = self._reading_at = None
        self._look_for_end()
        if new_value < old_value and new_value < NEAR_TOP:
            self._want_older()
        elif new_value >= self.max_scroll_y and old_value < new_value:
            self.call_after_refresh(self._prune)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        if self.scroll_y < NEAR_TOP:
            self._want_older()

    def action_page_up(self) -> None:
        super().action_page_up()
        if self.scroll_y < NEAR_TOP:
            self._want_older()

    def _want_older(self) -> None:
        oldest = next((message.entry_id for message in self.messages if message.entry_id), 0)
        if self._has_older and not self._fetching and oldest:
            self._fetching = True
            self.post_message(self.OlderWanted(oldest))

    def watch_virtual_size(self) -> None:
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        self._place()
        self._prune()
        self._look_for_end()

    def _look_for_end(self) -> None:
        if self.is_cut_off and self._is_at_bottom and not self._fetching:
            self._fetching = True
            self.post_message(self.NewestWanted())
        if self.at_end is not self._end_in_sight:
            self._end_in_sight = self.at_end
            self.post_message(self.EndMoved(self.at_end))

    def read_from(self, message: Message) -> None:
        """Bring the beginning of what was just said into sight, and its end too if there is room for both."""
        self._reading, self._reading_at = message, None
        self.call_after_refresh(self._settle)

    def to_end(self) -> None:
        """Go to the end and stay there."""
        self._reading = self._reading_at = None
        self.anchor()

    def _place(self) -> None:
        if self._reading is None:
            return
        top = self._reading.virtual_region.y
        if self.virtual_size.height - top > self.scrollable_content_region.height:
            self._reading_at = float(top)
            self.scroll_to(y=top, animate=False, force=True, immediate=True)

    @property
    def at_end(self) -> bool:
        """The end is in sight."""
        return self._is_at_bottom and not self.is_cut_off

    @property
    def _is_at_bottom(self) -> bool:
        # A transcript that is shorter than the screen rests on its bottom: the offset is negative then.
        return self.scroll_y >= self.max_scroll_y - 1 or self.max_scroll_y <= 0

    def _prune(self) -> None:
        """Unmount what is far above the end, unless the learner is reading it."""
        if not self.at_end or self.virtual_size.height <= HIGH_LINES:
            return
        heights = [message.outer_size.height for message in self.messages]
        if 0 in heights:
            # Not all are laid out yet; the next change of size comes back here.
            return
        height = sum(heights)
        gone: list[Message] = []
        for message, lines in zip(self.messages[:-1], heights, strict=False):
            if height <= LOW_LINES:
                break
            height -= lines
            gone.append(message)
        if gone:
            self._has_older = True
            self.remove_children(gone)

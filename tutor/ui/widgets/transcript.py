"""The conversation so far: messages in a stream that stays at its end until the learner scrolls up.

Only the newest messages are mounted. Older ones are fetched and mounted when the learner scrolls up to them, and unmounted again once
the end is in sight, so that a transcript of thousands costs as much as one of fifty. Far from the end the newest are unmounted too,
and come back in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message as TextualMessage
from textual.strip import Strip
from textual.widget import Widget

from tutor.ui.blocks import Block
from tutor.ui.messages import Chosen
from tutor.ui.widgets.message import Message
from tutor.ui.widgets.still import StillScroll
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.stops import Stop
    from tutor.ui.widgets.block_cursor import BlockCursor

LOW_LINES, HIGH_LINES = 300, 600
"""With the end in sight: past the high mark the oldest messages are unmounted until the low mark is reached."""
MOST_LINES = 500
"""Far from the end: past this the messages at the other end are unmounted; they are fetched again on the way back."""
NEAR = 1.5
"""Screens from the top, or from where the newest are cut off, at which more messages are wanted: before the learner gets there."""


def is_end_in_sight(widget: Widget) -> bool:
    """Whether the learner sees the end of the transcript that the widget is in; what stands there is answered only then."""
    transcript = next((node for node in widget.ancestors if isinstance(node, Transcript)), None)
    return transcript is None or transcript.at_end


class Transcript(StillScroll, can_focus=False):
    """Messages, and at their end whatever is in front of the learner. Has the focus while the cursor stands on one of their blocks."""

    BINDINGS = [
        Binding("escape", "wish('back_to_step')", show=False),
        Binding("enter", "wish('suggested')", show=False),
        Binding("c", "wish('copy')", show=False),
        Binding("o", "wish('follow')", show=False),
        Binding("p", f"wish('{Wish.OPEN_LARGE}')", show=False),
    ]

    @dataclass
    class OlderWanted(TextualMessage):
        """The learner has scrolled up to the oldest mounted message."""

        before: int
        """Id of its entry."""

    @dataclass
    class NewerWanted(TextualMessage):
        """The learner has scrolled down to where the newest messages are cut off."""

        after: int
        """Id of the entry of the last one that is mounted."""

    @dataclass
    class EndMoved(TextualMessage):
        """The end came into sight or went out of it, or something was said there meanwhile."""

        in_sight: bool
        said: int
        """Messages that came since the end was last in sight."""

    class CursorMoved(TextualMessage):
        """The cursor stands somewhere else."""

    class EndWanted(TextualMessage):
        """The learner wants to go to the end, which is not mounted."""

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
        self._said = 0
        """Messages that came since the end was last in sight."""
        self._reading: Message | None = None
        """Where the learner begins to read; it stays at the top while what follows it is still being laid out."""
        self._reading_at: float | None = None
        """The scroll offset for that, once it was found; any other means that the learner has scrolled."""
        self._cursor: BlockCursor | None = None
        """None while it stands nowhere."""
        self._walking = 0
        """Where the cursor goes as soon as there are more messages: -1 up, 1 down."""

    def compose(self) -> ComposeResult:
        yield from self._first_messages
        yield self._last

    def on_mount(self) -> None:
        self.anchor()

    @property
    def end_in_sight(self) -> bool:
        """Whether the end was in sight when the layout had last come to rest, as `EndMoved` told it."""
        return self._end_in_sight

    @property
    def messages(self) -> list[Message]:
        """The mounted messages, oldest first."""
        return [child for child in self.children if isinstance(child, Message)]

    # -- what is said

    def add(self, message: Message) -> Message:
        """Put a message at the end; while that is cut off it is left to the store, from which it will come back."""
        if not self._end_in_sight:
            self._said += 1
            self.post_message(self.EndMoved(in_sight=False, said=self._said))
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

    # -- what is mounted

    async def add_older(self, messages: Sequence[Message], before: int) -> None:
        """Put messages before the one whose entry has that id, if it is still the first."""
        if before == self._oldest_id:
            self._has_older = bool(messages)
            if messages and (gone := self._surplus(reversed(self.messages), MOST_LINES)):
                self.is_cut_off = True
                await self.remove_children(gone)
            await self.mount_all(messages, before=0)
        self.call_after_refresh(self._end_fetching)

    async def add_newer(self, messages: Sequence[Message], after: int, *, is_end: bool) -> None:
        """Put messages behind the one whose entry has that id, if it is still the last. Args: `is_end`: there are no newer ones."""
        if self.is_cut_off and after == self._newest_id:
            if gone := self._surplus(self.messages, MOST_LINES):
                self._has_older = True
                await self.remove_children(gone)
            self.is_cut_off = not is_end
            await self.mount_all(messages, before=self._last)
        self.call_after_refresh(self._end_fetching)

    @property
    def _oldest_id(self) -> int:
        return next((message.entry_id for message in self.messages if message.entry_id), 0)

    @property
    def _newest_id(self) -> int:
        return max((message.entry_id for message in self.messages), default=0)

    def _end_fetching(self) -> None:
        self._fetching = False
        self._look_for_end()
        if self._walking:
            self.walk(self._walking)

    def _surplus(self, messages: Iterable[Message], most: int) -> list[Message]:
        """Those that are to be unmounted so that at most so many lines are left."""
        # Not the virtual size: that still counts what was unmounted since.
        height = sum(self.placed(message).height + 1 for message in self.messages)
        gone: list[Message] = []
        for message in messages:
            if height <= most:
                break
            height -= self.placed(message).height + 1
            gone.append(message)
        return gone

    def _prune(self) -> None:
        """Unmount what is far above the end, unless the learner is reading it."""
        if not self.at_end or self.virtual_size.height <= HIGH_LINES:
            return
        messages = self.messages[:-1]
        if any(not self.placed(message).width for message in messages):
            # Not all are laid out yet; the next change of size comes back here.
            return
        if gone := self._surplus(messages, LOW_LINES):
            self._has_older = True
            self.remove_children(gone)

    @property
    def _near(self) -> float:
        return NEAR * self.container_size.height

    def _want_older(self) -> None:
        if self.scroll_y < self._near:
            self._ask_for_older()

    def _ask_for_older(self) -> None:
        if self._has_older and not self._fetching and (oldest := self._oldest_id):
            self._fetching = True
            self.post_message(self.OlderWanted(oldest))

    def _want_newer(self) -> None:
        if self.scroll_y >= self.end_y - self._near:
            self._ask_for_newer()

    def _ask_for_newer(self) -> None:
        if self.is_cut_off and not self._fetching:
            self._fetching = True
            self.post_message(self.NewerWanted(self._newest_id))

    # -- where it is scrolled to

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._reading_at is not None and new_value != self._reading_at:
            self._reading = self._reading_at = None
        self._look_for_end()
        if new_value < old_value:
            self._want_older()
        elif new_value >= self.end_y and old_value < new_value:
            self.call_after_refresh(self._prune)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._want_older()

    def action_page_up(self) -> None:
        super().action_page_up()
        self._want_older()

    def action_scroll_end(self) -> None:
        """To the end of all that was said, not of what is mounted."""
        if self.is_cut_off:
            self.post_message(self.EndWanted())
        else:
            self.to_end()

    def on_resize(self) -> None:
        # Lower by a line, the bar would else go on to show how it stood before.
        self.vertical_scrollbar.refresh()

    def watch_virtual_size(self) -> None:
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        self._place()
        self._prune()
        self._look_for_end()

    def _look_for_end(self) -> None:
        self._want_newer()
        if self.at_end is not self._end_in_sight:
            self._end_in_sight = self.at_end
            self._said = 0
            self.post_message(self.EndMoved(self.at_end, self._said))

    def read_from(self, message: Message) -> None:
        """Bring the beginning of what was just said into sight, and its end too if there is room for both."""
        self._reading, self._reading_at = message, None
        self.call_after_refresh(self._settle)

    def to_end(self) -> None:
        """Go to the end and stay there."""
        self._reading = self._reading_at = None
        self.let_go()
        self.anchor()

    def _place(self) -> None:
        if self._reading is None:
            return
        top = self.placed(self._reading).y
        if self.virtual_size.height - top > self.scrollable_content_region.height:
            self._reading_at = float(top)
            self.scroll_to(y=top, animate=False, force=True, immediate=True)

    @property
    def at_end(self) -> bool:
        """The end is in sight."""
        # A transcript that is shorter than the screen rests on its bottom: the offset is negative then.
        return not self.is_cut_off and (self.scroll_y >= self.end_y - 1 or self.end_y <= 0)

    # -- the cursor on a block

    @property
    def stop(self) -> Stop | None:
        """What the cursor stands on."""
        return self._cursor.stop if self._cursor is not None else None

    @property
    def message_at_cursor(self) -> Message | None:
        """The message in which it stands."""
        return self._cursor.message if self._cursor is not None else None

    def walk(self, step: int) -> None:
        """To the block before (-1) or after (1); behind the last one is the step."""
        from tutor.ui.widgets.block_cursor import BlockCursor

        self._walking = 0
        cursor = self._cursor or BlockCursor(self)
        if (found := cursor.neighbour(step)) is not None:
            self._put_cursor(*found)
        elif step < 0 and self._has_older and self._oldest_id:
            self._walking = step
            self._ask_for_older()
        elif step > 0 and self.is_cut_off:
            self._walking = step
            self._ask_for_newer()
        elif step > 0 and self._cursor is not None:
            self.post_message(Chosen(Wish.BACK))

    def _put_cursor(self, message: Message, number: int) -> None:
        from tutor.ui.widgets.block_cursor import BlockCursor

        self._cursor = self._cursor or BlockCursor(self)
        self._cursor.put(message, number)
        self.can_focus = True
        # At once, not with the next refresh as `focus` does: the keys that follow belong to the block.
        self.screen.set_focus(self, scroll_visible=False)
        self.refresh()
        self.post_message(self.CursorMoved())

    def lift_cursor(self) -> None:
        """The learner has left the blocks."""
        if self._cursor is not None:
            self._cursor.lift()
            self._cursor, self._walking, self.can_focus = None, 0, False
            self.refresh()

    def on_message_touched(self, event: Message.Touched) -> None:
        """A click puts the cursor there, on code a second one copies it; links are followed."""
        event.stop()
        self._put_cursor(event.message, event.number)
        stop = self.stop
        if stop is not None and stop.kind == "link":
            self.post_message(Chosen(Wish.FOLLOW))
        elif event.twice:
            self.post_message(Chosen(Wish.COPY))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of a block act while the cursor stands on one; else they are the step's, which is inside of this."""
        return self._cursor is not None if action == "wish" else True

    def action_wish(self, name: str) -> None:
        self.post_message(Chosen(Wish(name)))

    def on_key(self, event: events.Key) -> None:
        """A key that means nothing for a block is the step's, whose bindings are looked at once this has come up to the app."""
        is_free = event.is_printable and event.key not in self.screen.active_bindings
        if self._cursor is not None and self.has_focus and is_free:
            self.lift_cursor()
            self.screen.set_focus(self._last, scroll_visible=False)

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = super().render_lines(crop)
        if self._cursor is None or crop.x:
            return strips
        return self._cursor.paint(strips, crop.y - self.gutter.top + round(self.scroll_y))

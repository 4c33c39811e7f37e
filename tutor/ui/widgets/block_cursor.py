"""The cursor that walks through the blocks of the conversation that are worth acting on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual

from tutor.ui.look import style_of

if TYPE_CHECKING:
    from tutor.ui.stops import Stop
    from tutor.ui.widgets.message import Message
    from tutor.ui.widgets.transcript import Transcript

BAR = "▌"
"""In the room left of the messages, so that nothing moves; it is the sign where there are no colours."""


class BlockCursor:
    """Stands on one stop of one message."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._message: Message | None = None
        self._number = 0
        """Of the stop in its message."""

    @property
    def message(self) -> Message | None:
        """Where it stands; None when it is not there, or no longer."""
        message = self._message
        return message if message is not None and message.is_attached and self._number < len(message.stops) else None

    @property
    def stop(self) -> Stop | None:
        """What it stands on, as it is now."""
        return message.stops[self._number] if (message := self.message) is not None else None

    def put(self, message: Message, number: int) -> None:
        """Stand there, and bring it into sight."""
        self.lift()
        self._message, self._number = message, number
        message.mark(message.stops[number])
        self._bring_into_sight()

    def lift(self) -> None:
        """Stand nowhere."""
        if self._message is not None:
            self._message.mark(None)
        self._message = None

    def neighbour(self, step: int) -> tuple[Message, int] | None:
        """The stop before (-1) or after (1) it; without a cursor the one that is nearest to what is in sight."""
        stops = [(message, number) for message in self._transcript.messages for number in range(len(message.stops))]
        here = self.message
        index = self._nearest(stops, step) if here is None else stops.index((here, self._number)) + step
        return stops[index] if 0 <= index < len(stops) else None

    def _nearest(self, stops: Sequence[tuple[Message, int]], step: int) -> int:
        """From below the newest one that begins in sight or above it, from above the first one that begins in sight or below."""
        top = round(self._transcript.scroll_y)
        bottom = top + self._transcript.scrollable_content_region.height
        if step < 0:
            above = (i for i in reversed(range(len(stops))) if self._top(stops[i]) < bottom)
            return next(above, -1)
        return next((i for i in range(len(stops)) if self._top(stops[i]) >= top), len(stops) - 1)

    def _top(self, place: tuple[Message, int]) -> int:
        message, number = place
        return self._transcript.placed(message).y + message.lines_of(message.stops[number]).start

    def lines(self) -> range:
        """Of the transcript's content, from its very beginning."""
        if (message := self.message) is None:
            return range(0)
        own = message.lines_of(message.stops[self._number])
        top = self._transcript.placed(message).y
        return range(top + own.start, top + own.stop)

    def _bring_into_sight(self) -> None:
        """Scroll no further than needed; of what is taller than the screen the beginning is shown."""
        transcript, lines = self._transcript, self.lines()
        top = round(transcript.scroll_y)
        height = transcript.scrollable_content_region.height
        transcript.release_anchor()
        if lines.start < top or len(lines) >= height:
            transcript.scroll_to(y=max(lines.start - 1, 0), animate=False, immediate=True)
        elif lines.stop > top + height:
            transcript.scroll_to(y=lines.stop + 1 - height, animate=False, immediate=True)

    def paint(self, strips: list[Strip], first: int) -> list[Strip]:
        """The bar, left of the messages on the transcript's own ground. Args: `first`: the line that the first strip shows."""
        lines, transcript = self.lines(), self._transcript
        (bar,) = Visual.to_strips(transcript, Content.styled(BAR, style_of("key")), 1, 1, transcript.visual_style)
        for each in transcript.get_line_filters():
            # Textual has filtered the strips already: a screen without colours stays one.
            bar = bar.apply_filter(each, transcript.background_colors[1])
        return [Strip.join([bar, strip.crop(1)]) if first + y in lines else strip for y, strip in enumerate(strips)]

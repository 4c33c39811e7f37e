"""The line below the conversation: empty at its end, else it says that there is more, and how much of it is new."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget

from tutor.i18n import Words
from tutor.ui.look import style_of
from tutor.ui.messages import Chosen
from tutor.ui.wishes import Wish


class MoreBelow(Widget):
    """Has its line always, so that nothing moves when it speaks up; a click leads to the end."""

    DEFAULT_CSS = """
    MoreBelow {
        height: 1;
        text-wrap: nowrap;
    }
    """

    def __init__(self, words: Callable[[], Words]) -> None:
        """Args: `words`: in the language that the screen speaks at that moment."""
        super().__init__(id="more-below", markup=False)
        self._words = words
        self._new: int | None = None
        """Messages that came meanwhile; None at the end."""

    def show(self, new: int | None) -> None:
        """Say so from now on. Args: `new`: messages that came since the end was in sight; None: it is."""
        if new != self._new:
            self._new = new
            self.refresh()

    def render(self) -> Content:
        if self._new is None:
            return Content("")
        words = self._words()
        said = [(f"↓ {words('reading.more_below')}", style_of("muted"))]
        if self._new:
            said.append((f" · {words('reading.new', count=self._new)}", style_of("strong")))
        return Content.assemble(
            *said, "  ", ("end", style_of("key")), (f" {words('reading.to_end')}", style_of("muted"))
        )

    def on_click(self) -> None:
        if self._new is not None:
            self.post_message(Chosen(Wish.END))

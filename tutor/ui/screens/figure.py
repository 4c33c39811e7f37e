"""A figure as large as the terminal is, one after the other where there are several; saved with a key. Loaded when it is first wanted."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from tutor.i18n import Words
from tutor.ui.blocks import Block
from tutor.ui.figures.picture import cells_for
from tutor.ui.figures.terminal import Way, way_in_use
from tutor.ui.look import style_of
from tutor.ui.messages import Chosen
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.picture import Picture

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg"}


class Wall(Widget, can_focus=True):
    """Holds one picture, in its middle."""

    picture: Picture | None = None

    def render(self) -> str:
        return ""

    def hang(self, block: Block) -> None:
        """Show that figure."""
        room = cells_for(block.size, self.size.width, self.size.height, grows=True)
        offset = ((self.size.width - room[0]) // 2, (self.size.height - room[1]) // 2)
        if self.picture is None:
            self.picture = Picture(block, offset, room)
            self.mount(self.picture)
        else:
            self.picture.show(block, offset, room)


class FigureScreen(Screen[None]):
    """Shows the figures of one output."""

    CSS_PATH = "figure.tcss"
    AUTO_FOCUS = "Wall"
    BINDINGS = [
        Binding("escape,q,p,ctrl+c", "back", show=False, priority=True),
        Binding("n,right", "turn(1)", show=False),
        Binding("N,left", "turn(-1)", show=False),
        Binding("s", "save", show=False),
        Binding("t", "text", show=False),
    ]

    def __init__(
        self,
        words: Words,
        figures: Sequence[Block],
        title: str,
        *,
        name: str = "figure",
        show_text: Callable[[], None] | None = None,
    ) -> None:
        """Args: `figures`: at least one; the last is shown first; `name`: of the file, without its ending; `show_text`: opens the text
        of the same output, if it has any.
        """
        super().__init__()
        self._words = words
        self._figures = figures
        self._title = title
        self._file_name = name
        self._show_text = show_text
        self._at = len(figures) - 1
        self._row = ActionRow()
        self._wall = Wall()

    def compose(self) -> ComposeResult:
        yield Static(id="figure-title", markup=False)
        yield self._wall
        yield Static(id="figure-state", markup=False)
        yield self._row

    def on_mount(self) -> None:
        self._row.show(self._chips())

    def _chips(self) -> list[Chip]:
        words = self._words
        chips = [Chip("n", words("output.key_next"), "next")] if len(self._figures) > 1 else []
        chips.append(Chip("s", words("output.key_save"), "save"))
        if self._show_text is not None:
            chips.append(Chip("t", words("output.key_text"), "text"))
        return [*chips, Chip("esc", words("output.key_back"), "back", suggested=True)]

    @on(events.Resize)
    def show_figure(self) -> None:
        """The figure, in the room that there is now."""
        self.call_after_refresh(self._show_figure)

    def _show_figure(self) -> None:
        block = self._figures[self._at]
        self.query_one("#figure-title", Static).update(Content.styled(self._title, style_of("heading")))
        size = {"width": f"{block.size[0]:,}", "height": f"{block.size[1]:,}"}
        said = self._words("output.figure", **size)
        if len(self._figures) > 1:
            said = self._words("output.figure_of", name=said, number=self._at + 1, count=len(self._figures))
        if way_in_use() is Way.NAMED:
            said = self._words("output.figure_needs_colours", name=said)
        else:
            self._wall.hang(block)
        self._say(said)

    def _say(self, said: str) -> None:
        self.query_one("#figure-state", Static).update(Content.styled(said, style_of("muted")))

    @on(Chosen)
    async def do_chosen(self, event: Chosen) -> None:
        """A chip was clicked."""
        event.stop()
        await self.run_action("turn(1)" if event.what == "next" else str(event.what))

    def action_turn(self, by: int) -> None:
        self._at = (self._at + by) % len(self._figures)
        self._show_figure()

    def action_back(self) -> None:
        self.dismiss()

    def action_text(self) -> None:
        if self._show_text is not None:
            self._show_text()

    def action_save(self) -> None:
        _: Worker[None] = self.run_worker(self._save, group="save", exclusive=True, exit_on_error=False)

    async def _save(self) -> None:
        block = self._figures[self._at]
        try:
            path = await asyncio.to_thread(written, block, Path.cwd(), self._file_name)
        except OSError as error:
            reason = error.strerror or str(error)
            self._say(self._words("output.not_saved", file=Path.cwd() / self._file_name, reason=reason))
        except ValueError:
            self._say(block.rows[0][0][0][0])
        else:
            self._say(self._words("output.figure_saved", file=path))


def written(block: Block, folder: Path, name: str) -> Path:
    """Write the figure, as it was sent, to a file that was not there.

    Raises:
        OSError: it cannot be written.
        ValueError: it is damaged.
    """
    data = base64.b64decode(block.data)
    number = 1
    while True:
        ending = SUFFIXES[block.language]
        path = folder / (f"{name}{ending}" if number == 1 else f"{name}-{number}{ending}")
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            number += 1
        else:
            return path

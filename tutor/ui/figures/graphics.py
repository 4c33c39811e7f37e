"""Pictures in full, by textual-image, on terminals that know Kitty's protocol or Sixel.

The library asks the terminal what it can do while it is imported. Inside a running app the answer would come among the learner's keys, so
it is imported as if there were no terminal; what it wants to know is read from the environment (`terminal`) and from the system.
"""

from __future__ import annotations

import fcntl
import importlib
import io
import struct
import sys
import termios
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from tutor.ui.figures.drawing import scaled
from tutor.ui.figures.terminal import Way

if TYPE_CHECKING:
    from PIL.Image import Image
    from textual.widget import Widget

SMALLEST, LARGEST = 4, 100
"""Pixels of a cell's side that can be true."""


def graphic(picture: Image, room: tuple[int, int], way: Way, write: Callable[[str], None]) -> Widget | None:
    """A widget that shows the picture in these columns and lines; None where that is not known to work. Slow: for a thread.

    Args: `write`: sends to the terminal, in turn with what Textual draws.
    """
    cell = cell_size()
    if cell is None or way not in (Way.KITTY, Way.SIXEL):
        return None
    widgets = _library(cell)
    fitting = scaled(picture, room[0] * cell[0], room[1] * cell[1])
    if way is Way.SIXEL:
        widget: Widget = widgets.SixelImage(fitting)
    else:
        # Written beside Textual's own thread, a picture could end up inside one of its sequences.
        importlib.import_module("textual_image.renderable.tgp").sys = _Wire(write)  # type: ignore[attr-defined]
        widget = widgets.TGPImage(fitting)
    widget.styles.width, widget.styles.height = room
    return widget


@cache
def cell_size() -> tuple[int, int] | None:
    """Width and height of a cell in pixels, where the terminal has told the system; asked once, as the library does."""
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            answer = fcntl.ioctl(stream.fileno(), termios.TIOCGWINSZ, b"\0" * 8) if stream is not None else b"\0" * 8
        except (OSError, ValueError):
            continue
        lines, columns, width, height = struct.unpack("HHHH", answer)
        if lines and columns:
            cell = (width // columns, height // lines)
            return cell if all(SMALLEST <= side <= LARGEST for side in cell) else None
    return None


@cache
def _library(cell: tuple[int, int]) -> Any:
    """The library's widgets."""
    real = sys.__stdout__
    sys.__stdout__ = io.StringIO()  # type: ignore[misc, assignment]
    try:
        terminal = importlib.import_module("textual_image._terminal")
        # Where the library remembers the answer.
        setattr(terminal.get_cell_size, "_result", terminal.CellSize(*cell))  # noqa: B010 - else it is a private name
        return importlib.import_module("textual_image.widget")
    finally:
        sys.__stdout__ = real  # type: ignore[misc]


class _Wire:
    """What the library takes for `sys`, and in it for the terminal."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self.__stdout__ = self
        self.write = write

    def flush(self) -> None:
        """What is written is on its way."""

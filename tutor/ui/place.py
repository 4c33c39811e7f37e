"""A place in a text that is laid out: found again wherever, and at whatever width, the text stands later. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from textual.geometry import Region
from textual.widget import Widget


@runtime_checkable
class Wrapped(Protocol):
    """A widget whose text takes more lines where it is narrower."""

    def characters_above(self, line: int) -> int:
        """How much of its text stands above that line."""

    def line_after(self, characters: int) -> int:
        """The line that begins with what follows so much text."""


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at the upper edge."""

    widget: Widget
    line: int
    """Of the widget; negative in the gap above it."""
    width: int
    """At which the line was counted."""
    characters: int
    """Of the widget's text that stand above."""

    def y(self, region: Region) -> int:
        """The scroll offset that brings it back there. Args: `region`: of the widget, as it is arranged now."""
        if region.width == self.width or not isinstance(self.widget, Wrapped) or self.line <= 0:
            return region.y + min(self.line, max(region.height - 1, 0))
        return region.y + self.widget.line_after(self.characters)


def place_in(widget: Widget, region: Region, y: int) -> Place:
    """What stands in that line. Args: `region`: of the widget; `y`: counted as the region is."""
    line = y - region.y
    above = widget.characters_above(line) if isinstance(widget, Wrapped) else 0
    return Place(widget, line, region.width, above)

"""A scrolling container in which what is being read stays where it is, whatever is added, removed or wrapped anew around it.

Textual keeps the offset in lines, which is only the same text as long as nothing changes above it. Here the place is kept, and the
offset follows from it in the very pass that arranges the children, so that no frame shows anything else. Whoever is anchored at the end
holds no place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.layout import WidgetPlacement
from textual.scrollbar import ScrollBar
from textual.widget import Widget

if TYPE_CHECKING:
    from tutor.ui.place import Place


class StillScroll(VerticalScroll):
    """Holds the place from the moment the reader scrolls away from the end."""

    _held: Place | None = None
    _held_y = 0
    """The offset of that place; it may lie past the end, when what stood below has become shorter."""
    _placements: list[WidgetPlacement] | None = None
    """Of the newest arrangement."""
    _regions: Mapping[Widget, Region] = MappingProxyType({})

    @property
    def end_y(self) -> int:
        """The offset at which the end stands at the lower edge; negative when there is room left."""
        return self.virtual_size.height - self.container_size.height

    @property
    def max_scroll_y(self) -> int:
        """As far as one can scroll; what is held may stand where it stands."""
        return max(super().max_scroll_y, self._held_y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        self._held, self._held_y = None, 0
        super().watch_scroll_y(old_value, new_value)
        if self._anchor_released:
            self._hold(round(new_value))

    def _hold(self, y: int) -> None:
        # Not needed before someone scrolls, and so not for the first paint.
        from tutor.ui.place import place_in

        placements = self._placements or []
        index = bisect_right(placements, y, key=lambda placement: placement.region.bottom)
        if index < len(placements):
            self._held, self._held_y = place_in(placements[index].widget, placements[index].region, y), y

    def placed(self, widget: Widget) -> Region:
        """Where a child stands as arranged last; nowhere if it was mounted since."""
        return self._regions.get(widget, Region())

    def let_go(self) -> None:
        """Hold nothing more."""
        self._held, self._held_y = None, 0

    def release_anchor(self) -> None:
        # What is shorter than the screen rests on its bottom; without its anchor it would jump to the top.
        if self.end_y > 0:
            super().release_anchor()
            self._hold(round(self.scroll_y))

    def process_layout(self, placements: list[WidgetPlacement]) -> list[WidgetPlacement]:
        placements = super().process_layout(placements)
        self._placements = placements
        self._regions = {placement.widget: placement.region for placement in placements}
        region = self._regions.get(self._held.widget) if self._held is not None else None
        if region is not None and self._held is not None and self._anchor_released:
            self._held_y = y = self._held.y(region)
            # As the compositor does it for what is anchored: nobody watches, since the arrangement is under way.
            self.set_reactive(Widget.scroll_y, y)
            self.set_reactive(Widget.scroll_target_y, y)
            self.vertical_scrollbar.set_reactive(ScrollBar.position, y)
        return placements

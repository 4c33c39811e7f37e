"""Widgets that were removed and are drawn once more.

Between the moment in which a widget is gone and the next layout, the screen may draw itself as it was arranged before (Textual 8.2). Most
widgets can do that; those with component classes have lost their styles by then, and the KeyError would end the app.
"""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip


def blank(crop: Region) -> list[Strip]:
    """What is drawn in their place."""
    return [Strip.blank(crop.width)] * crop.height

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App
from textual.geometry import Region
from textual.widget import Widget

from tutor.ui.widgets.area import Area
from tutor.ui.widgets.fields import TextLine

MAKERS: dict[str, Callable[[], Widget]] = {
    "area": Area,
    "line": lambda: TextLine("", "for example 4", secret=False),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
async def test_what_is_gone_is_blank_when_it_is_drawn_once_more(make: Callable[[], Widget]) -> None:
    async with App[None]().run_test() as pilot:
        widget = make()
        await pilot.app.mount(widget)
        await pilot.pause()
        await widget.remove()
        (line,) = widget.render_lines(Region(0, 0, 10, 1))
        assert line.text == " " * 10

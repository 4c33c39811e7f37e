"""What stands on the screen, as text that a person can read and a change of which shows in a diff.

A file has the screen as it reads, then the same cells as one letter for each look, then what the letters mean in each theme. Nothing is
lost of what a picture has, at a twentieth of its size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.app import App

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
COMMON = "."
"""The look of most cells."""
TEXT_ENDS, CELLS_END = "── cells ──", "── looks ──"
TURNED = ("bold", "dim", "italic", "underline", "reverse", "strike")


@dataclass(frozen=True, slots=True)
class View:
    """The screen in one theme."""

    rows: tuple[str, ...]
    looks: tuple[tuple[str, ...], ...]
    """Of each cell in each row, as Rich writes styles."""


def view_of(app: App[Any]) -> View:
    """The screen as it is now, with what shines through from under a dialog."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    rows, looks = [], []
    for strips in update.strips:
        text, row = "", []
        for strip in strips:
            for segment in strip:
                text += segment.text
                row += [_look(segment.style)] * cell_len(segment.text)
        rows.append(text)
        looks.append(tuple(row))
    return View(tuple(rows), tuple(looks))


def _look(style: Style | None) -> str:
    if style is None:
        return "none"
    turned: dict[str, Any] = {name: getattr(style, name) or None for name in TURNED}
    return str(Style(color=style.color, bgcolor=style.bgcolor, **turned))


def written(views: Mapping[str, View]) -> str:
    """The views of one screen in several themes, as they are kept."""
    first, *others = views.values()
    for view in others:
        assert view.rows == first.rows, "the themes do not say the same"
    cells = [list(zip(*(view.looks[y] for view in views.values()), strict=True)) for y in range(len(first.rows))]
    counted: dict[tuple[str, ...], int] = {}
    for row in cells:
        for cell in row:
            counted[cell] = counted.get(cell, 0) + 1
    common = max(counted, key=counted.__getitem__)
    others_in_order = [cell for cell in counted if cell != common]
    assert len(others_in_order) <= len(LETTERS), "too many looks on one screen"
    letters = {common: COMMON, **dict(zip(others_in_order, LETTERS, strict=False))}
    lines = [row.rstrip(" ") for row in first.rows]
    lines += [TEXT_ENDS, *("".join(letters[cell] for cell in row).rstrip(COMMON) for row in cells), CELLS_END]
    for index, theme in enumerate(views):
        lines += [theme, *(f"{letter} {cell[index]}" for cell, letter in letters.items())]
    return "\n".join(lines) + "\n"


def read(text: str, width: int) -> dict[str, View]:
    """The views that `written` wrote, by theme."""
    lines = text.split("\n")
    middle, end = lines.index(TEXT_ENDS), lines.index(CELLS_END)
    rows = tuple(row + " " * (width - cell_len(row)) for row in lines[:middle])
    cells = [row.ljust(width, COMMON) for row in lines[middle + 1 : end]]
    meanings: dict[str, dict[str, str]] = {}
    theme = ""
    for line in lines[end + 1 : -1]:
        letter, _, look = line.partition(" ")
        if look:
            meanings[theme][letter] = look
        else:
            theme = line
            meanings[theme] = {}
    return {
        theme: View(rows, tuple(tuple(meaning[letter] for letter in row) for row in cells))
        for theme, meaning in meanings.items()
    }


def differences(expected: View, seen: View) -> Sequence[str]:
    """In words; nothing when they are the same."""
    if (expected.rows, expected.looks) == (seen.rows, seen.looks):
        return ()
    said = []
    for y, (was, now) in enumerate(zip(expected.rows, seen.rows, strict=False)):
        if was != now:
            said += [f"{y + 1:3} - {was.rstrip()}", f"{y + 1:3} + {now.rstrip()}"]
    if not said:
        for y, (old, new) in enumerate(zip(expected.looks, seen.looks, strict=False)):
            where = [x for x, (was, now) in enumerate(zip(old, new, strict=False)) if was != now]
            if where:
                x = where[0]
                said.append(f"line {y + 1}, {len(where)} cells from column {x + 1}: {old[x]!r} has become {new[x]!r}")
    return said or [f"{len(expected.rows)} lines have become {len(seen.rows)}"]

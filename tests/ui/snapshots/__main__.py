"""Shows kept snapshots in their colours: `python -m tests.ui.snapshots miss.en.80x24 [THEME]`; without a name it lists them."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

from tests.ui.snapshots.table import SIGHTS
from tests.ui.snapshots.view import View, read

FOLDER = Path(__file__).parent.parent / "__snapshots__"


def segments(view: View) -> Segments:
    """The view for a terminal."""
    pieces = []
    for row, looks in zip(view.rows, view.looks, strict=True):
        column = 0
        for character in row:
            pieces.append(Segment(character, Style.parse(looks[min(column, len(looks) - 1)])))
            column += Segment(character).cell_length
        pieces.append(Segment.line())
    return Segments(pieces)


def main() -> int:
    names = {sight.name: sight for sight in SIGHTS}
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print("\n".join(names))
        return 2
    sight = names[sys.argv[1]]
    views = read((FOLDER / f"{sight.name}.txt").read_text(encoding="utf-8"), sight.size[0])
    for name in sys.argv[2:] or views:
        print(name)
        Console(width=sight.size[0], soft_wrap=True).print(segments(views[name]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

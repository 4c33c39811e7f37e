"""The table in an HTML display, as data frames and many other libraries send it. The standard library's parser, bounded; pure.

Only what can be shown as rows and columns is taken; of anything else None is the answer, and the plain text is shown instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from tutor.text.plain import strip

MOST_CHARACTERS = 1 << 20
"""Of HTML that is read; pandas sends some 10,000."""
MOST_ROWS, MOST_COLUMNS = 400, 200
MOST_IN_CELL = 200
BREAKS = frozenset({"br", "div", "h1", "h2", "h3", "li", "p", "td", "th", "tr"})
"""Between these and what stands before there is a space at least."""
UNSEEN = frozenset({"style", "script", "head", "title"})


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """Rows of cells."""

    rows: tuple[tuple[str, ...], ...]
    heads: int
    """Rows at the top that are headings."""
    names: int
    """Columns at the left that name their rows."""
    below: str
    """Text after the table, such as how large the whole is."""


def table_in(html: str) -> HtmlTable | None:
    """The one table of a display; None if there is none, or more than one, or more than is worth laying out."""
    if len(html) > MOST_CHARACTERS or "<t" not in html.lower():
        return None
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.table()


def text_in(html: str) -> str:
    """What a display without a table says, on one line."""
    reader = _Words()
    reader.feed(html[:MOST_CHARACTERS])
    reader.close()
    return " ".join("".join(reader.parts).split())


class _Words(HTMLParser):
    """Text without its tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self.parts.append(" " if tag in BREAKS else "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(self._unseen - (tag in UNSEEN), 0)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


@dataclass(slots=True)
class _Cell:
    is_head: bool
    columns: int
    rows: int
    text: str = ""


class _Reader(HTMLParser):
    """Takes cells as they come."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._tables = 0
        self._is_nested = False
        self._in_table = self._in_head = False
        self._unseen = 0
        self._rows: list[list[_Cell]] = []
        self._head_rows = 0
        self._cell: _Cell | None = None
        self._around: list[str] = []
        """Text after the table."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "table":
                self._is_nested = self._is_nested or self._in_table
                self._tables += 1
                self._in_table = True
            case "thead":
                self._in_head = True
            case "tr" if self._in_table:
                self._cell = None
                self._rows.append([])
                self._head_rows += self._in_head
            case "th" | "td" if self._rows:
                given = dict(attrs)
                columns, rows = _count(given.get("colspan"), MOST_COLUMNS), _count(given.get("rowspan"), MOST_ROWS)
                self._cell = _Cell(tag == "th", columns, rows)
                self._rows[-1].append(self._cell)
            case "br":
                self.handle_data(" ")
            case _ if tag in UNSEEN:
                self._unseen += 1

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "table":
                self._in_table, self._cell = False, None
            case "thead":
                self._in_head = False
            case "th" | "td":
                self._cell = None
            case _ if tag in UNSEEN:
                self._unseen = max(self._unseen - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._cell is not None:
            self._cell.text += data[:MOST_IN_CELL]
        elif self._tables and not self._in_table:
            self._around.append(data[:MOST_IN_CELL])

    def table(self) -> HtmlTable | None:
        """What was found."""
        rows = [row for row in self._rows if row]
        if self._tables != 1 or self._is_nested or not rows or len(rows) > MOST_ROWS:
            return None
        filled = _filled(rows)
        heads = self._head_rows or _leading(rows)
        body = rows[heads:]
        # A name that spans several rows stands in the first of them only.
        names = max((_names(row) for row in body), default=0)
        return HtmlTable(tuple(filled), heads, names, _clean(" ".join(self._around)))


def _filled(rows: list[list[_Cell]]) -> list[tuple[str, ...]]:
    """Each cell in its column: one that spans several stands in the first of them."""
    grid: list[tuple[str, ...]] = []
    taken: dict[int, int] = {}
    """Rows that are still taken in a column by a cell above."""
    for row in rows:
        cells: dict[int, str] = {}
        column = 0
        for cell in row:
            while taken.get(column):
                column += 1
            cells[column] = _clean(cell.text)
            for spanned in range(column, min(column + cell.columns, MOST_COLUMNS)):
                taken[spanned] = cell.rows
            column += cell.columns
        width = min(max([*cells, *(c for c, left in taken.items() if left)], default=0) + 1, MOST_COLUMNS)
        grid.append(tuple(cells.get(i, "") for i in range(width)))
        taken = {c: left - 1 for c, left in taken.items() if left > 1}
    widest = max(map(len, grid))
    return [row + ("",) * (widest - len(row)) for row in grid]


def _leading(rows: list[list[_Cell]]) -> int:
    """Rows of nothing but headings, where the table does not say which are its head."""
    count = 0
    for row in rows:
        if not all(cell.is_head for cell in row):
            break
        count += 1
    return count


def _names(row: list[_Cell]) -> int:
    count = 0
    for cell in row:
        if not cell.is_head:
            break
        count += cell.columns
    return count


def _clean(text: str) -> str:
    return " ".join(strip(text).split())[:MOST_IN_CELL]


def _count(value: str | None, most: int) -> int:
    return max(1, min(int(value), most)) if value and value.isascii() and value.isdigit() and len(value) < 6 else 1

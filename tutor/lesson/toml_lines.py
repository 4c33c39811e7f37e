"""Where a key stands in a TOML text: `tomllib` tells it of errors only, and a message must name the line."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[\[\s*([\w-]+)\s*\]\]")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_QUOTES = re.compile("\"\"\"|'''")
_SIMPLE_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'")


class TomlLines:
    """1-based lines of the top-level keys and of the keys of arrays of tables."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, int, str], int] = {}
        table, counts = "", dict[str, int]()
        closing = ""
        for number, line in enumerate(text.split("\n"), start=1):
            if closing:
                inside, closing = closing, "" if line.count(closing) % 2 else closing
                if inside:
                    continue
            header, key = _HEADER.match(line), _KEY.match(line)
            if header:
                table = header[1]
                counts[table] = counts.get(table, -1) + 1
                self._lines.setdefault((table, counts[table], ""), number)
            elif key:
                self._lines.setdefault((table, counts.get(table, 0), key[1]), number)
            closing = _left_open(line)

    def of(self, key: str = "", table: str = "", index: int = 0) -> int:
        """The line of the key; of its table if the key is not there; 1 if neither is."""
        return self._lines.get((table, index, key)) or self._lines.get((table, index, "")) or 1


def _left_open(line: str) -> str:
    """The mark of the multi-line string that this line opens and does not close."""
    opening = _QUOTES.search(line)
    if opening is None or "#" in _SIMPLE_STRING.sub("", line[: opening.start()]):
        return ""
    return opening[0] if line.count(opening[0], opening.end()) % 2 == 0 else ""

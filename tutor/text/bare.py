"""Text as a reader will see it: without escape sequences and invisible characters, and with the way back to where each character stood."""

from __future__ import annotations

import re
from bisect import bisect_right

from tutor.text.escapes import CONTROLS, INVISIBLE, unfinished_at

# Beside what never reaches a reader: the joiner, the variation selectors and the grapheme joiner, which take no room.
_UNSEEN = rf"{CONTROLS}{INVISIBLE}\u200d\ufe00-\ufe0f\u034f"
# The same sequences, in the same order, as the lexer of `escapes` knows.
_GAP = re.compile(
    r"(?:(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|(?P<string>(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x1b\x07\x18\x1a\x9c\n]*)(?:\x1b\\|[\x07\x18\x1a\x9c])?"
    r"|\x1b[ -/]{0,8}[0-~]"
    rf"|[{_UNSEEN}])+"
)
_SPECIAL = re.compile(f"[{_UNSEEN}]")
_SPECIAL_ASCII = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COLOUR = re.compile(r"(?:\x1b\[|\x9b)[0-9;:]*m")


def is_bare(text: str) -> bool:
    """Nothing in it is invisible."""
    return not (_SPECIAL_ASCII if text.isascii() else _SPECIAL).search(text)


def bare(text: str) -> str:
    """The text without what cannot be seen in it."""
    return text if is_bare(text) else _GAP.sub("", text)


def colours(text: str) -> str:
    """The sequences in it that change the look of what follows."""
    return "".join(_COLOUR.findall(text)) if "\x1b" in text or "\x9b" in text else ""


class Bared:
    """A text from which gaps were taken."""

    __slots__ = ("_bare_starts", "_starts", "complete", "gaps", "text")

    def __init__(self, text: str) -> None:
        self.complete = unfinished_at(text)
        """Where a sequence begins that is cut by the end of the original; its length if there is none."""
        self.gaps: list[tuple[int, int]] = []
        """Where the original has something invisible, that sequence included."""
        self._starts = [0]
        self._bare_starts = [0]
        parts = []
        at = size = 0
        for gap in _GAP.finditer(text, 0, self.complete):
            start, end = gap.span()
            parts.append(text[at:start])
            size += start - at
            if gap.end("string") == self.complete:  # a string without its end
                self.complete = gap.start("string")
                end = len(text)
            self.gaps.append((start, end))
            self._starts.append(end)
            self._bare_starts.append(size)
            at = end
        parts.append(text[at : self.complete])
        self.text = "".join(parts)
        if at < len(text) > self.complete:
            self.gaps.append((self.complete, len(text)))

    def original(self, at: int) -> int:
        """Where that character stood."""
        place = bisect_right(self._bare_starts, at) - 1
        return self._starts[place] + at - self._bare_starts[place]

    def place(self, original: int) -> int:
        """How many characters there are before that place of the original."""
        part = bisect_right(self._starts, original) - 1
        end = self._bare_starts[part + 1] if part + 1 < len(self._starts) else len(self.text)
        return min(self._bare_starts[part] + original - self._starts[part], end)

"""Broken mouse reports never become text.

Terminals tell of the mouse in sequences like `ESC [ < 35 ; 12 ; 5 M`. Some send them with `NaN` for a number, some in pieces, and a slow
connection delivers the rest long after the `ESC`; Textual takes what it does not understand for typed keys. No key begins with
`ESC [ <`, so that all of it can be dropped, but for what is pasted: there it is text, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from time import monotonic

from textual import constants
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers import linux_driver
from textual.message import Message

PATIENCE = 0.5
"""Seconds for the rest of a report to come."""

_WHOLE = re.compile(r"\x1b\[<\d+;-?\d+;-?\d+[Mm]")
_REPORT = re.compile(
    r"\x1b\[<(?:[-\d;:.]|NaN)*(?:N|Na)?[Mm]?"  # with its ESC
    r"|(?<!\x1b)\[<\d+;(?:[-\d;:.]|NaN)*[Mm]?"  # whose ESC has gone before
    r"|^<\d+;-?\d+;-?\d+[Mm]"  # whose `ESC [` has
)
_BEGUN = ("\x1b", "\x1b[")


class ReportFilter:
    """Takes what the terminal sends, piece by piece, and gives it back without broken reports."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._when = 0.0
        """The last piece came."""
        self._held = ""
        """The beginning of a report whose end may still come."""
        self._begun = ""
        """What was given back last, if a report may go on behind it."""
        self._pasting = False
        self._tail = ""
        """What came last: the beginning of a mark that goes on in the next piece."""

    def feed(self, data: str) -> str:
        """The next piece."""
        now = self._clock()
        waited = now - self._when
        self._when = now
        held = self._held if waited < PATIENCE else ""
        begun = self._begun if waited < constants.ESCAPE_DELAY else ""
        self._held = ""
        kept = "".join(self._parts(begun + held + data, has_begun=bool(begun))).removeprefix(begun)
        self._begun = next((end for end in reversed(_BEGUN) if (begun + kept).endswith(end)), "")
        self._look_for_marks(data)
        return kept

    def _look_for_marks(self, data: str) -> None:
        """Whether the next piece is pasted: marks may have come in two pieces."""
        recent = self._tail + data
        begin, end = recent.rfind(BRACKETED_PASTE_START), recent.rfind(BRACKETED_PASTE_END)
        if begin != end:
            self._pasting = begin > end
        self._tail = recent[-len(BRACKETED_PASTE_END) + 1 :]

    def _parts(self, data: str, *, has_begun: bool) -> Iterable[str]:
        """What is pasted as it is, the rest filtered."""
        pasting = self._pasting
        while data:
            part, mark, data = data.partition(BRACKETED_PASTE_END if pasting else BRACKETED_PASTE_START)
            yield part if pasting else self._filtered(part, is_last=not mark, has_begun=has_begun)
            yield mark
            pasting = not pasting

    def _filtered(self, data: str, *, is_last: bool, has_begun: bool) -> str:
        def judged(found: re.Match[str]) -> str:
            report = found[0]
            if _WHOLE.fullmatch(report):
                return report
            is_open = is_last and found.end() == len(data) and report[-1] not in "Mm"
            if is_open and report.startswith("\x1b"):
                if has_begun and found.start() == 0:
                    # The parser has its ESC already, and waits for the rest.
                    return report
                self._held = report
            return ""

        return _REPORT.sub(judged, data)


class FilteringParser(XTermParser):
    """Textual's parser behind that filter."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._filter = ReportFilter()

    def feed(self, data: str) -> Iterable[Message]:
        """Nothing at all is how the driver says that the input has ended, so that must not come of a report that was dropped."""
        kept = self._filter.feed(data) if data else ""
        return super().feed(kept) if kept or not data else ()


def filter_reports() -> None:
    """Have the driver parse with it from now on; it makes its own parser, and offers no other way in."""
    vars(linux_driver)["XTermParser"] = FilteringParser

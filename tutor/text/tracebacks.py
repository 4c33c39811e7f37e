"""Reads the tracebacks that IPython 7 to 9 format: which frames are the learner's own cells, where each stopped, what was raised.

Nothing here raises on a text that is no traceback: what is not understood is left out, and `Trace.told` is empty if nothing was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tutor.text.plain import strip

_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_HEADING = re.compile(r"(?P<type>[\w.]+) +Traceback \(most recent call last\)$")
_CELL = re.compile(r" {0,2}(?:Cell|Input) In ?\[(?P<cell>\d+)\](?:, line (?P<line>\d+))?(?:, in (?P<place>.+))?$")
_TEMPORARY = r"(?P<cell>[^\"]*[/\\]ipykernel_\d+[/\\]\d+\.py|<ipython-input-[^>]+>)"
"""Under which name IPython 7 compiles a cell."""
_OLD_CELL = re.compile(
    rf" {{0,2}}(?:File \")?{_TEMPORARY}(?:\", line (?P<line>\d+))?(?: in (?P<place>.+?))?(?: in <module>)?$"
)
_FILE = re.compile(r" {0,2}File (?P<path>\"[^\"]+\"|[^,]+?)(?::\d+|, line \d+)?(?:, in .+)?$")
_OLD_FILE = re.compile(r"(?P<path>[^\s:]+) in \S+.*$")
_SOURCE = re.compile(r"(?P<arrow>-+>)? *(?P<number>\d+)(?: (?P<code>.*))?$")
_SKIPPED = re.compile(r" *\[?\.\.\. .*\D(?P<count>\d+) (?:times|frames repeated)")
_BETWEEN = {
    "The above exception was the direct cause of the following exception:": True,
    "During handling of the above exception, another exception occurred:": False,
}
"""What stands between two exceptions: whether the first is the declared cause of the second."""
_TOP_LEVEL = re.compile(r"<(?:cell line: \d+|module)>(?:\(\))?$")
_INSTALLED = re.compile(r"[/\\](?:site|dist)-packages[/\\](?P<name>[^/\\]+)")
_STANDARD = re.compile(r"[/\\]lib[/\\]python[\d.]+t?[/\\](?P<name>[^/\\]+)")


@dataclass(frozen=True, slots=True)
class Source:
    """One line of code in a frame."""

    number: int
    """0 for a line that carries none, such as the caret below a syntax error."""
    code: str
    is_here: bool
    """The frame was at this line."""


@dataclass(slots=True)
class Frame:
    """One call."""

    cell: str = ""
    """Which cell of the learner it is in; empty for code of somebody else."""
    package: str = ""
    """Of code that is not the learner's: the distribution or module it belongs to."""
    place: str = ""
    """Function and arguments; empty at the top level of a cell."""
    line: int | None = None
    sources: list[Source] = field(default_factory=list)
    repeated: int = 0
    """IPython left out so many frames here that look alike."""


@dataclass(slots=True)
class Told:
    """One exception with its frames, outermost first."""

    type: str = ""
    frames: list[Frame] = field(default_factory=list)
    message: list[str] = field(default_factory=list)
    """`Type: message` and notes, as lines."""
    is_cause: bool = False
    """The next one was raised `from` it; without this it was being handled."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A traceback."""

    told: tuple[Told, ...]
    """The exception that ended the code is the last one."""

    @property
    def cell(self) -> str:
        """The cell that ran."""
        return next((frame.cell for told in reversed(self.told) for frame in told.frames if frame.cell), "")


def error_line(traceback: Sequence[str]) -> int | None:
    """The line of the code that ran, at which the error is: of its innermost frame. None if the traceback names none."""
    trace = parse(traceback)
    for told in reversed(trace.told):
        for frame in reversed(told.frames):
            if frame.cell and frame.cell == trace.cell and frame.line is not None:
                return frame.line
    return None


def parse(traceback: Sequence[str]) -> Trace:
    """Read the lines that the kernel sent."""
    reader = _Reader()
    for line in _lines(traceback):
        reader.take(line)
    return Trace(tuple(told for told in reader.told if told.frames))


def _lines(traceback: Iterable[str]) -> Iterator[str]:
    for piece in traceback:
        for line in _COLOR.sub("", piece).split("\n"):
            yield strip(line).rstrip()


class _Reader:
    """Takes one line after the other."""

    def __init__(self) -> None:
        self.told = [Told()]
        self._frame: Frame | None = None
        """To which the next lines of code belong."""
        self._in_message = False

    def take(self, line: str) -> None:
        now = self.told[-1]
        if line in _BETWEEN:
            now.is_cause = _BETWEEN[line]
            self._begin(Told())
        elif heading := _HEADING.match(line):
            if now.frames:
                self._begin(Told())
            self.told[-1].type = heading["type"]
            self._in_message = False
        elif self._in_message:
            now.message.append(line)
        elif self._is_message(line):
            self._in_message = True
            now.message.append(line)
        elif frame := _frame(line):
            self._frame = frame
            now.frames.append(frame)
        elif skipped := _SKIPPED.match(line):
            now.frames.append(Frame(repeated=int(skipped["count"])))
            self._frame = None
        elif self._frame is not None and line:
            self._add_source(self._frame, line)

    def _begin(self, told: Told) -> None:
        self.told.append(told)
        self._frame = None
        self._in_message = False

    def _is_message(self, line: str) -> bool:
        now = self.told[-1]
        if now.type:
            # IPython's heading has the bare name, its last line may have the module before it.
            return bool(re.match(rf"(?:[\w.]+\.)?{re.escape(now.type)}(?::|$)", line))
        return bool(now.frames) and bool(re.match(r"[A-Za-z_][\w.]*(?::|$)", line))

    def _add_source(self, frame: Frame, line: str) -> None:
        numbered = _SOURCE.match(line.lstrip())
        if numbered:
            number = int(numbered["number"])
            source = Source(number, numbered["code"] or "", bool(numbered["arrow"]))
            if source.is_here and frame.line is None:
                frame.line = number
        elif line.startswith("    "):
            # A syntax error shows its line without a number, and a caret below it.
            is_first = not frame.sources
            source = Source((frame.line or 0) if is_first else 0, line[4:], is_first)
        else:
            return
        frame.sources.append(source)


def _frame(line: str) -> Frame | None:
    if own := _CELL.match(line) or _OLD_CELL.match(line):
        place = own["place"] or ""
        return Frame(
            own["cell"], "", "" if _TOP_LEVEL.match(place) else place, int(own["line"]) if own["line"] else None
        )
    if foreign := _FILE.match(line) or _OLD_FILE.match(line):
        return Frame(package=_package(foreign["path"].strip('"')))
    return None


def _package(path: str) -> str:
    """What a learner would call the code in that file."""
    found = _INSTALLED.search(path) or _STANDARD.search(path)
    name = found["name"] if found else re.split(r"[/\\]", path)[-1]
    return name.removesuffix(".py").removesuffix(".pyx")

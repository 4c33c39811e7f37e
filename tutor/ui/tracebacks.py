"""An error as a learner wants to read it: what went wrong on top, then where in their own code; what happened inside libraries is counted.

Pure. The whole traceback, as the kernel formatted it, is what the pager shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.i18n import Words
from tutor.text.plain import strip
from tutor.text.tracebacks import Frame, Source, Told, Trace, parse
from tutor.ui.blocks import Span
from tutor.ui.wrap import cells

MESSAGE_LINES = 12
"""Of an error's message that are shown."""
OWN_FRAMES = 6
"""One after the other; of more (a recursion) the outer and the inner ones."""
OUTER_FRAMES, INNER_FRAMES = 2, 2
PACKAGES = 3
"""That are named where frames are only counted."""

COUNTED = "muted counted"
"""Roles of a line that stands for what is left out, until it is known which of them is the last and names the key."""

_Line = tuple[Span, ...]


def folded(kind: str, message: str, traceback: Sequence[str], words: Words) -> list[_Line]:
    """The lines of an error. Args: `kind`, `message`, `traceback`: as in `tutor.runtime.base.Raised`."""
    trace = parse(traceback)
    if not trace.told:
        return _told_only(kind, message, traceback)
    *earlier, last = trace.told
    lines = _heading(last.message or f"{kind}: {message}".split("\n"), words)
    lines += _frames(last, trace, words, whole=kind != "KeyboardInterrupt")
    for told in reversed(earlier):
        key = "output.caused_by" if told.is_cause else "output.while_handling"
        said = next(iter(told.message), told.type)
        lines.append(((words(key, error=said), "error"),))
        lines += _frames(told, trace, words, whole=False)
    return _with_key(lines, words)


def _told_only(kind: str, message: str, traceback: Sequence[str]) -> list[_Line]:
    """An error without frames: of a shell, an exit, a group that only a terminal can draw."""
    said = strip("\n".join(traceback)).strip()
    start = said.find(f"{kind}:")
    body = said[max(start, 0) :] if said else strip(f"{kind}: {message}").rstrip(": ")
    return [((line, "error"),) for line in body.split("\n")]


def _heading(message: Sequence[str], words: Words) -> list[_Line]:
    lines = "\n".join(message).strip().removesuffix(":").split("\n")
    kind, colon, rest = lines[0].partition(":")
    shown: list[_Line] = [((kind, "error strong"), (f"{colon}{rest}", "error"))]
    shown += [((line, "error"),) for line in lines[1:MESSAGE_LINES]]
    if len(lines) > MESSAGE_LINES:
        shown.append(((words("output.more_lines", count=f"{len(lines) - MESSAGE_LINES:,}"), COUNTED),))
    return shown


def _frames(told: Told, trace: Trace, words: Words, *, whole: bool) -> list[_Line]:
    """Args: `whole`: the innermost frame of the learner with the lines around the error."""
    lines: list[_Line] = []
    innermost = next((frame for frame in reversed(told.frames) if frame.cell), None)
    for run in _runs(told.frames):
        first = run[0]
        if not first.cell:
            lines.append(((_counted(run, words), COUNTED),))
            continue
        surplus = len(run) - OUTER_FRAMES - INNER_FRAMES if len(run) > OWN_FRAMES else 0
        for number, frame in enumerate(run):
            if surplus and number == OUTER_FRAMES:
                lines.append(((words("output.more_calls", count=f"{surplus:,}"), COUNTED),))
            if not surplus or not OUTER_FRAMES <= number < OUTER_FRAMES + surplus:
                lines.append(((_where(frame, trace.cell, words), "muted"),))
                lines += _sources(frame.sources, whole=whole and frame is innermost)
    return lines


def _runs(frames: Sequence[Frame]) -> Iterator[list[Frame]]:
    """Neighbours of the same kind: the learner's, a library's, left out by IPython."""
    run: list[Frame] = []
    for frame in frames:
        if run and (bool(run[0].cell), bool(run[0].repeated)) != (bool(frame.cell), bool(frame.repeated)):
            yield run
            run = []
        run.append(frame)
    if run:
        yield run


def _counted(run: Sequence[Frame], words: Words) -> str:
    if repeated := sum(frame.repeated for frame in run):
        return words("output.more_calls", count=f"{repeated:,}")
    names = list(dict.fromkeys(frame.package for frame in run))
    where = ", ".join(names if len(names) <= PACKAGES else [*names[:PACKAGES], "…"])
    key = "output.frame_inside" if len(run) == 1 else "output.frames_inside"
    return words(key, count=f"{len(run):,}", where=where)


def _where(frame: Frame, cell: str, words: Words) -> str:
    """A cell that ran before has line numbers of its own."""
    key = "output.line" if frame.cell == cell else "output.earlier_line"
    line = frame.line if frame.line is not None else "?"
    return words(f"{key}_in", line=line, place=frame.place) if frame.place else words(key, line=line)


def _sources(sources: Sequence[Source], *, whole: bool) -> Iterator[_Line]:
    shown = [source for source in sources if whole or source.is_here]
    digits = max((len(str(source.number)) for source in shown), default=1)
    above = ""
    for source in shown:
        number = str(source.number or "").rjust(digits)
        if source.is_here:
            yield ((f"→ {number}  ", "error"), (source.code, ""))
        elif source.number:
            yield ((f"  {number}  {source.code}", "muted"),)
        else:
            yield ((f"  {number}  {_below(above, source.code)}", "error"),)
        above = source.code


def _below(code: str, caret: str) -> str:
    """The caret where the character is that it means: Python counts characters, and some take two cells."""
    before = len(caret) - len(caret.lstrip(" "))
    return " " * (cells(code[:before]) + max(before - len(code), 0)) + caret[before:]


def _with_key(lines: list[_Line], words: Words) -> list[_Line]:
    """Say once, at the end of what was left out, which key shows it."""
    marked = [number for number, line in enumerate(lines) if line[0][1] == COUNTED]
    for number in marked:
        said = lines[number][0][0]
        lines[number] = ((words("output.key_shows_all", said=said) if number == marked[-1] else said, "muted"),)
    return lines

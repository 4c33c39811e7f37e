"""A live display as a block, and its lines: title, curves beside each other, a bar with what is done, newest values and memory.

The block carries all that is said in words, so that it can be read, copied and kept where no curve is drawn; how it is arranged is known
only with the width.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from textual.content import Content

from tutor.i18n import Words
from tutor.ui.blocks import Block, BlockKind, Span
from tutor.ui.figures.live import Live, Series
from tutor.ui.figures.plot import MARKS, ROLES, number_text, plotted
from tutor.ui.layout import wrapped
from tutor.ui.look import style_of
from tutor.ui.wrap import cells

ROWS = 7
"""Lines of a frame without its heading and its axis; see `plot.nice`."""
NARROWEST = 25
"""Cells of a frame; where there is less, the curves that come first are shown."""
WIDEST = 56
BETWEEN = 3
MOST_FRAMES = 3
PARTS = re.compile(r"[_/ .-]")
"""Between the parts of a name."""
BYTES = ("kB", "MB", "GB")
UNITS = frozenset({"epoch", "step", "batch", "iteration"})
"""Units that have words of their own."""


def chart_block(live: Live, words: Words, *, is_over: bool = False) -> Block:
    """Args: `is_over`: the code has ended, whatever the display last said of itself."""
    spans: list[Span] = [(live.title or words("output.live"), "strong")]
    if live.device:
        spans.append((f"  {_device(live.device)}", "muted"))
    state = "stopped" if is_over and live.state == "running" else live.state
    spans.append((f"\n{progress_text(live, state, words)}", ""))
    if newest := _newest(live, words):
        spans.append((f"\n{newest}", "muted"))
    share = None if live.total is None else min(live.done / live.total, 1.0)
    data = {"share": share, "series": [[one.name, one.points] for one in live.series if one.points]}
    return Block(BlockKind.CHART, tuple(spans), "  ", "  ", data=json.dumps(data))


def progress_text(live: Live, state: str, words: Words) -> str:
    """How far it has come, how long that took and how long the rest may take."""
    said = [_count(live, words)] if live.done or live.total else []
    elapsed = duration(live.elapsed, words)
    if state == "stopped":
        return words("output.live_stopped", said=" · ".join([*said, elapsed]))
    if state == "running":
        said.append(elapsed)
        if live.left is not None:
            said.append(words("output.live_left", time=duration(float(max(round(live.left), 1)), words)))
    else:
        said.append(words("output.live_took", time=elapsed))
    return " · ".join(said)


def _count(live: Live, words: Words) -> str:
    done = number_text(live.done)
    if live.unit in UNITS:
        if live.total is None:
            return words(f"output.{live.unit}", done=done)
        return words(f"output.{live.unit}_of", done=done, total=number_text(live.total))
    count = done if live.total is None else f"{done}/{number_text(live.total)}"
    # Units of measure come after their number, things that are counted before it.
    return f"{count} {live.unit}" if live.unit in BYTES else f"{live.unit} {count}".strip()


def duration(seconds: float, words: Words) -> str:
    """A time as it is said."""
    if seconds < 9.95:
        return words("output.seconds", seconds=f"{seconds:.1f}".removesuffix(".0"))
    whole = round(seconds)
    if whole < 60:
        return words("output.seconds", seconds=whole)
    if whole < 3600:
        return words("output.minutes", minutes=whole // 60, seconds=whole % 60)
    return words("output.hours", hours=whole // 3600, minutes=whole % 3600 // 60)


def size(count: int) -> str:
    """Bytes as people count memory."""
    if count < 2**30:
        return f"{count / 2**20:.0f} MB"
    return f"{count / 2**30:.1f}".removesuffix(".0") + " GB"


def _device(name: str) -> str:
    return (
        name.upper() if name in ("cpu", "mps") else f"GPU {name.partition(':')[2] or 0}" if name[:4] == "cuda" else name
    )


def _newest(live: Live, words: Words) -> str:
    """Values that have no curve, and memory."""
    drawn = {one.name for one in live.series if one.points}
    said = [f"{name} {number_text(value)}" for name, value in live.values if name not in drawn or math.isnan(value)]
    if live.process_memory:
        said.append(words("output.memory", size=size(live.process_memory)))
    if live.device_memory is not None and live.device_total:
        said.append(words("output.device_memory_of", size=size(live.device_memory), total=size(live.device_total)))
    elif live.device_memory is not None:
        said.append(words("output.device_memory", size=size(live.device_memory)))
    return " · ".join(said)


@lru_cache(maxsize=64)
def _data(text: str) -> tuple[float | None, tuple[Series, ...]]:
    found = json.loads(text)
    series = [Series(str(name), tuple((float(x), float(y)) for x, y in points)) for name, points in found["series"]]
    return found["share"], tuple(series)


def frames_of(series: Sequence[Series]) -> list[list[Series]]:
    """Curves that share a frame: those of the same measure (`train loss`, `val_loss`), since other measures have other scales."""
    frames: dict[str, list[Series]] = {}
    for one in series:
        frames.setdefault(_measure(one.name).lower(), []).append(one)
    return list(frames.values())


def _measure(name: str) -> str:
    return (PARTS.split(name) or [""])[-1]


def chart_lines(block: Block, width: int) -> Iterator[Content]:
    """The lines at a width."""
    share, series = _data(block.data)
    title, progress, *newest = (
        Content("")
        .join([Content.styled(body, style_of(role)) if role else Content(body) for body, role in block.spans])
        .split("\n", allow_blank=True)
    )
    yield title.truncate(width, ellipsis=True)
    frames = frames_of(series)
    count = max(1, min(len(frames), MOST_FRAMES, (width + BETWEEN) // (NARROWEST + BETWEEN)))
    if frames:
        yield from _frames(frames[:count], width)
    if share is not None:
        yield from _with_bar(progress, share, width)
    else:
        yield progress.truncate(width, ellipsis=True)
    said = [Content.styled(_value(one, one.name), style_of("muted")) for frame in frames[count:] for one in frame]
    if said or newest:
        yield from wrapped(Content.styled(" · ", style_of("muted")).join([*said, *newest]), width)


def _value(series: Series, name: str) -> str:
    return f"{name} {number_text(series.points[-1][1])}"


def _frames(frames: Sequence[Sequence[Series]], width: int) -> Iterator[Content]:
    count = len(frames)
    room = min((width - BETWEEN * (count - 1)) // count, WIDEST)
    drawn = [[_legend(frame, room), *_plotted(frame, room)] for frame in frames]
    for beside in zip(*drawn, strict=True):
        padded = [line.extend_right(max(room - line.cell_length, 0)) for line in beside]
        yield Content(" " * BETWEEN).join(padded).rstrip()


def _legend(frame: Sequence[Series], room: int) -> Content:
    """Names with their newest values; from the second on without what the first has said already."""
    parts = []
    measure = _measure(frame[0].name)
    for number, one in enumerate(frame):
        role = style_of(ROLES[number % len(ROLES)])
        name = PARTS.sub(" ", one.name.removesuffix(measure)).strip() if number else one.name
        parts.append(
            Content.assemble(
                (MARKS[number % len(MARKS)], role), f" {name or one.name} ", (number_text(one.points[-1][1]), "bold")
            )
        )
    return Content("  ").join(parts).truncate(room, ellipsis=True)


def _plotted(frame: Sequence[Series], room: int) -> list[Content]:
    return [
        Content.assemble(*((body, style_of(role)) if role else body for body, role in line))
        for line in plotted(frame, room, ROWS)
    ]


def _with_bar(progress: Content, share: float, width: int) -> Iterator[Content]:
    """The bar, and behind it, or below where there is no room, how far it is."""
    length = min(max(width // 3, 8), 30)
    full = round(share * length)
    bar = Content.assemble(("━" * full, style_of("running")), ("─" * (length - full), style_of("faint")))
    if cells(progress.plain) <= width - length - 2:
        yield bar + "  " + progress
    else:
        yield bar
        yield progress.truncate(width, ellipsis=True)

"""What is said on the restored terminal when the screen itself has failed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.i18n import Words
from tutor.text.plain import strip
from tutor.text.scrub import Scrubber

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_CHARACTERS = 300
"""Of the error's own message; the log has all of it."""


def last_words(error: BaseException, words: Words, log_file: Path) -> str:
    """What happened, where the log is, what is kept and what to do; without secrets and control characters."""
    said = " ".join(strip(Scrubber().scrub(str(error))).split())
    if len(said) > MOST_CHARACTERS:
        said = f"{said[:MOST_CHARACTERS]}…"
    kind = type(error).__name__
    return words("commands.screen_failed", error=f"{kind}: {said}" if said else kind, log=log_file)


def failure_in(renderables: Sequence[RenderableType]) -> Exception:
    """The error that Textual wants to show as these: the thread that reads the keys hands over nothing else."""
    from rich.traceback import Traceback

    for one in renderables:
        if isinstance(one, Traceback):
            stack = one.trace.stacks[0]
            return RuntimeError(f"{stack.exc_type}: {stack.exc_value}")
    return RuntimeError(" ".join(map(str, renderables)))

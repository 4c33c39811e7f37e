"""Errors in words: which text at the prompt is an error and no code, what of an error is looked at, and how it is told. Pure."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from tutor.i18n import Words
from tutor.runtime.base import Raised
from tutor.text.plain import strip
from tutor.text.tracebacks import Told, parse

MOST_EXPLAINED = 20_000
"""Characters of the end of an output that are looked at: that is where an error stands."""
MOST_PASTED = 1_000_000
"""The same of a text that was pasted: in a log the cause may stand far above the end."""
MOST_FAULTS = 2
"""Told at once; the nearest to the cause comes first."""
MOST_QUOTED = 200
"""Characters of the line that shows a fault."""
OF_THE_ENVIRONMENT = frozenset(
    {
        *("torch-without-cuda", "no-nvidia-driver", "driver-too-old", "driver-library-mismatch", "gpu-too-old"),
        *("gpu-too-new", "torchvision-mismatch", "devices-hidden", "cuda-library", "library-missing", "module-missing"),
        *("wrong-python", "package-conflict", "tensorflow-no-gpu", "disk-full", "host-out-of-memory", "shared-memory"),
    }
)
"""Faults of the computer and not of the code: when one comes again, a look at the computer helps more than another attempt."""
OF_PROGRAMS = frozenset({"CalledProcessError", "SystemExit"})
"""Raised because a program that was started has failed: what went wrong stands in what it printed."""
_ERROR = re.compile(
    r"Traceback \(most recent call last\)"
    r"|^\s{0,8}(?:[A-Za-z_][\w.]{0,80}\.)?[A-Z]\w{0,60}(?:Error|Exception|Interrupt|Exit)\b\s?(?::|$)"
    r"|^(?:ERROR|Error|error|fatal|FATAL|E|\S{0,40}\bbash|zsh|sh|nvidia-smi): \S",
    re.MULTILINE,
)
_OF_IPYTHON = re.compile(r"\s*[!%?]|\s*[\w., ]{1,80}=\s*[!%]")
_BEGINS_LIKE_CODE = re.compile(
    r"\s*(?:(?:from|import|def|class|for|while|if|elif|with|try|except|return|raise|assert|async|await|del|lambda|print)\b[^'’]"
    r"|[\w.\[\]'\", ]{1,60}=[^=]|[A-Za-z_][\w.]{0,60}\(|[@#({\[])"
)


class Fault(Protocol):
    """What is known of an error; `tutor.faults.model.Fault` is one."""

    @property
    def code(self) -> str: ...

    @property
    def cause(self) -> str: ...

    @property
    def mend(self) -> str: ...

    @property
    def line(self) -> int: ...

    @property
    def quoted(self) -> str: ...

    @property
    def lesson(self) -> str: ...


Explain = Callable[[str, str], Sequence[Fault]]
"""From a text and a language to its faults, nearest to the cause first. May take a moment: called in a thread."""


def nothing(_text: str, _language: str) -> Sequence[Fault]:
    """Explains nothing: for sessions that nobody reads."""
    return ()


# -- what a text is


def is_code(text: str) -> bool:
    """Whether a learner could mean to run that: it is whole Python, with what IPython adds to it."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or lines[0].startswith("%%"):
        return True
    python = "\n".join(line for line in lines if not _OF_IPYTHON.match(line))
    try:
        compile(textwrap.dedent(python), "<prompt>", "exec", flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def runs_programs(code: str) -> bool:
    """Whether it hands lines to a shell or to pip, whose failures are printed and not raised."""
    return any(_OF_IPYTHON.match(line) for line in code.splitlines())


def looks_like_error(text: str) -> bool:
    """Whether it has the shape of an error, whichever it is."""
    return _ERROR.search(text) is not None


def is_error(text: str, *, is_known: bool) -> bool:
    """Whether what stands at the prompt is an error to be explained, and no code to be run.

    Code with a slip in it is the learner's own, whatever it speaks of: running it names the slip.

    Args:
        is_known: a fault was found in it.
    """
    if is_code(text):
        return False
    first = next((line for line in text.splitlines() if line.strip()), "")
    return looks_like_error(text) or (is_known and not _BEGINS_LIKE_CODE.match(first))


# -- what of an error is looked at


def error_text(raised: Raised) -> str:
    """What was raised, with the errors that caused it before it, without the code that a traceback shows.

    That code may speak of errors that did not happen. An error that was only being handled when this one came is none of its causes.
    """
    told = parse(raised.traceback).told
    handled = max((number for number, one in enumerate(told[:-1], 1) if not one.is_cause), default=0)
    parts = [line for one in told[handled:] for line in (*_code_of(one), *_message_of(one))]
    return "\n".join(parts) or strip(f"{raised.type}: {raised.message}")


def _message_of(told: Told) -> Sequence[str]:
    return told.message or [told.type]


def _code_of(told: Told) -> Iterator[str]:
    """Where Python did not understand the code or a name in it, that line says why."""
    kind = told.type or next(iter(told.message), "").partition(":")[0]
    if kind in ("SyntaxError", "IndentationError", "TabError", "NameError"):
        for frame in told.frames:
            if frame.cell:
                yield from (f"    {source.code}" for source in frame.sources if source.is_here)


# -- how it is told


def as_data(faults: Sequence[Fault], *, here: str = "", pasted: str = "") -> list[dict[str, Any]]:
    """The faults as a transcript keeps them.

    Args:
        here: `lesson#step` where the learner is: nobody is sent to where they are.
        pasted: the text, where the learner has it before them: then the line is named.
    """
    lines = len(pasted.splitlines())
    return [
        {
            "code": fault.code,
            "cause": fault.cause,
            "mend": fault.mend,
            "lesson": "" if fault.lesson == here else fault.lesson,
            "line": fault.line if lines > 1 else 0,
            "quoted": shortened(fault.quoted) if lines > 1 else "",
        }
        for fault in faults[:MOST_FAULTS]
    ]


def as_text(faults: Sequence[dict[str, Any]], words: Words) -> str:
    """The same to read, to search in and to copy."""
    return "\n\n".join(f"{fault['cause']}\n\n{words('faults.mend')}\n{fault['mend'].strip()}" for fault in faults)


def shortened(line: str) -> str:
    """A line that may be very long."""
    return line if len(line) <= MOST_QUOTED else line[:MOST_QUOTED].rstrip() + "…"

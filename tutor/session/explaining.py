"""Errors in words: what a fault means and what mends it, as the tutor says it, and which text at the prompt is an error and no code. Pure."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from tutor.i18n import Words

MOST_EXPLAINED = 20_000
"""Characters of the end of an output that are looked at: that is where an error stands."""
MOST_FAULTS = 2
"""Told at once; the nearest to the cause comes first."""
OF_THE_ENVIRONMENT = frozenset(
    {
        *("torch-without-cuda", "no-nvidia-driver", "driver-too-old", "driver-library-mismatch", "gpu-too-old"),
        *("gpu-too-new", "torchvision-mismatch", "devices-hidden", "cuda-library", "library-missing", "module-missing"),
        *("wrong-python", "package-conflict", "tensorflow-no-gpu", "disk-full", "host-out-of-memory", "shared-memory"),
    }
)
"""Faults of the computer and not of the code: when one comes again, a look at the computer helps more than another attempt."""
COMMAND = "    "
"""What lines of a mend begin with that are code or commands."""
_ERROR = re.compile(
    r"Traceback \(most recent call last\)"
    r"|^\s{0,8}(?:[a-z_][\w.]{0,80}\.)?[A-Z]\w{0,60}(?:Error|Exception|Interrupt|Exit)\b\s?(?::|$)"
    r"|^(?:ERROR|Error|error|fatal|FATAL|E|bash|zsh|sh|nvidia-smi): \S",
    re.MULTILINE,
)
_OF_IPYTHON = re.compile(r"\s*[!%?]|\s*[\w., ]{1,80}=\s*[!%]")


class Fault(Protocol):
    """What is known of an error; `tutor.faults.model.Fault` is one."""

    @property
    def code(self) -> str: ...

    @property
    def cause(self) -> str: ...

    @property
    def mend(self) -> str: ...

    @property
    def lesson(self) -> str: ...


Explain = Callable[[str, str], Sequence[Fault]]
"""From a text and a language to its faults, nearest to the cause first. May take a moment: called in a thread."""


def nothing(_text: str, _language: str) -> Sequence[Fault]:
    """Explains nothing: for sessions that nobody reads."""
    return ()


def is_code(text: str) -> bool:
    """Whether a learner could mean to run that."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or _OF_IPYTHON.match(lines[0]):
        return True
    python = "\n".join(line for line in lines if not _OF_IPYTHON.match(line))
    try:
        compile(textwrap.dedent(python), "<prompt>", "exec", flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def looks_like_error(text: str) -> bool:
    """Whether it has the shape of an error, whichever it is."""
    return _ERROR.search(text) is not None


def told(faults: Sequence[Fault], words: Words, *, again: bool = False) -> str:
    """The faults as markdown. Args: `again`: the nearest one came before in this step."""
    parts = [part for fault in faults[:MOST_FAULTS] for part in _one(fault, words)]
    if again and faults and faults[0].code in OF_THE_ENVIRONMENT:
        parts.append(words("faults.doctor"))
    return "\n\n".join(parts)


def _one(fault: Fault, words: Words) -> Iterator[str]:
    yield fault.cause
    yield words("faults.mend")
    yield from _paragraphs(fault.mend)
    if fault.lesson:
        yield words("faults.step", lesson=fault.lesson)


def _paragraphs(mend: str) -> Iterator[str]:
    """Sentences as they are; neighbouring commands as one block to copy."""
    commands: list[str] = []
    for line in [*mend.strip("\n").splitlines(), ""]:
        if line.startswith(COMMAND):
            commands.append(line.removeprefix(COMMAND))
            continue
        if commands:
            yield "\n".join(["```bash" if _is_shell(commands) else "```python", *commands, "```"])
            commands = []
        if line.strip():
            yield line


def _is_shell(commands: Sequence[str]) -> bool:
    return not is_code("\n".join(commands)) or commands[0].startswith("%")

"""What mends a fault, in pieces: sentences to read, and code or commands to copy. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.session.explaining import is_code

COMMAND = "    "
"""What a line begins with that is to be copied as it is."""


def pieces_of(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Each with whether it is to be copied: neighbouring commands together and without what they begin with, a sentence for itself."""
    commands: list[str] = []
    for line in lines:
        if line.startswith(COMMAND):
            commands.append(line.removeprefix(COMMAND))
            continue
        if commands:
            yield True, "\n".join(commands)
            commands = []
        if line.strip():
            yield False, line
    if commands:
        yield True, "\n".join(commands)


def language_of(commands: str) -> str:
    """What to highlight them as: Python where they are, else lines for a terminal."""
    return "python" if is_code(commands) and not commands.startswith(("%", "!")) else "bash"

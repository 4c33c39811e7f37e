"""The output log of the scripted session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tutor.runtime.base import Output, Text


class FakeLog:
    """Outputs in a list."""

    path: Path | None = None

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.size = 0

    @property
    def end(self) -> int:
        return len(self.outputs)

    def add(self, text: str, stream: str = "stdout") -> None:
        self.outputs.append(Text(stream, text))
        self.size += len(text)

    def read(self, cursor: int = 0, limit: int = 1 << 20) -> tuple[Sequence[Output], int]:
        return self.outputs[cursor:], len(self.outputs)

    def ends(self, characters: int = 1 << 20) -> tuple[Sequence[Output], int, Sequence[Output]]:
        if self.size <= 2 * characters:
            return self.outputs, 0, []
        text = "".join(output.text for output in self.outputs if isinstance(output, Text))
        left_out = len(text) - 2 * characters
        return [Text("stdout", text[:characters])], left_out, [Text("stdout", text[-characters:])]

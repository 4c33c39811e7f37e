"""Output of running code as it comes, line by line: a line is printed once it is complete, and a progress bar once it stands still."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from tutor.runtime.base import Late, Output, OutputLog, Raised, Rich, Text
from tutor.text.plain import strip
from tutor.text.terminal import Terminal

SECONDS_BETWEEN = 5.0
"""A display that changes all the time is told this often."""
MAX_REST = 100_000
"""Characters of a line whose end does not come that are held back."""


class OutputPrinter:
    """Follows one log at a time from a cursor of its own."""

    def __init__(self, write: Callable[[str], None]) -> None:
        """Args: `write`: takes a line."""
        self._write = write
        self._log: OutputLog | None = None
        self._cursor = 0
        self._rest = ""
        """Of a line whose end has not come."""
        self._newest: dict[str, str] = {}
        """Displays that may change still, by their id, with what was not told yet."""
        self._told_at = 0.0

    def follow(self, log: OutputLog) -> None:
        """Print what is new in the log."""
        if log is not self._log:
            self.end()
            self._log, self._cursor = log, 0
        self._read(log)
        if self._newest and monotonic() - self._told_at >= SECONDS_BETWEEN:
            self._tell_newest()

    def pause(self) -> None:
        """The code asks for input: its question may be a line without an end."""
        if self._rest:
            self._write_line(self._rest)
            self._rest = ""

    def end(self) -> bool:
        """The code has ended. Returns whether any was followed."""
        log, self._log = self._log, None
        if log is not None:
            self._read(log)
        self.pause()
        self._tell_newest()
        return log is not None

    def _read(self, log: OutputLog) -> None:
        while log.end != self._cursor:
            outputs, self._cursor = log.read(self._cursor)
            for output in outputs:
                self._take(output)

    def _take(self, output: Output) -> None:
        match output:
            case Text(_, text) | Late(_, _, text):
                *lines, self._rest = (self._rest + text).split("\n")
                for line in lines:
                    self._write_line(line)
                if len(self._rest) > MAX_REST:
                    self.pause()
            case Rich(data):
                self.pause()
                told = strip(str(data.get("text/plain", "")))
                if output.display_id is not None:
                    self._newest[output.display_id] = told
                else:
                    self._write(told)
            case Raised(kind, message):
                self.pause()
                self._write(strip(f"{kind}: {message}"))

    def _tell_newest(self) -> None:
        newest, self._newest = self._newest, {}
        self._told_at = monotonic()
        for told in newest.values():
            self._write(told)

    def _write_line(self, line: str) -> None:
        """What a terminal would show of it in the end."""
        terminal = Terminal()
        settled = [*terminal.feed(line), *terminal.close()] or [()]
        for shown in settled:
            self._write("".join(run.text for run in shown))

"""The Protocol of a runtime, and what goes in and comes out of it. Names no kernel library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from tutor.text.scrub import Scrubber

Json = Any
"""A JSON value; outside data stays this until an adapter has looked at it."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text that the code printed, as it came (escapes and carriage returns included)."""

    stream: str
    """`stdout` or `stderr`."""
    text: str


@dataclass(frozen=True, slots=True)
class Rich:
    """A result or display with one or more MIME representations; text of binary types is base64, as Jupyter sends it."""

    data: Mapping[str, Json]
    display_id: str | None = None
    update: bool = False
    """Replaces the earlier output of the same `display_id`."""


@dataclass(frozen=True, slots=True)
class Raised:
    """The code raised; a result, not an exception of ours."""

    type: str
    message: str
    traceback: tuple[str, ...] = ()
    """Lines as the kernel formatted them, with escapes."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """The code asked for its output so far to be cleared (`clear_output`)."""

    wait: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """Printed by a thread of an earlier step after that step had ended."""

    step: str
    stream: str
    text: str


Output = Text | Rich | Raised | Cleared | Late


@dataclass(frozen=True, slots=True)
class Request:
    """One execute request."""

    code: str
    tutor: Mapping[str, Json] = field(default_factory=dict)
    """`metadata["tutor"]`; see `tutor.harness`."""
    silent: bool = False
    allow_stdin: bool = True


@dataclass(frozen=True, slots=True)
class InputRequest:
    """The code waits for a line from the learner."""

    prompt: str
    password: bool


class Ending(StrEnum):
    """How an execution ended."""

    DONE = "done"
    """All requests were answered, whatever the answers."""
    TIMEOUT = "timeout"
    """It ran past its limit and was interrupted; the kernel yielded."""
    KILLED = "killed"
    """It ran past its limit or was interrupted and did not yield; the kernel was restarted and its names are gone."""
    DIED = "died"
    """The kernel's process ended by itself; it has not been restarted."""
    LOST = "lost"
    """The way to the kernel is gone; what became of the code there is not known."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an execution."""

    ending: Ending
    judged: Mapping[str, Json] | None
    """The `JUDGED_MIME` object, if one came."""
    seconds: float
    """From sending to the end, as measured here."""
    exit_status: int | None = None
    """Of a kernel process that died: its exit code, negative for a signal."""


class OutputLog(Protocol):
    """All output of one execution: whole on disk once it is large, the newest part in memory.

    The reader of the kernel appends and never waits; consumers read at their own pace with a cursor of their own.
    """

    @property
    def end(self) -> int:
        """The cursor after the newest output."""

    @property
    def size(self) -> int:
        """Characters of text so far."""

    def read(self, cursor: int = 0, limit: int = 1 << 20) -> tuple[Sequence[Output], int]:
        """Outputs from `cursor` on, at most about `limit` characters of text, and the cursor for the next call."""

    def ends(self, characters: int = 1 << 20) -> tuple[Sequence[Output], int, Sequence[Output]]:
        """The first and the last outputs of at most `characters` each, and how many characters lie between and are left out.

        Of a display that was updated, only what it shows now, where it was first shown (since the last `Cleared`): the states before
        that take no room.
        """

    @property
    def path(self) -> Path | None:
        """The file that holds all of it, once there is one."""


class Execution(Protocol):
    """Requests under way, in order, sent without waiting between them."""

    is_followed: bool
    """Somebody waits for what comes of it."""

    @property
    def output(self) -> OutputLog:
        """What came so far."""

    @property
    def input_request(self) -> InputRequest | None:
        """Set while the code waits for a line."""

    @property
    def finished(self) -> Finished | None:
        """Set when it is over."""

    async def changed(self) -> None:
        """Wait until output, the input request or the end is newer than at the last return of this call."""

    async def wait(self) -> Finished:
        """Wait for the end."""

    def answer(self, line: str) -> None:
        """Answer the input request."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """An attempt whose verdict nobody has heard: an earlier tutor began it, or its lesson was left while it ran."""

    execution: Execution
    step: str
    """As `LESSON#STEP`; empty for code from the prompt."""
    code: str


class RuntimeState(StrEnum):
    """What a runtime is doing."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class RuntimeInfo:
    """What a runtime is: shown in the status line and kept with each attempt."""

    name: str
    """As in `--runtime`: `local` or `local:/path/to/python`."""
    python: str = ""
    """Version, for example `3.11.7`."""
    executable: str = ""
    device: str = ""
    """For example `CPU, 2 cores` or `NVIDIA T4, 16 GB`."""
    label: str = ""
    """As the learner calls it, where that is another name."""
    facts: Mapping[str, Json] = field(default_factory=dict)
    """The whole `FACTS_MIME` object."""


class Runtime(Protocol):
    """A Jupyter kernel somewhere. Not thread-safe: one event loop, one execution at a time."""

    @property
    def state(self) -> RuntimeState: ...

    @property
    def info(self) -> RuntimeInfo:
        """Name at once; the rest once it is ready."""

    @property
    def generation(self) -> int:
        """Counts kernel processes: a larger number than before means that the names are gone."""

    def take_up(self, step: str = "") -> Resumed | None:
        """What goes on there, or has ended there, without anybody who waits for it. Args: `step`: of attempts only this one's."""

    @property
    def outlives(self) -> bool:
        """Its kernel goes on when the tutor ends, with whatever runs in it."""

    @property
    def is_cut(self) -> bool:
        """The way to the kernel is interrupted, and it is being tried to get it back."""

    @property
    def left_behind(self) -> bool:
        """It is closed, and its kernel, which should have ended with it, may still run."""

    def take_notes(self) -> Sequence[str]:
        """What the learner should hear about the start, each once; in their language."""

    def folder(self, folder: Path) -> str:
        """Where the working folder of a lesson is on the runtime's machine; `~` is the home of whoever the kernel runs as."""

    async def start(self) -> RuntimeInfo:
        """Start the kernel and put the harness in; waits for a start under way and does nothing when it is ready.

        Raises:
            RuntimeStartError: it did not start; the message names the cause and the mend.
        """

    def execute(
        self, requests: Sequence[Request], *, timeout: float | None = None, scrubber: Scrubber | None = None
    ) -> Execution:
        """Send the requests and return at once. `timeout` in seconds for all of them together; at its end the kernel is
        interrupted, then restarted if it does not yield within a few seconds. All output goes through the scrubber before it is
        kept anywhere.

        Raises:
            RuntimeDied: the runtime is not ready.
        """

    def watch(self, changed: Callable[[], None] | None) -> None:
        """Call it when the runtime's state has changed while nobody waits for anything."""

    def listen(self, hear: Callable[[Late], None] | None) -> None:
        """Tell `hear` what threads of earlier steps print while nothing runs; without a listener the next execution brings it."""

    async def interrupt(self) -> None:
        """Interrupt what runs; restarts the kernel if it does not yield. Does nothing when idle."""

    async def restart(self) -> RuntimeInfo:
        """A new kernel process in place of the old one, dead or alive."""

    async def aclose(self) -> None:
        """End the kernel and its children. Safe to call twice and while starting."""

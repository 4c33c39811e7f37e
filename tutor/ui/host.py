"""What the screen is given from outside, and nothing else: the port `Host`, which `tutor.commands.host` implements.

The screen never opens a store, a lesson file, a kernel or the settings: it asks its host. Everything before the first paint is
synchronous and must cost next to nothing (`language`, `target`, `questions`, `snapshot`); everything after it is awaited.

Order of calls in one sitting
-----------------------------
0. `questions()`: a newcomer is asked them by the welcome, which ends with `keep_answers`; for everybody else there are none.
1. `snapshot()` once, before the first paint; what is in it is the screen's own business (plain JSON, written by `keep_snapshot`).
2. After the first paint: `lessons()`, `history()`, `first()`, then `open(lesson_id, step_id)`, whose session publishes `LessonStarted` and
   `CardChanged` by itself; `entries(lesson_id)` is asked once the session is open, so that what the session has added is in it.
3. Another lesson: `aclose()` of the session, then `open` again. Never two sessions at once.
4. At the end: `aclose()` of the session, `keep_snapshot(…)`; the app then returns from `run()`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tutor.accounts.connected import State
    from tutor.accounts.led import Led
    from tutor.accounts.model import Disconnected
    from tutor.progress.model import Entry
    from tutor.session.commands import Command
    from tutor.session.events import Event
    from tutor.ui.elsewhere import ClosedStep, Lease, NewServer, Places, ServerFound, StillRunning, Stopped
    from tutor.ui.lines import Outputs


@dataclass(frozen=True, slots=True)
class LessonRow:
    """One lesson with the learner's progress: what `tutor list --json` has, and what the home page says besides."""

    id: str
    title: str
    minutes: int
    steps: int
    passed: int = 0
    open: int = 0
    state: str = "new"
    """`new`, `started`, `done_here`, `passed` or `changed`."""
    broken: str | None = None
    """Why the lesson cannot be opened; None when it can."""
    summary: str = ""
    also: str = ""
    """Title and summary in other languages: they are searched too."""
    needs: tuple[str, ...] = ()
    """What all of it needs, as words of `needs`."""
    after: tuple[str, ...] = ()
    """Ids of lessons that help before it."""
    changed: int = 0
    """Steps that have changed since they were passed."""
    waits: str = ""
    """The folder that `tutor trust` must be given before it runs; empty when nothing is in the way."""
    is_news: bool = False
    """It is new, or has changed or broken, since the learner's last sitting."""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that could not be checked here."""

    lesson_id: str
    step_id: str
    lesson: str
    """The lesson's title."""
    title: str
    minutes: int
    lacks: tuple[str, ...]
    """What would close it: words of `needs`, or `tutor.session.wants.YOU`."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page shows."""

    lessons: Sequence[LessonRow]
    open_steps: Sequence[OpenStep] = ()
    lesson_id: str = ""
    """Where the learner stopped; empty on the first day."""
    step_id: str = ""
    step: str = ""
    """The title of that step."""
    position: int = 0
    """1 for the first step."""
    minutes_left: int = 0
    python: str = "python"
    """The Python that the lessons' code runs in, as it stands in a command."""


@dataclass(frozen=True, slots=True)
class PythonChoice:
    """A Python that lessons could run in."""

    runtime: str
    """The setting `runtime` that names it."""
    place: str
    """Its folder or program, as people write it; empty for tutor's own."""
    version: str
    torch: str | None
    """Version; empty if nobody knows it; None if there is no PyTorch."""
    mend: str = ""
    """The command that adds ipykernel, without which no lesson runs; empty if it is there."""


@dataclass(frozen=True, slots=True)
class SettingNow:
    """A setting as it is in force."""

    key: str
    value: str
    """Folders stand on a line each."""
    origin: str
    """Value of `tutor.settings.Origin`: who decides it."""
    decided_by: str = ""
    """The file, the variable or the flag; empty for a default."""


@dataclass(frozen=True, slots=True)
class DoctorLine:
    """One thing that the doctor has found, in words."""

    label: str
    value: str
    mark: str = ""
    """A verdict's role, `passed`, `not_yet` or `could_not_check`; empty for a bare fact."""
    more: tuple[str, ...] = ()
    """What is said below it; four spaces begin a command."""


@dataclass(frozen=True, slots=True)
class DoctorPart:
    """One part of the doctor's page; it comes again when more is known."""

    key: str
    title: str
    lines: tuple[DoctorLine, ...]
    is_complete: bool


class Session(Protocol):
    """One learner in one lesson: `tutor.session.engine` to the letter, or a scripted one in tests."""

    async def send(self, command: Command) -> None:
        """Put a command into the inbox; returns at once."""

    def events(self) -> AsyncIterator[Event]:
        """The session's events, from the first on; ends after `aclose`. Iterated once."""

    async def aclose(self) -> None:
        """End what runs and leave nothing behind. Safe to call twice."""


class Host(Protocol):
    """The frozen port between the screen and the rest of tutor."""

    @property
    def language(self) -> str:
        """`en` or `zh`: what the screen speaks now."""

    @property
    def theme(self) -> str:
        """The setting `theme`: one of `tutor.settings.THEMES`."""

    @property
    def target(self) -> tuple[str, str]:
        """Lesson and step named on the command line; empty texts where none was named."""

    def snapshot(self) -> Mapping[str, Any] | None:
        """What `keep_snapshot` was last given, from one small file; None if there is none or it cannot be read."""

    def questions(self) -> Sequence[str]:
        """What a newcomer is asked before the first lesson, of `language`, `python` and `start`; empty for everybody else."""

    def pythons(self) -> AsyncGenerator[PythonChoice, None]:
        """The Pythons of this machine, tutor's own first and the others as they answer."""

    async def keep_answers(self, answers: Mapping[str, str], lesson_id: str) -> None:
        """A newcomer has answered: these settings are in force from now on, and `first` is that lesson (empty: the first one).

        Raises:
            TutorError: they could not be kept for the next sittings; message and hint are shown.
        """

    @property
    def settings_file(self) -> str:
        """The settings' file, as people write it."""

    async def settings(self) -> Sequence[SettingNow]:
        """All settings, in the order in which they are shown."""

    async def keep_setting(self, key: str, value: str) -> None:
        """Keep a setting for the next sittings.

        Raises:
            TutorError: it could not be kept; message and hint are shown.
        """

    def keep_snapshot(self, snapshot: Mapping[str, Any]) -> None:
        """Write it atomically; small, and called from a thread or at the end, never while the screen waits. Failures are logged."""

    async def first(self) -> tuple[str, str]:
        """Lesson and step to begin with: the target, else where the learner stopped, else the first lesson.

        Raises:
            TutorError: there is no lesson that can be opened; the message is shown.
        """

    async def lessons(self) -> Sequence[LessonRow]:
        """All lessons in their order with today's progress; asked again after each verdict."""

    async def home(self) -> Home:
        """What the home page shows, as it is now."""

    def examine(self, *, network: bool) -> AsyncGenerator[DoctorPart, None]:
        """What this machine has and what is broken in it, part by part as it is found out. Args: `network`: also who can be reached."""

    async def report(self) -> str:
        """Write the file of `tutor report`; where it is.

        Raises:
            TutorError: it cannot be written; message and hint are shown.
        """

    async def open(self, lesson_id: str, step_id: str = "") -> Session:
        """Open a lesson where the learner stopped, or at the step.

        Raises:
            TutorError: unknown, broken or untrusted; message and hint are shown.
        """

    async def entries(self, lesson_id: str, before: int | None = None, limit: int = 50) -> Sequence[Entry]:
        """The newest `limit` entries of a lesson's conversation, those older than the entry with the id `before` if given; oldest first."""

    async def set_language(self, language: str) -> None:
        """Have the open session go on in that language, for which it publishes `CardChanged`, and keep it for the next sittings.

        Raises:
            TutorError: it could not be kept, or the lesson is broken in that language; message and hint are shown.
        """

    def places(self) -> AsyncGenerator[Places, None]:
        """Where steps can run: this Python first, then other ones, then servers. All that is known, again each time more is."""

    async def losses(self) -> Sequence[str]:
        """What stays behind when the open lesson goes on elsewhere, a line each: variables, files, what runs. Empty when nothing does."""

    async def switch(self, runtime: str) -> None:
        """Have lessons run there from now on, in this sitting; the open session publishes `RuntimeChanged` and `CardChanged`.

        Raises:
            TutorError: it cannot be used; message and hint are shown, and everything is as it was.
        """

    def lease(self) -> Lease | None:
        """Of the server that lessons run on now; None on this computer. Cheap: asked again each minute."""

    async def examine_server(self, address: str, token: str) -> ServerFound:
        """Ask a Jupyter server whether it lets us in. Args: as of `NewServer`.

        Raises:
            ServerError: it does not; `about_token` says which of the two is at fault; message and hint are shown.
        """

    async def keep_server(self, server: NewServer) -> str:
        """Keep it for this and later sittings; what names it for `switch`.

        Raises:
            TutorError: it could not be kept; message and hint are shown.
        """

    async def forget_server(self, runtime: str) -> None:
        """Forget it, and its token with it.

        Raises:
            TutorError: it could not be forgotten; message and hint are shown.
        """

    async def still_running(self) -> Sequence[StillRunning]:
        """What would go on running if tutor ended now, and what earlier sittings have left. Asks the servers, for 3 s at most."""

    async def stop(self, key: str) -> Stopped:
        """Stop one of these, and ask whether it is gone."""

    def close_open(self, runtime: str) -> AsyncGenerator[ClosedStep, None]:
        """Run all open steps of all lessons there, one after the other; closing the generator stops it.

        Raises:
            TutorError: that place cannot be used; message and hint are shown.
        """

    def accounts(self) -> AsyncGenerator[State, None]:
        """Each account once, in the order in which the services answer."""

    async def connect(self, service: str) -> Led:
        """The way to a credential for that service.

        Raises:
            AccountError: there is none from here; message and hint are shown.
        """

    async def disconnect(self, service: str) -> Disconnected | None:
        """Forget its credential, and revoke it where the service can; None when there was none.

        Raises:
            AccountError: it could not be forgotten; message and hint are shown.
        """

    def old_output(self, file: str) -> Outputs:
        """All of a long output whose code has ended, from the file that its entry names.

        Raises:
            OSError: the file is gone.
        """

    async def history(self) -> Sequence[str]:
        """What was typed at the prompt on earlier days, oldest first."""

    async def add_history(self, line: str) -> None:
        """Keep a line that was typed at the prompt."""

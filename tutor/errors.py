"""The exceptions that tutor itself raises; each knows its exit code and how it is shown.

Learner code that fails is a result, never one of these.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command says to the shell (design section 6)."""

    PASSED = 0
    NOT_YET = 1
    USAGE = 2
    COULD_NOT_CHECK = 3
    TUTOR_FAILED = 4
    INTERRUPTED = 130


class TutorError(Exception):
    """Root of everything tutor raises on purpose: what happened, and what mends it."""

    exit_code: ExitCode = ExitCode.TUTOR_FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        """What the reader can do about it; empty if nothing."""


class UsageError(TutorError):
    """The command line asks for something that does not exist or does not fit."""

    exit_code = ExitCode.USAGE


class ConfigError(UsageError):
    """A setting that is unknown or has a value that does not fit."""


class LessonError(UsageError):
    """A lesson that is unknown, broken or not trusted."""


class RuntimeFailed(TutorError):
    """A runtime did not do what it must; the learner's code is not at fault."""


class RuntimeStartError(RuntimeFailed):
    """The kernel did not start."""


class RuntimeDied(RuntimeFailed):
    """The kernel's process is gone."""


class ServerError(RuntimeStartError):
    """A Jupyter server does not answer, or does not let us in."""

    def __init__(self, message: str, hint: str = "", *, about_token: bool = False) -> None:
        super().__init__(message, hint)
        self.about_token = about_token
        """The address is right and the token is not."""


class AccountError(TutorError):
    """An account cannot be used: nothing is connected, the service refuses, or it cannot be reached."""

    exit_code = ExitCode.COULD_NOT_CHECK


class StoreError(TutorError):
    """The store cannot be opened, read or written."""


class StoreTooNew(StoreError):
    """The store was written by a newer tutor."""

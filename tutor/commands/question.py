"""A yes or no before something that cannot be taken back."""

from __future__ import annotations

import sys

from tutor.errors import UsageError
from tutor.i18n import Words


def confirmed(question: str, *, yes: bool, nobody: str, words: Words) -> bool:
    """The answer; `yes` answers beforehand.

    Raises:
        UsageError: with the text `nobody`, when there is no terminal to ask.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(nobody)
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline().strip().lower()
    return answer in {"y", "yes", words("commands.yes")}

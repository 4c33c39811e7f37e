"""Regular expressions of a lesson: do they compile?"""

from __future__ import annotations

import re
import warnings

from tutor.lesson.rules import Report, Rule, shown


def check_regex(pattern: str | None, name: str, line: int, report: Report) -> None:
    """Report a pattern that `re` does not accept. It is never matched against anything here: it may be slow on purpose."""
    if pattern is None:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            report.add(Rule.REGEX, line, f"{name} {shown(pattern)}: {error}")

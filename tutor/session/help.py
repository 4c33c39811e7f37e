"""Showing a solution, with what differs from the learner's own code. Pure."""

from __future__ import annotations

import difflib

from tutor.lesson.model import FixCode, Quiz, Step
from tutor.progress.model import Entry, EntryKind
from tutor.session.answers import right_answer
from tutor.session.scribe import Scribe


def solution_entries(step: Step, code: str, scribe: Scribe) -> list[Entry]:
    """The solution as the tutor's message; `data` has the differing lines of code as a unified diff without its header."""
    match step.work:
        case FixCode(solution=solution, language=language):
            lines = difflib.unified_diff(code.splitlines(), solution.splitlines(), lineterm="", n=1)
            diff = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
            return [scribe.entry(step, EntryKind.SOLUTION, solution, {"language": language, "diff": diff})]
        case Quiz() as quiz if quiz.choices:
            right = [choice for choice in quiz.choices if choice.right]
            body = "\n\n".join(f"- {choice.text}\n\n  {choice.why}".rstrip() for choice in right)
            return [scribe.entry(step, EntryKind.SOLUTION, body, {"language": "md"})]
        case Quiz() as quiz:
            body = "\n\n".join(part for part in (", ".join(right_answer(quiz)), quiz.why) if part)
            return [scribe.entry(step, EntryKind.SOLUTION, body, {"language": "md"})]
        case _:
            return []

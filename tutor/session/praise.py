"""A few words for what the learner has earned: own code that passes, a question right at once, a pass after misses. Pure.

Running code that was given earns none, nor does a solution that was shown; the same step is praised in the same words.
"""

from __future__ import annotations

import zlib

from tutor.i18n import Words
from tutor.lesson.model import FixCode, Quiz, Step
from tutor.progress.model import StepState, Verdict
from tutor.session.visit import Visit

WAYS_TO_SAY = 3
"""Sentences there are for each reason."""


def praise(step: Step, before: Visit, state: StepState, verdict: Verdict, words: Words) -> str:
    """The words, or empty. Args: `before`: the visit without this verdict, `state`: of the step until now."""
    if verdict is not Verdict.PASSED or before.solution_shown or state is StepState.PASSED:
        return ""
    if before.misses:
        reason = "after_misses"
    elif isinstance(step.work, FixCode):
        reason = "own_code"
    elif isinstance(step.work, Quiz) and before.attempts == 1 and state is StepState.NEW:
        reason = "at_once"
    else:
        return ""
    return words(f"step.praise_{reason}_{zlib.crc32(step.id.encode()) % WAYS_TO_SAY + 1}")

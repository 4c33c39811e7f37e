from __future__ import annotations

import pytest

from tests.session.samples import CHOOSE, COUNT, MEND
from tutor.i18n import Words
from tutor.lesson.model import Step
from tutor.progress.model import StepState, Verdict
from tutor.session.praise import praise
from tutor.session.visit import Visit

FIRST = Visit(attempts=1)
AFTER_MISSES = Visit(attempts=3, misses=("a", "b"))


def said(step: Step, before: Visit, state: StepState = StepState.NEW, verdict: Verdict = Verdict.PASSED) -> str:
    return praise(step, before, state, verdict, Words("en"))


@pytest.mark.parametrize(
    ("step", "before"), [(MEND, FIRST), (CHOOSE, FIRST), (COUNT, AFTER_MISSES), (MEND, AFTER_MISSES)]
)
def test_own_code_a_right_answer_at_once_and_a_pass_after_misses_are_praised(step: Step, before: Visit) -> None:
    assert 0 < len(said(step, before).split()) <= 5
    assert said(step, before) == said(step, before)


def test_given_code_a_shown_solution_and_a_step_passed_before_are_not() -> None:
    assert said(COUNT, FIRST) == ""
    assert said(CHOOSE, Visit(attempts=2)) == "", "after a verdict that was no miss"
    assert said(MEND, Visit(attempts=4, misses=("a",), solution_shown=True)) == ""
    assert said(MEND, FIRST, StepState.PASSED) == ""
    assert said(CHOOSE, FIRST, StepState.SKIPPED) == "", "it was answered wrongly in an earlier visit"
    assert said(MEND, FIRST, verdict=Verdict.COULD_NOT_CHECK) == ""
    assert said(MEND, AFTER_MISSES, verdict=Verdict.NOT_YET) == ""

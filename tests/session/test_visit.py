from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.samples import CHOOSE, COUNT, LOOK, MEND, TICK
from tutor.lesson.model import FixCode, Step
from tutor.progress.model import StepState, Verdict
from tutor.session.events import Action, Asking, Line, Outcome
from tutor.session.visit import Situation, Visit, actions, asking, matching_hint, next_hint, suggested

MISS = Outcome(Verdict.NOT_YET, (Line("it is there", Verdict.NOT_YET, "NameError: name 'x' is not defined"),))
PASS = Outcome(Verdict.PASSED, (Line("it is there", Verdict.PASSED),))
OPEN = Outcome(Verdict.COULD_NOT_CHECK, reason="no GPU")


def situation(**more: object) -> Situation:
    now = Situation(
        StepState.NEW,
        Asking.NOTHING,
        running=False,
        code="",
        is_draft=False,
        is_first=False,
        practice=False,
        names_lost=False,
    )
    return replace(now, **more)  # type: ignore[arg-type]


def visit(*outcomes: Outcome) -> Visit:
    found = Visit(predicted=True)
    for outcome in outcomes:
        found = replace(found, attempts=found.attempts + 1).after(outcome, 1)
    return found


def test_misses_that_differ_only_in_numbers_are_identical() -> None:
    first = Outcome(Verdict.NOT_YET, (Line("size", Verdict.NOT_YET, "took 3 s at 0x7f00"),))
    second = Outcome(Verdict.NOT_YET, (Line("size", Verdict.NOT_YET, "took 4 s at 0x7f10"),))
    assert visit(first, second).identical_misses == 2


def test_another_miss_or_a_pass_begins_the_count_anew() -> None:
    other = Outcome(Verdict.NOT_YET, reason="something else")
    assert visit(MISS, MISS, other).identical_misses == 1
    assert visit(MISS, MISS, PASS).identical_misses == 0


@pytest.mark.parametrize(
    ("misses", "wanted"), [(1, Action.EDIT), (2, Action.HINT), (3, Action.SOLUTION)], ids=["first", "second", "third"]
)
def test_help_rises_with_each_identical_miss(misses: int, wanted: Action) -> None:
    now = situation(is_draft=True, state=StepState.NOT_YET)
    assert suggested(MEND, visit(*[MISS] * misses), now) is wanted


@pytest.mark.parametrize("misses", [1, 2, 3])
def test_after_the_solution_was_shown_it_can_be_filled_in(misses: int) -> None:
    seen = replace(visit(*[MISS] * misses), solution_shown=True)
    now = situation(is_draft=True, state=StepState.NOT_YET)
    assert suggested(MEND, seen, now) is Action.FILL
    assert Action.FILL in actions(MEND, seen, now)
    assert suggested(MEND, seen, replace(now, code="x = 2")) is Action.RUN


def test_the_solution_can_be_filled_in_before_anything_ran() -> None:
    seen = replace(visit(), solution_shown=True)
    assert suggested(MEND, seen, situation(code="x = ...")) is Action.FILL
    assert isinstance(MEND.work, FixCode)
    assert suggested(MEND, seen, situation(code=MEND.work.solution, is_draft=True)) is Action.RUN


def test_whoever_has_seen_the_solution_of_a_question_is_offered_no_hint() -> None:
    seen = replace(visit(MISS, MISS, MISS), solution_shown=True)
    step = replace(CHOOSE, hints=MEND.hints)
    assert suggested(step, seen, situation(asking=Asking.QUIZ, state=StepState.NOT_YET)) is Action.ANSWER


@pytest.mark.parametrize(
    ("step", "state", "wanted"),
    [
        (LOOK, StepState.NEW, Action.NEXT),
        (COUNT, StepState.NEW, Action.RUN),
        (MEND, StepState.NEW, Action.EDIT),
        (COUNT, StepState.PASSED, Action.NEXT),
    ],
)
def test_there_is_one_obvious_thing_to_do(step: Step, state: StepState, wanted: Action) -> None:
    assert suggested(step, Visit(), situation(state=state)) is wanted


def test_after_a_change_the_obvious_thing_is_to_run_it() -> None:
    now = situation(is_draft=True, code="x = 1", state=StepState.NOT_YET)
    assert suggested(MEND, visit(MISS, MISS, MISS), now) is Action.RUN


def test_going_on_is_suggested_after_a_pass_and_where_it_could_not_be_checked() -> None:
    assert suggested(COUNT, visit(PASS), situation(state=StepState.PASSED)) is Action.NEXT
    assert suggested(COUNT, visit(OPEN), situation(state=StepState.OPEN)) is Action.NEXT


def test_a_miss_on_a_step_that_was_passed_before_is_not_taken_for_done() -> None:
    assert suggested(COUNT, visit(PASS, MISS), situation(state=StepState.PASSED)) is Action.RUN
    assert Action.SKIP in actions(COUNT, visit(PASS, MISS), situation(state=StepState.PASSED))


def test_lost_names_come_back_before_anything_runs() -> None:
    assert suggested(COUNT, Visit(), situation(names_lost=True)) is Action.BRING_BACK


def test_what_is_done_elsewhere_asks_for_no_names_unless_its_checks_miss_one() -> None:
    ticking = situation(names_lost=True, asking=Asking.CHECKLIST)
    assert suggested(TICK, Visit(), ticking) is Action.ANSWER
    assert Action.BRING_BACK in actions(TICK, Visit(), ticking)
    assert suggested(TICK, visit(MISS), ticking) is Action.BRING_BACK


def test_while_code_runs_it_can_only_be_interrupted_or_answered() -> None:
    running = situation(running=True)
    assert actions(COUNT, Visit(), running) == (Action.INTERRUPT,)
    waiting = situation(running=True, asking=Asking.INPUT)
    assert actions(COUNT, Visit(), waiting) == (Action.ANSWER, Action.INTERRUPT)


def test_the_hint_that_fits_the_failure_comes_first_then_the_others_in_order() -> None:
    missed = visit(MISS)
    assert next_hint(MEND, missed) == 1
    assert next_hint(MEND, replace(missed, hints_taken=(1,))) == 0
    assert next_hint(MEND, replace(missed, hints_taken=(1, 0))) is None
    assert next_hint(MEND, Visit()) == 0


def test_a_hint_without_a_pattern_never_claims_to_fit() -> None:
    assert matching_hint(MEND, ["Think."]) is None


def test_what_is_asked_depends_on_the_work_and_ends_with_the_pass() -> None:
    assert asking(CHOOSE, Visit(), StepState.NEW, running=False, input_wanted=False) is Asking.QUIZ
    assert asking(CHOOSE, visit(PASS), StepState.PASSED, running=False, input_wanted=False) is Asking.NOTHING
    assert asking(TICK, Visit(), StepState.NEW, running=False, input_wanted=False) is Asking.CHECKLIST
    assert asking(COUNT, Visit(), StepState.NEW, running=True, input_wanted=True) is Asking.INPUT


def test_a_prediction_is_asked_once_and_only_before_the_first_run() -> None:
    step = replace(COUNT, predict=CHOOSE.work)  # type: ignore[arg-type]
    assert asking(step, Visit(), StepState.NEW, running=False, input_wanted=False) is Asking.PREDICT
    assert asking(step, Visit(predicted=True), StepState.NEW, running=False, input_wanted=False) is Asking.NOTHING
    assert asking(step, Visit(attempts=1), StepState.NEW, running=False, input_wanted=False) is Asking.NOTHING


def test_after_the_names_were_brought_back_the_same_code_runs_again() -> None:
    missed = visit(MISS)
    lost = situation(is_draft=True, state=StepState.NOT_YET, names_lost=True)
    assert suggested(MEND, missed, lost) is Action.BRING_BACK
    there = replace(lost, names_lost=False)
    assert suggested(MEND, replace(missed, brought_back=True), there) is Action.RUN
    assert suggested(MEND, replace(missed, brought_back=True).after(MISS, 1), there) is Action.HINT

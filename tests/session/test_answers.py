from __future__ import annotations

import pytest

from tutor.lesson.model import Choice, Field, Paste, Quiz
from tutor.session.answers import judge_paste, judge_quiz, misfit, right_answer

ONE = Quiz("Which?", 1, choices=(Choice("one", why="too small"), Choice("two", right=True, why="yes"), Choice("three")))
SEVERAL = Quiz("Which?", 1, choices=(Choice("one", right=True), Choice("two", right=True), Choice("three", why="no")))
NUMBER = Quiz("How much?", 1, number=16.0, tolerance=0.5, unit="GB")
TEXT = Quiz("Which precision?", 1, text="float16", accept=("fp16",), why="half")


@pytest.mark.parametrize("given", [("2",), ("two",), ("TWO",), (" two ",), ("２",), ("b",), ("2.",), ("ｔｗｏ",)])
def test_a_choice_is_taken_by_number_letter_or_text(given: tuple[str, ...]) -> None:
    assert judge_quiz(ONE, given).right


def test_a_wrong_choice_is_told_why() -> None:
    judged = judge_quiz(ONE, ("1",))
    assert (judged.right, judged.why) == (False, "too small")


@pytest.mark.parametrize("given", [("1,2",), ("1、2",), ("1，2",), ("1 2",), ("one, two",), ("2", "1")])
def test_all_right_choices_are_wanted(given: tuple[str, ...]) -> None:
    assert judge_quiz(SEVERAL, given).right


def test_some_of_the_right_choices_are_not_enough_and_nothing_is_given_away() -> None:
    judged = judge_quiz(SEVERAL, ("1",))
    assert (judged.right, judged.why, judged.understood, judged.incomplete) == (False, "", True, True)


@pytest.mark.parametrize("given", [("",), ("7",), ("0",), ("maybe",), ()])
def test_what_is_no_choice_is_not_understood(given: tuple[str, ...]) -> None:
    assert not judge_quiz(ONE, given).understood


@pytest.mark.parametrize("given", ["16", "16 GB", "16gb", "１６ＧＢ", "15.6", "1.6e1"])
def test_a_number_may_have_its_unit_and_be_near(given: str) -> None:
    assert judge_quiz(NUMBER, (given,)).right


@pytest.mark.parametrize("given", ["17", "16 MB", "-16"])
def test_a_number_that_is_off_or_in_another_unit_is_wrong(given: str) -> None:
    judged = judge_quiz(NUMBER, (given,))
    assert (judged.right, judged.understood) == (False, True)


def test_a_text_where_a_number_is_asked_is_not_understood() -> None:
    assert not judge_quiz(NUMBER, ("many",)).understood


@pytest.mark.parametrize(
    "given", ["38.7", "38.7 小时", "38.7hours", "约 38.7", "大约38.7小时", "≈38.7", "about 38.7 h"]
)
def test_a_question_that_names_no_unit_judges_none(given: str) -> None:
    assert judge_quiz(Quiz("?", 1, number=38.7, tolerance=0.1), (given,)).right
    assert not judge_quiz(Quiz("?", 1, number=54), (given,)).right


def test_thousands_may_have_commas() -> None:
    assert judge_quiz(Quiz("?", 1, number=16000), ("16,000",)).right


@pytest.mark.parametrize("given", ["float16", "FP16", "ｆｐ１６"])
def test_texts_are_compared_without_case_and_width(given: str) -> None:
    assert judge_quiz(TEXT, (given,)).right


@pytest.mark.parametrize("quiz", [ONE, SEVERAL, NUMBER, TEXT])
def test_the_right_answer_is_right(quiz: Quiz) -> None:
    assert judge_quiz(quiz, right_answer(quiz)).right


def test_a_choice_may_have_commas_itself() -> None:
    quiz = Quiz("?", 1, choices=(Choice("a, one", right=True), Choice("b, two", right=True), Choice("c")))
    assert judge_quiz(quiz, ("a, one，b, two",)).right
    assert judge_quiz(quiz, ("1，2、",)).right


REPOSITORY = Field("repo", "Repository", "me/work", r"\w+/\w+")
TOKEN = Field("token", "Token", "ghp_example", secret=True)


def test_a_pattern_must_fit_the_whole_value() -> None:
    assert misfit(REPOSITORY, "me/work") is None
    problem = misfit(REPOSITORY, "see me/work")
    assert problem is not None
    assert problem.problem == "pattern"


def test_empty_values_and_short_secrets_do_not_fit() -> None:
    assert getattr(misfit(REPOSITORY, ""), "problem", None) == "empty"
    assert getattr(misfit(TOKEN, "1234567"), "problem", None) == "short_secret"
    assert misfit(TOKEN, "12345678") is None


def test_a_paste_gives_its_named_groups_wherever_the_pattern_is_found() -> None:
    paste = Paste("Paste it", r"GPU (?P<gpu>\w+)( (?P<memory>\d+))?", "GPU T4", 1)
    assert judge_paste(paste, "line\nGPU T4\n") == {"gpu": "T4", "memory": ""}
    assert judge_paste(paste, "nothing") is None

"""What the step card says: needs, the next thing to do, what differs, whether a field fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.fake.host import FakeHost
from tests.ui.fake.lesson import lesson
from tutor.i18n import Words
from tutor.lesson.model import Check, Field, Lesson, Need, NeedKind, Quiz, RunCode, Step
from tutor.progress.model import Verdict
from tutor.session.events import Action, Asking, Card, Outcome
from tutor.ui.blocks import Block
from tutor.ui.differing import DIFFERS, marked
from tutor.ui.entries import verdict_blocks
from tutor.ui.fitting import field_fit, number_fit
from tutor.ui.guide import guide
from tutor.ui.needs import needs_line
from tutor.ui.wrap import cells

EN, ZH = Words("en"), Words("zh")
NETWORK = Need(NeedKind.NETWORK, "huggingface.co:443")
CUDA = Need(NeedKind.CUDA)
TORCH = Need(NeedKind.MODULE, "torch")


def step(**changes: object) -> Step:
    return replace(Step("s", "S", 1, work=RunCode("python", "x", 2)), **changes)  # type: ignore[arg-type]


def of(*steps: Step) -> Lesson:
    return replace(lesson(), steps=steps)


async def card_at(step_id: str) -> Card:
    host = FakeHost(target=("check-device", step_id))
    session = await host.open("check-device", step_id)
    card = session.card()
    await session.aclose()
    return card


# -- what it needs


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (EN, "about 2 min · needs an NVIDIA GPU · network: huggingface.co · package: PyTorch"),
        (ZH, "约 2 分钟 · 需要 NVIDIA GPU · 联网：huggingface.co · 需要 PyTorch 包"),
    ],
)
def test_what_a_step_needs_the_hardest_to_come_by_first(words: Words, said: str) -> None:
    wants = step(minutes=2, needs=(TORCH, NETWORK, CUDA))
    assert needs_line(of(wants), wants, words) == said


def test_needs_of_single_checks_and_an_unusual_limit_are_said_and_otherwise_nothing() -> None:
    plain = step()
    assert needs_line(of(plain), plain, EN) == ""
    partly = step(checks=(Check("assert 1", 1, needs=(CUDA,)),), timeout=1800)
    assert needs_line(of(partly), partly, EN) == "some checks need an NVIDIA GPU · stops by itself after 30 min"
    short = step(timeout=45)
    assert needs_line(of(short), short, EN) == "stops by itself after 45 s"


@pytest.mark.parametrize("kind", NeedKind)
@pytest.mark.parametrize("words", [EN, ZH])
def test_every_need_has_words(kind: NeedKind, words: Words) -> None:
    of_step, of_check = step(needs=(Need(kind, "1"),)), step(checks=(Check("x", 1, needs=(Need(kind, "1"),)),))
    assert needs_line(of(of_step), of_step, words) != needs_line(of(of_check), of_check, words)


# -- what to do next


async def after(step_id: str, verdict: Verdict, suggested: Action, **changes: object) -> Card:
    card = await card_at(step_id)
    outcome = Outcome(verdict, unmet=("cuda",) if verdict is Verdict.COULD_NOT_CHECK else ())
    return replace(card, outcome=outcome, attempt=1, suggested=suggested, has_run=True, **changes)  # type: ignore[arg-type]


async def test_after_a_miss_one_thing_to_do_is_said_with_its_key() -> None:
    miss = Verdict.NOT_YET
    assert guide(await after("brackets", miss, Action.EDIT), EN) == (
        "Next: **e** edits the code, **ctrl+r** there runs it again."
    )
    assert "at line 3" in guide(await after("brackets", miss, Action.EDIT, error_line=3), EN)
    changed = replace(await after("brackets", miss, Action.RUN), has_run=False)
    assert "as it stands now" in guide(changed, EN)
    assert guide(await after("brackets", miss, Action.HINT), ZH).startswith("接下来：按 **h**")
    assert "**g**" in guide(await after("brackets", miss, Action.BRING_BACK), EN)
    quiz = await after("slow", miss, Action.ANSWER)
    assert guide(replace(quiz, asking=Asking.QUIZ), EN) == "Next: choose again; **enter** hands in."
    assert "ctrl+r" in guide(await after("colab", miss, Action.ANSWER), EN)
    assert "**v**" in guide(await after("by-hand", miss, Action.ANSWER), EN)
    assert "answer again" in guide(await after("how-many", miss, Action.ANSWER), EN)


async def test_in_the_editor_running_has_the_key_that_is_no_letter() -> None:
    changed = replace(
        await card_at("brackets"), outcome=Outcome(Verdict.NOT_YET), suggested=Action.RUN, attempt=1, has_run=False
    )
    assert guide(changed, EN) == "Next: **r** runs the code as it stands now."
    assert guide(changed, EN, is_editing=True) == "Next: **ctrl+r** runs the code as it stands now."


async def test_what_could_not_be_checked_says_that_it_is_fine_to_go_on_and_what_closes_it() -> None:
    card = await after("ask-pytorch", Verdict.COULD_NOT_CHECK, Action.NEXT)
    assert "**n** goes on" in guide(card, EN)
    assert "**w** runs it elsewhere" in guide(card, EN)
    assert card.outcome is not None
    account = replace(card, outcome=replace(card.outcome, unmet=("account:github",)))
    assert "`tutor run --open`" in guide(account, EN)
    assert card.outcome is not None
    for_want_of_a_value = replace(card, outcome=replace(card.outcome, unmet=()))
    assert "tutor run" not in guide(for_want_of_a_value, EN)


async def test_before_a_verdict_after_a_pass_and_while_code_runs_nothing_is_said() -> None:
    assert guide(await card_at("brackets"), EN) == ""
    assert guide(await after("brackets", Verdict.PASSED, Action.NEXT), EN) == ""
    assert guide(await after("brackets", Verdict.NOT_YET, Action.INTERRUPT, running=True), EN) == ""


# -- a verdict


def spans_of(blocks: tuple[Block, ...]) -> list[str]:
    return [block.first + block.plain for block in blocks]


def test_expected_and_seen_stand_in_one_column_also_in_chinese() -> None:
    line = {"label": "it fits", "verdict": "not_yet", "expected": "0.91", "seen": "0.87"}
    for words in (EN, ZH):
        blocks = verdict_blocks({"verdict": "not_yet", "lines": [line]}, words)
        leads = [cells(block.first) for block in blocks if block.plain in ("0.91", "0.87")]
        assert len(leads) == 2
        assert len(set(leads)) == 1
        assert all(cells(block.rest) == cells(block.first) for block in blocks)


def test_what_differs_is_marked_where_the_rest_is_alike() -> None:
    expected, seen = marked("'cuda:0'", "'cuda:1'")
    assert [text for text, role in expected if role == DIFFERS] == ["0"]
    assert [text for text, role in seen if role == DIFFERS] == ["1"]
    for pair in (("True", "False"), ("a\nb", "a\nc"), ("same", "same")):
        assert all(role != DIFFERS for spans in marked(*pair) for _, role in spans), pair
    missing, _ = marked("(3, 4)", "(3,4)")
    assert [text for text, role in missing if role == DIFFERS] == [" "]


def test_a_verdict_names_the_line_that_raised_and_praises() -> None:
    data = {
        "verdict": "not_yet",
        "error": {"type": "NameError", "message": "name 'x' is not defined"},
        "error_line": 3,
        "lines": [{"label": "The code runs", "verdict": "not_yet", "message": "NameError: name 'x' is not defined"}],
    }
    assert "  ✗ The code runs  line 3\nNameError: name 'x' is not defined" in spans_of(verdict_blocks(data, EN))
    assert "✓ Passed.  Your own code." in spans_of(
        verdict_blocks({"verdict": "passed", "praise": "Your own code."}, EN)
    )


def test_a_question_that_stands_above_the_answer_is_not_said_again() -> None:
    line = {"label": "Which?", "verdict": "not_yet", "message": "Too small."}
    said = spans_of(verdict_blocks({"verdict": "not_yet", "lines": [line], "asked": "Which?"}, EN))
    assert said == ["  ✗ Too small.", "✗ Not yet."]
    right = {"label": "Which?", "verdict": "passed", "message": ""}
    assert spans_of(verdict_blocks({"verdict": "passed", "lines": [right], "asked": "Which?"}, EN)) == ["✓ Passed."]


# -- while it is typed

REPO = Field("repo", "Repository", "me/work", r"\w+/\w+")
TOKEN = Field("token", "Token", "ghp_x", secret=True)
NUMBER = Quiz("How many?", 1, number=4.0, unit="MB")


def test_a_field_is_no_fault_before_the_learner_has_left_it() -> None:
    assert field_fit(REPO, "", EN, left=False) == ("It looks like me/work", "muted")
    assert field_fit(REPO, "me", EN, left=False) == ("It looks like me/work", "muted")
    assert field_fit(REPO, "me", EN, left=True) == ("✗ It looks like me/work", "not_yet")
    assert field_fit(REPO, "me/work", EN, left=False) == ("✓ fits", "passed")
    assert field_fit(REPO, "ｍｅ／ｗｏｒｋ", ZH, left=False)[1] == "passed"
    assert field_fit(Field("name", "Name", "x"), "anything", EN, left=True) == ("", "")


def test_a_secret_counts_its_characters() -> None:
    assert field_fit(TOKEN, "1234", EN, left=False) == ("4 of at least 8 characters", "muted")
    assert field_fit(TOKEN, "1234", EN, left=True)[1] == "not_yet"
    assert field_fit(TOKEN, "12345678", EN, left=False)[1] == "passed"


def test_a_number_is_recognised_and_not_judged() -> None:
    assert number_fit(NUMBER, "", EN, left=False) == ("A number, in MB", "muted")
    assert number_fit(NUMBER, "１２．５", EN, left=False)[1] == "passed"
    assert number_fit(NUMBER, "a lot", EN, left=True)[1] == "not_yet"

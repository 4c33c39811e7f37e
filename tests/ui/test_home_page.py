"""What stands on the home page, without a screen."""

from __future__ import annotations

import pytest

from tutor.i18n import Words
from tutor.ui.home import MOST_NEWS, Item, Kind, news_in_words, page_of, short_needs
from tutor.ui.host import Home, LessonRow, OpenStep
from tutor.ui.shelf import Shelf, following

EN = Words("en")
FIRST = LessonRow("first", "First steps", 10, 4, 2, state="started", summary="Where it runs", also="第一步\n在哪里运行")
SECOND = LessonRow("second", "Second", 20, 5, needs=("cuda", "account:github"), after=("first",))
THIRD = LessonRow("third", "Third", 5, 3)
CUDA = OpenStep("first", "ask", "First steps", "Ask PyTorch", 3, ("cuda",))
PACKAGE = OpenStep("first", "tf", "First steps", "TensorFlow", 4, ("module:tensorflow",))
YOURS = OpenStep("first", "form", "First steps", "Your name", 1, ("you",))


def items(home: Home, query: str = "", words: Words = EN) -> list[Item]:
    return list(page_of(home, Shelf(home.lessons), words, query))


def of_kind(home: Home, kind: Kind, words: Words = EN) -> list[Item]:
    return [item for item in items(home, words=words) if item.kind is kind]


def test_where_to_go_on_says_step_and_minutes_and_comes_first() -> None:
    home = Home([FIRST, SECOND], lesson_id="first", step_id="ask", step="Ask PyTorch", position=3, minutes_left=6)
    go_on = next(item for item in items(home) if item.is_chosen)
    assert (go_on.kind, go_on.title, go_on.step_id) == (Kind.GO_ON, "First steps › Ask PyTorch", "ask")
    assert go_on.right == "step 3 of 4 · 6 min left"
    assert "Where it runs" in go_on.detail


def test_after_a_finished_lesson_the_next_that_fits_is_offered() -> None:
    done = LessonRow("first", "First steps", 10, 4, 4, state="done_here")
    (go_on,) = of_kind(Home([THIRD, done, SECOND], lesson_id="first", step_id="ask"), Kind.GO_ON)
    assert (go_on.lesson_id, go_on.step_id) == ("second", "")


@pytest.mark.parametrize(
    ("lessons", "found"),
    [
        ([FIRST, SECOND, THIRD], "third"),
        ([FIRST, SECOND], "second"),
        ([FIRST, LessonRow("b", "B", 5, 1, broken="no")], None),
        ([FIRST, LessonRow("w", "W", 5, 1, waits="/lessons/w")], None),
        ([THIRD, FIRST], "third"),
    ],
)
def test_what_follows_a_lesson(lessons: list[LessonRow], found: str | None) -> None:
    row = following(lessons, "first")
    assert (row.id if row else None) == found


def test_nobody_is_sent_back_to_what_helps_before_the_lesson_they_are_in() -> None:
    rows = [
        LessonRow("start", "Start", 5, 1),
        LessonRow("a", "A", 5, 1, after=("start",)),
        LessonRow("b", "B", 5, 1, after=("start",)),
    ]
    row = following(rows, "a", finished="a")
    assert row is not None
    assert row.id == "b"


def test_a_lesson_that_was_just_finished_counts_as_a_forerunner() -> None:
    row = following([FIRST, SECOND, THIRD], "first", finished="first")
    assert row is SECOND


def test_open_steps_are_gathered_by_what_closes_them() -> None:
    home = Home([FIRST], [CUDA, PACKAGE, YOURS], python="/venv/bin/python")
    titles = [item.title for item in items(home) if item.kind is Kind.TITLE]
    assert "Open steps: 3 · about 8 min, 3 min of that on a GPU" in titles
    alone = [item.title for item in items(Home([FIRST], [CUDA])) if item.kind is Kind.TITLE]
    assert "Open steps: 1 · about 3 GPU minutes" in alone
    elsewhere, install, yours = of_kind(home, Kind.GROUP)
    assert (elsewhere.copies, elsewhere.is_elsewhere) == ("tutor run --open", True)
    assert (install.is_elsewhere, yours.is_elsewhere) == (False, False)
    together = {item.title: item.right for item in items(home) if item.kind is Kind.TITLE}
    assert together["Open steps: 3 · about 8 min, 3 min of that on a GPU"] == "o run elsewhere"
    nowhere = [item.right for item in items(Home([FIRST], [YOURS])) if item.title.startswith("Open steps")]
    assert nowhere == [""]
    assert install.copies == "/venv/bin/python -m pip install tensorflow"
    assert install.copies in install.detail
    assert yours.copies == ""
    steps = of_kind(home, Kind.OPEN)
    assert [step.step_id for step in steps] == ["ask", "tf", "form"]
    assert all(step.opens for step in steps)


def test_a_package_is_named_as_it_is_installed() -> None:
    step = OpenStep("first", "x", "First", "X", 1, ("module:sklearn.datasets",))
    (group,) = of_kind(Home([FIRST], [step]), Kind.GROUP)
    assert group.copies == "python -m pip install scikit-learn"


def test_pytorch_says_how_much_it_fetches() -> None:
    (group,) = of_kind(Home([FIRST], [OpenStep("first", "x", "F", "X", 1, ("module:torch",))]), Kind.GROUP)
    assert "192 MB" in group.detail


def test_what_changed_has_its_reason_or_its_command() -> None:
    home = Home(
        [
            LessonRow("b", "Broken", 5, 0, broken="line 3 has no id"),
            LessonRow("c", "Changed", 5, 4, 2, state="changed", changed=2),
            LessonRow("n", "New", 5, 4, is_news=True),
            LessonRow("w", "Waits", 5, 4, waits="/my lessons/w"),
        ]
    )
    broken, changed, new, waits = of_kind(home, Kind.NEWS)
    assert broken.detail == "line 3 has no id"
    assert not broken.opens
    assert changed.right == "changed since you passed it: 2"
    assert new.opens
    assert (waits.copies, waits.opens) == ("tutor trust '/my lessons/w'", False)


def test_lessons_of_one_folder_are_trusted_together_and_many_news_are_counted() -> None:
    waits = [LessonRow(f"w{n}", "W", 5, 1, waits=f"/l/w{n}") for n in range(3)]
    new = [LessonRow(f"n{n}", "N", 5, 1, is_news=True) for n in range(MOST_NEWS + 9)]
    home = Home([*waits, *new])
    assert [item.copies for item in of_kind(home, Kind.NEWS) if item.copies] == ["tutor trust /l"]
    assert len(of_kind(home, Kind.NEWS)) == MOST_NEWS + 1
    assert any(item.title == f"new lessons: {MOST_NEWS + 9}" for item in of_kind(home, Kind.NOTE))


def test_nothing_to_tell_has_no_part_of_its_own() -> None:
    assert [item.title for item in items(Home([THIRD])) if item.kind is Kind.TITLE] == ["Begin", "Lessons"]
    assert news_in_words(Home([THIRD]), EN) == ""


@pytest.mark.parametrize("query", ["first", "FIRST", "ｆｉｒｓｔ", "在哪里", "runs where", " first "])
def test_the_search_folds_letters_and_reads_both_languages(query: str) -> None:
    found = [item.lesson_id for item in items(Home([FIRST, SECOND, THIRD]), query) if item.kind is Kind.LESSON]
    assert found == ["first"]


def test_a_lesson_says_what_it_needs_and_what_helps_before_it() -> None:
    done = LessonRow("first", "First steps", 10, 4, 4, state="passed")
    lesson = next(
        item for item in items(Home([done, SECOND])) if item.kind is Kind.LESSON and item.lesson_id == "second"
    )
    assert lesson.right.startswith("NVIDIA GPU · GitHub")
    assert "Needs an NVIDIA GPU, a GitHub account." in lesson.detail
    assert "Helps before it: ✓ First steps" in lesson.detail


def test_short_needs_leave_out_what_every_computer_has() -> None:
    assert short_needs(("module:torch", "posix", "ram:8"), EN) == ""
    assert short_needs(("network:github.com:443", "account:kaggle", "env:colab"), EN) == "network · Kaggle · Colab"


def test_news_are_told_in_one_line() -> None:
    lessons = [
        LessonRow("b", "B", 5, 0, broken="x", is_news=True),
        LessonRow("c", "C", 5, 4, changed=1, is_news=True),
        LessonRow("n", "N", 5, 4, is_news=True),
        LessonRow("m", "M", 5, 4, is_news=True),
        LessonRow("o", "O", 5, 4, changed=1),
    ]
    told = news_in_words(Home(lessons), EN)
    assert told == "cannot be read: 1, changed since you passed them: 1, new lessons: 2"
    assert news_in_words(Home(lessons), Words("zh"))


def test_ten_thousand_lessons_are_made_only_where_they_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = short_needs

    def counting(needs: tuple[str, ...], words: Words) -> str:
        made.append("")
        return real(needs, words)

    monkeypatch.setattr("tutor.ui.home.short_needs", counting)
    rows = [LessonRow(f"l{n}", f"Lesson {n}", 5, 3) for n in range(10_000)]
    page = page_of(Home(rows), Shelf(rows), EN)
    assert len(page) > 10_000
    assert page[len(page) - 1].title == "Lesson 9999"
    assert len(made) == 1

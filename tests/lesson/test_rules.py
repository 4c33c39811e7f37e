from __future__ import annotations

import pytest

from tests.lesson.build import FRONT, codes, parse, step
from tutor.lesson.rules import Rule, meant, shown

RUN = "```python run\n1\n```\n"
QUIZ = '```toml quiz\nquestion = "?"\nanswer = 1\n```\n'
TASKS = "- [ ] Do it\n"


def front(**changes: str | None) -> str:
    """Front matter with some keys changed or left out, one key a line from line 2 on."""
    keys: dict[str, str | None] = {"format": "1", "title": "T", "summary": "S", "minutes": "5", **changes}
    return (
        "---\n" + "".join(f"{key}: {value}\n" for key, value in keys.items() if value is not None) + "---\n" + step("")
    )


FRONT_ERRORS = [
    ("", "E010", 1),
    ("Prose", "E010", 1),
    ("---\nformat: 1\n", "E010", 1),
    ("---\n- a\n---\n", "E011", 2),
    ("---\n---\n", "E011", 2),
    ("---\ntitle: [\n---\n", "E011", 3),
    ("---\ntitle: \x07\n---\n", "E011", 2),
    ("---\na: " + "[" * 100_000 + "\n---\n", "E011", 2),
    (front(titel="T"), "E012", 6),
    (front(**{"[a]": "T"}), "E012", 6),
    ("---\nformat: 1\ntitle: T\nsummary: S\nminutes: 5\ntitle: U\n---\n" + step(""), "E013", 6),
    (front(title=None), "E014", 1),
    (front(format="2"), "E015", 2),
    (front(format='"1"'), "E015", 2),
    (front(title="2026"), "E016", 3),
    (front(title='""'), "E016", 3),
    (front(summary="yes"), "E016", 4),
    (front(minutes="five"), "E017", 5),
    (front(minutes="-1"), "E017", 5),
    (front(minutes="1.5"), "E017", 5),
    (front(minutes="true"), "E017", 5),
    (front(order="first"), "E017", 6),
    (front(after="one"), "E018", 6),
    (front(after="[One]"), "E018", 6),
    (front(sources="x"), "E019", 6),
    (front(sources="[x]"), "E019", 6),
    (front(sources="[{title: T, url: U}]"), "E019", 6),
    (front(sources="[{title: T, url: U, read: 2026-13-01}]"), "E019", 6),
    (front(sources="[{title: T, url: U, read: 2026-11-01, by: me}]"), "E019", 6),
    (front(sources="[{title: 1, url: U, read: 2026-11-01}]"), "E019", 6),
    (front(needs="fpga"), "E020", 6),
    (front(needs="[torch]"), "E020", 6),
    (front(title="!!python/object/apply:os.system [ls]"), "E016", 3),
]


@pytest.mark.parametrize(("text", "code", "line"), FRONT_ERRORS)
def test_front_matter_rule(text: str, code: str, line: int) -> None:
    assert (code, line) in codes(parse(text))


def test_valid_front_matter_variants() -> None:
    for text in (
        front(order="-3"),
        front(after="[]"),
        front(after="[2-gpu, 3]"),
        front(needs='""'),
        front(sources="[]"),
    ):
        assert codes(parse(text)) == []


NEEDS = [
    "gpu", "cuda", "torch", "module:os.path", "command:nvidia-smi", "network:huggingface.co", "network:10.0.0.1:8080",
    "account:github", "account:google", "account:kaggle", "env:colab", "env:kaggle", "posix", "ram:8", "disk:2", "torch gpu", "",
]  # fmt: skip
NOT_NEEDS = [
    "gpu:1", "gpu:", "cuda:0", "module", "module:", "module:a-b", "command:", "command:a/b", "network:", "network:a:0", "network:a:65536",
    "network:a:b", "network:https://a", "account:gitlab", "account:", "env:aws", "posix:1", "ram", "ram:x", "ram:-1", "disk:", "tpu", "torch:1",
    "GPU", "gpu,cuda",
]  # fmt: skip


@pytest.mark.parametrize("needs", NEEDS)
def test_needs_that_the_vocabulary_has(needs: str) -> None:
    assert codes(parse(FRONT + step("", f'needs="{needs}"'))) == []
    assert codes(parse(FRONT + step(f'{RUN}\n```python check needs="{needs}"\nassert 1\n```'))) == []


@pytest.mark.parametrize("needs", NOT_NEEDS)
def test_needs_that_the_vocabulary_lacks(needs: str) -> None:
    assert codes(parse(FRONT + step("", f'needs="{needs}"'))) == [("E020", 7)]
    assert codes(parse(FRONT + step(f'{RUN}\n```python check needs="{needs}"\nassert 1\n```'))) == [("E020", 13)]


HEADINGS = [
    ("## Title", "E031"),
    ("##", "E031"),
    ("## Title {id}", "E031"),
    ("## Title {#}", "E031"),
    ("## Title {# id}", "E031"),
    ("## Title {minutes=2}", "E031"),
    ("## Title {#id minutes=2", "E031"),
    ("## Title {#id} more", "E031"),
    ("## Title {#a.b}", "E032"),
    ("## Title {#minutes=2 #id}", "E032"),
    ("## Title {#id hours=2}", "E034"),
    ("## Title {#id minutes}", "E035"),
    ("## Title {#id minutes=2,timeout=3}", "E037"),
    ('## Title {#id needs="gpu}', "E035"),
    ("## Title {#id needs=“gpu”}", "E020"),
    ("## Title {#id #other}", "E035"),
    ("## Title {#id minutes=2 minutes=3}", "E036"),
    ("## Title {#id minutes=two}", "E037"),
    ("## Title {#id minutes=-2}", "E037"),
    ("## Title {#id minutes=1.5}", "E037"),
    ("## Title {#id timeout=0}", "E037"),
    ("## Title {#id retry=x}", "E037"),
    ("## Title {#id timeout=99999999999999999999}", "E037"),
    ("## Title {#id on=remote}", "E038"),
    ("## Title {#id replay=never}", "E038"),
    ("## Title {#id rewind=0}", "E038"),
]


@pytest.mark.parametrize(("heading", "code"), HEADINGS)
def test_heading_rule(heading: str, code: str) -> None:
    assert (code, 7) in codes(parse(FRONT + heading + "\n"))


@pytest.mark.parametrize(
    "heading", ["## T {#id}", "## {#id}", "## T {#id}  ", "## T {#id} ##", "  ## T {#a_1-B}", "## 中文 {#id minutes=2}"]
)
def test_heading_that_is_fine(heading: str) -> None:
    assert codes(parse(FRONT + heading + "\n")) == []


def test_lesson_has_a_step() -> None:
    assert codes(parse(FRONT + "# Title\n\nProse\n")) == [("E030", 6)]


def test_step_ids_are_unique() -> None:
    assert codes(parse(FRONT + step("") + step(""))) == [("E033", 10)]


FENCES = [
    ("```python run\n1\n", "E040", 9),
    ("```\nillustration\n", "E040", 9),
    ("```python rum\n1\n```", "E041", 9),
    ("```python Run\n1\n```", "E041", 9),
    ("```rust run\n1\n```", "E042", 9),
    ("```bash starter\n1\n```\n```python solution\n1\n```", "E042", 9),
    (RUN + "```markdown hint\n1\n```", "E042", 12),
    ("```python quiz\n1\n```", "E042", 9),
    ("```python run exit=1\n1\n```", "E043", 9),
    ('```bash run raises="x"\n1\n```', "E043", 9),
    (RUN + '```python check when="x"\n1\n```', "E043", 12),
    ('```python run needs="gpu"\n1\n```', "E043", 9),
    ("```toml quiz minutes=2\n1\n```", "E043", 9),
    ("- item\n\n  ```python run\n  1\n  ```", "E044", 11),
    ("> ```python run\n> 1\n> ```", "E044", 9),
    ('```python run raises="("\n1\n```', "E046", 9),
    (RUN + '```md hint when="*"\n1\n```', "E046", 12),
    (RUN + '```md hint when="a{99999999999999999999}"\n1\n```', "E046", 12),
    ("```bash run exit=256\n1\n```", "E047", 9),
    ("```bash run exit=no\n1\n```", "E047", 9),
    ("```python run exception\n1\n```", "E035", 9),
    ("```python run\n\nx = = 1\n```", "E048", 11),
    (RUN + "```python check\nreturn 1\n```", "E048", 13),
    (RUN + "```python check\n!ls\n```", "E048", 13),
    ("```python starter\n1\n```\n```python solution\n(\n```", "E048", 13),
    (TASKS + "```python practice\nx =\n```", "E048", 11),
    (RUN + QUIZ, "E050", 12),
    (RUN + RUN, "E050", 12),
    (TASKS + "\nProse\n\n" + TASKS, "E050", 13),
    (RUN + TASKS, "E050", 12),
    (RUN + QUIZ.replace("quiz", "predict"), "E051", 12),
    (QUIZ.replace("quiz", "predict"), "E051", 9),
    (QUIZ.replace("quiz", "predict") * 2 + RUN, "E051", 13),
    (QUIZ.replace("quiz", "predict") + TASKS, "E051", 9),
    ("```python starter\n1\n```", "E052", 9),
    ("```python solution\n1\n```", "E053", 9),
    ("```python solution\n1\n```\n```python starter\n1\n```", "E053", 9),
    ("```python starter\n1\n```\n" + "```python solution\n1\n```\n" * 2, "E053", 15),
    (RUN + "```python solution\n1\n```", "E053", 12),
    ("```python check\nassert 1\n```\n" + RUN, "E054", 9),
    ("```python check\nassert 1\n```\n", "E054", 9),
    ("```md hint\nx\n```\n" + RUN, "E055", 9),
    ("```md hint\nx\n```\n", "E055", 9),
    ("```python practice\n1\n```\n", "E056", 9),
    (RUN + "```python practice\n1\n```\n", "E056", 12),
    (TASKS + "```python practice\n1\n```\n" * 2, "E056", 13),
    ("- [ ] one\n- two\n", "E057", 10),
    ("- [x] one\n- [ ] two\n", "E057", 9),
]


@pytest.mark.parametrize(("content", "code", "line"), FENCES)
def test_fence_and_step_rule(content: str, code: str, line: int) -> None:
    assert (code, line) in codes(parse(FRONT + step(content)))


@pytest.mark.parametrize("content", [RUN, TASKS])
def test_work_before_the_first_step(content: str) -> None:
    assert codes(parse(FRONT + content + "\n" + step(""))) == [("E045", 7)]


@pytest.mark.parametrize(
    "content",
    [
        "~~~python run\n1\n~~~",
        "```python  run  \n1\n```",
        "```\n```",
        "```python\n1\n```",
        "- a list\n- of things\n\n  ```python\n  1\n  ```",
        "> ```python\n> 1\n> ```",
        '```python run raises="SyntaxError"\nx = = 1\n```',
        "```bash run exit=0\nif\n```",
        "* [ ] one\n* [ ] two",
        "1. [ ] one\n2. [ ] two",
        "- [ ] one\n\n  - [x] inner\n",
        TASKS + "```python check\nassert 1\n```\n```md hint\nx\n```",
        QUIZ + "```md hint\nx\n```",
        "<!-- a comment\n## no step\n-->",
    ],
)
def test_step_that_is_fine(content: str) -> None:
    assert codes(parse(FRONT + step(content))) == []


def test_unknown_role_brings_no_errors_that_follow_from_it() -> None:
    assert codes(parse(FRONT + step("```python rum\n1\n```\n```python check\nassert 1\n```"))) == [("E041", 9)]


def test_message_says_what_was_expected_and_what_was_found() -> None:
    problem = parse(FRONT + step("", "minuets=2")).problems[0]
    assert problem.message == f"{Rule.STEP_ATTRIBUTE.sentence} Found `minuets`; did you mean `minutes`?"
    assert str(problem).endswith(f"some-lesson/en.md:7: E034 {problem.message}")


@pytest.mark.parametrize("lesson_id", ["Some", "some_lesson", "list", "run", "", "a b"])
def test_lesson_id_rule(lesson_id: str) -> None:
    from pathlib import Path

    from tutor.lesson.parse import parse_lesson

    result = parse_lesson(Path("/nowhere/x/en.md"), FRONT + step(""), lesson_id=lesson_id)
    assert codes(result) == [("E004", 1)]


def test_file_name_rule() -> None:
    from pathlib import Path

    from tutor.lesson.parse import parse_lesson

    assert codes(parse_lesson(Path("/nowhere/some/fr.md"), FRONT + step(""))) == [("E003", 1)]


def test_codes_are_unique_and_sentences_end() -> None:
    assert len({rule.code for rule in Rule}) == len(Rule)
    assert all(rule.sentence.endswith(".") and rule.code[0] in "EW" and len(rule.code) == 4 for rule in Rule)


def test_found_text_is_short_and_carries_no_escape_sequence() -> None:
    assert shown("\x1b[31m" + "x" * 500) == "`\\x1b[31m" + "x" * 54 + "…`"
    assert meant("minuets", ["minutes"]) == "; did you mean `minutes`?"
    assert meant("zzz", ["minutes"]) == ""

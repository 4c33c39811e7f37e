"""Mutated lessons give lessons or located errors, never a traceback. `TUTOR_FUZZ=10000` asks for more of them."""

from __future__ import annotations

import os
import random
import time
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lesson.build import FRONT, step
from tutor.lesson.advice import check_advice
from tutor.lesson.hashes import step_hash
from tutor.lesson.links import check_links
from tutor.lesson.model import Lesson
from tutor.lesson.parity import check_parity
from tutor.lesson.parse import parse_lesson
from tutor.lesson.rules import Report, Rule
from tutor.lesson.scan import step_ids
from tutor.lesson.steps import Draft
from tutor.lesson.trust import describe

EXAMPLES = int(os.environ.get("TUTOR_FUZZ", "500"))
FOLDER = Path(__file__).parent / "fixtures" / "every-role"
PATH = Path("/nowhere/every-role/en.md")
SOURCE = (FOLDER / "en.md").read_text(encoding="utf-8")
LINES = SOURCE.split("\n")
CODES = {rule.code for rule in Rule}

PIECES = (
    "```", "````", "~~~", "---", "## ", "##", "{#", "}", "[[choice]]", "[[field]]", '"""', "'''", '"', "'", "= ", "{{name}}", "- [ ] ", "- [x] ",
    "> ", "    ", "\t", "|", "\\", "\0", "\x1b[31m", "\u2028", "\ufeff", "\r", "\r\n", "\n", "\n\n", "：", "“", "&a [*a]", "*a", "<<: *a", "!!python/object:os.system",
    "!!timestamp x", "[" * 50, "(" * 300, "9" * 400, "1e999", "nan", "true", "2026-11-20", "(?P<x", "(a+)+$", "a{9999999999}", "<!--", "-->", "<div>", "[x]: y",
    "await ", "%%bash\n", "!ls", "x = !ls", "?", "assert ", "return", "\ud800", "é", "中文", "needs=", 'when="', "python run", "toml quiz", "md hint", "minutes: ",
)  # fmt: skip


def mutate(text: str, seed: int, count: int) -> str:
    """Some random edits of lines, characters and pieces."""
    chance = random.Random(seed)
    lines = text.split("\n")
    for _ in range(count):
        at = chance.randrange(len(lines))
        match chance.randrange(9):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, chance.choice(LINES))
            case 2:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at:at] = lines[chance.randrange(len(lines)) :][: chance.randrange(12)]
            case 4:
                del lines[at : at + chance.randrange(12)]
            case 5 | 6:
                line = lines[at]
                cut = chance.randrange(len(line) + 1)
                lines[at] = line[:cut] + chance.choice(PIECES) + line[cut + chance.randrange(3) :]
            case 7:
                line = lines[at]
                cut = chance.randrange(len(line) + 1)
                lines[at] = (
                    line[:cut] + chr(chance.choice((chance.randrange(128), chance.randrange(0x110000)))) + line[cut:]
                )
            case _:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        lines = lines or [""]
    return "\n".join(lines)


@cache
def translation() -> tuple[Draft, ...]:
    return parse_lesson(FOLDER / "zh.md").drafts


def judge(text: str) -> Lesson | None:
    """Parse; whatever comes of it must be a whole lesson or located errors, and what was read is compared and its links are looked up."""
    result = parse_lesson(PATH, text)
    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for problem in result.problems:
        assert problem.code in CODES
        assert problem.code.startswith("E")
        assert 1 <= problem.line <= last + 1
        assert problem.message.isprintable()
        assert len(problem.message) < 600
    assert (result.lesson is None) == bool(result.problems)
    check_parity(result.drafts, translation(), Report(PATH))
    check_parity(translation(), result.drafts, Report(PATH))
    check_links("\n\n".join(each.step.body for each in result.drafts), 1, FOLDER, Report(PATH))
    return result.lesson


def use(lesson: Lesson) -> None:
    """Everything else that this room does with a lesson."""
    report = Report(lesson.path)
    check_advice(lesson, report)
    describe([lesson])
    assert all(each.hash == step_hash(each) for each in lesson.steps)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 8))
def test_mutated_lesson_is_a_lesson_or_has_located_errors(seed: int, count: int) -> None:
    text = mutate(SOURCE, seed, count)
    lesson = judge(text)
    if lesson is not None:
        use(lesson)
    list(step_ids(text.split("\n")))


YAML = st.text(alphabet="abc:-[]{}&*!|>'\"#%@`, \n\t0123456789.~?<=\\\x85\u2028", max_size=80)
TOML = st.text(alphabet="abquestionchoicefield=[]\"'{}.,#-_ \n\t0123456789+\\", max_size=80)


@settings(max_examples=max(EXAMPLES // 5, 50), deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(yaml=YAML)
def test_any_front_matter(yaml: str) -> None:
    judge(f"---\nformat: 1\ntitle: T\nsummary: S\nminutes: 1\n{yaml}\n---\n{step('')}")
    judge(f"---\n{yaml}\n---\n{step('')}")


@settings(max_examples=max(EXAMPLES // 5, 50), deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(toml=TOML, role=st.sampled_from(["quiz", "form", "paste"]))
def test_any_toml(toml: str, role: str) -> None:
    judge(FRONT + step(f"```toml {role}\n{toml}\n```"))


@settings(max_examples=max(EXAMPLES // 5, 50), deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(info=st.text(max_size=60), heading=st.text(max_size=60))
def test_any_heading_and_info(info: str, heading: str) -> None:
    judge(FRONT + f"## {heading}\n\n```{info}\nx\n```\n## T {{#a {heading}}}\n\n```python run {info}\n1\n```\n")


@settings(max_examples=max(EXAMPLES // 5, 50), deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.binary(max_size=200), at=st.integers(0, len(SOURCE)))
def test_any_bytes(data: bytes, at: int) -> None:
    raw = SOURCE.encode()
    text = (raw[:at] + data + raw[at:]).decode(errors="surrogateescape")
    judge(text)


def test_long_repetitions_take_no_long_time() -> None:
    much = 20_000
    texts = [
        FRONT + "## " + "{#" * much,
        FRONT + "## T {#a " + "a=" * much + "}",
        FRONT + '## T {#a a="' + '\\"' * much + "}",
        FRONT + "## T {#a " + 'a="' * much + "}",
        FRONT + "## " + "#" * much,
        FRONT + step("```python run\n" + "!ls \\\n" * 2000 + "```"),
        FRONT + step("```python run\n" + " " * much + "?\n```"),
        FRONT + step("```python run\n" + "a, " * much + "=\n```"),
        FRONT + step("```toml quiz\nquestion = '" + '"""' * much + "'\n```"),
        FRONT + step('```toml quiz\nquestion = "' + '\\"' * much + '"""\n```'),
        FRONT + step("- [ ] a\n" * 3000),
        FRONT + step("- [ ] " + "[ ] " * much),
        FRONT + step("> " * much + "```python run"),
        FRONT.replace("A title", "1" * much) + step(""),
        FRONT.replace("A title", "1_" * much + ":") + step(""),
        FRONT.replace("A title", "&a " * much) + step(""),
        FRONT + step("", 'needs="' + "network:" + "a." * much + '"'),
        FRONT + step("", 'needs="' + "module:" + "a." * much + '"'),
        FRONT + "".join(step("", step_id=f"s{number}") for number in range(1000)),
    ]
    for text in texts:
        start = time.perf_counter()
        judge(text)
        assert time.perf_counter() - start < 5, text[:200]


def test_long_repetitions_in_a_lesson_that_is_used() -> None:
    much = 20_000
    for content in (
        "<!--" * 2000 + "](" * 2000,
        "[" * 2000 + "](" * 2000,
        "```python run\n'''" + "\\'" * much + "'''\n```",
        "```python run\nx = '" + "a." * much + "'\n```",
        "```python run\nx = '" + "a@" * much + "'\n```",
        "```python run\nx = '" + "1." * much + "'\n```",
        "```bash run\n" + "a/" * much + "\n```",
        "```bash run\n" + "'\\" * much + "\n```",
        "```bash run\n" + "a:" * much + "\n```",
    ):
        start = time.perf_counter()
        lesson = judge(FRONT + step(content))
        if lesson is not None:
            use(lesson)
        assert time.perf_counter() - start < 5, content[:200]

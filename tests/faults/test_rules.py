"""The file of rules keeps its promises, and says what is wrong where it does not."""

from __future__ import annotations

import re
import time
from importlib.resources import files
from typing import Any

import pytest

from tests.faults.texts import fault_texts, unrelated_texts
from tests.support.sources import ROOT
from tutor.faults.codes import CODES
from tutor.faults.explain import explain
from tutor.faults.literals import literals
from tutor.faults.rules import LANGUAGES, RulesError, check, read, shipped

TEXT = files("tutor.faults").joinpath("rules.toml").read_text(encoding="utf-8")
GOOD = """
[[fault]]
code = "nan-loss"
any = ['loss is nan']
en = {cause = "c", mend = "m"}
zh = {cause = "因", mend = "法"}
"""
PATTERNS = sorted(
    {
        pattern
        for rule in shipped()
        for sign in rule.signs
        for pattern in (sign.line, sign.near, sign.unless, sign.unless_near, *rule.unless)
        if pattern
    }
)


def test_nothing_is_wrong_with_the_rules() -> None:
    assert check(TEXT) == []


def test_codes_are_those_of_the_contract() -> None:
    assert len(CODES) == len(set(CODES)) == 63
    assert sorted(rule.code for rule in shipped()) == sorted(CODES)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("nan-loss", "nan-lost"), "line 2.*not one of"),
        (("zh = {cause", "zz = {cause"), "line 2, nan-loss: unknown zz"),
        (('zh = {cause = "因", mend = "法"}', ""), "line 2, nan-loss: no cause or no mend in zh"),
        (("['loss is nan']", "[]"), "line 2, nan-loss: no pattern"),
        (("['loss is nan']", "[{lines = 'x'}]"), "line 2, nan-loss: unknown lines"),
        (("any", 'rank = "high"\nany'), "line 2, nan-loss: `rank`"),
        (("any", 'nearer_than = ["x"]\nany'), "line 2, nan-loss: nearer than unknown x"),
        (("any", 'nearer_than = ["nan-loss"]\nany'), "nearer to the cause than itself"),
        (("any = [", "any = "), "line 4|Invalid"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(change: tuple[str, str], said: str) -> None:
    with pytest.raises(RulesError, match=said):
        read(GOOD.replace(*change, 1))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [("loss (is nan", "line 4, nan-loss: no regular expression"), (r"\\d+", "line 4, nan-loss: no 3 fixed letters")],
)
def test_a_wrong_pattern_is_found_with_its_line(pattern: str, said: str) -> None:
    assert any(one.startswith(said) for one in check(GOOD.replace("loss is nan", pattern.replace("\\\\", "\\"))))


def test_a_sentence_that_asks_for_what_nothing_tells_is_found() -> None:
    assert any("no `given` for what" in one for one in check(GOOD.replace('mend = "m"', 'mend = "{what}"')))


def test_own_rules_can_be_handed_in() -> None:
    (fault,) = explain("1\nthe loss is nan", rules=read(GOOD), language="zh")
    assert (fault.line, fault.cause, fault.mend) == (2, "因", "法")


def test_lessons_that_are_named_have_that_step() -> None:
    for rule in shipped():
        if rule.lesson:
            lesson, _, step = rule.lesson.partition("#")
            assert f"{{#{step} " in (ROOT / "lessons" / lesson / "en.md").read_text(encoding="utf-8")


def test_sentences_are_calm_and_no_stranger_is_installed() -> None:
    for rule in shipped():
        for sayings in (rule.sayings, *(variant.sayings for variant in rule.variants)):
            for language in LANGUAGES:
                prose = [line for line in sayings[language].mend.split("\n") if not line.startswith("    ")]
                for line in (sayings[language].cause, *prose):
                    assert not re.search(r"[！]|!(?!\w|=|`)", re.sub(r"`[^`]*`|% or !|% 或 !", "", line)), line
                assert "pip install " + "tutor" not in sayings[language].mend
                assert "VPN" not in sayings[language].mend


def test_commands_are_the_same_in_both_languages() -> None:
    def commands(text: str) -> list[str]:
        lines = [line.strip() for line in text.split("\n") if line.startswith("    ")]
        return [
            re.sub(
                r"[^\x00-\x7f]+|[A-Z]{4,}|OWNER/NAME|\bfolder\b|\bWithout the large file\b|YOUR.IP|/path/with/room",
                "…",
                line,
            )
            for line in lines
        ]

    for rule in shipped():
        for sayings in (rule.sayings, *(variant.sayings for variant in rule.variants)):
            english, chinese = commands(sayings["en"].mend), commands(sayings["zh"].mend)
            assert len(english) == len(chinese), rule.code
            for one, other in zip(english, chinese, strict=True):
                assert one == other or "…" in one + other, rule.code


# ── Safety ──


def repeats(tree: Any) -> list[tuple[int, Any]]:
    """Every quantifier of a parsed pattern: its most, and what it repeats."""
    found: list[tuple[int, Any]] = []
    for operator, argument in tree:
        if str(operator) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            found.append((int(argument[1]), argument[2]))
            found += repeats(argument[2])
        elif str(operator) == "SUBPATTERN":
            found += repeats(argument[-1])
        elif str(operator) == "BRANCH":
            for branch in argument[1]:
                found += repeats(branch)
        elif str(operator) in ("ASSERT", "ASSERT_NOT"):
            found += repeats(argument[1])
    return found


def parsed(pattern: str) -> Any:
    return re._parser.parse(pattern)  # type: ignore[attr-defined]


def is_dangerous(pattern: str) -> bool:
    """A quantifier without a small end around another, or one for any character without an end."""
    for most, inside in repeats(parsed(pattern)):
        nested = [other for other, _ in repeats(inside) if other > 1]
        if (nested and most > 8) or (most > 5000 and [str(operator) for operator, _ in inside] == ["ANY"]):
            return True
    return False


@pytest.mark.parametrize("pattern", ["(a+)+b", "(?:a*)*", "(?:\\w+\\s?){1,99}x", "a.*b", "(?=(?:x+)+)"])
def test_the_test_for_danger_finds_it(pattern: str) -> None:
    assert is_dangerous(pattern)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_can_backtrack_for_ever(pattern: str) -> None:
    assert not is_dangerous(pattern.replace("{module}", "module"))


def evil(pattern: str) -> list[str]:
    """Long lines on which a careless pattern takes long: what it looks for, over and over, and never the end."""
    parts = [*literals(pattern), "a", "1", " ", "(", "[", ".", "a ", "1,", "-a ", "word ", "_", "/a"]
    lines = [(part * 4000)[:4000] for part in parts]
    lines += [(one + " " + "x" * 60) * 40 for one in literals(pattern)]
    return lines + [one + "a " * 1900 for one in literals(pattern)] + [one + "1" * 3900 for one in literals(pattern)]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_takes_long_on_what_is_made_to_slow_it_down(pattern: str) -> None:
    compiled = re.compile(pattern.replace("{module}", "module"))
    for line in evil(pattern):
        begun = time.process_time()
        compiled.search(line[:4000])
        assert time.process_time() - begun < 0.5, line[:60]


def test_a_megabyte_takes_no_time_worth_mentioning() -> None:
    # The true figure is a tenth of a second or two; the limit is for a machine that is busy with ten other things.
    log = "".join(
        f"2026-11-21 10:00:{n % 60:02} INFO step {n} loss: {n}.25 lr 0.001 error 0 file /home/u/x.py\n"
        for n in range(12_500)
    )
    floods = [
        "SyntaxError: ",
        "No module named 'x",
        "Permission denied ",
        "no kernel image is available for execution ",
    ]
    for text in (log, *("".join(f"{line}{n}\n" for n in range(1_000_000 // len(line) // 2)) for line in floods)):
        begun = time.process_time()
        explain(text)
        assert time.process_time() - begun < 10


def test_what_is_looked_for_first_stands_in_every_line_that_matches() -> None:
    lines = {line[:4000] for text in (*fault_texts(), *unrelated_texts()) for line in text.text.split("\n")}
    for rule in shipped():
        for sign in rule.signs:
            compiled = re.compile(sign.line)
            for line in lines:
                assert not compiled.search(line) or any(one in line for one in sign.literals), (sign.line, line)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("CUDA out of memory", ("CUDA out of memory",)),
        (r"\[Errno 2\] x", ("[Errno 2] x",)),
        ("abcd?", ("abc",)),
        ("abcd+efghi", ("efghi",)),
        ("(?:first|second) x", ("first", "second")),
        ("first|second", ("first", "second")),
        (r"a(?!long words)b{0,3}cde", ("cde",)),
        (r"[Cc]ould not", ("ould not",)),
        ("(?P<name>known) ", ("known",)),
        ("ab", ()),
        ("内核", ("内核",)),
        (r"\d+x?", ()),
    ],
)  # fmt: skip
def test_fixed_text_of_a_pattern(pattern: str, expected: tuple[str, ...]) -> None:
    assert literals(pattern) == expected

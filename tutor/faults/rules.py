"""The rules: read from one file of data, and held against what that file promises."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from tutor.faults.codes import CODES
from tutor.faults.literals import Choice, literals

LANGUAGES = ("en", "zh")
FACTS = {"system", "place", "wsl", "container", "card", "build"}
"""What a variant may ask of the machine, beside what its rule's patterns caught."""
FILLED = {"python", "index", "driver"}
"""What a sentence may name in braces, beside the same."""
_RULE_KEYS = {"code", "any", "unless", "nearer_than", "rank", "lesson", "given", "en", "zh", "variant"}
_SIGN_KEYS = {"line", "near", "within", "unless", "unless_near", "card"}
_RANKS = {"fault": 0, "sign": 1, "last": 2}
_SLOT = re.compile(r"\{([a-z_]+)\}")


class RulesError(Exception):
    """The file of rules is not as it must be; the message names the line."""


@dataclass(frozen=True)
class Sign:
    """What a line must look like."""

    line: str
    near: str = ""
    """A pattern that another line close by must match."""
    within: int = 8
    """How many lines away that one may be."""
    unless: str = ""
    """The line is no sign if it matches this too."""
    unless_near: str = ""
    """Nor if a line close by does."""
    card: str = ""
    """`older` or `newer`: whether the card must be that, compared with what the program was built for."""

    @property
    def looks_around(self) -> bool:
        """Whether one line is not enough to tell."""
        return bool(self.near or self.unless_near or self.card)

    @cached_property
    def literals(self) -> Choice:
        """Where none of these is in a text, no line of it matches."""
        return literals(self.line)


@dataclass(frozen=True)
class Saying:
    """Cause and mend in one language; empty in a variant that leaves one as it is."""

    cause: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Variant:
    """What is said instead where the facts are these."""

    when: Mapping[str, Any]
    sayings: Mapping[str, Saying]


@dataclass(frozen=True)
class Rule:
    """How one fault is recognised, and what is said of it."""

    code: str
    signs: tuple[Sign, ...]
    unless: tuple[str, ...]
    """Lines that match one of these are no sign."""
    nearer_than: frozenset[str]
    """It is nearer to the cause than these, directly or by way of others; a line that shows both shows only this one."""
    rank: int
    """0 for a fault, 1 for what is mostly a consequence or a warning, 2 for what always has its cause elsewhere."""
    lesson: str
    sayings: Mapping[str, Saying]
    variants: tuple[Variant, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    """What stands in a sentence for what no pattern caught."""


@cache
def shipped() -> tuple[Rule, ...]:
    """Tutor's own rules."""
    return read(files("tutor.faults").joinpath("rules.toml").read_text(encoding="utf-8"))


def read(text: str) -> tuple[Rule, ...]:
    """All rules of a file. Patterns are compiled when they are first wanted; `check` looks at them.

    Raises:
        RulesError: something is missing, unknown or of the wrong kind.
    """
    try:
        tables = tomllib.loads(text).get("fault", [])
    except tomllib.TOMLDecodeError as error:
        raise RulesError(str(error)) from error
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.strip() == "[[fault]]"]
    direct: dict[str, frozenset[str]] = {}
    for table, line in zip(tables, lines, strict=True):
        for problem in _problems(table):
            raise RulesError(f"line {line}, {table.get('code', '?')}: {problem}")
        if table["code"] in direct:
            raise RulesError(f"line {line}: {table['code']} is there twice")
        direct[table["code"]] = frozenset(table.get("nearer_than", ()))
    reach = {code: _reach(code, direct) for code in direct}
    for table, line in zip(tables, lines, strict=True):
        if table["code"] in reach[table["code"]]:
            raise RulesError(f"line {line}: {table['code']} would be nearer to the cause than itself")
    return tuple(_rule(table, reach[table["code"]]) for table in tables)


def check(text: str) -> list[str]:
    """Everything that is wrong with a file of rules beyond its structure: patterns, sentences, codes that nobody knows yet."""
    rules = read(text)
    problems = []
    for rule in rules:
        caught = set(rule.given)
        for sign in rule.signs:
            for pattern in filter(None, (sign.line, sign.near, sign.unless, sign.unless_near)):
                fault = _fault_of(pattern)
                if fault:
                    problems.append(f"line {_line_of(text, pattern)}, {rule.code}: {fault}: {pattern}")
                elif pattern == sign.line:
                    caught |= set(re.compile(pattern).groupindex)
            if not _fault_of(sign.line) and not sign.literals:
                problems.append(
                    f"line {_line_of(text, sign.line)}, {rule.code}: no 3 fixed letters stand in every match: {sign.line}"
                )
        problems += [
            f"line {_line_of(text, one)}, {rule.code}: {fault}" for one in rule.unless if (fault := _fault_of(one))
        ]
        problems += [f"{rule.code}: {problem}" for problem in _wrong_words(rule, caught)]
    missing = sorted(set(CODES) - {rule.code for rule in rules})
    return [*problems, *(f"no rule for {code}" for code in missing)]


def _wrong_words(rule: Rule, caught: set[str]) -> Iterator[str]:
    for variant in rule.variants:
        if strange := sorted(set(variant.when) - FACTS - caught):
            yield f"a variant asks for {', '.join(strange)}, which nothing tells"
    for sayings in (rule.sayings, *(variant.sayings for variant in rule.variants)):
        for language, saying in sayings.items():
            named = set(_SLOT.findall(saying.cause + saying.mend)) - FILLED
            if strange := sorted(named - set(rule.given)):
                yield f"{language}: no `given` for {', '.join(strange)}"
            if "!" in _SLOT.sub("", saying.cause):
                yield f"{language}: an exclamation mark"


def _fault_of(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        return f"no regular expression ({error})"
    return ""


def _line_of(text: str, pattern: str) -> int:
    at = text.find(pattern)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


def _problems(table: Mapping[str, Any]) -> Iterator[str]:
    if table.get("code") not in CODES:
        yield "that code is not one of `codes.py`"
    if strange := sorted(set(table) - _RULE_KEYS):
        yield f"unknown {', '.join(strange)}"
    if not table.get("any"):
        yield "no pattern in `any`"
    for sign in table.get("any", ()):
        if isinstance(sign, dict) and (strange := sorted(set(sign) - _SIGN_KEYS)):
            yield f"unknown {', '.join(strange)} in a pattern"
        if not (isinstance(sign, str) or (isinstance(sign, dict) and sign.get("line"))):
            yield "a pattern is a text, or a table with `line`"
    if table.get("rank", "fault") not in _RANKS:
        yield f"`rank` is one of {', '.join(_RANKS)}"
    if strange := sorted(set(table.get("nearer_than", ())) - set(CODES)):
        yield f"nearer than unknown {', '.join(strange)}"
    for language in LANGUAGES:
        said = table.get(language, {})
        if not (said.get("cause") and said.get("mend")):
            yield f"no cause or no mend in {language}"
    for variant in table.get("variant", ()):
        if not variant.get("when"):
            yield "a variant without `when`"
        if {frozenset(variant.get(language, ())) for language in LANGUAGES} - {
            frozenset(("cause", "mend")),
            frozenset(("cause",)),
            frozenset(("mend",)),
        } or set(variant.get("en", ())) != set(variant.get("zh", ())):
            yield "a variant says cause or mend or both, in both languages alike"


def _reach(code: str, direct: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """All that it is nearer than, by way of others too."""
    found: set[str] = set()
    open_ = list(direct.get(code, ()))
    while open_:
        one = open_.pop()
        if one not in found:
            found.add(one)
            open_ += direct.get(one, ())
    return frozenset(found)


def _rule(table: Mapping[str, Any], nearer_than: frozenset[str]) -> Rule:
    return Rule(
        table["code"],
        tuple(Sign(one) if isinstance(one, str) else Sign(**one) for one in table["any"]),
        tuple(table.get("unless", ())),
        nearer_than,
        _RANKS[table.get("rank", "fault")],
        table.get("lesson", ""),
        _sayings(table),
        tuple(Variant(one["when"], _sayings(one)) for one in table.get("variant", ())),
        table.get("given", {}),
    )


def _sayings(table: Mapping[str, Any]) -> dict[str, Saying]:
    return {
        language: Saying(table[language].get("cause", "").strip(), table[language].get("mend", "").strip("\n"))
        for language in LANGUAGES
    }

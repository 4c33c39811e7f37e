"""The TOML of quiz, predict, form and paste fences, checked in full and made into the model."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tutor.lesson.model import Choice, Field, Form, Paste, Quiz
from tutor.lesson.regex import check_regex
from tutor.lesson.rules import Report, Rule, meant, shown
from tutor.lesson.toml_lines import TomlLines

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
_COMMON = ("question", "why")
_NUMBER_KEYS = (*_COMMON, "answer", "tolerance", "unit")
_TEXT_KEYS = (*_COMMON, "answer", "accept")
_CHOICE_KEYS = ("text", "right", "why")
_FIELD_KEYS = ("name", "label", "example", "pattern", "secret")
_PASTE_KEYS = ("prompt", "pattern", "example")


@dataclass(slots=True)
class _Table:
    """One table of the fence with what is needed to say where something is wrong in it."""

    values: dict[str, Any]
    lines: TomlLines
    first: int
    """Line of the file that is the text's first."""
    report: Report
    name: str = ""
    index: int = 0

    def line(self, key: str = "") -> int:
        return self.first + self.lines.of(key, self.name, self.index) - 1

    def wrong(self, rule: Rule, key: str, found: str) -> None:
        self.report.add(rule, self.line(key), found)

    def only(self, known: Iterable[str]) -> None:
        for key in self.values.keys() - set(known):
            self.wrong(Rule.TOML_KEY, key, shown(key) + meant(key, known))

    def text(self, key: str, *, required: bool = False) -> str:
        value = self.values.get(key)
        if value is None:
            if required:
                self.wrong(Rule.TOML_MISSING, "", f"no {shown(key)}")
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            self.wrong(Rule.TOML_VALUE, key, f"{_of(value)} for {shown(key)}, which is text")
            return ""
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.wrong(Rule.TOML_VALUE, key, f"{_of(value)} for {shown(key)}, which is true or false")
            return False
        return value

    def number(self, key: str) -> float | None:
        value = self.values.get(key)
        try:
            number = None if isinstance(value, bool) or not isinstance(value, (int, float)) else float(value)
        except OverflowError:
            number = None
        if number is None or not math.isfinite(number):
            self.wrong(Rule.TOML_VALUE, key, f"{_of(value)} for {shown(key)}, which is a number")
            return None
        return number

    def tables(self, key: str) -> list[_Table]:
        value = self.values.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            self.wrong(Rule.TOML_VALUE, key, f"{_of(value)} for {shown(key)}, which is written `[[{key}]]`")
            return []
        return [_Table(item, self.lines, self.first, self.report, key, index) for index, item in enumerate(value)]


def _of(value: object) -> str:
    match value:
        case str():
            return shown(value) if value.strip() else "empty text"
        case bool():
            return shown(str(value).lower())
        case float():
            return shown(str(value))
        case int():
            # Python refuses to print a number of more than 4300 digits.
            return shown(str(value)) if abs(value) < 10**40 else "a number too large"
        case None:
            return "nothing"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return f"a {type(value).__name__}"


def _load(text: str, first: int, report: Report) -> _Table | None:
    try:
        return _Table(tomllib.loads(text), TomlLines(text), first, report)
    except RecursionError:
        report.add(Rule.TOML, first, "nesting that is too deep")
    except ValueError as error:
        message = str(error)
        place = _AT_LINE.search(message)
        at = text.rstrip("\n").count("\n") + 1 if place and not place[1] else int(place[1]) if place else 1
        report.add(Rule.TOML, first + at - 1, _AT_LINE.sub("", message))
    return None


def read_quiz(text: str, first: int, line: int, report: Report) -> Quiz | None:
    """A quiz or predict. `first` is the line of the text, `line` that of its fence."""
    table = _load(text, first, report)
    if table is None:
        return None
    before = report.count()
    question, why = table.text("question", required=True), table.text("why")
    answer = table.values.get("answer")
    quiz = Quiz(question, line, why=why)
    if ("choice" in table.values) == ("answer" in table.values):
        both = "both" if "choice" in table.values else "neither"
        table.wrong(Rule.QUIZ_KIND, "", both)
    elif "choice" in table.values:
        table.only((*_COMMON, "choice"))
        quiz = Quiz(question, line, choices=_choices(table), why=why)
    elif isinstance(answer, str):
        table.only(_TEXT_KEYS)
        quiz = Quiz(question, line, text=table.text("answer", required=True), accept=_accept(table), why=why)
    else:
        table.only(_NUMBER_KEYS)
        tolerance = table.number("tolerance") if "tolerance" in table.values else 0.0
        if tolerance is not None and tolerance < 0:
            table.wrong(Rule.TOML_VALUE, "tolerance", f"{_of(tolerance)} for `tolerance`, which is not negative")
        quiz = Quiz(
            question, line, number=table.number("answer"), tolerance=tolerance or 0.0, unit=table.text("unit"), why=why
        )
    return quiz if report.count() == before else None


def _choices(table: _Table) -> tuple[Choice, ...]:
    choices = []
    for each in table.tables("choice"):
        each.only(_CHOICE_KEYS)
        choices.append(Choice(each.text("text", required=True), each.flag("right"), each.text("why")))
    if choices and not any(choice.right for choice in choices):
        table.wrong(Rule.QUIZ_RIGHT, "", "none")
    return tuple(choices)


def _accept(table: _Table) -> tuple[str, ...]:
    value = table.values.get("accept", [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        table.wrong(Rule.TOML_VALUE, "accept", f"{_of(value)} for `accept`, which is a list of text")
        return ()
    return tuple(value)


def read_form(text: str, first: int, line: int, report: Report) -> Form | None:
    """A form."""
    table = _load(text, first, report)
    if table is None:
        return None
    before = report.count()
    table.only(("field",))
    if "field" not in table.values:
        table.wrong(Rule.TOML_MISSING, "", "no `[[field]]`")
        return None
    fields: list[Field] = []
    for each in table.tables("field"):
        each.only(_FIELD_KEYS)
        name = each.text("name", required=True)
        if name and not name.isidentifier():
            each.wrong(Rule.FIELD_NAME, "name", shown(name))
        if any(name == field.name for field in fields):
            each.wrong(Rule.FIELD_NAME, "name", f"{shown(name)} again")
        pattern = each.text("pattern") if "pattern" in each.values else None
        check_regex(pattern, "`pattern`", each.line("pattern"), report)
        label, example = each.text("label", required=True), each.text("example", required=True)
        fields.append(Field(name, label, example, pattern, each.flag("secret")))
    return Form(tuple(fields), line) if report.count() == before else None


def read_paste(text: str, first: int, line: int, report: Report) -> Paste | None:
    """A paste."""
    table = _load(text, first, report)
    if table is None:
        return None
    before = report.count()
    table.only(_PASTE_KEYS)
    prompt, pattern, example = (table.text(key, required=True) for key in _PASTE_KEYS)
    check_regex(pattern, "`pattern`", table.line("pattern"), report)
    return Paste(prompt, pattern, example, line) if report.count() == before else None

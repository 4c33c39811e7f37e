"""The way from a text to its faults."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from tutor.faults import cards
from tutor.faults.clues import place_of, system_of
from tutor.faults.literals import longest_word
from tutor.faults.model import Fault, Machine
from tutor.faults.rules import Rule, Saying, Sign, Variant, shipped
from tutor.faults.sheet import Sheet

_MOST_LINES = 100
"""Lines of one sign that are kept from the beginning of a text, and as many from its end."""
_MOST_LOOKS = 20
"""The same for signs that must be looked around for."""
_A_WARNING = re.compile(r"\b\w{0,40}Warning: |\bWARN(?:ING)?\b|\bwarnings?\.warn\(|: W \w|^W\d{4}")
# Code that a traceback shows: it may hold the words of an error that did not happen.
_ARROW = re.compile(r"\s*-{1,6}>\s{0,4}\d{1,6}\b")
_NUMBERED = re.compile(r"\s*\d{1,6}(?:\s|$)")
_RAISED = re.compile(r"\s*(?:\d{1,6}\s+)?raise [\w.]+\(?|\s+warnings?\.warn\(|\s+(?:msg|message) = ")
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass
class _Seen:
    """One rule's lines in a text."""

    rule: Rule
    lines: dict[int, Mapping[str, str]] = field(default_factory=dict)
    """Index of the line, and what the pattern caught in it."""
    quoted: dict[int, str] = field(default_factory=dict)
    tier: dict[int, int] = field(default_factory=dict)
    """0, or 1 for a warning."""

    def place(self) -> tuple[int, int, int]:
        """How near to the cause, by itself."""
        index = self.first()
        return self.rule.rank, self.tier[index], index

    def first(self) -> int:
        return min(self.lines, key=lambda index: (self.tier[index], index))


def explain(
    text: str, machine: Machine | None = None, language: str = "en", rules: Sequence[Rule] | None = None
) -> tuple[Fault, ...]:
    """The faults that a text shows, nearest to the cause first; none if it shows none that is known.

    Args:
        text: output, a log, a traceback: as it was copied.
        machine: decides between causes where the text alone does not.
        language: of cause and mend, `en` or `zh`.
        rules: other rules than tutor's own.
    """
    rules = shipped() if rules is None else rules
    machine = machine or Machine()
    sheet = Sheet(text)
    seen = _search(sheet, rules, machine)
    if not seen:
        seen = _search_wrapped(sheet, rules)
    _drop_code(seen, sheet)
    ordered = _ordered(_without_doubles(seen))
    here = machine.only_where(system_of(sheet.text), place_of(sheet.text))
    return tuple(_told(one, sheet, here, language) for one in ordered)


def say(
    code: str,
    machine: Machine | None = None,
    language: str = "en",
    *,
    caught: Mapping[str, str] | None = None,
    quoted: str = "",
) -> Fault:
    """Cause and mend of a fault that somebody saw on the machine itself, without a text that shows it; its line is 0.

    Args:
        code: one of `tutor.faults.codes`.
        caught: what decides between causes besides the machine, by the names that the rule uses.
        quoted: what was seen.

    Raises:
        KeyError: there is no such code.
    """
    rule = next((one for one in shipped() if one.code == code), None)
    if rule is None:
        raise KeyError(code)
    return _worded(rule, caught or {}, machine or Machine(), language, 0, quoted)


def _search(sheet: Sheet, rules: Sequence[Rule], machine: Machine) -> list[_Seen]:
    found = []
    for rule in rules:
        seen = _Seen(rule)
        for sign in rule.signs:
            for literal in sign.literals:
                if sheet.has(literal, longest_word(literal)):
                    _search_sign(sheet, seen, sign, literal, machine)
        if seen.lines:
            found.append(seen)
    return found


def _search_sign(sheet: Sheet, seen: _Seen, sign: Sign, literal: str, machine: Machine) -> None:
    misses: set[str] = set()
    hits: list[tuple[int, str, re.Match[str]]] = []
    for index, line in sheet.places(literal):
        if line in misses or index in seen.lines:
            continue
        match = _match(sign, seen.rule, line)
        if match is None:
            misses.add(line)
        else:
            hits.append((index, line, match))
    most = _MOST_LOOKS if sign.looks_around else _MOST_LINES
    if len(hits) > 2 * most:
        hits = [*hits[:most], *hits[-most:]]
    for index, line, match in hits:
        if _fits(sheet, sign, index, line, match, machine):
            _add(seen, index, line, match)


def _match(sign: Sign, rule: Rule, line: str) -> re.Match[str] | None:
    match = _compiled(sign.line).search(line)
    if match is None or (sign.unless and _compiled(sign.unless).search(line)):
        return None
    return None if any(_compiled(one).search(line) for one in rule.unless) else match


def _fits(sheet: Sheet, sign: Sign, index: int, line: str, match: re.Match[str], machine: Machine) -> bool:
    """Whether what stands around agrees."""
    around = [line, *sheet.around(index, sign.within, sign.within)]
    if sign.near:
        near = _SLOT.sub(lambda slot: re.escape(match[slot[1]]), sign.near) if "{" in sign.near else sign.near
        if not any(_compiled(near).search(one) for one in around):
            return False
    if sign.unless_near and any(_compiled(sign.unless_near).search(one) for one in around):
        return False
    if sign.card:
        known = machine.capability[0] * 10 + machine.capability[1] if machine.capability else None
        built_for = [int(one[3:]) for one in machine.architectures if re.fullmatch(r"sm_\d{2,3}", one)]
        return cards.age(around, known=known, built_for=built_for) == sign.card
    return True


def _search_wrapped(sheet: Sheet, rules: Sequence[Rule]) -> list[_Seen]:
    """Only where nothing stands in one line; signs that need a second line are left out."""
    wrapped = sheet.wrapped()
    if wrapped is None:
        return []
    signs = [
        (rule, sign, literal)
        for rule in rules
        for sign in rule.signs
        if not sign.looks_around
        for literal in sign.literals
        if wrapped.has(literal)
    ]
    found: dict[str, _Seen] = {}
    for index, line in wrapped.pieces() if signs else ():
        for rule, sign, literal in signs:
            match = _match(sign, rule, line) if literal in line else None
            if match is not None:
                _add(found.setdefault(rule.code, _Seen(rule)), index, sheet.core(index), match)
    return list(found.values())


def _add(seen: _Seen, index: int, line: str, match: re.Match[str]) -> None:
    seen.lines[index] = {name: value for name, value in match.groupdict().items() if value}
    seen.quoted[index] = line
    seen.tier[index] = 1 if _A_WARNING.search(line) else 0


def _drop_code(seen: list[_Seen], sheet: Sheet) -> None:
    """Leave lines of code out that a traceback shows, unless nothing else is left."""
    lines = {index for one in seen for index in one.lines}
    code = {index for index in lines if _is_code(sheet, index)}
    if code != lines:
        for one in seen:
            for index in code & set(one.lines):
                del one.lines[index]


def _is_code(sheet: Sheet, index: int) -> bool:
    line = sheet.core(index)
    if _ARROW.match(line) or _RAISED.match(line):
        return True
    return bool(_NUMBERED.match(line)) and any(_ARROW.match(one) for one in sheet.around(index, 8, 8))


def _without_doubles(seen: list[_Seen]) -> list[_Seen]:
    """A line that shows two faults, one nearer to the cause than the other, shows only that one."""
    lines_of = {one.rule.code: set(one.lines) for one in seen}
    kept = []
    for one in filter(lambda one: one.lines, seen):
        taken = {
            index for other in seen if one.rule.code in other.rule.nearer_than for index in lines_of[other.rule.code]
        }
        for index in taken & set(one.lines):
            del one.lines[index]
        if one.lines:
            kept.append(one)
    return kept


def _ordered(seen: list[_Seen]) -> list[_Seen]:
    """Nearest to the cause first: as the rules say, else as they stand in the text, where the first is mostly the root."""
    left = sorted(seen, key=_Seen.place)
    ordered = []
    while left:
        first = next(
            one
            for one in left
            if not any(one.rule.code in other.rule.nearer_than for other in left if other is not one)
        )
        left.remove(first)
        ordered.append(first)
    return ordered


def _told(seen: _Seen, sheet: Sheet, machine: Machine, language: str) -> Fault:
    index = seen.first()
    quoted = seen.quoted[index].strip()
    return _worded(seen.rule, seen.lines[index], machine, language, sheet.number(index), quoted)


def _worded(rule: Rule, caught: Mapping[str, str], machine: Machine, language: str, line: int, quoted: str) -> Fault:
    saying = _said(rule, caught, machine, language)
    values = {**rule.given, **caught, **_filled(machine)}

    def put_in(sentence: str) -> str:
        return _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), sentence)

    return Fault(rule.code, put_in(saying.cause), put_in(saying.mend), line, quoted, rule.lesson)


def _said(rule: Rule, caught: Mapping[str, str], machine: Machine, language: str) -> Saying:
    usual = rule.sayings[language]
    for variant in rule.variants:
        if _holds(variant, caught, machine):
            other = variant.sayings[language]
            return Saying(other.cause or usual.cause, other.mend or usual.mend)
    return usual


def _holds(variant: Variant, caught: Mapping[str, str], machine: Machine) -> bool:
    for name, wanted in variant.when.items():
        known = caught[name] if name in caught else getattr(machine, name, None)
        if wanted is True and name in caught:
            continue
        if isinstance(wanted, list):
            if known not in wanted:
                return False
        elif known in (None, "") or known != wanted:
            return False
    return True


def _filled(machine: Machine) -> dict[str, str]:
    return {"python": machine.python or "python", "driver": machine.driver or "?", "index": _index(machine)}


def _index(machine: Machine) -> str:
    """Which of PyTorch's builds fits card and driver here; without knowledge the one that runs on most."""
    if machine.card is False and machine.build == "cpu":
        return "cpu"
    major, card = machine.driver_major, machine.capability
    if card is not None and card < (7, 5):
        return "cu126"
    if major is not None and major >= 580:
        return "cu130"
    return "cu128" if card is not None and card >= (10, 0) else "cu126"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)

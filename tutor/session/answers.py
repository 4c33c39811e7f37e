"""Answers to quizzes, forms and pastes, judged. Pure; the kernel is not asked."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.lesson.model import Choice, Field, Paste, Quiz
from tutor.text.fullwidth import narrow, normalise

_NUMBER = re.compile(
    r"(?:[~≈]|大?约|about\b|approx\.?|circa\b|ca\.)?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(.*)"
)
SECRET_LENGTH = 8
"""A shorter secret could not be told from ordinary text when it is scrubbed."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether an answer is right, and what to say about it."""

    right: bool
    seen: str
    why: str = ""
    """The lesson's own words on the choices made, or empty."""
    understood: bool = True
    """False: it is no answer to this question at all (a text where a number is asked, a choice that is not there)."""
    incomplete: bool = False
    """All that was chosen is right, and more is."""


def judge_quiz(quiz: Quiz, given: Sequence[str]) -> Judged:
    """Judge choices (1-based numbers or texts), a number with its unit, or a text."""
    if quiz.choices:
        return _judge_choices(quiz.choices, given)
    text = " ".join(given).strip()
    if quiz.number is not None:
        return _judge_number(quiz, text)
    wanted = {normalise(right) for right in (quiz.text or "", *quiz.accept)}
    return Judged(right=normalise(text) in wanted, seen=text, why=quiz.why, understood=bool(text))


def right_answer(quiz: Quiz) -> tuple[str, ...]:
    """What `judge_quiz` takes for right; for `--solutions` and for showing it."""
    if quiz.choices:
        return tuple(str(number) for number, choice in enumerate(quiz.choices, 1) if choice.right)
    if quiz.number is not None:
        return (f"{quiz.number:g} {quiz.unit}".strip(),)
    return (quiz.text or "",)


def _judge_choices(choices: Sequence[Choice], given: Sequence[str]) -> Judged:
    picked: set[int] = set()
    for text in given:
        indexes = _choice_indexes(choices, text)
        if not indexes:
            return Judged(right=False, seen=", ".join(given), understood=False)
        picked |= indexes
    if not picked:
        return Judged(right=False, seen="", understood=False)
    wanted = {index for index, choice in enumerate(choices) if choice.right}
    # What was picked wrongly is explained first; when only something is missing, nothing is given away.
    telling = sorted(picked - wanted) or (sorted(picked) if picked == wanted else [])
    why = "\n\n".join(choices[index].why for index in telling if choices[index].why)
    seen = ", ".join(choices[index].text for index in sorted(picked))
    return Judged(right=picked == wanted, seen=seen, why=why, incomplete=picked < wanted)


def _choice_indexes(choices: Sequence[Choice], text: str) -> set[int]:
    """One choice or several with commas (or, for numbers, spaces) between them; empty when any of it is none. A choice may have commas itself."""
    single = _choice_index(choices, text)
    if single is not None:
        return {single}
    if re.fullmatch(r"\s*\d+(\s+\d+)+\s*", normalise(text)):
        text = ",".join(text.split())
    pieces = re.split(r"([,，、;；])", text)
    found: set[int] = set()
    start = 0
    while start < len(pieces):
        for end in range(len(pieces), start, -2):
            index = _choice_index(choices, "".join(pieces[start:end]))
            if index is not None:
                found.add(index)
                start = end + 1
                break
        else:
            if "".join(pieces[start:]).strip():
                return set()
            break
    return found


def _choice_index(choices: Sequence[Choice], text: str) -> int | None:
    plain = normalise(text)
    for index, choice in enumerate(choices):
        if normalise(choice.text) == plain:
            return index
    number = re.fullmatch(r"[#(]?(\d{1,3})[.)]?", plain)
    if number and 1 <= int(number[1]) <= len(choices):
        return int(number[1]) - 1
    letter = re.fullmatch(r"([a-z])[.)]?", plain)
    if letter and (index := ord(letter[1]) - ord("a")) < len(choices):
        return index
    return None


def _judge_number(quiz: Quiz, text: str) -> Judged:
    plain = normalise(text).replace(",", "") if re.search(r"\d,\d{3}(\D|$)", normalise(text)) else normalise(text)
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return Judged(right=False, seen=text, understood=False)
    value, unit = float(found[1]), found[2].strip()
    # A question that names no unit judges none: `38.7 hours` is the number that it asks for.
    unit_fits = not unit or not quiz.unit or unit.replace(" ", "") == normalise(quiz.unit).replace(" ", "")
    near = math.isclose(value, quiz.number or 0.0, rel_tol=1e-9, abs_tol=max(quiz.tolerance, 1e-12))
    return Judged(right=near and unit_fits, seen=text, why=quiz.why)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A form value that cannot be taken."""

    field: Field
    problem: str
    """`empty`, `pattern` or `short_secret`: the key of what to say."""


def is_number(text: str) -> bool:
    """Whether `judge_quiz` would find a number in it, right or wrong."""
    return _NUMBER.fullmatch(normalise(text).replace(",", "")) is not None


def taken(field: Field, value: str) -> str:
    """The value as it is used: one that fits only without the full-width forms of an input method loses them."""
    value = value.strip()
    plain = narrow(value)
    fits = misfit(field, value) is None
    return plain if not fits and not field.secret and misfit(field, plain) is None else value


def misfit(field: Field, value: str) -> Misfit | None:
    """Why the value does not fit its field, or None."""
    if not value:
        return Misfit(field, "empty")
    if field.secret and len(value) < SECRET_LENGTH:
        return Misfit(field, "short_secret")
    if field.pattern is not None and re.fullmatch(field.pattern, value) is None:
        return Misfit(field, "pattern")
    return None


def judge_paste(paste: Paste, text: str) -> dict[str, str] | None:
    """The named groups found in the text, or None where the pattern finds nothing."""
    found = re.search(paste.pattern, text)
    if found is None:
        return None
    return {name: value or "" for name, value in found.groupdict().items()}

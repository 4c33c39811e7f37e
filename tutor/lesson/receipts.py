"""Receipts as they come back: text from anywhere, read into frozen values, clean and of limited size. Pure.

Nothing in one is believed but that its author wants it recorded: a forged receipt deceives only whoever forged it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.errors import UsageError
from tutor.harness import receipt as line
from tutor.harness.telling import COULD_NOT_CHECK, NOT_YET, PASSED, verdict_of
from tutor.i18n import Words
from tutor.text.plain import strip

MOST_LESSONS = 200
MOST_STEPS = 200
"""Of one lesson."""
MOST_LINES = 200
"""Of one step."""
SHORT, LONG = 120, 2000
"""Characters of names, and of messages."""
ENVIRONMENTS = {"colab": "Colab", "kaggle": "Kaggle"}
VERDICTS = (PASSED, NOT_YET, COULD_NOT_CHECK)


class ReceiptError(UsageError):
    """A text that is no receipt, or one that cannot be taken."""


@dataclass(frozen=True, slots=True)
class LineClaim:
    """One line of a verdict."""

    label: str
    verdict: str
    message: str = ""
    expected: str | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class StepClaim:
    """What a receipt says of one step."""

    id: str
    hash: str
    verdict: str
    reason: str
    lines: tuple[LineClaim, ...]


@dataclass(frozen=True, slots=True)
class LessonClaim:
    """What it says of one lesson."""

    id: str
    hash: str
    steps: tuple[StepClaim, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt."""

    time: datetime.datetime
    place: str
    """The device and what surrounds it, in one short line for people."""
    python: str
    lessons: tuple[LessonClaim, ...]


def read(text: str, words: Words) -> list[Receipt]:
    """All receipts in a text: the line itself, a text around it, or a notebook that was saved with its outputs.

    Raises:
        ReceiptError: there is none, or none that is not cut off, damaged or of another version.
    """
    found = dict.fromkeys(receipt for part in _parts(text) for receipt in line.find(part))
    if not found:
        raise ReceiptError(words("receipt.none"), words("receipt.none_hint"))
    receipts, problem = [], ReceiptError("")
    for one in found:
        try:
            receipts.append(_receipt(line.unpack(one)))
        except line.BadReceipt as error:
            problem = ReceiptError(words(f"receipt.{error}"), words(f"receipt.{error}_hint"))
        except (KeyError, TypeError, ValueError, OverflowError):
            problem = ReceiptError(words("receipt.damaged"), words("receipt.damaged_hint"))
    # A text may speak of receipts, and a first try that was cut may stand above the whole one.
    if not receipts:
        raise problem
    return list(dict.fromkeys(receipts))


def _parts(text: str) -> Iterator[str]:
    """Where receipts are looked for: in a notebook its outputs alone, not its prose and its packed code."""
    try:
        notebook = json.loads(text) if text.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        notebook = None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        yield text
        return
    for cell in notebook["cells"]:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            if isinstance(output, dict):
                yield _joined(output.get("text"))


def _joined(text: object) -> str:
    if isinstance(text, list):
        return "".join(piece for piece in text if isinstance(piece, str))
    return text if isinstance(text, str) else ""


def _receipt(value: Any) -> Receipt:
    """Raises: KeyError, TypeError, ValueError: it is not of the form that `tutor.harness.receipt` describes."""
    lessons = tuple(_lesson(each) for each in _list(value["lessons"], MOST_LESSONS))
    time = datetime.datetime.fromisoformat(_text(value, "time", SHORT))
    if time.tzinfo is None:
        raise ValueError("a time without a zone")
    python, torch = _text(value, "python", SHORT), _text(value, "torch", SHORT)
    place = [
        _text(value, "device", SHORT),
        ENVIRONMENTS.get(_text(value, "env", SHORT), ""),
        f"Python {python}" if python else "",
        f"PyTorch {torch}" if torch else "",
    ]
    return Receipt(time.astimezone(datetime.UTC), " · ".join(piece for piece in place if piece) or "?", python, lessons)


def _lesson(value: Any) -> LessonClaim:
    steps = tuple(_step(each) for each in _list(value["steps"], MOST_STEPS))
    return LessonClaim(_text(value, "id", SHORT), _text(value, "hash", SHORT), steps)


def _step(value: Any) -> StepClaim:
    lines = tuple(_line(each) for each in _list(value["lines"], MOST_LINES))
    verdict, reason = _verdict(value), _text(value, "reason", LONG)
    # A step that was not run has a reason in place of lines; all others are what their lines make them.
    told = COULD_NOT_CHECK if reason and not lines else verdict_of([one.verdict for one in lines])
    if verdict != told:
        raise ValueError("the verdict is not that of the lines")
    return StepClaim(_text(value, "id", SHORT), _text(value, "hash", SHORT), verdict, reason, lines)


def _line(value: Any) -> LineClaim:
    expected, seen = (_text(value, name, LONG) if name in value else None for name in ("expected", "seen"))
    return LineClaim(_text(value, "label", LONG), _verdict(value), _text(value, "message", LONG), expected, seen)


def _verdict(value: Any) -> str:
    verdict = value["verdict"]
    if verdict not in VERDICTS:
        raise ValueError("no verdict of ours")
    return str(verdict)


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("not a list of that size")
    return value


def _text(value: Mapping[str, Any], name: str, most: int) -> str:
    """A member that is text or left out, in one line and without anything that a terminal would obey."""
    text = value.get(name, "")
    if not isinstance(text, str):
        raise TypeError(name)
    clean = strip(text)
    return (" ".join(clean.split()) if most == SHORT else clean)[:most]

"""`{#id minutes=2 needs="torch"}` of a heading and the attributes after a fence's role."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.lesson.model import Need
from tutor.lesson.needs import read_needs
from tutor.lesson.rules import Report, Rule, meant, shown

_ATTRIBUTE = re.compile(r'([A-Za-z][\w-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)')
_STEP_ID = re.compile(r"\w[\w-]*")
_WHOLE = re.compile("[0-9]{1,9}")

STEP_ATTRIBUTES = ("minutes", "needs", "timeout", "retry", "on", "replay", "rewind")


@dataclass(frozen=True, slots=True)
class StepAttributes:
    """What stands in the braces of a step's heading."""

    id: str
    minutes: int | None = None
    needs: tuple[Need, ...] = ()
    timeout: int = 600
    retry: int = 0
    on_local: bool = False
    replay: bool = True
    rewind: bool = True


def scan_attributes(text: str, line: int, report: Report) -> dict[str, str]:
    r"""`name=value` pairs; a backslash before a quotation mark is kept, because in a regex `\"` already means `"`."""
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _ATTRIBUTE.match(text, position)
        if match is None:
            word = text[position:].split(maxsplit=1)[0]
            report.add(Rule.ATTRIBUTE_FORM, line, shown(word))
            position += len(word)
            continue
        name, quoted, plain = match.groups()
        if name in found:
            report.add(Rule.ATTRIBUTE_TWICE, line, f"{shown(name)} again")
        else:
            found[name] = plain if quoted is None else quoted
        position = match.end()
    return found


def split_heading(heading: str) -> tuple[str, str, str] | None:
    """Title, id and the text of the attributes of a `## ` heading; None when it has no `{#id}` at its end."""
    text = heading.rstrip()
    opening = text.rfind("{#")
    if opening < 0 or not text.endswith("}"):
        return None
    words = text[opening + 2 : -1].split(maxsplit=1)
    if not words or text[opening + 2].isspace():
        return None
    return text[:opening].strip(), words[0], words[1] if len(words) > 1 else ""


def whole_number(text: str) -> int | None:
    """A whole number that is not negative, or None."""
    return int(text) if _WHOLE.fullmatch(text) else None


def read_step_attributes(step_id: str, text: str, line: int, report: Report) -> StepAttributes:
    """Check the id and the attributes; what is wrong is reported and left at its default."""
    if not _STEP_ID.fullmatch(step_id):
        report.add(Rule.STEP_ID_FORM, line, shown(step_id))
    attributes = scan_attributes(text, line, report)
    for name in attributes:
        if name not in STEP_ATTRIBUTES:
            report.add(Rule.STEP_ATTRIBUTE, line, shown(name) + meant(name, STEP_ATTRIBUTES))
    return StepAttributes(
        id=step_id,
        minutes=_number(attributes, "minutes", None, line, report),
        needs=read_needs(attributes.get("needs", ""), line, report),
        timeout=_number(attributes, "timeout", 600, line, report) or 600,
        retry=_number(attributes, "retry", 0, line, report) or 0,
        on_local=_word(attributes, "on", "local", line, report),
        replay=not _word(attributes, "replay", "no", line, report),
        rewind=not _word(attributes, "rewind", "no", line, report),
    )


def _number(attributes: dict[str, str], name: str, default: int | None, line: int, report: Report) -> int | None:
    if name not in attributes:
        return default
    number = whole_number(attributes[name])
    if number is None or (name == "timeout" and number == 0):
        report.add(Rule.STEP_NUMBER, line, f"{shown(name + '=' + attributes[name])}")
        return default
    return number


def _word(attributes: dict[str, str], name: str, expected: str, line: int, report: Report) -> bool:
    value = attributes.get(name)
    if value is not None and value != expected:
        report.add(Rule.STEP_WORD, line, shown(f"{name}={value}"))
    return value == expected

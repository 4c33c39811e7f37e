"""Content hashes: a step's says what the learner does and how it is judged, not how it is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from tutor.lesson.model import Checklist, FixCode, Form, Paste, Quiz, RunCode, Step

LENGTH = 20
"""Hexadecimal digits: enough to tell editions of a step apart; trust has a full digest of its own."""


def step_hash(step: Step) -> str:
    """Over code, checks, answers and attributes."""
    return _digest(
        {
            "attributes": [
                step.minutes,
                [str(need) for need in step.needs],
                step.timeout,
                step.retry,
                step.on_local,
                step.replay,
                step.rewind,
            ],
            "work": _work(step),
            "predict": _quiz(step.predict) if step.predict else None,
            "checks": [[check.code.rstrip(), [str(need) for need in check.needs]] for check in step.checks],
        }
    )


def lesson_hash(steps: Iterable[Step]) -> str:
    """Over the hashes of the steps, in their order."""
    return _digest([[step.id, step.hash] for step in steps])


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _work(step: Step) -> list[object]:
    match step.work:
        case RunCode(language=language, code=code, raises=raises, exit=status):
            return ["run", language, code.rstrip(), raises, status]
        case FixCode(starter=starter, solution=solution, language=language):
            return ["fix", language, starter.rstrip(), solution.rstrip()]
        case Quiz() as quiz:
            return ["quiz", _quiz(quiz)]
        case Form(fields=fields):
            return ["form", [[each.name, each.example, each.pattern, each.secret] for each in fields]]
        case Paste(pattern=pattern, example=example):
            return ["paste", pattern, example]
        case Checklist(practice=practice):
            return ["checklist", practice.rstrip() if practice is not None else None]
        case None:
            return []


def _quiz(quiz: Quiz) -> list[object]:
    choices = [[choice.text, choice.right] for choice in quiz.choices]
    return [choices, quiz.number, quiz.tolerance, quiz.unit, quiz.text, list(quiz.accept)]

"""What a notebook's cells do not show and its harness needs: checks, hints and sentences, as the JSON that `tutor.harness.notebook` reads.

`language`, `tutor` (version), `words` ({key: sentence}), `lessons`: list of {"id", "hash", "title", "steps"}. A step has `id`, `title`, `hash`,
`binds` (names that its code makes), `replay` (true: it only brings names back and is not judged), and if it is judged what its requests
need: `needs`, `rewind`, `retry`, `timeout`, `raises`, `exit`, `checks`, `hints` (list of {"when", "markdown"}).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tutor.harness.notebook import PLAN, SENTENCES
from tutor.i18n import Words
from tutor.lesson.binding import bound_names
from tutor.lesson.model import RunCode, Step
from tutor.lesson.notebook.choice import Part, is_judged
from tutor.version import __version__

__all__ = ["PLAN", "plan"]


def plan(parts: Sequence[Part], words: Words) -> bytes:
    """The plan of a notebook with these parts."""
    value = {
        "language": words.language,
        "tutor": __version__,
        "words": {key: words.template(key) for key in SENTENCES},
        "lessons": [lesson for part in parts if (lesson := _lesson(part))["steps"]],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace")


def _lesson(part: Part) -> dict[str, Any]:
    lesson = part.lesson
    earlier = part.earlier_code
    steps = [
        _judged(part, step) if step in part.steps else {**_step(step), "replay": True}
        for step in lesson.steps
        if step.id in earlier or (step in part.steps and is_judged(lesson, step))
    ]
    return {"id": lesson.id, "hash": lesson.hash, "title": lesson.front.title, "steps": steps}


def _step(step: Step) -> dict[str, Any]:
    return {"id": step.id, "title": step.title, "hash": step.hash, "binds": sorted(bound_names(step))}


def _judged(part: Part, step: Step) -> dict[str, Any]:
    run = step.work if isinstance(step.work, RunCode) else None
    return {
        **_step(step),
        "replay": False,
        "needs": [str(need) for need in part.lesson.needs_of(step)],
        "rewind": step.rewind,
        "retry": step.retry,
        "timeout": step.timeout,
        "raises": run.raises if run else None,
        "exit": run.exit if run else 0,
        "checks": [
            {"code": check.code, "line": check.line, "needs": [str(need) for need in check.needs]}
            for check in step.checks
        ],
        "hints": [{"when": hint.when, "markdown": hint.markdown} for hint in step.hints],
    }

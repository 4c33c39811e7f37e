"""Made homes of a learner: lessons, and a store that has seen some use."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutor.lesson.trust import content_digest
from tutor.paths import Paths
from tutor.progress.model import Entry, EntryKind, Speaker
from tutor.progress.store import Store

MESSAGES = 200
SHORT = 20
"""Messages at the end that are one line each."""
NEWEST = "the newest message"
"""Stands in the last messages of the made transcript, so that whatever part of its end is drawn shows it."""

FRONT = """---
format: 1
title: Made lesson {number}
summary: A lesson that a benchmark made, number {number} of {total}.
minutes: 5
order: {number}
sources:
  - {{title: "torch.cuda, PyTorch documentation", url: "https://docs.pytorch.org/docs/stable/cuda.html", read: 2026-11-21}}
---
What a lesson says before its first step.
"""
STEP = """
## Step {number} {{#step-{number}}}
One line of Python.

```python run
value = {number}
```
"""
MESSAGE = (
    "Message {number}: the model and the data must be on **one** device; `next(model.parameters()).device` says where."
)


@contextmanager
def made_home() -> Iterator[Path]:
    """An empty home that is gone afterwards; its lessons go into `lessons`."""
    with tempfile.TemporaryDirectory(prefix="tutor-benchmark-") as folder:
        home = Path(folder)
        (home / "lessons").mkdir()
        yield home


def add_lessons(home: Path, count: int, steps: int = 3) -> None:
    for number in range(1, count + 1):
        add_lesson(home, f"made-{number:05}", steps, number, count)


def add_lesson(home: Path, lesson_id: str, steps: int, number: int = 1, total: int = 1) -> Path:
    """Write one lesson with that many one-line steps."""
    folder = home / "lessons" / lesson_id
    folder.mkdir()
    text = FRONT.format(number=number, total=total) + "".join(STEP.format(number=step) for step in range(1, steps + 1))
    (folder / "en.md").write_text(text, encoding="utf-8")
    return folder


def add_transcript(home: Path, lesson_id: str, step_id: str, count: int = MESSAGES, short: int = SHORT) -> None:
    """Fill the store as if the learner had worked on that step for a while and left."""
    store = Store(Paths(home / "tutor").database())
    try:
        store.add_entries([made_entry(lesson_id, step_id, number, count, short) for number in range(count)])
        store.set_position(lesson_id, step_id)
        folder = home / "lessons" / lesson_id
        store.add_trust(str(folder.resolve()), content_digest(folder), lesson_id)
    finally:
        store.close()


def made_entry(lesson_id: str, step_id: str, number: int, count: int, short: int) -> Entry:
    """Prose, code and output in turn; the last ones are short and say that they are the newest."""
    if number >= count - short:
        return Entry(lesson_id, step_id, Speaker.TUTOR, EntryKind.NOTE, f"{NEWEST} but {count - 1 - number}")
    match number % 4:
        case 0:
            return Entry(
                lesson_id,
                step_id,
                Speaker.YOU,
                EntryKind.CODE,
                f"value = {number}",
                {"language": "python", "attempt": 0},
            )
        case 1:
            return Entry(lesson_id, step_id, Speaker.YOU, EntryKind.OUTPUT, f"{number}\n", {"seconds": 0.1})
        case _:
            return Entry(lesson_id, step_id, Speaker.TUTOR, EntryKind.PROSE, MESSAGE.format(number=number))

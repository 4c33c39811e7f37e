"""What widgets ask of the conversation screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.session.events import Action
    from tutor.ui.suggesting import Suggestion
    from tutor.ui.wishes import Wish


@dataclass
class Chosen(Message):
    """The learner chose something that can be done now, by key or by mouse."""

    what: Action | Wish | str
    """A text is the value of an action: widgets of the first paint do not know the session's words."""


@dataclass
class Answered(Message):
    """The learner answered what the step asks."""

    values: tuple[str, ...]


@dataclass
class Ticked(Message):
    """The learner ticked or unticked an item of the checklist."""

    item: int
    done: bool


@dataclass
class Edited(Message):
    """The text of the editor is now this."""

    text: str


@dataclass
class Submitted(Message):
    """A line, or several pasted lines, were entered at the prompt."""

    text: str


@dataclass
class Suggesting(Message):
    """The commands that what stands at the prompt could become; none: it is no command, or its menu was closed."""

    rows: Sequence[Suggestion]
    chosen: int
    completes: bool
    """Enter puts the chosen one there; else it sends what stands there."""


class Left(Message):
    """The learner left an editor, an answer or the prompt: back to the step card."""


@dataclass
class LessonChosen(Message):
    """A lesson, and perhaps a step of the open one, was chosen in the list."""

    lesson_id: str
    step_id: str = ""

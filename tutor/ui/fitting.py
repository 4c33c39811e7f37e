"""Whether what stands in a field fits, said while it is typed. Pure; the session judges by the same rules once it is handed in.

Nothing is a fault before the learner has left the field: until then the line under it says what is expected.
"""

from __future__ import annotations

from tutor.i18n import Words
from tutor.lesson.model import Field, Quiz
from tutor.session.answers import SECRET_LENGTH, is_number, misfit, taken
from tutor.ui.look import GLYPHS

Said = tuple[str, str]
"""The line and its role; an empty line where there is nothing to say."""


def field_fit(field: Field, value: str, words: Words, *, left: bool) -> Said:
    """For a field of a form. Args: `left`: the learner has been here and gone elsewhere."""
    if field.pattern is None and not field.secret:
        return "", ""
    if field.secret and 0 < len(value) < SECRET_LENGTH:
        said = words("step.field_short", count=len(value), least=SECRET_LENGTH)
        return _marked(said, left=left)
    said = words("step.field_like", example=field.example)
    if not value.strip():
        return said, "muted"
    if misfit(field, taken(field, value)) is None:
        return f"{GLYPHS['passed']} {words('step.field_fits')}", "passed"
    return _marked(said, left=left)


def number_fit(quiz: Quiz, value: str, words: Words, *, left: bool) -> Said:
    """For a question that wants a number; whether it is the right one is not given away."""
    said = words("step.field_number_unit", unit=quiz.unit) if quiz.unit else words("step.field_number")
    if not value.strip():
        return said, "muted"
    if is_number(value):
        return f"{GLYPHS['passed']} {said}", "passed"
    return _marked(said, left=left)


def _marked(said: str, *, left: bool) -> Said:
    return (f"{GLYPHS['not_yet']} {said}", "not_yet") if left else (said, "muted")

"""From events of the session to the conversation: the only place that looks at what kind of event it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from tutor.session.events import (
    Added,
    CardChanged,
    Event,
    Failed,
    LessonFinished,
    LessonStarted,
    OutputChanged,
    ReceiptTaken,
    RuntimeChanged,
    SaidFinished,
    StepFinished,
    StepStarted,
    StoreFailed,
)

if TYPE_CHECKING:
    from tutor.ui.stage import Stage

PROGRESS = (StepFinished, LessonFinished, ReceiptTaken)
"""After these the list of lessons may say something else."""


async def show(event: Event, stage: Stage) -> None:
    """Show one event."""
    match event:
        case Added(entry):
            await stage.show_entry(entry)
        case CardChanged(card):
            await stage.show_card(card)
        case OutputChanged(log=log):
            stage.talk.show_output(log)
        case StepFinished() | SaidFinished():
            stage.talk.show_end_of_output()
        case RuntimeChanged(state, info, _):
            # The message is an entry of the transcript as well.
            stage.show_runtime(state, info)
        case LessonStarted(_, resumed):
            stage.show_lesson(resumed=resumed)
        case LessonFinished(lesson_id):
            stage.show_lesson_finished(lesson_id)
        case StoreFailed(message):
            stage.talk.say(message, "error")
        case Failed(message, details):
            stage.talk.say_failure(message, str(details.get("hint", "")))
        case ReceiptTaken():
            pass  # told as an entry, and shown by the card; the list is looked after by `PROGRESS`
        case StepStarted():
            stage.talk.show_end_of_output()
        case _:
            assert_never(event)

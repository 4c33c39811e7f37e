"""Wishes about the code of the step."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.session import commands
from tutor.session.events import Action
from tutor.ui.grants.reading import copy_block, copy_text
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


async def copy(conductor: Conductor, _: str) -> None:
    """The block under the cursor, else the code of the step, as it would run now."""
    card = conductor.stage.card
    if conductor.screen.transcript.stop is not None:
        await copy_block(conductor)
    elif card is not None and card.code:
        copy_text(conductor, card.code)


async def reset(conductor: Conductor, _: str) -> None:
    """Back to the lesson's own code."""
    card = conductor.stage.card
    if card is not None and card.code:
        await conductor.send(commands.Edit(None))


async def edit_outside(conductor: Conductor, _: str) -> None:
    """In `$VISUAL` or `$EDITOR`; what was saved there becomes the draft."""
    from textual.app import SuspendNotSupported

    from tutor.ui.external import EditorFailed, edited_outside, editor_command
    from tutor.ui.faces import language_of

    card = conductor.stage.card
    if card is None or Action.EDIT not in card.actions:
        conductor.tell("ui.not_now")
        return
    command = editor_command(os.environ)
    if not command:
        conductor.stage.talk.say(conductor.words("step.no_editor"))
        return
    name = Path(command[0]).name
    suffix = ".sh" if language_of(card) == "bash" else ".py"
    problem, saved = "", card.code
    try:
        with conductor.screen.app.suspend():
            # Nothing may be raised in here: Textual would not come back.
            try:
                saved = edited_outside(command, card.code, suffix)
            except EditorFailed as error:
                problem = str(error)
    except SuspendNotSupported as error:
        problem = str(error)
    if problem:
        conductor.stage.talk.say(conductor.words("step.editor_failed", editor=name, problem=problem), "error")
    elif saved == card.code:
        conductor.tell("step.editor_same")
    else:
        await conductor.send(commands.Edit(saved, at_once=True))
        conductor.stage.show_edited(saved)
        await conductor.stage.show_card(conductor.stage.card or card)
        conductor.tell("step.editor_saved", editor=name)


GRANTS = {Wish.COPY: copy, Wish.RESET: reset, Wish.EDITOR: edit_outside}

"""Wishes about the step as a whole: the lit key, answering and editing, leaving a place, and what stands at the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.session import commands
from tutor.session.events import Action, Asking
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


async def edit(conductor: Conductor, _: str) -> None:
    """Begin to edit."""
    await conductor.act(Action.EDIT)


async def answer(conductor: Conductor, _: str) -> None:
    """Begin to answer, or hand in."""
    await conductor.act(Action.ANSWER)


async def suggested(conductor: Conductor, _: str) -> None:
    """Whatever is lit."""
    lit = next((chip.what for chip in conductor.screen.row.chips if chip.suggested), Wish.WAIT)
    # Whoever waits and presses enter again does not mean to stop what runs: that has a key of its own.
    if lit not in (Wish.SUGGESTED, Action.INTERRUPT):
        await conductor.choose(lit)


async def leave(conductor: Conductor, _: str) -> None:
    """Back to the step, from wherever the keys go now."""
    if conductor.screen.prompt_bar.shut_menu():
        return
    card = conductor.stage.card
    conductor.screen.remove_class("-listing")
    if card is not None and card.asking is Asking.INPUT and conductor.screen.prompt_bar.has_focus_within:
        await conductor.act(Action.ANSWER)
    else:
        await conductor.stage.step_card.stop_editing(conductor.words)


async def explain(conductor: Conductor, text: str) -> None:
    """What an error means and what mends it."""
    await conductor.send(commands.Explain(text))


async def wait(_: Conductor, __: str) -> None:
    """A chip of the snapshot, chosen after its session has begun: what it stood for is not known."""


async def send(conductor: Conductor, _: str) -> None:
    """What stands at the prompt."""
    conductor.screen.prompt_bar.send()


async def new_line(conductor: Conductor, _: str) -> None:
    """A further line at the prompt."""
    conductor.screen.prompt_bar.new_line()


GRANTS = {
    Wish.EDIT: edit,
    Wish.ANSWER: answer,
    Wish.SUGGESTED: suggested,
    Wish.LEAVE: leave,
    Wish.EXPLAIN: explain,
    Wish.WAIT: wait,
    Wish.SEND: send,
    Wish.NEW_LINE: new_line,
}

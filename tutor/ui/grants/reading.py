"""Wishes about what was said so far: to read on, to walk through its blocks, to copy one, to follow a link."""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from tutor.progress.model import EntryKind
from tutor.ui import links
from tutor.ui.blocks import LINK, Block, BlockKind
from tutor.ui.browser import open_outside, opener
from tutor.ui.clipboard import programs, sequences
from tutor.ui.output import output_blocks
from tutor.ui.stops import StopKind, text_of
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

PAGES = {f"/{wish}": wish for wish in (Wish.DOCTOR, Wish.ACCOUNTS)}
"""What a link may open that is a page of tutor's own."""


async def read_on(conductor: Conductor, _: str) -> None:
    """A page further down."""
    conductor.screen.transcript.action_page_down()


async def end(conductor: Conductor, _: str) -> None:
    """To the end of all that was said."""
    conductor.screen.transcript.action_scroll_end()


async def earlier(conductor: Conductor, _: str) -> None:
    """To the block before this one."""
    conductor.screen.transcript.walk(-1)


async def later(conductor: Conductor, _: str) -> None:
    """To the block after this one."""
    conductor.screen.transcript.walk(1)


def copy_text(conductor: Conductor, text: str) -> None:
    """Copy it and say so, or say why that cannot be."""
    reached = sequences(text, os.environ) or programs(os.environ, sys.platform)
    conductor.screen.app.copy_to_clipboard(text)
    conductor.tell("ui.copied" if reached else "reading.too_long")


async def copy_block(conductor: Conductor) -> None:
    """The block under the cursor: code as it was written, an output whole."""
    transcript = conductor.screen.transcript
    stop, message, card = transcript.stop, transcript.message_at_cursor, conductor.stage.card
    if stop is None or message is None or card is None:
        return
    text = stop.text
    if stop.kind is StopKind.OUTPUT and message.entry_id:
        # The message shows the ends of a long one.
        for entry in await conductor.host.entries(card.lesson.id, message.entry_id + 1, 1):
            if entry.id == message.entry_id and entry.kind is EntryKind.OUTPUT:
                text = text_of(output_blocks(entry.data, conductor.words, whole=True))
    copy_text(conductor, text)


async def follow(conductor: Conductor, _: str) -> None:
    """The link under the cursor: into the browser, to the doctor or the accounts, to another lesson or step, or to a file beside the lesson."""
    stop, card = conductor.screen.transcript.stop, conductor.stage.card
    if stop is None or stop.kind is not StopKind.LINK or card is None:
        conductor.tell("reading.no_link")
    elif links.is_web(stop.text):
        conductor.start(partial(_open, conductor, stop.text), "browser")
    elif stop.text in PAGES:
        await conductor.grant(PAGES[stop.text])
    elif (lesson := links.lesson_of(stop.text)) is not None:
        await conductor.go_to(lesson.lesson_id or card.lesson.id, lesson.step_id)
    elif (file := links.file_of(stop.text, card.lesson.path.parent)) is not None:
        conductor.start(partial(_open, conductor, str(file)), "browser")
    else:
        _say_address(conductor, stop.text)


async def _open(conductor: Conductor, address: str) -> None:
    command = opener(os.environ, sys.platform)
    is_open = await asyncio.to_thread(open_outside, command, address) if command else False
    if is_open:
        conductor.tell("reading.opened")
    else:
        _say_address(conductor, address)


def _say_address(conductor: Conductor, address: str) -> None:
    """Nothing here opens it: the learner can, elsewhere. What the terminal knows as a link can be clicked there as well."""
    conductor.screen.app.copy_to_clipboard(address)
    role = f"{LINK}{address}" if links.is_web(address) else "strong"
    said = ((f"{conductor.words('reading.no_browser')} ", "muted"), (address, role))
    conductor.screen.transcript.say([Block(BlockKind.TEXT, said, "· ", "  ", role="muted")])
    conductor.tell("ui.copied")


async def to_prompt(conductor: Conductor, _: str) -> None:
    """The code under the cursor, to try it or a variation of it."""
    stop = conductor.screen.transcript.stop
    if stop is not None and stop.kind is StopKind.CODE:
        conductor.screen.prompt_bar.begin(stop.text)


async def back(conductor: Conductor, _: str) -> None:
    """From a block to the step."""
    await conductor.grant(Wish.LEAVE)
    conductor.screen.transcript.action_scroll_end()


GRANTS = {
    Wish.TO_PROMPT: to_prompt,
    Wish.BACK: back,
    Wish.READ_ON: read_on,
    Wish.END: end,
    Wish.EARLIER: earlier,
    Wish.LATER: later,
    Wish.FOLLOW: follow,
}

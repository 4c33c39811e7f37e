"""`tutor accounts`: what is connected, since when, with which rights; connecting and disconnecting, in the terminal."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.accounts.connected import Connected, State, nearest, service_named
from tutor.accounts.model import SERVICES
from tutor.accounts.telling import as_json, details, mark_of, summary
from tutor.commands.connecting import accounts_of
from tutor.commands.environment import Environment
from tutor.errors import ExitCode, UsageError
from tutor.i18n import Words
from tutor.ui.look import GLYPHS
from tutor.ui.wrap import cells, in_lines

if TYPE_CHECKING:
    from tutor.ui.plain.reader import LineReader

CODES = {"": ExitCode.PASSED, "passed": ExitCode.PASSED, "could_not_check": ExitCode.COULD_NOT_CHECK}
"""Of an account's state: one that is refused or broken is something to be mended, as with the doctor."""


def accounts(options: argparse.Namespace) -> int:
    """List them, connect one, or disconnect one."""
    environment = Environment.of(options)
    words = environment.words
    if options.action is None:
        return asyncio.run(_list(environment, as_objects=options.json))
    if not options.name:
        raise UsageError(words(f"accounts.{options.action}_what"))
    service = service_named(options.name)
    if service is None:
        # What was typed is not said again: it may be a token in the wrong place.
        near = nearest(options.name)
        raise UsageError(words("accounts.unknown_near" if near else "accounts.unknown", near=near))
    act = _connect if options.action == "connect" else _disconnect
    return asyncio.run(act(environment, service))


async def _list(environment: Environment, *, as_objects: bool) -> int:
    words = environment.words
    if sys.stderr.isatty():
        print(words("accounts.asking"), file=sys.stderr)
    states = await _all(accounts_of(environment))
    if as_objects:
        print(json.dumps([as_json(state) for state in states], ensure_ascii=False, indent=2))
    else:
        for state in states:
            _print(state, words)
    codes = {CODES.get(mark_of(state), ExitCode.NOT_YET) for state in states}
    return next(code for code in (ExitCode.NOT_YET, ExitCode.COULD_NOT_CHECK, ExitCode.PASSED) if code in codes)


async def _all(connected: Connected) -> list[State]:
    """In the order in which they are shown."""
    async with aclosing(connected.states()) as told:
        return sorted([state async for state in told], key=lambda state: SERVICES.index(state.service))


def _print(state: State, words: Words) -> None:
    names = [words(f"accounts.{service}") for service in SERVICES]
    name = words(f"accounts.{state.service}")
    width = max(map(cells, names))
    if state.source is None and state.trouble is None:
        about = words("accounts.none_yet", service=state.service)
    else:
        about = f"{GLYPHS.get(mark_of(state), ' ')} {summary(state, words)}"
    print(f"{name}{' ' * (width - cells(name))}  {about}")
    for line in details(state, datetime.now().astimezone(), words):
        mark = f"{GLYPHS[line.role]} " if line.role else "  "
        print(f"{' ' * width}  {mark}{line.text}")


async def _connect(environment: Environment, service: str) -> int:
    from tutor.ui.plain.guiding import GuideByLines
    from tutor.ui.plain.reader import LineReader

    connected, words = accounts_of(environment), environment.words
    led = await connected.guide(service)
    reader = LineReader(sys.stdin.fileno() if sys.stdin else os.open(os.devnull, os.O_RDONLY))
    try:
        by_lines = GuideByLines(words, _Questions(reader), _tell, marks=True, is_terminal=reader.is_terminal)
        is_connected = await by_lines.connect(led)
    finally:
        reader.close()
    if not is_connected:
        _tell(words("accounts.line_stays"))
        return ExitCode.COULD_NOT_CHECK
    state = await connected.state(service)
    _print(state, words)
    return ExitCode.PASSED if state.verified is not None else ExitCode.COULD_NOT_CHECK


class _Questions:
    """The learner's lines. Questions are no result, so that their sign stands where they do."""

    def __init__(self, reader: LineReader) -> None:
        self._reader = reader

    async def __call__(self, sign: str = "> ", *, unseen: bool = False) -> str | None:
        print(sign, end="", file=sys.stderr, flush=True)
        if not unseen:
            line = await self._reader.line()
        else:
            with self._reader.unseen():
                line = await self._reader.line()
        if unseen or line is None or not self._reader.is_terminal:
            # Nobody has pressed enter visibly.
            print(file=sys.stderr)
        return line


def _tell(line: str) -> None:
    """A line; in a terminal no word of it is cut in two. What is set apart is there to be copied, and stays whole."""
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    pieces = [line] if not width or line.startswith(" ") else in_lines(line, width)
    print("\n".join(pieces), file=sys.stderr, flush=True)


async def _disconnect(environment: Environment, service: str) -> int:
    connected, words = accounts_of(environment), environment.words
    name = words(f"accounts.{service}")
    gone = await connected.disconnect(service)
    print(gone.said if gone is not None else words("accounts.was_not", name=name))
    left = await connected.state(service)
    if gone is not None and left.source is not None:
        _tell(words("accounts.still"))
        _print(left, words)
    return ExitCode.PASSED

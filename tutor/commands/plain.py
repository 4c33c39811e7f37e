"""`tutor --plain`: the conversation line by line, in a terminal of any kind or through a pipe."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys

from tutor.commands.host import ChatHost
from tutor.errors import ExitCode
from tutor.ui.plain.front import PlainConversation
from tutor.ui.plain.reader import LineReader


def plain(options: argparse.Namespace) -> int:
    """Returns when the learner has left or the lines have ended."""
    host = ChatHost.of(options)
    if hasattr(sys.stdout, "reconfigure"):
        # A character that the terminal does not know must not end the lesson.
        sys.stdout.reconfigure(errors="replace")
    return asyncio.run(_converse(host))


async def _converse(host: ChatHost) -> int:
    reader = LineReader(sys.stdin.fileno())
    front = PlainConversation(host, reader, sys.stdout)
    talk = asyncio.create_task(front.converse())
    interrupting: set[asyncio.Task[None]] = set()
    code = int(ExitCode.PASSED)

    async def interrupt() -> None:
        if not await front.interrupt():
            leave(int(ExitCode.INTERRUPTED))

    def leave(ended_by: int) -> None:
        nonlocal code
        code = ended_by
        talk.cancel()

    def begin_interrupt() -> None:
        task = asyncio.create_task(interrupt())
        interrupting.add(task)
        task.add_done_callback(interrupting.discard)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, begin_interrupt)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` means it
            loop.add_signal_handler(number, leave, 128 + number)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await talk
    finally:
        reader.close()
        await front.aclose()
        await host.aclose()
        if host.last_words:
            print(host.last_words, file=sys.stderr)
    return code

"""`tutor`: the conversation. Gives the screen its host and ends the kernels when the learner leaves."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys

from tutor.errors import ExitCode, UsageError


def chat(options: argparse.Namespace) -> int:
    """Open the conversation; returns when the learner has left."""
    # Collecting garbage while everything is being imported costs a tenth of the first paint; the screen turns it on again after that.
    gc.disable()
    # Nothing heavy here: the screen paints before lessons, store or kernel are looked at.
    from tutor.commands.host import ChatHost
    from tutor.ui.app import TutorApp
    from tutor.ui.guard import encoding, mouse, stray

    host = ChatHost.of(options)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(host.words("commands.no_terminal"), host.words("commands.no_terminal_hint"))

    encoding.forgive()
    mouse.filter_reports()

    async def converse() -> int:
        app = TutorApp(host)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # Python's own way to die of it would leave the terminal as the screen has set it.
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, app.exit, None, 128 + number)
        try:
            await app.run_async()
        finally:
            await host.aclose()
        if app.failure is not None:
            host.log_failure(app.failure)
            failures.append(app.failure)
        return app.return_code or 0

    failures: list[Exception] = []
    with stray.kept_out(host.log_file.with_name("stderr.log")):
        code = asyncio.run(converse())
    if host.last_words:
        sys.stderr.write(host.last_words + "\n")
    if failures:
        from tutor.ui.guard.crash import last_words

        sys.stderr.write(last_words(failures[0], host.words, host.log_file) + "\n")
        return int(ExitCode.TUTOR_FAILED)
    return code

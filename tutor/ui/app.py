"""The Textual application: settings of the terminal, one screen, nothing else."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from tutor.ui import theme
from tutor.ui.one_by_one import OneByOne, Through

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tutor.ui.host import Host


class TutorApp(App[int]):
    """Shows the conversation; returns the exit code."""

    TITLE = "tutor"
    CSS_PATH = "screens/conversation.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding("ctrl+q", "screen.wish('quit')", show=False, priority=True, system=True)]

    def __init__(self, host: Host) -> None:
        # Without colours there is nothing to translate into true ones: bold, dim and reverse are sent as they are.
        super().__init__(ansi_color=True if theme.NO_COLOR in os.environ else None)
        self._host = host
        for one in theme.THEMES.values():
            self.register_theme(one)
        theme.wear(self, host.theme)
        # Text that glides cannot be read meanwhile, and over SSH it stutters.
        self.animation_level = "none"
        self._keys = OneByOne(self, super().on_event)
        self.failure: Exception | None = None
        """What ended the app against its will."""

    def get_default_screen(self) -> Screen[None]:
        """The conversation; for a newcomer the welcome, which leads to it."""
        if self._host.questions():
            from tutor.ui.screens.welcome import WelcomeScreen

            return WelcomeScreen(self._host)
        from tutor.ui.screens.conversation import ConversationScreen

        return ConversationScreen(self._host)

    def on_mount(self) -> None:
        self.call_after_refresh(self._mind_the_shell)

    def _mind_the_shell(self) -> None:
        """The driver is there and has said how it handles signals; the first paint did not wait for this."""
        from tutor.ui.guard.job_control import wait_for_the_loop

        wait_for_the_loop(asyncio.get_running_loop())

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._keys.take(event)
        else:
            await super().on_event(event)

    @on(Through)
    async def take_next_key(self, event: Through) -> None:
        """A key has been through."""
        await self._keys.arrived(event)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy it, here and through the terminal; whatever copies ends here, Textual's own text areas included."""
        from tutor.ui.clipboard import hand_over, programs, sequences

        self._clipboard = text
        if self._driver is not None:
            for sequence in sequences(text, os.environ):
                self._driver.write(sequence)
        if commands := programs(os.environ, sys.platform):
            self.run_worker(partial(hand_over, text, commands), group="copy", thread=True, exit_on_error=False)

    def _handle_exception(self, error: Exception) -> None:
        """The app ends; what it was is kept for the log and the exit code."""
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual would lay out a long traceback with the values of all variables, secrets included: see `tutor.ui.guard.crash`."""
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Textual's own way to end because of an error, which it shows as these."""
        from tutor.ui.guard.crash import failure_in

        self.failure = self.failure or failure_in(renderables)
        self._close_messages_no_wait()

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Another program has the terminal, all of it."""
        from tutor.ui.guard.job_control import as_usual
        from tutor.ui.guard.stray import let_through

        with super().suspend(), let_through(), as_usual():
            yield

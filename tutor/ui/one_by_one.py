"""Keys that come in one read act in the order in which they were typed.

A key that is no text goes by way of the queues of the focused widget and of all that it stands in, back to the app, which then looks at
the bindings of whatever has the focus by that time. Over a slow line, in tmux, or where somebody types faster than the screen is drawn,
the next keys are there already: `rt` lost its `r`, and in `ab←c` the `c` came before the arrow. So a key waits until the one before it has
been through, with all that it has asked of the screen. Text waits for nothing but such a key: the focused widget has a queue of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

PATIENCE = 0.5
"""Seconds after which the next key acts in any case: the widget may have gone, and with it what was in its queue."""


class Through(Message):
    """Sent after a key on the same way; where it arrives, the key has been."""

    def __init__(self, key: events.Key, widget: Widget, rounds: int) -> None:
        super().__init__()
        self.key = key
        self.widget = widget
        self.rounds = rounds
        """How often it goes that way still."""


class OneByOne:
    """Takes the keys of an app, and hands them out."""

    def __init__(self, app: App[int], hand_out: Callable[[events.Event], Awaitable[None]]) -> None:
        """Args: `hand_out`: what the app does with a key whose turn it is."""
        self._app = app
        self._hand_out = hand_out
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._on_its_way: events.Key | None = None
        self._patience: Timer | None = None

    async def take(self, event: events.Key | events.Paste) -> None:
        """Typed or pasted just now."""
        self._waiting.append(event)
        await self._go_on()

    async def arrived(self, message: Through) -> None:
        """It has come to the app."""
        if message.key is not self._on_its_way:
            return
        if message.rounds:
            self._send(message.key, message.widget, message.rounds - 1)
        else:
            self._let_go()
        await self._go_on()

    async def _go_on(self) -> None:
        while self._waiting and self._on_its_way is None:
            event = self._waiting.popleft()
            widget = self._app.focused or self._app.screen
            await self._hand_out(event)
            # What was not forwarded was a key with priority, and has acted.
            if (
                isinstance(event, events.Key)
                and event.is_forwarded
                and not _is_text(widget, event.key, event.character)
            ):
                self._on_its_way = event
                self._patience = self._app.set_timer(PATIENCE, self._lose_patience)
                # A key of the text itself acts at the end of the first round; others send messages then, which a second one follows.
                leaves = event.key in ("enter", "escape") or not _is_text(widget, "a", "a")
                self._send(event, widget, 1 if leaves else 0)

    def _send(self, key: events.Key, widget: Widget, rounds: int) -> None:
        if not widget.post_message(Through(key, widget, rounds)):
            self._let_go()

    def _let_go(self) -> None:
        self._on_its_way = None
        if self._patience is not None:
            self._patience.stop()

    async def _lose_patience(self) -> None:
        self._let_go()
        await self._go_on()


def _is_text(widget: Widget, key: str, character: str | None) -> bool:
    """Whether the widget takes the key as text, and needs nobody else for it."""
    return widget.check_consume_key(key, character)

"""Driving the screen in tests: press, click, type, and wait for what must come. No test sleeps."""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.events import Paste
from textual.pilot import Pilot
from textual.widget import Widget

from tests.ui.fake.host import FakeHost
from tests.ui.fake.session import FakeSession
from tutor.session.events import Card
from tutor.ui.app import TutorApp
from tutor.ui.screens.conversation import ConversationScreen
from tutor.ui.widgets.action_row import ActionRow, Chip

LIMIT = 10.0


class Learner:
    """Someone in front of the screen."""

    def __init__(self, pilot: Pilot[int], host: FakeHost) -> None:
        self.pilot = pilot
        self.host = host
        self.app = pilot.app

    @property
    def screen(self) -> ConversationScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, ConversationScreen)
        return screen

    @property
    def session(self) -> FakeSession:
        assert self.host.session is not None
        return self.host.session

    @property
    def card(self) -> Card:
        assert self.screen.conductor is not None
        assert self.screen.conductor.stage.card is not None
        return self.screen.conductor.stage.card

    @property
    def said(self) -> str:
        """All that the mounted messages say."""
        lines = [line.plain for message in self.screen.transcript.messages for line in message.lines(100)]
        return "\n".join(line.rstrip() for line in lines)

    @property
    def seen(self) -> str:
        """The screen as text."""
        svg = self.app.export_screenshot()
        rows: dict[float, list[tuple[float, str]]] = {}
        for x, y, body in re.findall(r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>', svg):
            rows.setdefault(float(y), []).append((float(x), html.unescape(body).replace("\xa0", " ")))
        return "\n".join("".join(text for _, text in sorted(row)) for _, row in sorted(rows.items()))

    @property
    def chips(self) -> tuple[Chip, ...]:
        return self.screen.row.chips

    @property
    def lit(self) -> str:
        """The key of the lit chip."""
        return next((chip.key for chip in self.chips if chip.suggested), "")

    @property
    def focused(self) -> Widget | None:
        return self.app.focused

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        end = time.monotonic() + LIMIT
        while not condition():
            assert time.monotonic() < end, f"never: {what or condition}\n{self.seen}"
            await asyncio.sleep(0.01)
        await self.pilot.pause()

    async def until_said(self, text: str) -> None:
        await self.until(lambda: text in self.said, f"said {text!r}")

    async def until_at(self, step_id: str) -> None:
        await self.until(lambda: self.card.step.id == step_id and not self.card.running, f"at {step_id}")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)

    async def read_on(self, key: str) -> None:
        """Press the key once and wait until the screen has moved and the action row agrees with it."""
        transcript = self.screen.transcript
        top = transcript.scroll_y
        await self.press(key)
        await self.until(lambda: transcript.scroll_y > top, "further down")
        await self.until(lambda: self.has_more_to_read is not transcript.at_end, "the action row")

    @property
    def has_more_to_read(self) -> bool:
        return self.chips[0].label == "read on"

    async def paste(self, text: str) -> None:
        assert self.focused is not None
        self.focused.post_message(Paste(text))
        await self.pilot.pause()

    async def command(self, line: str) -> None:
        """Type a line at the prompt."""
        await self.press("slash" if line.startswith("/") else "t")
        await self.until(lambda: self.focused is not None and self.focused.id == "prompt", "the prompt")
        await self.type(line.removeprefix("/"))
        await self.press("enter")

    async def click_chip(self, label: str) -> None:
        """Click the chip with that label."""
        await self._click_chip(self.screen.row, label)

    async def click_chip_of_screen(self, label: str) -> None:
        """The same on whichever screen is on top."""
        await self._click_chip(self.app.screen.query_one(ActionRow), label)

    async def _click_chip(self, row: ActionRow, label: str) -> None:
        for y in range(row.size.height):
            text = row.render().plain.split("\n")[y]
            if (at := text.find(f" {label} ")) >= 0:
                await self.pilot.click(row, offset=(at + 2, y))
                return
        raise AssertionError(f"no chip {label!r} among {[chip.label for chip in row.chips]}")


@asynccontextmanager
async def learner(host: FakeHost | None = None, size: tuple[int, int] = (100, 30)) -> AsyncIterator[Learner]:
    """The screen with someone in front of it, at the first card."""
    host = host or FakeHost()
    app = TutorApp(host)
    async with app.run_test(size=size, notifications=True) as pilot:
        someone = Learner(pilot, host)
        await someone.until(
            lambda: someone.screen.conductor is not None and someone.screen.conductor.stage.card, "the first card"
        )
        await someone.until(lambda: someone.screen.query("#prompt"), "the prompt")
        yield someone


def at(step_id: str, language: str = "en") -> FakeHost:
    """A host whose sitting begins at that step."""
    return FakeHost(language, ("check-device", step_id))

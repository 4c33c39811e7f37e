"""Makes the pictures of the README, docs/*.svg: the program itself, real kernels, a home of its own. CI runs it (tests/scripts).

Nothing is staged: what stands in the pictures was run. So seconds, memory and the last digits differ from run to run.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.cells import cell_len
from textual.pilot import Pilot

from tutor.commands.host import ChatHost
from tutor.session.events import Asking, Card
from tutor.ui.app import TutorApp
from tutor.ui.screens.conversation import ConversationScreen

SIZE, LOW = (108, 34), (108, 22)
CELL = 12.2
"""How wide Rich draws one."""
LIMIT = 90.0
"""Seconds for anything that is waited for."""
STILL = 0.3
"""Seconds without a change, after which the screen is what it will be."""

FONTS = (
    "'Fira Code', 'DejaVu Sans Mono', Menlo, 'Cascadia Mono', Consolas, 'Noto Sans Mono CJK SC', 'PingFang SC', 'Microsoft YaHei', "
    "'Apple Braille', 'Segoe UI Symbol', 'DejaVu Sans', monospace"
)
"""A picture in a page may fetch none: those that computers have, then those with Chinese, then those with the dots of curves."""

SURROUNDINGS = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "CUDA_VISIBLE_DEVICES": "", "LANG": "C.UTF-8"}
UNWANTED = ("NO_COLOR", "COLORFGBG", "TUTOR_LESSONS", "TUTOR_LANG", "TUTOR_THEME", "TUTOR_RUNTIME", "TUTOR_LOG")


class Photographer:
    """Someone who works at the screen and takes pictures of it."""

    def __init__(self, pilot: Pilot[int], app: TutorApp, folder: Path) -> None:
        self._pilot = pilot
        self._app = app
        self._folder = folder

    @property
    def card(self) -> Card | None:
        """The step, once there is one."""
        screen = self._app.screen_stack[0]
        assert isinstance(screen, ConversationScreen)
        return screen.conductor.stage.card if screen.conductor is not None else None

    async def until(self, condition: Callable[[Card], object]) -> None:
        """Wait until that is so of the step."""
        end = time.monotonic() + LIMIT
        while (card := self.card) is None or not condition(card):
            if time.monotonic() > end:
                await self.take("never")
                raise SystemExit("what was waited for never came")
            await self._pilot.pause(0.05)

    async def run(self) -> None:
        """Run the step, to its verdict."""
        await self._pilot.press("r")
        await self.until(lambda card: card.attempt > 0 and not card.running)

    async def press(self, *keys: str) -> None:
        """Press keys, and let the screen settle."""
        await self._pilot.press(*keys)
        await self._settled()

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal so large."""
        await self._pilot.resize_terminal(width, height)
        await self._settled()

    async def take(self, name: str) -> None:
        """Keep the screen as a picture."""
        await self._settled()
        picture = self._folder / f"{name}.svg"
        picture.write_text(lean(self._app.export_screenshot(title="tutor", simplify=True)), encoding="utf-8")
        print(picture)

    async def _settled(self) -> None:
        seen, since = "", time.monotonic()
        while time.monotonic() - since < STILL:
            await self._pilot.pause(0.05)
            if (now := self._app.export_screenshot()) != seen:
                seen, since = now, time.monotonic()


def lean(svg: str) -> str:
    """The picture without what the page that shows it would not fetch, and with names that stay from one time to the next."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", FONTS).replace("font-family: arial", "font-family: sans-serif")
    # Some fonts have wide letters for this, which are twice as wide as their cells.
    svg = svg.replace("font-variant-east-asian: full-width;", "")
    svg = re.sub(r"<text [^>]*>\n</text>", "", svg)
    # Rich takes each character for one cell.
    svg = re.sub(r'textLength="[^"]*"([^>]*)>([^<]*)<', _with_its_width, svg)
    svg = re.sub(r"terminal-\d+-", "t-", svg)
    return "\n".join(line.strip() for line in svg.splitlines() if line.strip()) + "\n"


def _with_its_width(match: re.Match[str]) -> str:
    attributes, text = match.groups()
    return f'textLength="{cell_len(html.unescape(text)) * CELL:g}"{attributes}>{text}<'


async def sitting(
    folder: Path, lesson: str, work: Callable[[Photographer], object], *, language: str = "en", theme: str = "dark"
) -> None:
    """Open the lesson, do that, leave."""
    os.environ["TUTOR_THEME"] = theme
    host = ChatHost.of(argparse.Namespace(lesson=lesson, lang=language, runtime=None, practice=False))
    app = TutorApp(host)
    try:
        async with app.run_test(size=SIZE) as pilot:
            someone = Photographer(pilot, app, folder)
            await someone.until(lambda card: card.actions)
            done = work(someone)
            assert asyncio.iscoroutine(done)
            await done
    finally:
        await host.aclose()


async def miss(someone: Photographer) -> None:
    """The fault that the lesson shows, with what was expected, and a hint."""
    await someone.run()
    await someone.press("h")
    await someone.take("miss")


async def needs_what_is_not_here(someone: Photographer) -> None:
    """Two steps that stay open."""
    await someone.run()
    await someone.press("n")
    await someone.until(lambda card: card.step.id == "tensorflow")
    await someone.run()


async def training(someone: Photographer) -> None:
    """The first step of the first lesson, with its curve; then where to go on."""
    await someone.run()
    await someone.take("training")
    await someone.resize(*LOW)
    await someone.press("l")
    await someone.take("home")


async def chinese(someone: Photographer) -> None:
    """A question, answered."""
    await someone.press("2", "enter")
    await someone.until(lambda card: card.asking is Asking.NOTHING)
    await someone.run()
    await someone.take("chinese")


async def take_all(folder: Path) -> None:
    """All pictures; what was done for one is seen on the next."""
    await sitting(folder, "check-device#always-yes", miss)
    await sitting(folder, "check-device#nvidia-smi", needs_what_is_not_here)
    await sitting(folder, "start-here#train", training)
    await sitting(folder, "check-device#who-moved", chinese, language="zh", theme="light")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent / "docs")
    folder = parser.parse_args(arguments).folder
    folder.mkdir(exist_ok=True)
    for name in UNWANTED:
        os.environ.pop(name, None)
    os.environ.update(SURROUNDINGS)
    with tempfile.TemporaryDirectory() as home:
        os.environ["TUTOR_HOME"] = home
        asyncio.run(take_all(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())

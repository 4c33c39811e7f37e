"""Makes docs/screen.svg, the picture of the real screen in the README: the program itself, a real kernel, a home of its own."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from tutor.commands.host import ChatHost
from tutor.ui.app import TutorApp

LESSON = "check-device#always-yes"
SIZE = (112, 40)
LIMIT = 60.0


async def photograph() -> str:
    """Open the lesson, run the code that has the fault in it, and take the screen as SVG once the verdict is there."""
    options = argparse.Namespace(lesson=LESSON, lang="en", runtime=None, practice=False)
    host = ChatHost.of(options)
    app = TutorApp(host)
    try:
        async with app.run_test(size=SIZE) as pilot:

            async def sees(text: str) -> None:
                end = time.monotonic() + LIMIT
                while text not in app.export_screenshot().replace("&#160;", " "):
                    if time.monotonic() > end:
                        raise SystemExit(f"{text!r} never came on the screen")
                    await pilot.pause(0.05)

            await sees("cores")
            await pilot.press("r")
            await sees("Not yet")
            await pilot.pause(0.3)
            return app.export_screenshot(title="tutor")
    finally:
        await host.aclose()


def main() -> None:
    picture = Path(__file__).resolve().parent.parent / "docs" / "screen.svg"
    with tempfile.TemporaryDirectory() as home:
        os.environ["TUTOR_HOME"] = home
        svg = asyncio.run(photograph())
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(svg, encoding="utf-8")
    sys.stdout.write(f"{picture}\n")


if __name__ == "__main__":
    main()

"""The Pythons of this machine as the learner chooses among them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib import import_module
from pathlib import Path

from tutor.settings import LOCAL
from tutor.ui.host import PythonChoice


async def choices() -> AsyncGenerator[PythonChoice, None]:
    """Tutor's own first, then those that lessons can run in, as they answer."""
    # Loaded in a thread, since the screen goes on meanwhile.
    finder = await asyncio.to_thread(import_module, "tutor.runtime.pythons")
    interpreter = await asyncio.to_thread(import_module, "tutor.runtime.interpreter")
    environment, home = interpreter.environment(), Path.home()
    among = await asyncio.to_thread(finder.candidates, environment, home)
    async with aclosing(finder.find(among, environment)) as answers:
        async for found in answers:
            if found.where is finder.Where.OWN:
                yield PythonChoice(LOCAL, "", found.version, found.torch)
            elif found.minor >= interpreter.OLDEST:
                program = found.executable
                mend = "" if found.has_ipykernel else interpreter.command_for_ipykernel(program, found.has)
                yield PythonChoice(f"{LOCAL}:{found.name}", short(found.name, home), found.version, found.torch, mend)


def short(path: str, home: Path) -> str:
    """As people write it: what is in their home begins with `~`."""
    return f"~{path.removeprefix(str(home))}" if path.startswith(f"{home}/") else path

"""A learner behind a pipe: lines go in, and what was printed comes back."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Sequence

from tests.ui.fake.host import FakeHost
from tutor.ui.plain.front import PlainConversation
from tutor.ui.plain.reader import LineReader

LIMIT = 20.0


async def converse(host: FakeHost, lines: Sequence[str]) -> str:
    """The whole conversation until the lines have ended or the learner has left."""
    reading, writing = os.pipe()
    os.write(writing, "".join(line + "\n" for line in lines).encode())
    os.close(writing)
    out = io.StringIO()
    reader = LineReader(reading)
    front = PlainConversation(host, reader, out)
    try:
        await asyncio.wait_for(front.converse(), LIMIT)
    finally:
        reader.close()
        await front.aclose()
        os.close(reading)
    return out.getvalue()

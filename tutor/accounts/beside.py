"""Slow calls beside an event loop, in threads that nobody waits for: a service that is silent must not hold up the end of tutor, as a thread of
asyncio's own pool would.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def in_thread(call: Callable[[], T]) -> T:
    """What the call returns or raises. Whoever is cancelled meanwhile goes on at once; the call ends by itself, and what it returns is dropped."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def work() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = call()
        except SystemExit as error:
            # Some clients end the program where they miss something; only a thread of ours may end by it.
            failure = RuntimeError(f"a client asked tutor to end: {error}")
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits
            loop.call_soon_threadsafe(settle, result, failure)

    Thread(target=contextvars.copy_context().run, args=(work,), name="tutor-account", daemon=True).start()
    return await future

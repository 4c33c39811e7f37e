"""Small servers and proxies for clients that block: each in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.network.servers import Talk, serving


@contextmanager
def beside(talk: Talk) -> Iterator[int]:
    """A small server in a thread of its own; its port."""
    ready, ended = threading.Event(), threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        async with serving(talk) as port:
            ports.append(port)
            ready.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield ports[0]
    finally:
        ended.set()
        thread.join()


def socks_to(port: int, seen: list[str]) -> Talk:
    """A SOCKS 5 proxy that connects whatever it is asked for with that port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        await reader.readexactly(count)
        writer.write(b"\x05\x00")
        kind = (await reader.readexactly(4))[3]
        if kind == 3:
            name = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            name = ".".join(str(part) for part in await reader.readexactly(4))
        seen.append(f"{name}:{int.from_bytes(await reader.readexactly(2), 'big')}")
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)

        async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(4096):
                target.write(data)
                await target.drain()
            target.close()

        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))

    return talk

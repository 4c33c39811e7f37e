"""A real Jupyter server of the test's own, and a way to it that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx

from tests.support.waiting import wait_for

TOKEN = "a-token-of-these-tests"
PREFIX = "/user/me/"
"""As JupyterHub puts one before everything."""
START_SECONDS = 40.0


class JupyterServer:
    """A `jupyter server` process. A context manager."""

    def __init__(self, folder: Path, *, options: tuple[str, ...] = ()) -> None:
        self.token = TOKEN
        """A start after it was changed is like a server that made a new one."""
        self._folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    @property
    def url(self) -> str:
        return f"{self.root}?token={self.token}"

    def start(self) -> Self:
        """Start it and wait until it answers."""
        home = self._folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        command = [
            *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={self.port}"),
            *("--ServerApp.port_retries=0", f"--ServerApp.base_url={PREFIX}", f"--ServerApp.root_dir={home}"),
            # Kernels that are ended have nothing to tidy up.
            *("--ServerApp.jpserver_extensions={}", "--KernelManager.shutdown_wait_time=0.2", *self._options),
            # After a restart a server may wait that long (usually 60 s) for an answer that was meant for the old process.
            "--MappingKernelManager.kernel_info_timeout=3",
        ]
        environment = os.environ | {"HOME": str(home), "JUPYTER_TOKEN": self.token, "JUPYTER_PREFER_ENV_PATH": "1"}
        environment.pop("XDG_CACHE_HOME", None)
        environment["JUPYTER_RUNTIME_DIR"] = str(self._folder / "runtime")
        environment["JUPYTER_CONFIG_DIR"] = str(self._folder / "config")
        environment["JUPYTER_DATA_DIR"] = str(self._folder / "data")
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        wait_for(lambda: self._answers() or self._has_ended(), START_SECONDS, "a server that answers")
        assert not self._has_ended(), f"no server:\n{self.log}"
        return self

    def _answers(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.root}api", trust_env=False).is_success
        return False

    def _has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    @property
    def log(self) -> str:
        return (self._folder / "server.log").read_text("utf-8", "replace")

    @property
    def home(self) -> Path:
        """Of whoever its kernels run as."""
        return self._folder / "home"

    def kernels(self) -> list[str]:
        """Ids of its kernels."""
        return [kernel["id"] for kernel in self._kernels()]

    def is_busy(self) -> bool:
        """Whether one of its kernels works."""
        return any(kernel["execution_state"] == "busy" for kernel in self._kernels())

    def _kernels(self) -> list[dict[str, Any]]:
        headers = {"Authorization": f"token {self.token}"}
        answer = httpx.get(f"{self.root}api/kernels", headers=headers, trust_env=False)
        found: list[dict[str, Any]] = answer.json()
        return found

    def stop(self) -> None:
        """End it with its kernels."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class Way:
    """A port that leads to another one until it is cut; an async context manager."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server: asyncio.Server | None = None
        self._pairs: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = free_port()

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    async def mend(self) -> None:
        """Let through again."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Cut what stands and refuse what comes."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._pairs:
            writer.transport.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pairs.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
            self._pairs |= {writer, far_writer}
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(reader, far_writer))
                both.create_task(_pump(far_reader, writer))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            pass  # a cancelled handler would be reported by asyncio
        finally:
            self._tasks.discard(task)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port

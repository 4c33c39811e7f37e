"""One real server for all tests that do not harm it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.jupyter import JupyterServer
from tutor.i18n import Words
from tutor.runtime.open import Opening, open_runtime
from tutor.runtime.server.runtime import ServerRuntime

Opener = Callable[..., ServerRuntime]


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    with JupyterServer(tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest_asyncio.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opener]:
    """Opens runtimes that share a home; all are closed at the end."""
    runtimes: list[ServerRuntime] = []

    def opener(url: str, *, lasts: bool = True, bundles: Path | None = None) -> ServerRuntime:
        opening = Opening(
            bundles=bundles or tmp_path / "bundles",
            outputs=tmp_path / "outputs",
            log=tmp_path / "kernel.log",
            working_folder=tmp_path,
            servers=tmp_path / "servers.json",
            living=living(tmp_path),
            words=Words("en"),
            lasts=lasts,
        )
        runtime = open_runtime(url, opening)
        assert isinstance(runtime, ServerRuntime)
        runtimes.append(runtime)
        return runtime

    yield opener
    for runtime in runtimes:
        await runtime.aclose()


def living(folder: Path) -> Path:
    """The folder in which it is written down what runs."""
    made = folder / "running"
    made.mkdir(exist_ok=True)
    return made

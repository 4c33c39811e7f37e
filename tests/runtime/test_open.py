from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime.kernels import make_runtime
from tutor.errors import UsageError
from tutor.runtime.base import Runtime, RuntimeState
from tutor.runtime.open import open_runtime


def opened(name: str, folder: Path) -> Runtime:
    return open_runtime(
        name, bundles=folder, output_folder=folder, log_path=folder / "kernel.log", working_folder=folder
    )


@pytest.mark.parametrize("name", ["local", "local:/usr/bin/python3", "local:C:python"])
def test_local_runtimes_have_the_name_they_were_opened_by(name: str, tmp_path: Path) -> None:
    runtime = opened(name, tmp_path)
    assert runtime.info.name == name
    assert runtime.state is RuntimeState.OFF
    assert runtime.generation == 0


@pytest.mark.parametrize(
    "name", ["colab", "colab:T4", "kaggle", "http://127.0.0.1:8888/?token=x", "https://example.org"]
)
def test_later_runtimes_are_refused_with_what_there_is(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        opened(name, tmp_path)
    assert caught.value.hint == "This version runs lessons on this computer: use local or local:PYTHON."
    assert "token" not in caught.value.message


@pytest.mark.parametrize("name", ["", "local:", "locale", "ssh:host", "Local"])
def test_what_is_no_runtime_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no runtime"):
        opened(name, tmp_path)


async def test_a_runtime_that_was_never_started_closes(tmp_path: Path) -> None:
    runtime = make_runtime(tmp_path)
    await runtime.interrupt()
    await runtime.aclose()
    await runtime.aclose()

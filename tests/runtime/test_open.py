from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime.kernels import make_runtime
from tutor.errors import UsageError
from tutor.i18n import Words
from tutor.runtime.base import Runtime, RuntimeState
from tutor.runtime.open import Opening, open_runtime
from tutor.runtime.server.address import parse
from tutor.runtime.server.known import KnownServer, KnownServers


def opened(name: str, folder: Path) -> Runtime:
    opening = Opening(
        bundles=folder,
        outputs=folder,
        log=folder / "kernel.log",
        working_folder=folder,
        servers=folder / "servers.json",
        living=folder,
        words=Words("en"),
    )
    return open_runtime(name, opening)


@pytest.mark.parametrize("name", ["local", "local:/usr/bin/python3", "local:C:python"])
def test_local_runtimes_have_the_name_they_were_opened_by(name: str, tmp_path: Path) -> None:
    runtime = opened(name, tmp_path)
    assert runtime.info.name == name
    assert runtime.state is RuntimeState.OFF
    assert runtime.generation == 0


@pytest.mark.parametrize("name", ["colab", "colab:T4", "kaggle"])
def test_later_runtimes_are_refused_with_what_there_is(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        opened(name, tmp_path)
    assert caught.value.hint == "Use local, local:PYTHON, or the address of a Jupyter server."


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:8888/?token=secret1", "http://127.0.0.1:8888/lab?token=secret1&x=secret2"]
)
def test_a_server_is_named_without_its_token(name: str, tmp_path: Path) -> None:
    runtime = opened(name, tmp_path)
    assert runtime.info.name == "http://127.0.0.1:8888/"
    assert runtime.state is RuntimeState.OFF


def test_a_server_is_found_by_the_name_under_which_it_was_added(tmp_path: Path) -> None:
    address = parse("https://hub.example.org/user/me/")
    assert address is not None
    KnownServers(tmp_path / "servers.json").keep(KnownServer("lab", address, "secret"))
    assert opened("lab", tmp_path).info.name == "https://hub.example.org/user/me/"


def test_an_address_that_is_none_does_not_show_its_token(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        opened("http:/127.0.0.1?token=secret", tmp_path)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("name", ["", "local:", "locale", "ssh:host", "Local"])
def test_what_is_no_runtime_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no runtime"):
        opened(name, tmp_path)


async def test_a_runtime_that_was_never_started_closes(tmp_path: Path) -> None:
    runtime = make_runtime(tmp_path)
    await runtime.interrupt()
    await runtime.aclose()
    await runtime.aclose()

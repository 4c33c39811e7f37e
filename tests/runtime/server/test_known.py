from __future__ import annotations

from pathlib import Path

import pytest

from tutor.errors import ConfigError, TutorError
from tutor.runtime.server.address import parse
from tutor.runtime.server.known import KnownServer, KnownServers


def server(name: str, url: str, token: str = "secret", price: float | None = None) -> KnownServer:
    address = parse(url)
    assert address is not None
    return KnownServer(name, address, token, price, "$" if price else "")


@pytest.fixture
def known(tmp_path: Path) -> KnownServers:
    return KnownServers(tmp_path / "config" / "servers.json")


def test_what_is_kept_is_found_by_name_and_by_any_form_of_its_address(known: KnownServers) -> None:
    lab = server("lab", "http://127.0.0.1:8888/?x=1", price=0.5)
    known.keep(lab)
    assert list(known.all()) == [lab]
    for name in ("lab", "http://127.0.0.1:8888/", "http://127.0.0.1:8888/lab?token=other", "127.0.0.1:8888"):
        assert known.find(name) == lab
    assert known.find("other") is None


def test_only_its_owner_can_read_it(known: KnownServers, tmp_path: Path) -> None:
    known.keep(server("lab", "http://127.0.0.1:8888/"))
    assert (tmp_path / "config" / "servers.json").stat().st_mode & 0o777 == 0o600


def test_the_same_address_is_kept_once_and_names_are_told_apart(known: KnownServers) -> None:
    known.keep(server("lab", "http://127.0.0.1:8888/", "old"))
    known.keep(server("lab", "http://127.0.0.1:9999/"))
    known.keep(server("lab", "http://127.0.0.1:8888/", "new"))
    assert [(one.name, one.token) for one in known.all()] == [("lab", "secret"), ("lab 2", "new")] or [
        (one.name, one.token) for one in known.all()
    ] == [("lab 2", "secret"), ("lab", "new")]


def test_what_is_forgotten_is_gone(known: KnownServers, tmp_path: Path) -> None:
    known.keep(server("lab", "http://127.0.0.1:8888/"))
    known.forget("http://127.0.0.1:8888/")
    assert not known.all()
    assert "secret" not in (tmp_path / "config" / "servers.json").read_text()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"servers": [{"name": "x", "address": "no"}]}', '{"servers": [1]}'])
def test_a_broken_file_is_named_with_the_mend(known: KnownServers, tmp_path: Path, text: str) -> None:
    (tmp_path / "config").mkdir()
    file = tmp_path / "config" / "servers.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"servers\.json cannot be read") as caught:
        known.all()
    assert "Remove it" in caught.value.hint


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    with pytest.raises(TutorError, match="cannot be"):
        KnownServers(tmp_path / "config" / "servers.json").keep(server("lab", "http://127.0.0.1:8888/"))

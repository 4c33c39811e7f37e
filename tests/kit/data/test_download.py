"""Downloads over real sockets, from a host that can be made to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.data.conftest import Host, md5
from tutor.kit.data import download
from tutor.kit.data.download import fetch
from tutor.kit.data.errors import DataError

DATA = bytes(range(256)) * 2000


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "store" / "file.gz"


def get(host: Host, target: Path, *paths: str, silent: set[str] | None = None) -> None:
    addresses = [f"{host.url}/{path}" for path in paths or ("file.gz",)]
    fetch(addresses, target, md5(DATA), set() if silent is None else silent)


def test_the_file_comes_whole_and_says_how_far_it_is(
    host: Host, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host.files["file.gz"] = DATA
    get(host, target)
    assert target.read_bytes() == DATA
    assert list(target.parent.iterdir()) == [target]
    assert "file.gz: 0.5/0.5 MB" in capsys.readouterr().out


def test_after_a_broken_connection_it_goes_on_where_it_stopped(host: Host, target: Path) -> None:
    host.files["file.gz"] = DATA
    host.cut_after = 100_000
    with pytest.raises(DataError, match="412,000 bytes too early"):
        get(host, target)
    assert not target.exists()
    get(host, target)
    assert target.read_bytes() == DATA
    assert host.asked == [("file.gz", None), ("file.gz", "bytes=100000-")]


def test_a_host_that_cannot_go_on_begins_again(host: Host, target: Path) -> None:
    host.files["file.gz"] = DATA
    host.cut_after, host.ranges = 100_000, False
    with pytest.raises(DataError):
        get(host, target)
    get(host, target)
    assert target.read_bytes() == DATA


def test_a_beginning_of_something_else_is_thrown_away(host: Host, target: Path) -> None:
    host.files["file.gz"] = DATA
    target.parent.mkdir()
    target.with_name("file.gz.part").write_bytes(b"another file")
    get(host, target)
    assert target.read_bytes() == DATA


def test_all_that_was_missing_was_the_name(host: Host, target: Path) -> None:
    host.files["file.gz"] = DATA
    target.parent.mkdir()
    target.with_name("file.gz.part").write_bytes(DATA)
    get(host, target)
    assert target.read_bytes() == DATA


def test_a_file_with_another_checksum_is_refused_and_not_kept(host: Host, target: Path) -> None:
    host.files["file.gz"] = b"something else"
    with pytest.raises(DataError, match=f"MD5 {md5(b'something else')}, expected {md5(DATA)}"):
        get(host, target)
    assert list(target.parent.iterdir()) == []


def test_the_next_address_is_tried(host: Host, target: Path) -> None:
    host.files["other/file.gz"] = DATA
    get(host, target, "file.gz", "other/file.gz")
    assert target.read_bytes() == DATA


def test_every_address_says_why_it_failed(host: Host, target: Path) -> None:
    with pytest.raises(DataError, match=r"127\.0\.0\.1: .*404.*\n  127\.0\.0\.1: the connection was refused"):
        fetch([f"{host.url}/file.gz", "http://127.0.0.1:9/file.gz"], target, md5(DATA), set())


def test_a_silent_host_is_given_up_and_not_asked_again(
    host: Host, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.files["file.gz"] = DATA
    host.silent = True
    silent: set[str] = set()
    monkeypatch.setattr(download, "SILENCE_SECONDS", 1.0)
    with pytest.raises(DataError, match="no answer for"):
        get(host, target, "file.gz", "other/file.gz", silent=silent)
    assert silent == {"127.0.0.1"}
    with pytest.raises(DataError):
        get(host, target, silent=silent)
    assert len(host.asked) == 1


def test_the_next_address_goes_on_where_a_stall_has_come(
    host: Host, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.files["file.gz"] = host.files["mirror/file.gz"] = DATA
    host.stall_after = 100_000
    monkeypatch.setattr(download, "SILENCE_SECONDS", 1.0)
    fetch(
        [f"{host.url}/file.gz", f"{host.url.replace('127.0.0.1', 'localhost')}/mirror/file.gz"],
        target,
        md5(DATA),
        set(),
    )
    assert target.read_bytes() == DATA
    assert host.asked[1] == ("mirror/file.gz", "bytes=100000-")


@pytest.mark.parametrize(
    "address", ["http://镜像.example/file.gz", "http://[::1/file.gz", "http://name:token-of-mine@host/file.gz"]
)
def test_what_is_no_address_is_no_secret_on_the_screen_either(address: str, target: Path) -> None:
    with pytest.raises(DataError) as raised:
        fetch([address], target, md5(DATA), set())
    assert "token-of-mine" not in str(raised.value)


def test_this_computer_is_not_reached_by_way_of_a_proxy(
    host: Host, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.files["file.gz"] = DATA
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    get(host, target)
    assert target.read_bytes() == DATA


def test_it_speaks_the_learners_language(host: Host, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_LANG", "zh")
    with pytest.raises(DataError, match="没有下载成功"):
        get(host, target)

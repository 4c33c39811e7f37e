from __future__ import annotations

import pytest

from tutor.runtime.server.address import parse


@pytest.mark.parametrize(
    ("text", "root", "token"),
    [
        ("http://127.0.0.1:8888/?token=abc", "http://127.0.0.1:8888/", "abc"),
        ("http://127.0.0.1:8888", "http://127.0.0.1:8888/", ""),
        ("127.0.0.1:8888", "http://127.0.0.1:8888/", ""),
        ("  <http://localhost:8888/lab?token=abc>  ", "http://localhost:8888/", "abc"),
        ("http://localhost:8888/lab/tree/my/notebook.ipynb", "http://localhost:8888/", ""),
        ("https://hub.example.org/user/me/lab?token=abc", "https://hub.example.org/user/me/", "abc"),
        ("https://hub.example.org/user/laboratory/tree", "https://hub.example.org/user/laboratory/", ""),
        ("http://[::1]:8888/tree?token=a%2Bb", "http://[::1]:8888/", "a+b"),
    ],
)
def test_what_people_paste(text: str, root: str, token: str) -> None:
    address = parse(text)
    assert address is not None
    assert (address.root, address.token) == (root, token)
    assert "abc" not in repr(address)


@pytest.mark.parametrize(
    "text", ["", "hello", "ftp://x", "http://", "http://x:99999/", "http://me:pw@host/", "ssh host"]
)
def test_what_is_no_address(text: str) -> None:
    assert parse(text) is None


def test_other_parameters_go_with_every_request() -> None:
    address = parse("https://x.example/?token=t&colab-runtime-proxy-token=p%20q")
    assert address is not None
    assert address.params == (("colab-runtime-proxy-token", "p q"),)
    url = address.socket_url("api/kernels/1/channels", {"session_id": "s"})
    assert url == "wss://x.example/api/kernels/1/channels?colab-runtime-proxy-token=p+q&session_id=s"
    assert "p q" not in repr(address)


@pytest.mark.parametrize(
    ("text", "is_loopback"),
    [
        ("http://localhost:1", True),
        ("http://127.1.2.3:1", True),
        ("http://[::1]:1", True),
        ("http://10.0.0.1:1", False),
    ],
)
def test_loopback(text: str, is_loopback: bool) -> None:
    address = parse(text)
    assert address is not None
    assert address.is_loopback is is_loopback

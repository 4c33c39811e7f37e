from __future__ import annotations

from codecs import getincrementaldecoder

import pytest
from textual.drivers import linux_driver

from tutor.ui.guard.encoding import forgive, forgiving_decoder


def test_letters_may_come_in_pieces_and_what_is_none_is_marked() -> None:
    decode = forgiving_decoder("utf-8")().decode
    whole = "学".encode()
    assert decode(whole[:1]) + decode(whole[1:]) == "学"
    assert decode("学".encode("gbk") + b"a").endswith("a")
    assert "\N{REPLACEMENT CHARACTER}" in decode(b"\xff\x1b[M\xff")


def test_the_driver_decodes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(linux_driver), "getincrementaldecoder", getincrementaldecoder)
    forgive()
    assert vars(linux_driver)["getincrementaldecoder"] is forgiving_decoder

from __future__ import annotations

import base64
import hashlib
import zlib

import pytest

from tutor.harness.receipt import MOST_UNPACKED, BadReceipt, begins, find, pack, unpack

VALUE = {"lessons": [{"id": "start-here", "steps": [{"id": "训练", "lines": ["✓ " + "x" * 300]}]}]}


def of(data: bytes) -> str:
    """A receipt with right length and checksum, whatever is in it."""
    head = len(data).to_bytes(4, "big") + hashlib.sha256(data).digest()[:8]
    return "TUTOR1:" + base64.urlsafe_b64encode(head + data).decode().rstrip("=")


def why(receipt: str) -> str:
    with pytest.raises(BadReceipt) as caught:
        unpack(receipt)
    return str(caught.value)


def test_it_is_one_line_and_comes_back_as_it_was() -> None:
    receipt = pack(VALUE)
    assert receipt.startswith("TUTOR1:")
    assert len(receipt.split()) == 1
    assert unpack(receipt) == VALUE


def test_it_survives_being_wrapped_and_what_is_pasted_around_it() -> None:
    receipt = pack(VALUE)
    wrapped = "\r\n  ".join(receipt[at : at + 40] for at in range(0, len(receipt), 40))
    assert unpack(wrapped + "\nThank you, that was all") == VALUE
    (found,) = find(f"Here it is:\n{wrapped}\n> bye")
    assert unpack(found) == VALUE
    assert not begins(f"Here it is: {receipt}")
    assert [unpack(one) for one in find(f"{receipt} {pack(1)}")] == [VALUE, 1]


def test_cut_anywhere_it_is_cut_off_and_never_taken() -> None:
    receipt = pack(VALUE)
    assert {why(receipt[:length]) for length in range(len("TUTOR1:") + 8, len(receipt))} == {"cut"}


def test_with_any_letter_changed_it_is_never_taken() -> None:
    receipt = pack(VALUE)
    for at in range(len("TUTOR1:"), len(receipt) - 1):  # of the last letter some bits mean nothing
        other = "A" if receipt[at] != "A" else "B"
        assert why(receipt[:at] + other + receipt[at + 1 :]) in ("cut", "damaged")


@pytest.mark.parametrize(
    "data",
    [
        b"no zlib",
        zlib.compress(b"no json"),
        zlib.compress(b"[" * 100_000),
        zlib.compress(b"\xff\xfe"),
        zlib.compress(b"1" * 5000),
        zlib.compress(b"{}")[:-3],
    ],
)
def test_what_is_inside_may_be_anything(data: bytes) -> None:
    assert why(of(data)) == "damaged"


def test_a_small_line_does_not_become_a_large_object() -> None:
    assert why(of(zlib.compress(b" " * (MOST_UNPACKED + 1), 9))) == "large"


def test_another_version_is_told() -> None:
    assert why(pack(VALUE).replace("TUTOR1", "TUTOR12")) == "version"

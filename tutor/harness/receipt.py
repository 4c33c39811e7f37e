"""The line by which a notebook says what passed in it: `TUTOR1:` and base64url of length, checksum and compressed JSON. Pure.

The length stands in front so that a line that was wrapped or cut on its way is told from a damaged one, and what is pasted around it does
no harm. The checksum finds slips, not forgers: whoever forges a receipt deceives only themselves.

The JSON object: `tutor` (version), `time` (ISO 8601, UTC), `device`, `python`, `torch` (version, or empty), `platform`, `env` ("colab",
"kaggle" or empty), `lessons`: list of {"id", "hash", "steps": list of {"id", "hash", "verdict", "reason", "lines": list of
{"label", "verdict", "message", "expected", "seen"}}}, in which empty members are left out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zlib
from itertools import pairwise
from typing import Any

BEGINNING = "TUTOR1:"
MOST_PACKED = 1 << 20
"""Bytes of a receipt; one of all lessons has some thousand."""
MOST_UNPACKED = 1 << 23
"""Bytes of its JSON: a small line must not become a large object."""
_HEAD = 12
"""Bytes before the compressed JSON: four of length, eight of checksum."""
_MARK = re.compile(r"TUTOR(\d{1,6}):\s*(?=[A-Za-z0-9_-]{8})")
_LETTERS = re.compile(r"[A-Za-z0-9_-]+|\s+")


class BadReceipt(ValueError):
    """A receipt that cannot be read; the text says why: `cut`, `damaged`, `large` or `version`."""


def pack(value: object) -> str:
    """The receipt of that JSON object: one line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    data = zlib.compress(text.encode("utf-8", "backslashreplace"), 9)
    head = len(data).to_bytes(4, "big") + hashlib.sha256(data).digest()[:8]
    return BEGINNING + base64.urlsafe_b64encode(head + data).decode().rstrip("=")


def begins(text: str) -> bool:
    """Whether a text is a receipt, of whichever version, and nothing before it."""
    return _MARK.match(text.lstrip()) is not None


def find(text: str) -> list[str]:
    """All receipts in a text, each from its mark to where the next begins, or the text ends."""
    starts = [match.start() for match in _MARK.finditer(text)]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def unpack(receipt: str) -> Any:
    """The JSON value of one receipt; what comes behind it is left alone.

    Raises:
        BadReceipt: it is cut off, damaged, too large or of another version.
    """
    mark = _MARK.match(receipt.lstrip())
    if mark is None:
        raise BadReceipt("damaged")
    if mark[1] != "1":
        raise BadReceipt("version")
    data = _decoded(receipt.lstrip()[mark.end() :])
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(data, MOST_UNPACKED)
        if not reader.eof:
            raise BadReceipt("large" if reader.unconsumed_tail else "damaged")
    except zlib.error as error:
        raise BadReceipt("damaged") from error
    try:
        return json.loads(text.decode())
    except (ValueError, RecursionError) as error:  # no text, no JSON, or a number of more digits than Python takes
        raise BadReceipt("damaged") from error


def _decoded(text: str) -> bytes:
    """The compressed JSON, whole."""
    head = _bytes(text, _HEAD)
    if len(head) < _HEAD:
        raise BadReceipt("cut")
    size = int.from_bytes(head[:4], "big")
    if size > MOST_PACKED:
        raise BadReceipt("damaged")  # no receipt of ours is so long: it is these four bytes that are wrong
    data = _bytes(text, _HEAD + size)[_HEAD:]
    if len(data) < size:
        raise BadReceipt("cut")
    if hashlib.sha256(data).digest()[:8] != head[4:]:
        raise BadReceipt("damaged")
    return data


def _bytes(text: str, size: int) -> bytes:
    """The first `size` bytes that the letters stand for, or as many as there are; white space between them does not count."""
    wanted = -(-size * 4 // 3)
    letters: list[str] = []
    count, at = 0, 0
    while count < wanted and (piece := _LETTERS.match(text, at)):
        at = piece.end()
        if not piece[0].isspace():
            letters.append(piece[0][: wanted - count])
            count += len(letters[-1])
    joined = "".join(letters)
    if len(joined) % 4 == 1:
        joined = joined[:-1]
    try:
        return base64.urlsafe_b64decode(joined + "=" * (-len(joined) % 4))[:size]
    except (binascii.Error, ValueError) as error:
        raise BadReceipt("damaged") from error

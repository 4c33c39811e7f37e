"""Downloads as Kaggle's storage gives them: an address that is valid for a while by its signature, and in parts for those who go on."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from tutor.practice.handler import Refusal
from tutor.practice.kaggle.handler import KaggleHandler
from tutor.practice.kept import Kept

VALID_SECONDS = 259_200
ALGORITHM = "GOOG4-RSA-SHA256"
MODIFIED = "Sun, 01 Nov 2026 08:00:00 GMT"
_STAMP = "%Y%m%dT%H%M%SZ"
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class Signer:
    """Makes addresses, and knows its own."""

    def __init__(self, root: str, kept: Kept) -> None:
        self._root = root
        self._secret = str(kept.setdefault("signing", secrets.token_hex(16)))

    def address(self, number: int, name: str = "") -> str:
        """Of the archive of that dataset, or of one of its files."""
        path = f"/kaggle-data-sets/{number}/1/" + (f"files/{quote(name)}" if name else "bundle/archive.zip")
        stamp = datetime.now(UTC).strftime(_STAMP)
        query = {
            "X-Goog-Algorithm": ALGORITHM,
            "X-Goog-Credential": f"practice@tutor/{stamp[:8]}/auto/storage/goog4_request",
            "X-Goog-Date": stamp,
            "X-Goog-Expires": str(VALID_SECONDS),
            "X-Goog-SignedHeaders": "host",
            "X-Goog-Signature": self._signature(path, stamp),
        }
        return f"{self._root}{path}?{urlencode(query)}"

    def is_valid(self, path: str, stamp: str, signature: str) -> bool:
        """Whether that address is one of ours, and not too old."""
        try:
            made = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            return False
        is_young = datetime.now(UTC) - made < timedelta(seconds=VALID_SECONDS)
        return is_young and hmac.compare_digest(signature, self._signature(path, stamp))

    def _signature(self, path: str, stamp: str) -> str:
        return hmac.new(self._secret.encode(), f"{path}\n{stamp}".encode(), hashlib.sha256).hexdigest()


class Download(KaggleHandler):
    """One archive or one file."""

    def authorize(self) -> None:
        stamp, signature = self.get_query_argument("X-Goog-Date", ""), self.get_query_argument("X-Goog-Signature", "")
        if not self.kaggle.signer.is_valid(self.request.path, stamp, signature):
            raise Refusal(403)

    async def head(self, number: str, part: str) -> None:
        await self.get(number, part)

    async def get(self, number: str, part: str) -> None:
        content = self._content(int(number), part)
        digest = hashlib.md5(content, usedforsecurity=False).digest()
        tag = f'"{digest.hex()}"'
        self.set_header("ETag", tag)
        self.set_header("Last-Modified", MODIFIED)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("x-goog-hash", f"md5={base64.b64encode(digest).decode()}")
        first, end = self._wanted(len(content), tag)
        if (first, end) != (0, len(content)):
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {first}-{end - 1}/{len(content)}")
        await self.send(content[first:end], "application/zip" if part.endswith(".zip") else "application/octet-stream")

    def compute_etag(self) -> None:
        """None: tornado's own would be of what is in its buffer."""

    def _content(self, number: int, part: str) -> bytes:
        for dataset in self.kaggle.shelf.values():
            if dataset.number == number:
                if part.startswith("bundle/"):
                    return dataset.archive
                if (name := part.removeprefix("files/")) in dataset.files:
                    return dataset.files[name]
        raise Refusal(404)

    def _wanted(self, size: int, tag: str) -> tuple[int, int]:
        """The first byte and the one after the last."""
        wanted = _RANGE.fullmatch(self.request.headers.get("Range", ""))
        if wanted is None or self.request.headers.get("If-Range", tag) not in (tag, MODIFIED):
            return 0, size
        first, end = int(wanted[1]), min(int(wanted[2]) + 1 if wanted[2] else size, size)
        if first >= end:
            raise Refusal(416, headers={"Content-Range": f"bytes */{size}"})
        return first, end

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """The storage speaks XML."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, Refusal):
            for name, value in error.headers.items():
                self.set_header(name, value)
        self.set_header("Content-Type", "application/xml; charset=UTF-8")
        code = {403: "SignatureDoesNotMatch", 404: "NoSuchKey", 416: "InvalidRange"}.get(status_code, "ServiceError")
        self.finish(f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code></Error>")

"""Brings one archive from Kaggle: in as many goes as it takes, also over the end of this program, and never of two versions mixed."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import urllib3

from tutor.kit.services.errors import ServiceError
from tutor.kit.services.kaggle_client import unsigned_session
from tutor.kit.services.kaggle_words import told
from tutor.kit.services.shown import shown
from tutor.kit.services.trying import Patience, is_passing, keep_trying
from tutor.kit.services.unreached import FAILURES, WebPage
from tutor.kit.words import speak

CHUNK = 1 << 16
_NO_DISK = {
    "en": "{folder} cannot be written: {reason}. What has arrived is kept.",
    "zh": "无法写入 {folder}：{reason}。已下载的部分会保留。",
}


class Damaged(Exception):
    """What has arrived is not what was sent."""


@dataclass(frozen=True)
class Sent:
    """What the storage says of the archive."""

    address: str
    """Signed, so whoever knows it may read; never told or kept."""
    size: int | None
    tag: str
    """Another version has another; empty where none is told, and then nothing is gone on with."""
    md5: str

    @classmethod
    def of(cls, response: requests.Response) -> Sent:
        """
        Raises:
            WebPage: it is another thing altogether.
        """
        if response.headers.get("Content-Type", "").partition(";")[0].strip() in ("text/html", "application/xhtml+xml"):
            raise WebPage
        length = response.headers.get("Content-Length", "")
        hashes = re.search(r"md5=([A-Za-z0-9+/=]+)", response.headers.get("x-goog-hash", ""))
        can_go_on = response.headers.get("Accept-Ranges") == "bytes"
        return cls(
            str(response.url),
            int(length) if length.isdigit() else None,
            response.headers.get("ETag", "") if can_go_on else "",
            base64.b64decode(hashes[1]).hex() if hashes else "",
        )


class Part:
    """What has arrived, with a note beside it of what it is a part of."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "archive.zip"
        self._note = folder / "part.json"

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return self.file.stat().st_size if self.file.exists() else 0

    def begin(self, sent: Sent) -> int:
        """How many of its bytes are here; what is here of another is dropped."""
        known = {"tag": sent.tag, "size": sent.size}
        if not sent.tag or self._noted() != known or self.size > (sent.size or 0):
            self.drop()
            self._note.write_text(json.dumps(known), encoding="utf-8")
        return self.size

    def drop(self) -> None:
        """Begin anew."""
        self.file.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _noted(self) -> Any:
        try:
            return json.loads(self._note.read_bytes())
        except (OSError, ValueError):
            return None


def bring(
    kaggle: Any,
    request: Any,
    part: Part,
    *,
    name: str,
    has_room: Callable[[int], None],
    patience: Patience | None = None,
) -> None:
    """Bring the archive to its end.

    Args:
        has_room: raises if so many more bytes find no place.

    Raises:
        Damaged: it is whole, and not as it was sent.
        ServiceError: it did not arrive; what did is kept.
    """
    while True:
        had = part.size
        try:
            sent = keep_trying(lambda: _go_on(kaggle, request, part, name, has_room), patience=patience)
        except FAILURES as error:
            if is_passing(error) and part.size > had:
                continue  # a bad line, and still it comes nearer to its end
            raise told(error, name) from None
        if sent.md5 and _md5_of(part.file) != sent.md5:
            raise Damaged
        return


def _go_on(kaggle: Any, request: Any, part: Part, name: str, has_room: Callable[[int], None]) -> Sent:
    """One go. The address is asked for each time: an old one has expired, and may be of an older version."""
    with kaggle.build_kaggle_client() as client:
        with closing(_asked(client, request)) as response:
            sent = Sent.of(response)
            with _disk(part):
                there = part.begin(sent)
            has_room((sent.size or 0) - there)
            if there == 0:
                _keep(response, part, sent, 0, name)
        if there and there != sent.size:
            _keep_rest(part, sent, there, name)
    return sent


def _asked(client: Any, request: Any) -> requests.Response:
    try:
        response: requests.Response = client.datasets.dataset_api_client.download_dataset(request)
    except requests.exceptions.HTTPError as error:
        if error.response is not None:  # it is streamed, and nobody else would end it
            with closing(error.response), suppress(requests.exceptions.RequestException):
                _ = error.response.content  # Kaggle's words
        raise
    return response


def _keep_rest(part: Part, sent: Sent, there: int, name: str) -> None:
    wanted = {"Range": f"bytes={there}-", "If-Range": sent.tag}
    with unsigned_session() as session, session.get(sent.address, headers=wanted, stream=True) as response:
        response.raise_for_status()
        Sent.of(response)
        begins = response.headers.get("Content-Range", "").startswith(f"bytes {there}-")
        if response.status_code == requests.codes.partial_content and begins:
            _keep(response, part, sent, there, name)
        else:  # it gives the whole, or something else; the next go begins anew
            part.drop()
            raise ConnectionError


def _keep(response: requests.Response, part: Part, sent: Sent, there: int, name: str) -> None:
    with _disk(part):
        file = part.file.open("ab" if there else "wb", buffering=0)
    with file, shown(name, sent.size, there) as tell:
        for chunk in _pieces(response):
            with _disk(part):
                file.write(chunk)
            there += len(chunk)
            tell(there)
    if sent.size is not None and there != sent.size:
        raise ConnectionError


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """What has come so far, each time; `iter_content` waits until a whole piece is there, and loses half of one when the line breaks.

    Raises:
        RequestException: as `iter_content` does.
    """
    read = getattr(response.raw, "read1", response.raw.read)  # the latter for urllib3 before 2.2
    try:
        while chunk := read(CHUNK, decode_content=False):
            yield chunk
    except urllib3.exceptions.ReadTimeoutError as error:
        raise requests.exceptions.ReadTimeout from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise requests.exceptions.ChunkedEncodingError from error


@contextmanager
def _disk(part: Part) -> Iterator[None]:
    """What goes wrong here is the disk's, not the network's."""
    try:
        yield
    except OSError as error:
        raise ServiceError(speak(_NO_DISK, folder=part.file.parent.parent, reason=error.strerror)) from None


def _md5_of(path: Path) -> str:
    digest = hashlib.new("md5", usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()

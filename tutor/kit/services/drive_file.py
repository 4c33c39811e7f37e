"""A file on Drive as lessons see it, and the few questions that all transfers ask."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tutor.kit.services.google_words import told
from tutor.kit.services.trying import Patience, keep_trying
from tutor.kit.services.unreached import FAILURES, WebPage

T = TypeVar("T")

FIELDS = "id,name,mimeType,size,md5Checksum,trashed,webViewLink"
"""Enough for a `File`, and to see whether it is there and whole."""
FOLDER = "application/vnd.google-apps.folder"
BLOCK = 1 << 20


@dataclass(frozen=True)
class File:
    """What is on Drive. A folder has no size and no md5."""

    id: str
    """Its name for good; names on Drive are not unique, and change."""
    name: str
    size: int
    """Bytes."""
    md5: str
    """Of what arrived there, as Drive counts it."""
    link: str
    """Opens it in a browser, for whoever may see it."""


def file_of(resource: Mapping[str, Any]) -> File:
    """From the service's own description of a file."""
    return File(
        str(resource["id"]),
        str(resource.get("name", "")),
        int(resource.get("size", 0)),
        str(resource.get("md5Checksum", "")),
        str(resource.get("webViewLink", "")),
    )


def md5_of(path: str | Path) -> str:
    """The sum by which Drive says what it holds: equal sums, equal bytes. In hexadecimal; it guards against accidents, not against attackers."""
    digest = hashlib.md5(usedforsecurity=False)
    with Path(path).open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def ask(request: Any, *, about: str = "", patience: Patience | None = None) -> dict[str, Any]:
    """The answer to a question of the official client; one that changes nothing, since it may be asked several times.

    Raises:
        ServiceError: there was none; in the learner's words.
    """
    return explained(lambda: keep_trying(lambda: answered(request), patience=patience), about)


def answered(request: Any) -> dict[str, Any]:
    """The answer, asked for once. Of a web page, Google's client makes a text and says nothing.

    Raises:
        WebPage: something else came in the answer's place.
    """
    answer = request.execute()
    if not isinstance(answer, dict):
        raise WebPage
    return answer


def look(drive: Any, file_id: str, *, patience: Patience | None = None) -> dict[str, Any] | None:
    """What is there under that id; None: nothing that this application may see.

    Raises:
        ServiceError: Google did not say.
    """
    from googleapiclient.errors import HttpError

    request = drive.files().get(fileId=file_id, fields=FIELDS)

    def once() -> dict[str, Any] | None:
        try:
            found = answered(request)
        except HttpError as error:
            if error.resp.status == 404:
                return None
            raise
        if found.get("id") != file_id:
            raise WebPage
        return found

    return explained(lambda: keep_trying(once, patience=patience), file_id)


def new_id(drive: Any, *, patience: Patience | None = None) -> str:
    """An id for a file that is not there yet: however often the file is sent under it, it becomes one file."""
    answer = ask(drive.files().generateIds(count=1, fields="ids"), patience=patience)
    return explained(lambda: str(answer["ids"][0]))


def explained(call: Callable[[], T], about: str = "") -> T:
    """Call; whatever Google's client ends with becomes a sentence.

    Raises:
        ServiceError: in the learner's words.
    """
    from googleapiclient.errors import Error

    try:
        return call()
    except (Error, *FAILURES) as error:
        raise told(error, about) from None

"""A dataset of Kaggle's in a folder: looked at first, brought whole, unpacked safely, and left alone when it is all there.

from tutor.kit.services import kaggle
from tutor.kit.services.datasets import fetch

files = fetch(kaggle(), "practice-data/tiny-garments", "data")
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.kit.services.archives import DAMAGE, look, unpack
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.kaggle_download import Damaged, Part, bring
from tutor.kit.services.kaggle_words import told
from tutor.kit.services.trying import Patience, keep_trying
from tutor.kit.services.unreached import FAILURES
from tutor.kit.words import speak

WORKING, KEPT = ".fetching", ".fetched.json"
"""In the folder: what has arrived so far, and what is all there."""
PAGE, MOST_PAGES = 200, 3
"""Of the list of files; of a long one only its length is wanted, and that roughly."""
GOES = 2
"""A damaged archive is brought once more."""

_ABOUT = {
    "en": "{name}: {count} files, {size}, licence {licence}.",
    "zh": "{name}：{count} 个文件，{size}，许可 {licence}。",
}
_AT_LEAST = {"en": "more than {count}", "zh": "超过 {count}"}
_UNSAID = {"en": "not stated", "zh": "未注明"}
_THERE = {
    "en": "All of it is in {folder} already; nothing was downloaded.",
    "zh": "{folder} 里已经齐全，没有再下载。",
}
_NO_NAME = {
    "en": "{name} is not the name of a dataset. It has two parts, owner/slug, as in the address of its page: kaggle.com/datasets/owner/slug.",
    "zh": "{name} 不是数据集的名字。名字分两部分：owner/slug，与网页地址 kaggle.com/datasets/owner/slug 里的相同。",
}
_NO_ROOM = {
    "en": "There is no room for {name}: it needs {needed} more, and the disk of {folder} has {free}.",
    "zh": "放不下 {name}：还需要 {needed}，而 {folder} 所在的磁盘只剩 {free}。",
}
_DAMAGED = {
    "en": "{name} arrived damaged twice and was thrown away. Something on the way changes it, a proxy perhaps; try another network.",
    "zh": "{name} 两次下载后都已损坏，已丢弃。途中可能有东西改动了它，比如代理；请换个网络再试。",
}
_BUSY = {
    "en": "Another program is fetching into {folder} at this moment; I wait for it.",
    "zh": "另一个程序正在往 {folder} 里下载，我等它完成。",
}
_NO_FOLDER = {"en": "{folder} cannot be written: {reason}.", "zh": "无法写入 {folder}：{reason}。"}
_NAME = re.compile(r"(?:(?:https?://)?(?:www\.)?kaggle\.com/(?:datasets/)?)?([\w-]+)/([\w.-]+?)/?")


@dataclass(frozen=True)
class About:
    """What Kaggle says of a dataset before anything is downloaded."""

    name: str
    version: int
    size: int
    licence: str
    count: int
    is_more: bool
    """There are more files than were counted."""

    def __str__(self) -> str:
        count = speak(_AT_LEAST, count=self.count) if self.is_more else str(self.count)
        return speak(
            _ABOUT, name=self.name, count=count, size=in_words(self.size), licence=self.licence or speak(_UNSAID)
        )


def fetch(kaggle: Any, dataset: str, folder: str | os.PathLike[str], *, patience: Patience | None = None) -> list[Path]:
    """Have all files of the newest version of a dataset in the folder.

    Args:
        kaggle: the client, of `tutor.kit.services.kaggle`.
        dataset: `owner/slug`, or the address of its page.

    Returns:
        The files, sorted. A file that the learner has changed is kept under another name.

    Raises:
        ServiceError: Kaggle does not give it, the disk has no room, or it did not arrive; what has arrived is kept, and the next call goes on there.
    """
    found = about(kaggle, dataset, patience=patience)
    print(found)
    place = Place(Path(folder), found.name)
    try:
        with place.alone():
            there = place.complete(found.version)
            if there is not None:
                print(speak(_THERE, folder=place.folder))
                return there
            place.check_room(found.size)
            return _bring(kaggle, found, place, patience)
    except OSError as error:
        raise ServiceError(
            speak(_NO_FOLDER, folder=place.folder, reason=error.strerror or type(error).__name__)
        ) from None


def about(kaggle: Any, dataset: str, *, patience: Patience | None = None) -> About:
    """Ask what it is: size, licence, number of files.

    Raises:
        ServiceError: Kaggle does not say.
    """
    from kagglesdk.datasets.types.dataset_api_service import ApiGetDatasetRequest, ApiListDatasetFilesRequest

    owner, slug = _parts(dataset)
    wanted, listed = ApiGetDatasetRequest(), ApiListDatasetFilesRequest()
    wanted.owner_slug = listed.owner_slug = owner
    wanted.dataset_slug = listed.dataset_slug = slug
    listed.page_size = PAGE
    count, more = 0, ""
    try:
        with kaggle.build_kaggle_client() as client:
            calls = client.datasets.dataset_api_client
            card = keep_trying(lambda: calls.get_dataset(wanted), patience=patience)
            for _ in range(MOST_PAGES):
                listed.page_token = more
                page = keep_trying(lambda: calls.list_dataset_files(listed), patience=patience)
                count, more = count + len(page.dataset_files), page.next_page_token
                if not more:
                    break
    except FAILURES as error:
        raise told(error, f"{owner}/{slug}") from None
    version = card.current_version_number or 1
    return About(f"{owner}/{slug}", version, card.total_bytes, card.license_name, count, bool(more))


class Place:
    """The folder, as far as it is ours."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self._name = name
        self._kept = folder / KEPT

    @property
    def working(self) -> Path:
        """For what has arrived and is not unpacked yet; made on use."""
        folder = self.folder / WORKING / self._name.replace("/", "+")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else fetches into the folder meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(speak(_BUSY, folder=self.folder))
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def complete(self, version: int) -> list[Path] | None:
        """The files of that version, if they are all there with their sizes."""
        known = self._known().get(self._name, {})
        if known.get("version") != version:
            return None
        sizes: dict[str, list[int]] = known["files"]
        paths = {self.folder / name: size for name, (size, _) in sizes.items()}
        is_whole = all(path.is_file() and path.stat().st_size == size for path, size in paths.items())
        return sorted(paths) if is_whole else None

    def checksums(self) -> dict[str, int]:
        """Of what was unpacked here before."""
        return {name: crc for name, (_, crc) in self._known().get(self._name, {}).get("files", {}).items()}

    def remember(self, version: int, checksums: dict[str, int]) -> list[Path]:
        """All of that version is there now."""
        files = {name: [(self.folder / name).stat().st_size, crc] for name, crc in checksums.items()}
        known = self._known() | {self._name: {"version": version, "files": files}}
        new = self.working / KEPT
        new.write_text(json.dumps(known), encoding="utf-8")
        new.replace(self._kept)
        shutil.rmtree(self.working, ignore_errors=True)
        if not any((self.folder / WORKING).iterdir()):
            (self.folder / WORKING).rmdir()
        return sorted(self.folder / name for name in files)

    def check_room(self, needed: int) -> None:
        """
        Raises:
            ServiceError: so many bytes find no place.
        """
        free = shutil.disk_usage(self.folder).free
        if needed > free:
            raise ServiceError(
                speak(_NO_ROOM, name=self._name, needed=in_words(needed), folder=self.folder, free=in_words(free))
            )

    def _known(self) -> dict[str, Any]:
        try:
            known = json.loads(self._kept.read_bytes())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _bring(kaggle: Any, found: About, place: Place, patience: Patience | None) -> list[Path]:
    from kagglesdk.datasets.types.dataset_api_service import ApiDownloadDatasetRequest

    request = ApiDownloadDatasetRequest()
    request.owner_slug, request.dataset_slug = found.name.split("/")
    request.dataset_version_number = found.version
    part = Part(place.working)
    for _ in range(GOES):
        checksums = _bring_once(kaggle, request, part, found, place, patience)
        if checksums is not None:
            return place.remember(found.version, checksums)
        part.drop()
    raise ServiceError(speak(_DAMAGED, name=found.name))


def _bring_once(
    kaggle: Any, request: Any, part: Part, found: About, place: Place, patience: Patience | None
) -> dict[str, int] | None:
    """Checksums of what was unpacked; None when the archive is damaged."""
    try:
        bring(
            kaggle,
            request,
            part,
            name=found.name,
            # The archive, and beside it what is in it.
            has_room=lambda rest: place.check_room(rest + found.size),
            patience=patience,
        )
        with zipfile.ZipFile(part.file) as archive:
            entries = look(archive, place.folder, (WORKING, KEPT))
            place.check_room(sum(entry.file_size for entry in entries))
            return unpack(archive, entries, place.folder, place.checksums(), found.name, unfinished=place.working)
    except (Damaged, *DAMAGE):
        return None


def _parts(dataset: str) -> tuple[str, str]:
    found = _NAME.fullmatch(str(dataset).strip())
    if found is None or ".." in found[2]:
        raise ServiceError(speak(_NO_NAME, name=str(dataset)[:80]))
    return found[1], found[2]


def in_words(size: float) -> str:
    """Bytes, as people say them."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("bytes", "kB") else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"

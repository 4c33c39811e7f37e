"""The datasets of practice: made, never downloaded, and the same in every rehearsal."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tutor.practice.kaggle.drawn import garments
from tutor.practice.service import LEARNER

OWNER = "practice-data"
MADE = "2026-11-01T08:00:00.000Z"
"""When all of them were last changed, they say."""
LARGE = 9_000_000_000_000
"""Bytes; more than any disk on which somebody learns has."""
READY = "READY"

Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Dataset:
    """One of them; its files are made when first somebody wants them."""

    number: int
    owner: str
    slug: str
    title: str
    subtitle: str
    licence: str
    make: Callable[[], Files] | None
    """None: there is a listing, and nothing behind it."""
    is_private: bool = False
    votes: int = 0
    listed: Mapping[str, int] = field(default_factory=dict)
    """Names and sizes, where there is only a listing."""

    @property
    def ref(self) -> str:
        return f"{self.owner}/{self.slug}"

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Contents by name."""
        return dict(self.make()) if self.make else {}

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Bytes by name."""
        return {name: len(content) for name, content in self.files.items()} or dict(self.listed)

    @cached_property
    def archive(self) -> bytes:
        """All files in one zip, which is the same each time."""
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as archive:
            for name, content in self.files.items():
                entry = zipfile.ZipInfo(name, (2026, 11, 1, 8, 0, 0))
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
        return kept.getvalue()

    def card(self) -> dict[str, Any]:
        """As `GetDataset` and lists tell it."""
        return {
            "id": self.number,
            "ref": self.ref,
            "title": self.title,
            "subtitle": self.subtitle,
            "creatorName": self.owner,
            "ownerName": self.owner,
            "ownerRef": self.owner,
            "totalBytes": sum(self.sizes.values()),
            "url": f"https://www.kaggle.com/datasets/{self.ref}",
            "lastUpdated": MADE,
            "isPrivate": self.is_private,
            "licenseName": self.licence,
            "downloadCount": self.votes * 17,
            "viewCount": self.votes * 90,
            "voteCount": self.votes,
            "currentVersionNumber": 1,
            "usabilityRating": 1.0,
        }

    def settings(self) -> dict[str, Any]:
        """As `GetDatasetMetadata` tells it."""
        return {
            "datasetId": self.number,
            "datasetSlug": self.slug,
            "ownerUser": self.owner,
            "usabilityRating": 1.0,
            "totalVotes": self.votes,
            "totalDownloads": self.votes * 17,
            "title": self.title,
            "subtitle": self.subtitle,
            "description": f"{self.subtitle} Made for practice in tutor.",
            "isPrivate": self.is_private,
            "keywords": ["practice"],
            "licenses": [{"name": self.licence}],
        }

    def entry(self, name: str) -> dict[str, Any]:
        """A file, as `ListDatasetFiles` tells it."""
        return {"ref": name, "datasetRef": self.ref, "name": name, "creationDate": MADE, "totalBytes": self.sizes[name]}


def make_shelf() -> Sequence[Dataset]:
    """All datasets, the most popular first."""
    first = [
        Dataset(
            101,
            OWNER,
            "tiny-garments",
            "Tiny garments (practice)",
            "320 pictures of 28 × 28 with four labels.",
            "CC0-1.0",
            garments,
            votes=240,
        ),
        Dataset(
            102,
            OWNER,
            "street-scenes-8k",
            "Street scenes in 8K (practice)",
            "Larger than any disk here: to be refused before it starts.",
            "CC-BY-SA-4.0",
            None,
            votes=120,
            listed={f"part-{number:03}.tar": LARGE // 40 for number in range(40)},
        ),
        Dataset(
            103,
            OWNER,
            "private-scans",
            "Private scans (practice)",
            "Somebody else's, and not shared.",
            "other",
            _notes,
            is_private=True,
        ),
        Dataset(
            104,
            LEARNER,
            "my-first-run",
            "My first run (practice)",
            "Losses of a training, private.",
            "CC0-1.0",
            _notes,
            is_private=True,
        ),
    ]
    return [*first, *(_table(number, topic) for number, topic in enumerate(_TOPICS))]


def _table(number: int, topic: str) -> Dataset:
    def rows() -> Files:
        chance = random.Random(topic)  # noqa: S311 - a table, and no secret
        lines = [f"{index},{chance.uniform(0, 30):.2f},{chance.randint(0, 1)}" for index in range(60)]
        yield "measurements.csv", ("\n".join(["id,value,label", *lines]) + "\n").encode()

    return Dataset(
        201 + number,
        OWNER,
        f"{topic}-table",
        f"{topic.capitalize()} (practice)",
        f"A table of 60 rows about {topic}.",
        "CC0-1.0",
        rows,
        votes=100 - number,
    )


def _notes() -> Files:
    losses = [f"{epoch},{2.3 / (1 + 0.4 * epoch):.4f}" for epoch in range(20)]
    yield "losses.csv", ("\n".join(["epoch,loss", *losses]) + "\n").encode()
    yield "notes.txt", b"Learning rate 0.01, batches of 64.\n"


_TOPICS = (
    "weather", "rivers", "bridges", "trains", "bicycles", "gardens", "bread", "tea", "rice", "glaciers", "volcanoes",
    "whales", "penguins", "bees", "beetles", "orchards", "libraries", "museums", "clocks", "radios", "satellites",
    "tides", "winds", "lamps",
)  # fmt: skip

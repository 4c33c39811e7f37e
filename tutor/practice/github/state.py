"""Which repositories and gists there are, and whose. What is in them is git's."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor.practice.github.repository import Person, Repository
from tutor.practice.kept import Kept

MAIN = "main"
Record = dict[str, Any]
"""What is known of one repository or gist, as it is kept."""


@dataclass(frozen=True, slots=True)
class Moved(Exception):
    """The repository has another name now."""

    record: Record


def now() -> str:
    """This moment, as the API writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class State:
    """Used in the server's own thread only."""

    def __init__(self, kept: Kept, folder: Path) -> None:
        self._kept = kept
        self._folder = folder
        empty: Record = {name: {} for name in ("repositories", "moved", "gists", "people", "tokens")}
        self._all: Record = kept.setdefault("github", empty | {"number": 0})
        self._repositories: dict[str, Record] = self._all["repositories"]
        self._moved: dict[str, str] = self._all["moved"]
        self._gists: dict[str, Record] = self._all["gists"]
        self._people: dict[str, int] = self._all["people"]
        self.tokens: Record = self._all["tokens"]
        """By what they are; `Tokens` knows what stands there."""

    def save(self) -> None:
        """Write it down, after a record was changed in place."""
        self._kept.save()

    def person_id(self, login: str) -> int:
        """The number that the account has for ever."""
        if login.lower() not in self._people:
            self._people[login.lower()] = len(self._people) + 1
        return self._people[login.lower()]

    def knows(self, login: str) -> bool:
        """Whether there is such an account."""
        return login.lower() in self._people

    def author(self, login: str) -> Person:
        """How the account signs commits, when nothing else is asked for."""
        return Person(_name(login), f"{self.person_id(login)}+{login}@users.noreply.practice.invalid")

    # Repositories.

    def repositories(self, owner: str) -> list[Record]:
        """Those of one account, by name."""
        found = [record for record in self._repositories.values() if record["owner"].lower() == owner.lower()]
        return sorted(found, key=lambda record: str(record["name"]).lower())

    def repository(self, owner: str, name: str) -> Record | None:
        """The one of that name; capitals do not matter.

        Raises:
            Moved: it had that name once.
        """
        key = _key(owner, name)
        if key in self._repositories:
            return self._repositories[key]
        if key in self._moved and self._moved[key] in self._repositories:
            raise Moved(self._repositories[self._moved[key]])
        return None

    def add_repository(
        self, owner: str, name: str, *, description: str | None = None, private: bool = False, branch: str = MAIN
    ) -> Record:
        """Make an empty one."""
        self.person_id(owner)
        record: Record = {
            "id": self._number(),
            "owner": owner,
            "name": name,
            "description": description,
            "private": private,
            "default_branch": branch,
            "created_at": now(),
            "updated_at": now(),
            "pushed_at": now(),
        }
        Repository.create(self._place(record), branch)
        self._repositories[_key(owner, name)] = record
        self._moved.pop(_key(owner, name), None)
        self.save()
        return record

    def rename(self, record: Record, name: str) -> None:
        """The old name leads to the new one, until another repository takes it."""
        old = _key(record["owner"], record["name"])
        del self._repositories[old]
        record["name"] = name
        new = _key(record["owner"], name)
        self._repositories[new] = record
        for before, after in self._moved.items():
            self._moved[before] = new if after == old else after
        self._moved[old] = new
        self._moved.pop(new, None)
        self.save()

    def delete_repository(self, record: Record) -> None:
        """For ever."""
        del self._repositories[_key(record["owner"], record["name"])]
        shutil.rmtree(self._place(record), ignore_errors=True)
        self.save()

    # Gists.

    def gists(self, owner: str) -> list[Record]:
        """Those of one account, the newest first."""
        found = [record for record in self._gists.values() if record["owner"].lower() == owner.lower()]
        return sorted(found, key=lambda record: (str(record["updated_at"]), int(record["number"])), reverse=True)

    def gist(self, name: str) -> Record | None:
        """The one with this id."""
        return self._gists.get(name)

    def add_gist(self, owner: str, *, description: str | None, public: bool) -> Record:
        """Make one that has no files yet."""
        record: Record = {
            "id": secrets.token_hex(16),
            "number": self._number(),
            "owner": owner,
            "description": description,
            "public": public,
            "created_at": now(),
            "updated_at": now(),
        }
        Repository.create(self._place(record), MAIN)
        self._gists[record["id"]] = record
        self.save()
        return record

    def delete_gist(self, record: Record) -> None:
        """For ever."""
        del self._gists[record["id"]]
        shutil.rmtree(self._place(record), ignore_errors=True)
        self.save()

    # Both.

    def opened(self, record: Record) -> Repository:
        """The git repository of a repository or gist. Closed by whoever asks for it."""
        return Repository(self._place(record))

    def touch(self, record: Record) -> None:
        """Something was written to it."""
        record["updated_at"] = now()
        if "pushed_at" in record:
            record["pushed_at"] = now()
        self.save()

    def _place(self, record: Record) -> Path:
        kind = "gists" if "public" in record else "repositories"
        return self._folder / kind / f"{record['id']}.git"

    def _number(self) -> int:
        self._all["number"] += 1
        return int(self._all["number"])


def _key(owner: str, name: str) -> str:
    return f"{owner}/{name}".lower()


def _name(login: str) -> str:
    return login.replace("-", " ").title()

"""The `q` of a list of files: a small reader of Drive's query language, and what it means for a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tutor.practice.drive.words import DriveRefusal

Test = Callable[[Mapping[str, Any]], bool]
"""Of a file as its owner sees it."""

_TOKEN = re.compile(r"\s*(?:('(?:[^'\\]|\\.)*')|([A-Za-z][A-Za-z0-9]*)|(<=|>=|!=|[=<>(){}])|(\S))")
_TEXTS = ("name", "mimeType")
_TIMES = ("createdTime", "modifiedTime", "viewedByMeTime", "sharedWithMeTime")
_FLAGS = ("trashed", "starred", "sharedWithMe")
_MEMBERS = ("parents", "owners", "writers", "readers")
_MAPS = ("properties", "appProperties")
_WRITERS = ("owner", "organizer", "fileOrganizer", "writer")


class _Reader:
    """`and` and `or` are taken from left to right, as Drive does; brackets come first."""

    def __init__(self, text: str, root_id: str) -> None:
        self._root_id = root_id
        self._tokens: list[str] = []
        for match in _TOKEN.finditer(text):
            if match[4]:
                raise self.wrong()
            self._tokens.append(match[1] or match[2] or match[3])

    @staticmethod
    def wrong() -> DriveRefusal:
        return DriveRefusal(400, "invalid", parameter="q")

    def _next(self) -> str:
        if not self._tokens:
            raise self.wrong()
        return self._tokens.pop(0)

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise self.wrong()

    def _text(self) -> str:
        token = self._next()
        if not token.startswith("'"):
            raise self.wrong()
        return re.sub(r"\\(.)", r"\1", token[1:-1])

    def all(self) -> Test:
        test = self._several()
        if self._tokens:
            raise self.wrong()
        return test

    def _several(self) -> Test:
        left = self._one()
        while self._tokens and self._tokens[0] in ("and", "or"):
            word, right = self._tokens.pop(0), self._one()
            left = _both(left, right) if word == "and" else _either(left, right)
        return left

    def _one(self) -> Test:
        first = self._next()
        if first == "not":
            return _not(self._one())
        if first == "(":
            test = self._several()
            self._expect(")")
            return test
        if first.startswith("'"):
            self._tokens.insert(0, first)
            return self._membership()
        if first in _TEXTS:
            return self._of_text(first)
        if first in _TIMES:
            return self._of_time(first)
        if first in _FLAGS:
            return self._of_flag(first)
        if first in _MAPS:
            return self._of_map(first)
        raise self.wrong()

    def _membership(self) -> Test:
        value = self._text()
        self._expect("in")
        name = self._next()
        if name not in _MEMBERS:
            raise self.wrong()
        if (name, value) == ("parents", "root"):
            value = self._root_id
        return lambda file: value in _members(file, name)

    def _of_text(self, name: str) -> Test:
        operator, value = self._next(), self._text()
        match operator:
            case "=":
                return lambda file: file[name] == value
            case "!=":
                return lambda file: file[name] != value
            case "contains" if name == "name":
                # Of a name it means that one of its words begins so.
                begins = re.compile(rf"(?:^|[\W_]){re.escape(value)}", re.IGNORECASE)
                return lambda file: begins.search(file["name"]) is not None
            case "contains":
                return lambda file: value.lower() in file[name].lower()
        raise self.wrong()

    def _of_time(self, name: str) -> Test:
        operator, value = self._next(), moment(self._text())
        if value is None or operator not in _COMPARED:
            raise self.wrong()
        holds, wanted = _COMPARED[operator], value

        def test(file: Mapping[str, Any]) -> bool:
            found = moment(str(file.get(name, "")))
            return found is not None and holds(found, wanted)

        return test

    def _of_flag(self, name: str) -> Test:
        operator, value = self._next(), self._next()
        if operator not in ("=", "!=") or value not in ("true", "false"):
            raise self.wrong()
        wanted = (value == "true") is (operator == "=")
        # Nothing here belongs to anybody else.
        return lambda file: (name != "sharedWithMe" and bool(file[name])) is wanted

    def _of_map(self, name: str) -> Test:
        for token in ("has", "{", "key", "="):
            self._expect(token)
        key = self._text()
        for token in ("and", "value", "="):
            self._expect(token)
        value = self._text()
        self._expect("}")
        return lambda file: file.get(name, {}).get(key) == value


_COMPARED: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "=": lambda found, wanted: found == wanted,
    "!=": lambda found, wanted: found != wanted,
    "<": lambda found, wanted: found < wanted,
    "<=": lambda found, wanted: found <= wanted,
    ">": lambda found, wanted: found > wanted,
    ">=": lambda found, wanted: found >= wanted,
}


def read(text: str, root_id: str) -> Test:
    """Whether a file fits; an empty query fits all. Args: `root_id`: what `'root'` means.

    Raises:
        DriveRefusal: it cannot be read.
    """
    if not text.strip():
        return lambda _: True
    return _Reader(text, root_id).all()


def moment(text: str) -> datetime | None:
    """An RFC 3339 date, in UTC where it names no zone; None of anything else."""
    try:
        read_date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read_date if read_date.tzinfo else read_date.replace(tzinfo=UTC)


def _members(file: Mapping[str, Any], name: str) -> list[str]:
    if name == "parents":
        return list(file.get("parents", ()))
    wanted = {"owners": ("owner",), "writers": _WRITERS}.get(name)
    found = [each for each in file.get("permissions", ()) if wanted is None or each["role"] in wanted]
    return [str(each.get("emailAddress", "")) for each in found]


def _both(left: Test, right: Test) -> Test:
    return lambda file: left(file) and right(file)


def _either(left: Test, right: Test) -> Test:
    return lambda file: left(file) or right(file)


def _not(test: Test) -> Test:
    return lambda file: not test(file)

"""Partial answers: the `fields` of a request, read, compared with what the service describes, and applied."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from tutor.practice.drive.words import DriveRefusal

Tree = dict[str, "Tree | None"]
"""A name, and what is wanted of it; None: all."""

_TOKEN = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*|\*|[,/()])\s*")


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise self.wrong(text[at:])
            self._tokens.append(match[1])
            at = match.end()

    def wrong(self, part: str) -> DriveRefusal:
        return DriveRefusal(400, "invalidParameter", f"Invalid field selection {part}", parameter="fields")

    def _take(self, *wanted: str) -> str:
        if self._tokens and self._tokens[0] in wanted:
            return self._tokens.pop(0)
        return ""

    def all(self) -> Tree:
        tree = self._several()
        if self._tokens:
            raise self.wrong(self._tokens[0])
        return tree

    def _several(self) -> Tree:
        tree: Tree = {}
        while True:
            self._one(tree)
            if not self._take(","):
                return tree

    def _one(self, into: Tree) -> None:
        if not self._tokens or self._tokens[0] in ",/()":
            raise self.wrong(self._text)
        name = self._tokens.pop(0)
        inner: Tree | None = None
        if self._take("/"):
            inner = {}
            self._one(inner)
        elif self._take("("):
            inner = self._several()
            if not self._take(")"):
                raise self.wrong(self._text)
        known = into.get(name, {})
        into[name] = None if inner is None or known is None else {**known, **inner}


def read(text: str, schema: str) -> Tree:
    """What is wanted of an answer of that schema.

    Raises:
        DriveRefusal: it cannot be read, or names what the schema has not.
    """
    reader = _Reader(text)
    tree = reader.all()
    _compare(tree, _schemas()[schema], reader)
    return tree


def select(value: Any, tree: Tree | None) -> Any:
    """Only what is wanted of it."""
    if tree is None or "*" in tree:
        return value
    if isinstance(value, list):
        return [select(each, tree) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: select(each, tree[name]) for name, each in value.items() if name in tree}


def _compare(tree: Tree, schema: Mapping[str, Any], reader: _Reader) -> None:
    schema = _resolved(schema)
    for name, inner in tree.items():
        if name == "*":
            continue
        known = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
        if known is None:
            raise reader.wrong(name)
        if inner is not None:
            _compare(inner, known, reader)


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to; of a list its items."""
    while "$ref" in schema or schema.get("type") == "array":
        schema = _schemas()[schema["$ref"]] if "$ref" in schema else schema["items"]
    return schema


@cache
def _schemas() -> dict[str, Any]:
    from googleapiclient.discovery_cache import get_static_doc  # noqa: PLC0415 - a quarter of a megabyte, read when it is needed

    schemas: dict[str, Any] = json.loads(get_static_doc("drive", "v3"))["schemas"]
    return schemas

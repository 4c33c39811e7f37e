"""Google's official client whose every answer is held to Google's own description of the service."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.http import HttpRequest

from tutor.kit.services.clients import drive_at

_TYPES: Mapping[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


@cache
def description() -> dict[str, Any]:
    """What ships with the client."""
    described: dict[str, Any] = json.loads(get_static_doc("drive", "v3"))
    return described


def check(value: Any, schema: Mapping[str, Any], where: str = "answer") -> None:
    """Fail where the value has a name, a type or a form that the description has not."""
    if "$ref" in schema:
        check(value, description()["schemas"][schema["$ref"]], where)
        return
    kind = schema["type"]
    assert isinstance(value, _TYPES[kind]), f"{where}: {value!r} is no {kind}"
    assert kind == "boolean" or not isinstance(value, bool), f"{where}: {value!r} is no {kind}"
    if kind == "array":
        for index, each in enumerate(value):
            check(each, schema["items"], f"{where}[{index}]")
    if kind == "object":
        properties = schema.get("properties", {})
        for name, each in value.items():
            known = properties.get(name, schema.get("additionalProperties"))
            assert known is not None, f"{where}.{name} is not described"
            check(each, known, f"{where}.{name}")
    form = schema.get("format")
    if form == "int64" and kind == "string":
        assert re.fullmatch(r"-?\d+", value), f"{where}: {value!r} is no number as text"
    if form == "date-time":
        assert datetime.fromisoformat(value).tzinfo is not None, f"{where}: {value!r} has no zone"
    if "enum" in schema:
        assert value in schema["enum"], f"{where}: {value!r} is none of {schema['enum']}"


class CheckedRequest(HttpRequest):  # type: ignore[misc]  # it has no types
    """Looks at each answer before anybody gets it."""

    def __init__(self, http: Any, postproc: Any, *args: Any, **kwargs: Any) -> None:
        schema = _response(str(kwargs.get("methodId")))

        def looked_at(response: Any, content: bytes) -> Any:
            value = postproc(response, content)
            if schema is not None and isinstance(value, dict):
                check(value, schema, str(kwargs.get("methodId")))
            return value

        super().__init__(http, looked_at, *args, **kwargs)


@cache
def _response(method_id: str) -> dict[str, Any] | None:
    _, resource, method = method_id.split(".")
    described: dict[str, Any] = description()["resources"][resource]["methods"][method]
    return described.get("response")


def checked_drive(root: str, token: str) -> Any:
    """The client that lessons get, with its answers looked at."""
    client = drive_at(root, token)
    client._requestBuilder = CheckedRequest
    return client

"""What a kernel's messages mean: Jupyter's dicts become frozen dataclasses. Pure."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tutor.harness import FACTS_MIME, JUDGED_MIME, LATE_MIME
from tutor.runtime.base import Cleared, InputRequest, Json, Late, Output, Raised, Rich, Text

JUDGED_KEY = "tutor"
"""Under this name a request asks for the newest judgement, in its `user_expressions`."""


@dataclass(frozen=True, slots=True)
class Status:
    """The kernel is `busy`, `idle` or `starting`."""

    state: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The harness judged an attempt."""

    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Facts:
    """The harness says what its kernel is."""

    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request."""

    status: str
    error: Raised | None = None
    """What the code raised."""
    judgement: Mapping[str, Json] | None = None
    """See `tutor.harness.judge.last`; None unless it was asked for, and there is one."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that a learner or a runtime has a use for."""


Meaning = Output | Status | Judged | Facts | Reply | InputRequest | Ignored


def parent_of(message: Mapping[str, Any]) -> str:
    """The id of the request that the message belongs to; empty if it belongs to none."""
    return str((message.get("parent_header") or {}).get("msg_id") or "")


def meaning_of(message: Mapping[str, Any]) -> Meaning:
    """What a message from iopub, shell, control or stdin says."""
    content = message.get("content")
    kind = str((message.get("header") or {}).get("msg_type") or "")
    return _meaning(kind, content) if isinstance(content, Mapping) else Ignored()


def _meaning(kind: str, content: Mapping[str, Any]) -> Meaning:
    match kind:
        case "stream":
            stream = "stderr" if content.get("name") == "stderr" else "stdout"
            return Text(stream, _text(content.get("text")))
        case "execute_result" | "display_data" | "update_display_data":
            return _display(kind, content)
        case "error":
            return _error(content)
        case "clear_output":
            return Cleared(bool(content.get("wait")))
        case "status":
            return Status(_text(content.get("execution_state")))
        case "input_request":
            return InputRequest(_text(content.get("prompt")), bool(content.get("password")))
        case _:
            return _reply(content) if kind.endswith("_reply") else Ignored()


def _display(kind: str, content: Mapping[str, Any]) -> Meaning:
    data = content.get("data")
    if not isinstance(data, Mapping):
        return Ignored()
    for mime, made in ((JUDGED_MIME, Judged), (FACTS_MIME, Facts)):
        if mime in data:
            value = data[mime]
            return made(value) if isinstance(value, Mapping) else Ignored()
    if LATE_MIME in data:
        late = data[LATE_MIME]
        if not isinstance(late, Mapping):
            return Ignored()
        stream = "stderr" if late.get("stream") == "stderr" else "stdout"
        return Late(_text(late.get("step")), stream, _text(late.get("text")))
    if not data:
        return Ignored()
    display_id = (content.get("transient") or {}).get("display_id")
    return Rich(
        dict(data),
        display_id=None if display_id is None else str(display_id),
        update=kind == "update_display_data",
    )


def _error(content: Mapping[str, Any]) -> Raised:
    return Raised(
        _text(content.get("ename")),
        _text(content.get("evalue")),
        tuple(_text(line) for line in content.get("traceback") or ()),
    )


def _reply(content: Mapping[str, Any]) -> Reply:
    status = _text(content.get("status"))
    return Reply(status, _error(content) if status == "error" else None, _judgement(content))


def _judgement(content: Mapping[str, Any]) -> Mapping[str, Json] | None:
    """What the expression `LAST_JUDGED` gave: the repr of a text of JSON."""
    expressions = content.get("user_expressions")
    shown = expressions.get(JUDGED_KEY) if isinstance(expressions, Mapping) else None
    text = (shown.get("data") or {}).get("text/plain") if isinstance(shown, Mapping) else None
    try:
        value = json.loads(ast.literal_eval(str(text)))
    except (ValueError, SyntaxError, TypeError):
        return None
    return value if isinstance(value, Mapping) else None


def _text(value: Any) -> str:
    """Old kernels send what the protocol calls text as lists of lines."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(str, value))
    return "" if value is None else str(value)

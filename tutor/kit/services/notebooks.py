"""Before a notebook goes to where others read it: its outputs are taken out, and what looks like a secret is found."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.kit.services.errors import ServiceError
from tutor.kit.words import speak

NotebookSource = Path | str | Mapping[str, Any]
"""A file, the JSON text of one, or what was read of it."""

_ALSO_TAKEN_OUT = (
    "metadata.signature",
    "metadata.widgets",
    "cell.metadata.collapsed",
    "cell.metadata.ExecuteTime",
    "cell.metadata.execution",
    "cell.metadata.heading_collapsed",
    "cell.metadata.hidden",
    "cell.metadata.scrolled",
)
"""What the `nbstripout` command takes out by itself."""


@dataclass(frozen=True)
class Place:
    """Where something that looks like a secret stands. What it is, is nowhere in this."""

    cell: int
    """From 1, as one counts in the notebook."""
    line: int
    part: str
    """`source` or `output`."""
    kind: str
    """What it looks like: `GitHub`, `Google`, …"""

    def __str__(self) -> str:
        return speak(_SOURCE if self.part == "source" else _OUTPUT, cell=self.cell, line=self.line, kind=self.kind)


def clean_notebook(notebook: NotebookSource) -> str:
    """The notebook's JSON without outputs and counters, by nbstripout's own function: byte for byte what `nbstripout` would leave in a file. What it is made of stays as it is.

    Raises:
        ServiceError: it is no notebook.
    """
    import nbformat
    from nbstripout import strip_output

    read = _read(notebook)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old notebooks whose cells have no ids
        node = nbformat.reads(json.dumps(read), as_version=nbformat.NO_CONVERT)
        stripped = strip_output(
            node, keep_output=False, keep_count=False, keep_id=False, extra_keys=list(_ALSO_TAKEN_OUT)
        )
        text: str = nbformat.writes(stripped)
    return text if text.endswith("\n") else f"{text}\n"


def find_secrets(notebook: NotebookSource) -> list[Place]:
    """Where tokens and keys of known shapes stand: in what was typed, and in what was printed. Stripping takes the second away, never the first.

    Raises:
        ServiceError: it is no notebook.
    """
    found: list[Place] = []
    for number, cell in enumerate(_read(notebook)["cells"], start=1):
        texts = [("source", _text(cell.get("source", "")))]
        texts += [("output", text) for output in cell.get("outputs", ()) for text in _strings(output)]
        for part, text in texts:
            for line, kind in _secrets(text):
                place = Place(number, line, part, kind)
                if place not in found:
                    found.append(place)
    return found


def _read(notebook: NotebookSource) -> dict[str, Any]:
    try:
        if isinstance(notebook, Mapping):
            read: Any = dict(notebook)
        else:
            text = notebook.read_text("utf-8") if isinstance(notebook, Path) else notebook
            read = json.loads(text)
        assert all(isinstance(cell, Mapping) for cell in read["cells"])
    except (AssertionError, KeyError, TypeError, ValueError):
        raise ServiceError(speak(_NO_NOTEBOOK)) from None
    assert isinstance(read, dict)
    return read


def _secrets(text: str) -> Iterator[tuple[int, str]]:
    for kind, shape in _SHAPES:
        for match in shape.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, kind


def _strings(value: Any) -> Iterator[str]:
    """Every text in an output, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        if all(isinstance(each, str) for each in value):
            yield "".join(value)  # a text in lines
        else:
            for each in value:
                yield from _strings(each)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(str(each) for each in value)


_SHAPES = [
    (kind, re.compile(shape))
    for kind, shape in (
        ("GitHub", r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})"),
        ("Google", r"\b(?:ya29\.[\w.-]{20}|GOCSPX-[\w-]{20}|AIza[\w-]{35})|\b1//0[\w-]{30}"),
        ("Kaggle", r"\bKGAT_[A-Za-z0-9]{16}|(?i:kaggle_key|[\"']key)[\"']?\]?\s*[:=,]\s*[\"']?[0-9a-f]{32}\b"),
        ("Hugging Face", r"\bhf_[A-Za-z0-9]{30}"),
        ("OpenAI", r"\bsk-(?=[\w-]*\d)[\w-]{20}"),
        ("AWS", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|(?i:secret_?access_?key)[\"']?\]?\s*[:=,]\s*[\"']?[A-Za-z0-9/+]{40}"),
        ("Slack", r"\bxox[a-z]-[A-Za-z0-9-]{10}"),
        ("key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
        ("URL", r"://[^\s/:@\"']+:[^\s/:@\"']{6,}@"),
    )
]
_SOURCE = {
    "en": "cell {cell}, line {line}: looks like a secret of {kind}, typed there",
    "zh": "第 {cell} 个单元格第 {line} 行：像是写在代码里的 {kind} 密钥",
}
_OUTPUT = {
    "en": "cell {cell}, output, line {line}: looks like a secret of {kind}, printed there",
    "zh": "第 {cell} 个单元格的输出第 {line} 行：像是打印出来的 {kind} 密钥",
}
_NO_NOTEBOOK = {
    "en": "This is no notebook: a notebook is JSON with a list of cells. A file does not become one by being called .ipynb.",
    "zh": "这不是笔记本：笔记本是带有 cells 列表的 JSON。把文件改名为 .ipynb 并不会变成笔记本。",
}

"""Cells as nbformat 4.5 has them, and the file that they make. Pure JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

Cell = dict[str, Any]
"""One cell, JSON."""

MIME_TEXT = ("text/", "image/svg+xml")
"""Beginnings of the types whose data is text in a notebook; pictures are one line of base64."""


def cell_id(*names: str) -> str:
    """The same for the same names, so that a second export differs only where the lesson does."""
    return hashlib.sha256("\0".join(names).encode()).hexdigest()[:16]


def markdown(id_: str, text: str) -> Cell:
    """A cell to read."""
    return {"cell_type": "markdown", "id": id_, "metadata": {}, "source": _lines(text)}


def code(
    id_: str,
    source: str,
    *,
    raises: bool = False,
    hidden: bool = False,
    outputs: Sequence[Mapping[str, Any]] = (),
) -> Cell:
    """A cell to run.

    Args:
        raises: an error in it does not stop a run of all cells.
        hidden: its code is folded away, where the program that shows it can.
    """
    metadata: dict[str, Any] = {}
    if raises:
        metadata["tags"] = ["raises-exception"]
    if hidden:
        metadata |= {"cellView": "form", "jupyter": {"source_hidden": True}}
    return {
        "cell_type": "code",
        "id": id_,
        "metadata": metadata,
        "execution_count": None,
        "outputs": list(outputs),
        "source": _lines(source),
    }


def stream(name: str, text: str) -> Cell:
    """What was printed. Args: `name`: `stdout` or `stderr`."""
    return {"output_type": "stream", "name": name, "text": _lines(text)}


def display(data: Mapping[str, Any]) -> Cell:
    """What was shown, by MIME type."""
    shown = {
        mime: _lines(value) if isinstance(value, str) and mime.startswith(MIME_TEXT) else value
        for mime, value in data.items()
    }
    return {"output_type": "display_data", "data": shown, "metadata": {}}


def error(type_: str, message: str, traceback: Sequence[str]) -> Cell:
    """What was raised."""
    return {"output_type": "error", "ename": type_, "evalue": message, "traceback": list(traceback)}


def write(cells: Sequence[Cell], *, gpu: bool = False) -> str:
    """The file. Args: `gpu`: Colab opens it on a machine with a GPU, if there is one to be had."""
    metadata: dict[str, Any] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    if gpu:
        metadata["accelerator"] = "GPU"
    notebook = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def fenced(text: str, language: str = "") -> str:
    """The text as a block of code in markdown, whatever it holds."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _lines(text: str) -> list[str]:
    # Not `splitlines`: nbformat joins the lines again, and only a newline ends one.
    lines = text.encode("utf-8", "replace").decode().split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *lines[-1:]] if text else []

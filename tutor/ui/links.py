"""Where links of lessons lead: to the web, to another lesson, or to a file beside the lesson. Pure; opens nothing."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

SCHEMES = ("http://", "https://", "mailto:")
"""Of addresses that are handed to a browser; a lesson has no business with any other."""
SHORT = 40
"""Cells: an address up to this length is said after the text of its link, of a longer one only the host."""
SHOWN = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf", ".txt", ".csv", ".json"})
"""Endings of files that are opened by the desktop: to look at, never to run."""


@dataclass(frozen=True, slots=True)
class ToLesson:
    """Another lesson, or a step of it or of the same one."""

    lesson_id: str
    """Empty: the lesson that the link stands in."""
    step_id: str = ""


def is_web(target: str) -> bool:
    """Whether a browser, or a mail program, opens it."""
    return target.lower().startswith(SCHEMES)


def address_beside(target: str, text: str) -> str:
    """What is said after the text of a link, so that the learner sees where it leads; empty where the text says it."""
    scheme, _, address = target.partition(":")
    address = address.lstrip("/")
    if not is_web(target) or text in (target, address):
        return ""
    if scheme == "mailto":
        return address
    return target if len(target) <= SHORT else address.partition("/")[0].rpartition("@")[2]


def lesson_of(target: str) -> ToLesson | None:
    """`../first-gpu/zh.md#drivers`, as lessons link to each other so that GitHub finds them too; or `#drivers`."""
    path, _, step_id = unquote(target).partition("#")
    if not path:
        return ToLesson("", step_id) if step_id else None
    folder, name = posixpath.split(posixpath.normpath(path))
    parent, lesson_id = posixpath.split(folder)
    is_lesson = parent == ".." and lesson_id not in ("", ".", "..") and name in ("en.md", "zh.md")
    return ToLesson(lesson_id, step_id) if is_lesson else None


def file_of(target: str, folder: Path) -> Path | None:
    """A file to look at in the lesson's own folder, if that is what the link means and the file is there."""
    path = folder / unquote(target.partition("#")[0])
    inside = path.resolve().is_relative_to(folder.resolve())
    return path if inside and path.suffix.lower() in SHOWN and path.is_file() else None

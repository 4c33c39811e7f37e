"""A step of the way to an account, as blocks; and what is typed there, as it was meant. Pure, but for looking into folders."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tutor.accounts.model import Ask, GuideStep
from tutor.accounts.telling import Told
from tutor.i18n import Words
from tutor.text.plain import strip
from tutor.ui.blocks import LINK, Block, BlockKind, Span, text
from tutor.ui.look import GLYPHS
from tutor.ui.markdown import markdown_blocks

TYPED = frozenset({Ask.TEXT, Ask.SECRET, Ask.FILE})
"""What has a field."""
MOST_CANDIDATES = 8
"""Names of files that are offered at once."""


def heading_blocks(title: str, place: tuple[int, int], words: Words) -> list[Block]:
    """What this is, and how far it has come."""
    number, total = place
    right = words("accounts.step_of", number=number, total=max(number, total)) if total else ""
    return [Block(BlockKind.TEXT, ((title, "heading"),), right=right)]


def step_blocks(step: GuideStep, said: Sequence[tuple[bool, str]], words: Words) -> list[Block]:
    """What is to be done. Args: `said`: what was looked at in the step before."""
    page: list[Block] = []
    if step.url:
        address = strip(step.url)
        page.append(text(words("accounts.address"), "muted"))
        page.append(Block(BlockKind.TEXT, ((address, f"{LINK}{address}"),), gap=False))
    if step.code:
        page.append(text(words(code_label(step)), "muted"))
        page.append(Block(BlockKind.CODE, ((strip(step.code), ""),), gap=False))
    told = text_blocks(step.text)
    # Where nothing is left but to go to the page, it must not be looked for below the text on a low screen.
    parts = [*page, *told] if step.ask is Ask.WAIT else [*told, *page]
    return [*checked_blocks(said, is_done=True), text(strip(step.title), "strong"), *parts]


def code_label(step: GuideStep) -> str:
    """The key of what is said before what is to be typed elsewhere: on the page, or in a terminal where there is none."""
    return "accounts.code" if step.url else "accounts.command"


def text_blocks(said: str) -> list[Block]:
    """Sentences and lines: each line of it is a paragraph, and what is counted stands close together."""
    blocks: list[Block] = []
    for line in said.split("\n"):
        for block in markdown_blocks(line):
            is_close = bool(block.first.strip() and blocks and blocks[-1].first.strip())
            blocks.append(replace(block, gap=not is_close))
    return blocks


def checked_blocks(said: Sequence[tuple[bool, str]], *, is_done: bool = False) -> list[Block]:
    """What was looked at, each with its mark. Args: `is_done`: the step is, so that what is not well is no more than a remark."""
    wrong = "could_not_check" if is_done else "not_yet"
    return told_blocks([Told("passed" if is_well else wrong, strip(sentence)) for is_well, sentence in said])


def told_blocks(lines: Sequence[Told]) -> list[Block]:
    """Lines with their marks, one below the other."""
    return [
        Block(
            BlockKind.TEXT,
            tuple(_with_code(line.text, "" if line.role else "muted")),
            f"{GLYPHS.get(line.role, ' ')} ",
            "  ",
            gap=number == 0,
            role=line.role,
        )
        for number, line in enumerate(lines)
    ]


def _with_code(sentence: str, role: str) -> Iterator[Span]:
    """What stands between backquotes is code."""
    for number, piece in enumerate(re.split(r"`([^`\n]+)`", sentence)):
        if piece:
            yield piece, "code" if number % 2 else role


def plain(sentence: str) -> str:
    """The same where nothing can be marked."""
    return strip(sentence).replace("`", "")


# -- paths


def meant_path(typed: str) -> str:
    """The path that was typed, pasted, or dropped onto the terminal: without quotation marks, escapes and `file://`, the home written out."""
    bare = typed.strip()
    if bare.lower().startswith("file://"):
        bare = unquote(urlsplit(bare).path)
    elif re.search(r"['\"\\]", bare) and not Path(bare).exists():
        with contextlib.suppress(ValueError):  # of one quotation mark, which is part of the name then
            bare = " ".join(shlex.split(bare))
    return os.path.expanduser(bare) if bare.startswith("~") else bare  # noqa: PTH111 - of an unknown user it stays as it is


def completed(typed: str) -> tuple[str, Sequence[str]]:
    """What the path can only become, and the names it could go on with; looks into the folder."""
    folder, _, begun = typed.rpartition("/")
    root = f"{folder}/" if "/" in typed else ""
    names = sorted(_names(Path(meant_path(root) or "."), begun))
    if not names:
        return typed, ()
    if len(names) == 1:
        return root + names[0], ()
    # Sorted, so that what the first and the last begin with, all do.
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(names[0], names[-1], strict=False))
    return root + "".join(one for one, _ in alike), names


def _names(folder: Path, begun: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        hidden = entry.name.startswith(".") and not begun.startswith(".")
        if entry.name.startswith(begun) and not hidden and strip(entry.name) == entry.name:
            yield f"{entry.name}/" if entry.is_dir() else entry.name

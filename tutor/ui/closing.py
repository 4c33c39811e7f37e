"""The last message of a lesson: it looks like an end. Pure, apart from the words of a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.i18n import Words
from tutor.i18n.own_name import program
from tutor.session.closing import needs_of
from tutor.session.wants import YOU, accounts_in
from tutor.text.plain import strip
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.look import GLYPHS

MOST_NAMED = 5
"""Steps by name; of more, their number."""


def run_open() -> str:
    """The command that runs all open steps."""
    return f"{program()} run --open"


def export_open() -> str:
    """The command that puts them into a notebook."""
    return f"{program()} export --open -o open.ipynb"


def connect(service: str) -> str:
    """The command that connects an account."""
    return f"{program()} accounts connect {service}"


def closing_blocks(data: Mapping[str, Any], words: Words) -> Iterator[Block]:
    """What was passed, what stays open and what would close it. Args: `data`: see `tutor.session.closing`."""
    state, title = str(data["finished"]), strip(str(data["title"]))
    spans = [(title, "heading")]
    if state == "done_here":
        spans.append((f"  {words('home.end_done_here')}", "could_not_check"))
    yield Block(BlockKind.RULE, tuple(spans))
    if state == "passed":
        yield _line(words("home.end_passed", total=data["total"]), "passed", "strong")
        return
    yield _line(words("home.end_some_passed", passed=data["passed"], total=data["total"]), "passed")
    if steps := data["open"]:
        told = words("home.end_open", count=len(steps), minutes=data["minutes"], needs=needs_of(data, words))
        yield _line(told, "could_not_check")
        yield from _named([str(step["title"]) for step in steps], words)
    if rehearsed := data.get("rehearsed"):
        said = words("home.end_rehearsed", count=rehearsed)
        yield Block(BlockKind.TEXT, ((said, "practice"),), "    ", "    ", gap=False)
    if left := data["left"]:
        yield Block(BlockKind.TEXT, ((words("home.end_left", count=len(left)), ""),), "  – ", "    ", gap=False)
        yield from _named([str(title) for title in left], words)
    if accounts := accounts_in(need for step in steps for need in step["needs"]):
        yield text(words("home.end_way_accounts"), "muted", first="  ", rest="  ")
        for service in accounts:
            yield text(connect(service), "code", first="      ", rest="      ", gap=False)
    elif steps:
        only_you = all(step["needs"] == [YOU] for step in steps)
        yield text(words("home.end_way_you" if only_you else "home.end_way"), "muted", first="  ", rest="  ")
        if not only_you:
            yield text(run_open(), "code", first="      ", rest="      ", gap=False)
            yield text(words("home.end_notebook"), "muted", first="  ", rest="  ", gap=False)
            yield text(export_open(), "code", first="      ", rest="      ", gap=False)


def _line(said: str, verdict: str, role: str = "") -> Block:
    return Block(BlockKind.TEXT, ((said, role),), f"  {GLYPHS[verdict]} ", "    ", gap=False, role=verdict)


def _named(titles: Sequence[str], words: Words) -> Iterator[Block]:
    more = [words("home.end_more", count=len(titles) - MOST_NAMED)] if len(titles) > MOST_NAMED + 1 else []
    for title in [*titles[: MOST_NAMED if more else None], *more]:
        yield text(strip(title), "muted", first="      ", rest="      ", gap=False)

"""What an error means, as blocks of the conversation and as lines of text. Pure, apart from the words of a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.i18n import Words
from tutor.progress.model import Entry
from tutor.text.plain import strip
from tutor.ui.blocks import LINK, Block, BlockKind, Span, text
from tutor.ui.markdown import markdown_blocks
from tutor.ui.mends import language_of, pieces_of

FIRST_LINES, LAST_LINES = 2, 6
"""Of a long error that was pasted: where it begins and where it says what is wrong. The explanation is what the learner waits for."""


def explanation_blocks(entry: Entry, words: Words) -> tuple[Block, ...]:
    """The blocks of an explanation, without its title."""
    faults = _faults(entry)
    if not faults:
        return markdown_blocks(entry.body)
    blocks: list[Block] = []
    for fault in faults:
        blocks += _fault(fault, words, is_first=not blocks)
    if entry.data.get("doctor"):
        blocks.append(Block(BlockKind.TEXT, tuple(_with_code(words("faults.doctor"), "/doctor"))))
    return tuple(blocks)


def explanation_lines(entry: Entry, words: Words) -> Iterator[str]:
    """The same for a terminal without a screen; where to learn it is said as a command, since there is nothing here to open a link with."""
    for number, fault in enumerate(_faults(entry)):
        if number:
            yield from ("", words("faults.also"))
        if fault["line"]:
            yield words("faults.at", line=fault["line"], quoted=fault["quoted"])
        yield fault["cause"]
        yield words("faults.mend")
        yield from fault["mend"].splitlines()
        if fault["lesson"]:
            yield words("faults.step", lesson=f"/lesson {fault['lesson']}")
    if entry.data.get("doctor"):
        yield words("faults.doctor").replace("`", "")


def title_of(entry: Entry, words: Words) -> str:
    """What stands above it."""
    is_unknown = "faults" in entry.data and not entry.data["faults"]
    return words("faults.title_unknown" if is_unknown else "faults.title")


def pasted_blocks(pasted: str, words: Words, sign: str) -> tuple[Block, ...]:
    """An error that the learner pasted; of a long one its beginning and its end. Args: `sign`: before its first line."""
    lines = [line.rstrip() for line in strip(pasted).strip("\n").split("\n")]
    left_out = len(lines) - FIRST_LINES - LAST_LINES
    if left_out <= 1:
        return (Block(BlockKind.LITERAL, (("\n".join(lines), ""),), sign, "  ", role="you"),)
    more = f"\n{words('output.more_lines', count=f'{left_out:,}')}\n"
    spans = (("\n".join(lines[:FIRST_LINES]), ""), (more, "muted"), ("\n".join(lines[-LAST_LINES:]), ""))
    return (Block(BlockKind.LITERAL, spans, sign, "  ", role="you"),)


def _faults(entry: Entry) -> list[dict[str, Any]]:
    """What is known of each, clean; none for explanations of earlier versions."""
    names = ("cause", "mend", "lesson", "quoted")
    return [
        {name: strip(str(fault.get(name) or "")) for name in names} | {"line": int(fault.get("line") or 0)}
        for fault in entry.data.get("faults") or ()
        if isinstance(fault, Mapping)
    ]


def _fault(fault: Mapping[str, Any], words: Words, *, is_first: bool) -> Iterator[Block]:
    if not is_first:
        yield text(words("faults.also"), "muted")
    if fault["line"]:
        yield text(words("faults.at", line=fault["line"], quoted=fault["quoted"]), "muted", gap=False)
    yield Block(BlockKind.TEXT, tuple(_with_code(fault["cause"])), gap=False)
    yield text(words("faults.mend"), "strong")
    for is_command, body in pieces_of(fault["mend"].splitlines()):
        if is_command:
            yield Block(BlockKind.CODE, ((body, ""),), gap=False, language=language_of(body))
        else:
            yield Block(BlockKind.TEXT, tuple(_with_code(body)), gap=False)
    if fault["lesson"]:
        lesson_id, _, step_id = fault["lesson"].partition("#")
        target = f"{LINK}../{lesson_id}/{words.language}.md#{step_id}"
        before, _, after = words("faults.step", lesson="\0").partition("\0")
        yield Block(BlockKind.TEXT, ((before, "muted"), (fault["lesson"], target), (after, "muted")))


def _with_code(sentence: str, target: str = "") -> Iterator[Span]:
    """A sentence in which code stands between backticks. Args: `target`: where that leads, if anywhere."""
    parts: Sequence[str] = sentence.split("`")
    if len(parts) % 2 == 0:  # one of them belongs to what an error said
        parts = (sentence,)
    for number, part in enumerate(parts):
        if part:
            role = f"code {LINK}{target}" if target else "code"
            yield part, role if number % 2 else ""

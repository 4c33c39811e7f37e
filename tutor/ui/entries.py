"""What each kind of transcript entry says on the screen, as blocks. Pure, apart from the words of a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tutor.i18n import Words
from tutor.progress.model import Entry, EntryKind, Verdict
from tutor.text.plain import strip
from tutor.text.sentences import room_after
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.closing import closing_blocks
from tutor.ui.differing import marked
from tutor.ui.explanation import explanation_blocks, pasted_blocks, title_of
from tutor.ui.look import GLYPHS
from tutor.ui.markdown import markdown_blocks
from tutor.ui.output import output_blocks
from tutor.ui.wrap import cells

YOU = "› "
BAR = "│ "


def entry_blocks(entry: Entry, words: Words) -> tuple[Block, ...]:
    """The blocks of one entry."""
    match entry.kind:
        case EntryKind.OUTPUT:
            return output_blocks(entry.data, words)
        case EntryKind.VERDICT:
            return verdict_blocks(entry.data, words)
        case EntryKind.HEADING:
            return heading_blocks(entry, words)
        case EntryKind.CODE | EntryKind.SOLUTION:
            return (_code(entry, first=YOU),) if entry.kind is EntryKind.CODE else _solution(entry, words)
        case EntryKind.ANSWER:
            return _answer(entry, words)
        case EntryKind.NOTE:
            return _note(entry, words)
        case EntryKind.PROSE:
            return markdown_blocks(entry.body)
        case EntryKind.HINT | EntryKind.EXPLANATION:
            return _help(entry, words)


def _help(entry: Entry, words: Words) -> tuple[Block, ...]:
    """A hint, or what an error means: behind a bar below its title."""
    if entry.kind is EntryKind.HINT:
        return (text(hint_title(entry, words, "ui"), "hint strong"), *quoted(markdown_blocks(entry.body)))
    return (text(title_of(entry, words), "hint strong"), *quoted(explanation_blocks(entry, words)))


def hint_title(entry: Entry, words: Words, room: str) -> str:
    """Which one it is; those of earlier versions do not know. Args: `room`: whose words say it."""
    number, total = entry.data.get("number"), entry.data.get("total")
    return (
        words(f"{room}.hint") if number is None or total == 1 else words(f"{room}.hint_of", number=number, total=total)
    )


def _note(entry: Entry, words: Words) -> tuple[Block, ...]:
    """A remark, or the end of a lesson."""
    if "finished" in entry.data and "total" in entry.data:
        return tuple(closing_blocks(entry.data, words))
    return (text(strip(entry.body), "muted", first="· ", rest="  ", mark="muted"),)


def _answer(entry: Entry, words: Words) -> tuple[Block, ...]:
    """What the learner answered, under the question if the entry has it; or an error that they pasted."""
    if entry.data.get("error"):
        return pasted_blocks(entry.body, words, YOU)
    answer = text(strip(entry.body), first=YOU, rest="  ", mark="you")
    question = str(entry.data.get("question") or "")
    return (*markdown_blocks(question), answer) if question else (answer,)


def heading_blocks(entry: Entry, words: Words) -> tuple[Block, ...]:
    """The line above a step."""
    title = strip(entry.body)
    position, total = entry.data.get("position"), entry.data.get("total")
    if position is None:
        return (Block(BlockKind.RULE, ((title, "heading"),)),)
    where = words("ui.step_of", position=position, total=total)
    return (Block(BlockKind.RULE, ((title, "heading"), (f"  {where}", "muted"))),)


def _code(entry: Entry, first: str = "") -> Block:
    language = str(entry.data.get("language", "python"))
    # What the learner ran has a bar at its side, so that it is told from output where there are no colours.
    return Block(
        BlockKind.CODE,
        ((strip(entry.body), ""),),
        first,
        BAR if first else "",
        gap=False,
        language=language,
        role="you",
    )


def _solution(entry: Entry, words: Words) -> tuple[Block, ...]:
    """The solution, and what in the learner's own code differs from it."""
    title = text(words("ui.solution"), "hint strong")
    if entry.data.get("language") == "md":
        return (title, *quoted(markdown_blocks(entry.body)))
    diff = "\n".join(strip(str(line)) for line in entry.data.get("diff") or ())
    if not diff:
        return (title, _code(entry))
    return (
        title,
        _code(entry),
        text(words("ui.differs"), "muted"),
        Block(BlockKind.CODE, ((diff, ""),), gap=False, language="diff"),
    )


def verdict_blocks(data: Mapping[str, Any], words: Words) -> tuple[Block, ...]:
    """The lines of a verdict, then what it comes to, then the hint that fits."""
    verdict = str(data.get("verdict", ""))
    blocks: list[Block] = []
    error, line_number = data.get("error"), data.get("error_line")
    for line in data.get("lines") or ():
        raised = error is not None and _says([line], str(error["message"]))
        blocks.extend(_line(line, words, asked=str(data.get("asked") or ""), at=line_number if raised else None))
    if error and not _says(data.get("lines") or (), str(error.get("message", ""))):
        blocks.append(text(strip(f"{error.get('type', '')}: {error.get('message', '')}"), "error", gap=False))
    summary = summary_of(data, verdict, words)
    mark = "practice" if data.get("practice") else verdict
    blocks.append(Block(BlockKind.TEXT, summary, f"{GLYPHS.get(verdict, '·')} ", "  ", gap=bool(blocks), role=mark))
    if data.get("hint"):
        blocks.extend(quoted(markdown_blocks(str(data["hint"]))))
    return tuple(blocks)


def _says(lines: Sequence[Mapping[str, Any]], message: str) -> bool:
    return any(message and message in str(line.get("message", "")) for line in lines)


def summary_of(data: Mapping[str, Any], verdict: str, words: Words) -> tuple[tuple[str, str], ...]:
    """What a verdict comes to: its word, the reason if there is one, and praise if it was earned."""
    practice = bool(data.get("practice"))
    key = f"ui.verdict_{verdict}" + ("_practice" if practice else "")
    some_passed = any(line.get("verdict") == Verdict.PASSED for line in data.get("lines") or ())
    if verdict == Verdict.COULD_NOT_CHECK and some_passed and not practice:
        key = "ui.verdict_open_in_part"
    spans = [(words(key), f"{verdict} strong")]
    if practice:
        # A rehearsal must not be taken for the real thing, whatever came of it.
        spans = [(f" {words('ui.practice')} ", "practice_sign"), (" ", ""), (words(key), "practice strong")]
    for more in ("reason", "praise"):
        if data.get(more):
            spans.append((room_after(spans[-1][0], "  ") + strip(str(data[more])), ""))
    if data.get("place"):
        spans.append((f"  {words('ui.ran_on', place=strip(str(data['place'])))}", "muted"))
    return tuple(spans)


def _line(line: Mapping[str, Any], words: Words, *, asked: str, at: int | None) -> list[Block]:
    """One line of a verdict. Args: `asked`: a question that stands in the conversation already; `at`: the line of code that raised."""
    verdict = str(line.get("verdict", ""))
    label = strip(str(line.get("label", "")))
    message = strip(str(line.get("message") or ""))
    role = "strong" if verdict == Verdict.NOT_YET else ""
    # A label is a comment of the lesson's code: backticks are the only mark-up that authors use in it.
    spans = [(part, f"code {role}".strip() if odd % 2 else role) for odd, part in enumerate(label.split("`"))]
    if label == strip(asked):
        spans = []
    if at is not None:
        spans.append((f"  {words('step.line', line=at)}", "not_yet"))
    if message and message != label:
        gap = "\n" if spans else ""
        spans.append((f"{gap}{message}", "" if verdict == Verdict.NOT_YET else "muted"))
    if not spans:
        return []
    blocks = [Block(BlockKind.TEXT, tuple(spans), f"  {GLYPHS.get(verdict, '·')} ", "    ", gap=False, role=verdict)]
    if verdict == Verdict.NOT_YET and line.get("expected") is not None:
        blocks.extend(_expected_and_seen(strip(str(line["expected"])), strip(str(line.get("seen"))), words))
    return blocks


def _expected_and_seen(expected: str, seen: str, words: Words) -> Iterator[Block]:
    """One above the other, in one column, with what differs marked."""
    labels = words("ui.expected"), words("ui.seen")
    width = max(cells(label) for label in labels)
    for label, spans in zip(labels, marked(expected, seen), strict=True):
        lead = f"    {label}{' ' * (width - cells(label))}  "
        yield Block(BlockKind.TEXT, spans, lead, " " * cells(lead), gap=False, role="muted")


def quoted(blocks: Sequence[Block]) -> list[Block]:
    """Blocks behind a bar, with a gap before the first."""
    return [
        replace(
            block, first=f"  {BAR}{block.first}", rest=f"  {BAR}{block.rest}", gap=index > 0 and block.gap, role="hint"
        )
        for index, block in enumerate(blocks)
    ]

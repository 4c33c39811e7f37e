"""What is said, as lines of plain text: no boxes, no colours, no cursor movement, and words in place of marks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.i18n import Words
from tutor.progress.model import Entry, EntryKind, Verdict
from tutor.text.plain import strip
from tutor.ui.blocks import Block, BlockKind, Span, target_of
from tutor.ui.entries import hint_title, summary_of
from tutor.ui.explanation import explanation_lines, title_of
from tutor.ui.markdown import markdown_blocks

CODE_INDENT = "    "


def lines_of(entry: Entry, words: Words) -> list[str]:
    """The lines of an entry; none for what the learner has just typed."""
    match entry.kind:
        case EntryKind.HEADING:
            return ["", _heading(entry, words)]
        case EntryKind.PROSE:
            return ["", *markdown_lines(entry.body)]
        case EntryKind.HINT | EntryKind.EXPLANATION:
            return ["", *_help(entry, words)]
        case EntryKind.NOTE:
            return ["", *strip(entry.body).split("\n")]
        case EntryKind.VERDICT:
            return ["", *verdict_lines(entry.data, words)]
        case EntryKind.SOLUTION:
            return ["", *_solution(entry, words)]
        case EntryKind.OUTPUT:
            return strip(entry.body).rstrip("\n").split("\n")
        case EntryKind.CODE | EntryKind.ANSWER:
            return []


def _help(entry: Entry, words: Words) -> list[str]:
    if entry.kind is EntryKind.HINT:
        return [hint_title(entry, words, "plain"), *markdown_lines(entry.body)]
    told = explanation_lines(entry, words) if entry.data.get("faults") else markdown_lines(entry.body)
    return [title_of(entry, words), *told]


def markdown_lines(source: str) -> list[str]:
    """Markdown as text; paragraphs are not wrapped, since whoever reads them knows better how wide lines may be."""
    lines: list[str] = []
    for index, block in enumerate(markdown_blocks(source)):
        if index and block.gap:
            lines.append("")
        lines.extend(_block_lines(block))
    return lines


def code_lines(code: str) -> list[str]:
    """Code set apart by its indentation, so that it can be copied out of the text."""
    return [CODE_INDENT + line if line else "" for line in strip(code).rstrip("\n").split("\n")]


def numbered_lines(code: str) -> list[str]:
    """Code behind its line numbers, for changing it by them."""
    return [f"{number}: {line}" for number, line in enumerate(strip(code).rstrip("\n").split("\n"), 1)]


def _block_lines(block: Block) -> Iterator[str]:
    match block.kind:
        case BlockKind.RULE:
            return
        case BlockKind.TABLE:
            yield from _table(block.rows)
        case BlockKind.CODE:
            yield from code_lines(block.plain)
        case _:
            for index, line in enumerate(_plain(block.spans).split("\n")):
                yield (block.rest if index else block.first).replace("│", ">").replace("•", "-") + line


def _table(rows: Sequence[Sequence[Sequence[Span]]]) -> Iterator[str]:
    """Each row as one line that names its columns: nobody has to remember what stood in which."""
    if not rows:
        return
    heads, *others = [[_plain(cell) for cell in row] for row in rows]
    for row in others:
        named = (f"{head}: {cell}" if head else cell for head, cell in zip(heads, row, strict=False))
        yield "- " + "; ".join(named)


def _plain(spans: Sequence[Span]) -> str:
    """The text, with the whole address behind a link: there is nothing here to open it with."""
    parts: list[str] = []
    target = ""
    for body, role in spans:
        parts.append(f" ({target})" if target and role == "muted" and body.startswith(" (") else body)
        target = target_of(role)
    return "".join(parts)


def _heading(entry: Entry, words: Words) -> str:
    title, position = strip(entry.body), entry.data.get("position")
    if position is None:
        return title
    return words("plain.step", position=position, total=entry.data.get("total"), title=title)


def _solution(entry: Entry, words: Words) -> list[str]:
    body = markdown_lines(entry.body) if entry.data.get("language") == "md" else code_lines(entry.body)
    differs = [strip(str(line)) for line in entry.data.get("diff") or ()]
    told = [words("plain.solution"), *body]
    return [*told, words("plain.differs"), *differs] if differs else told


def verdict_lines(data: Mapping[str, Any], words: Words) -> list[str]:
    """The lines of a verdict, what it comes to, and the hint that fits."""
    lines: list[str] = []
    for line in data.get("lines") or ():
        lines.extend(_line(line, words))
    if data.get("error") and data.get("error_line"):
        lines.append(CODE_INDENT + words("step.line", line=data["error_line"]))
    said = [body for body, role in summary_of(data, str(data.get("verdict", "")), words) if role != "practice_sign"]
    lines.append(" ".join("".join(said).split()))
    if data.get("hint"):
        lines += [words("plain.hint"), *markdown_lines(str(data["hint"]))]
    return lines


def _line(line: Mapping[str, Any], words: Words) -> Iterator[str]:
    verdict = str(line.get("verdict", ""))
    label, message = (strip(str(line.get(key) or "")) for key in ("label", "message"))
    yield words(f"plain.line_{verdict}", label=label.replace("`", ""))
    if message and message != label:
        yield from (CODE_INDENT + part for part in message.split("\n"))
    if verdict == Verdict.NOT_YET and line.get("expected") is not None:
        yield CODE_INDENT + words("plain.expected", value=strip(str(line.get("expected"))))
        yield CODE_INDENT + words("plain.seen", value=strip(str(line.get("seen"))))

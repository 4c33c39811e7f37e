"""Markdown into blocks: the screen's own reader of markdown-it's tokens, one parser for all messages.

Why not Textual's Markdown widget: it mounts a widget for each block (three of them at the start cost 0.9 × a bare app, measured), wraps
Chinese at spaces only, and cannot be prepared before the screen is there. Blocks are plain data: they are kept in the snapshot, so
that the first paint needs no parser at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tutor.text.plain import strip
from tutor.ui.blocks import LINK, Block, BlockKind, Span
from tutor.ui.links import address_beside

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

BULLETS = ("•", "–", "·")


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


@lru_cache(maxsize=512)
def markdown_blocks(source: str) -> tuple[Block, ...]:
    """The blocks of a markdown text; HTML in it is shown as text."""
    return tuple(_Reader(_parser().parse(strip(source))).blocks())


class _Reader:
    """Walks the flat token list once, remembering in which lists and quotations it stands."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._indents: list[str] = []
        """What stands before the lines of each container around the token."""
        self._numbers: list[int | None] = []
        """The next number of each list around the token; None for bullets."""
        self._marker = ""
        """Of a list item whose first block has not come yet."""
        self._tight = False
        self._list_begins = False
        """The next item is the first of a list that stands in no other."""

    def blocks(self) -> Iterator[Block]:
        tokens = self._tokens
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                yield self._placed(Block(BlockKind.TABLE, rows=_table(tokens[index:end])))
                index = end
            elif token.type == "inline":
                yield self._inline(token, tokens[index - 1])
            elif token.type in ("fence", "code_block"):
                language = token.info.split(" ")[0] if token.info else ""
                yield self._placed(Block(BlockKind.CODE, ((token.content.rstrip("\n"), ""),), language=language))
            elif token.type == "hr":
                yield self._placed(Block(BlockKind.RULE))
            elif token.type == "html_block":
                yield self._placed(Block(BlockKind.TEXT, ((token.content.rstrip("\n"), "muted"),)))
            else:
                self._container(token)
            index += 1

    def _container(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._list_begins = not self._numbers
                ordered = token.type == "ordered_list_open"
                self._numbers.append(int(token.attrs.get("start", 1)) if ordered else None)
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                self._tight = False
            case "list_item_open":
                number = self._numbers[-1]
                if number is None:
                    depth = sum(1 for n in self._numbers if n is None) - 1
                    self._marker = f"{BULLETS[depth % len(BULLETS)]} "
                else:
                    self._marker = f"{number}. "
                    self._numbers[-1] = number + 1
                self._indents.append(" " * len(self._marker))
            case "list_item_close" | "blockquote_close":
                self._indents.pop()
                self._marker = ""
            case "blockquote_open":
                self._indents.append("│ ")
            case "paragraph_open":
                self._tight = token.hidden

    def _placed(self, block: Block) -> Block:
        """The block where it stands: behind its bullet, inside its quotation."""
        rest = "".join(self._indents)
        first = rest
        gap = block.gap
        if self._marker:
            first = "".join(self._indents[:-1]) + self._marker
            gap = self._list_begins or not self._tight
            self._list_begins = False
            self._marker = ""
        elif self._tight and self._indents:
            gap = False
        return replace(block, first=first, rest=rest, gap=gap, role="muted")

    def _inline(self, token: Token, opener: Token) -> Block:
        spans = tuple(_inline_spans(token.children or ()))
        if opener.type == "heading_open":
            spans = tuple((body, f"heading {role}".strip()) for body, role in spans)
        return self._placed(Block(BlockKind.TEXT, spans))


def _inline_spans(children: Sequence[Token]) -> Iterator[Span]:
    roles: list[str] = []
    link = ""
    opened = {"strong_open": "strong", "em_open": "em", "s_open": "strike"}
    link_text = ""
    for child in children:
        if child.type == "link_open":
            link, link_text = str(child.attrs.get("href", "")), ""
            roles.append(f"{LINK}{link}")
        elif child.type in opened:
            roles.append(opened[child.type])
        elif child.type.endswith("_close"):
            roles.pop()
            # Nobody follows a link without knowing where it leads.
            if child.type == "link_close" and (address := address_beside(link, link_text)):
                yield f" ({address})", "muted"
        elif child.type == "softbreak":
            yield " ", " ".join(roles)
        elif child.type == "hardbreak":
            yield "\n", ""
        else:
            own = {"code_inline": "code", "image": "em"}.get(child.type)
            body = f"[{child.content}]" if child.type == "image" else child.content
            link_text += body
            yield body, " ".join([*roles, own] if own else roles)


def _table(tokens: Sequence[Token]) -> tuple[tuple[tuple[Span, ...], ...], ...]:
    rows: list[list[tuple[Span, ...]]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(tuple(_inline_spans(token.children or ())))
    return tuple(tuple(row) for row in rows)

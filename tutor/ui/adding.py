"""The questions about a new server: their order, what is said with each, and which answers fit. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.i18n import Words
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.markdown import markdown_blocks
from tutor.ui.wrap import cells

ADDRESS, TOKEN, NAME, PRICE, NOW = "address", "token", "name", "price", "now"
QUESTIONS = (ADDRESS, TOKEN, NAME, PRICE)
"""In which something is typed."""
TUNNEL = "ssh -N -L 8888:127.0.0.1:8888 user@host"


def question_blocks(name: str, answers: Mapping[str, str], words: Words) -> list[Block]:
    """The heading, the answers so far and the question with what helps to answer it."""
    blocks = [text(words("places.new_title"), "heading")]
    widest = max((cells(words(f"places.new_{each}")) for each in answers), default=0)
    for number, (each, answer) in enumerate(answers.items()):
        label = words(f"places.new_{each}")
        spans = ((label + " " * (widest - cells(label) + 2), "muted"), (answer, "you"))
        blocks.append(Block(BlockKind.TEXT, spans, rest=" " * (widest + 2), gap=number == 0))
    blocks.append(text(words(f"places.ask_{name}"), "strong"))
    if name == NOW:
        return blocks
    blocks += _below(words(f"places.why_{name}"))
    if name == ADDRESS:
        blocks.append(text(words("places.why_tunnel")))
        blocks.append(Block(BlockKind.CODE, ((TUNNEL, ""),), "  ", "  ", gap=False, language="bash"))
        blocks.append(text(words("places.why_closed"), "muted", gap=False))
    return blocks


def _below(said: str) -> list[Block]:
    """Right under the question."""
    return [
        Block(block.kind, block.spans, block.first, block.rest, gap=number > 0, role=block.role)
        for number, block in enumerate(markdown_blocks(said))
    ]


def bad_name(name: str) -> str:
    """The key of what is wrong with a name; empty when it will do."""
    bare = name.strip()
    if not bare:
        return "places.no_name"
    return "places.name_slash" if "/" in bare else ""

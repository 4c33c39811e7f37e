"""A display or a value as blocks: of its representations the one that says most here. Pure, apart from the words of a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tutor.i18n import Words
from tutor.text.plain import strip
from tutor.ui.blocks import Block, text
from tutor.ui.figures.chart import chart_block
from tutor.ui.figures.frame import LeftOut, frame_block
from tutor.ui.figures.html_table import table_in, text_in
from tutor.ui.figures.live import live_of
from tutor.ui.figures.picture import DRAWN, figure_blocks
from tutor.ui.markdown import markdown_blocks

LIVE = "application/vnd.tutor.live+json"
"""Sent by `tutor.kit.live`."""
OBJECT = re.compile(r"<[\w.]+ object( at 0x[0-9a-f]+)?>")
"""Plain text that says nothing: any other representation says more."""


def rich_blocks(data: Mapping[str, Any], words: Words, *, is_over: bool = False) -> tuple[Block, ...]:
    """The blocks of an output; none where its plain text is the best there is. Args: `is_over`: the code has ended."""
    if (live := live_of(data.get(LIVE))) is not None:
        return (chart_block(live, words, is_over=is_over),)
    for mime in (*DRAWN, *(mime for mime in data if mime.startswith("image/"))):
        if mime in data:
            return figure_blocks(mime, data[mime], words)
    html = data.get("text/html")
    if isinstance(html, str) and (table := table_in(html)) is not None:
        left_out = words("output.columns_left_out", count="{count}", names="{names}")
        more = words("output.rows_left_out", count="{count}")
        return (frame_block(table, LeftOut(left_out, more)),)
    markdown = data.get("text/markdown")
    if isinstance(markdown, str):
        return markdown_blocks(markdown)
    plain = data.get("text/plain")
    if isinstance(plain, str) and not OBJECT.fullmatch(plain):
        return ()
    latex = data.get("text/latex")
    said = latex if isinstance(latex, str) else text_in(html) if isinstance(html, str) else ""
    return (text(strip(said), first="  ", rest="  ", gap=False),) if said else ()

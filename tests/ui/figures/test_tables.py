"""Tables of data, from the HTML that libraries send to lines that fit."""

from __future__ import annotations

import pandas  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.i18n import Words
from tutor.ui.blocks import Block, BlockKind
from tutor.ui.figures.html_table import table_in, text_in
from tutor.ui.figures.rich import rich_blocks
from tutor.ui.layout import lay_out
from tutor.ui.wrap import cells

EN = Words("en")


def drawn(frame: pandas.DataFrame, width: int = 78) -> list[str]:
    html = frame._repr_html_()
    (block,) = rich_blocks({"text/html": html, "text/plain": str(frame)}, EN)
    return lines_of(block, width)


def lines_of(block: Block, width: int) -> list[str]:
    lines = [line.plain.rstrip() for line in lay_out([block], width)]
    assert all(cells(line) <= width for line in lines)
    return lines


def test_numbers_stand_right_words_left_and_chinese_takes_two_cells() -> None:
    frame = pandas.DataFrame({"name": ["a", "模型 B"], "acc": [0.5, 0.93], "n": [1, 30000]})
    assert drawn(frame) == [
        "     name     acc      n",
        "  ─  ──────  ────  ─────",
        "  0  a       0.50      1",
        "  1  模型 B  0.93  30000",
    ]


def test_columns_without_room_are_left_out_in_the_middle_and_named() -> None:
    frame = pandas.DataFrame([[i * j for i in range(9)] for j in range(2)], columns=[f"feature_{i}" for i in range(9)])
    lines = drawn(frame, 42)
    assert lines[0] == "     feature_0  feature_1  …  feature_8"
    assert lines[-1] == "  columns not shown (6): feature_2, featu…"
    assert lines[2].split() == ["0", "0", "0", "…", "0"]


def test_long_tables_show_both_ends_and_say_what_is_between() -> None:
    lines = drawn(pandas.DataFrame({"x": range(40)}))
    assert len(lines) == 2 + 18 + 1
    assert lines[15] == "  … 22 more rows · p shows all"
    assert lines[-1] == "  39  39"


def test_the_size_that_pandas_gives_stands_below() -> None:
    assert drawn(pandas.DataFrame({"x": range(100)}))[-1] == "  100 rows × 1 columns"


def test_groups_of_rows_and_of_columns_keep_their_places() -> None:
    frame = pandas.DataFrame({"device": ["cpu", "cpu", "gpu"], "size": [1, 2, 1], "ms": [3.0, 4.5, 0.5]})
    assert drawn(frame.groupby(["device", "size"]).agg({"ms": ["mean", "max"]})) == [
        "                  ms",
        "                mean  max",
        "  device  size",
        "  ──────  ────  ────  ───",
        "  cpu     1      3.0  3.0",
        "          2      4.5  4.5",
        "  gpu     1      0.5  0.5",
    ]


def test_a_table_without_a_head_of_its_own() -> None:
    table = table_in("<table><tr><th>a<th>b</tr><tr><td>1<td>2</table>")
    assert table is not None
    assert (table.rows, table.heads, table.names) == ((("a", "b"), ("1", "2")), 1, 0)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>no table</p>",
        "<table></table>",
        "<table><tr><td>1</table><table><tr><td>2</table>",
        "<table><tr><td><table><tr><td>1</table></table>",
        "<table>" + "<tr><td>1" * 500 + "</table>",
        "<table><tr><td>" + "x" * (1 << 20),
    ],
)
def test_what_is_no_single_small_table_is_not_taken(html: str) -> None:
    assert table_in(html) is None


def test_style_sheets_scripts_and_markup_never_reach_the_screen() -> None:
    html = "<style>td{}</style><table><tr><td>[red]a\x1b[31m<script>alert(1)</script>&lt;b&gt;</td></tr></table>"
    (block,) = rich_blocks({"text/html": html, "text/plain": "x"}, EN)
    assert lines_of(block, 40) == ["  [red]a<b>"]


@given(st.text(alphabet="<>/tabledhrcolspan='19999\" x中", max_size=200))
def test_any_html_can_be_read(body: str) -> None:
    html = f"<table><tr><td {body}>{body}</table>"
    for block in rich_blocks({"text/html": html, "text/plain": "x"}, EN):
        assert lines_of(block, 30)
    assert isinstance(text_in(html), str)


def test_spans_of_absurd_size_do_not_fill_the_memory() -> None:
    cell = '<td colspan="99999" rowspan="99999">x</td>'
    table = table_in(f"<table>{f'<tr>{cell * 50}</tr>' * 50}</table>")
    assert table is not None
    assert max(map(len, table.rows)) <= 200


# -- other representations


def test_markdown_is_read_and_latex_is_text() -> None:
    nothing = "<IPython.core.display.Markdown object>"
    (heading, *_) = rich_blocks({"text/markdown": "# Title\n\n**bold**", "text/plain": nothing}, EN)
    assert heading.plain == "Title"
    (latex,) = rich_blocks({"text/latex": "$\\frac{1}{2}$", "text/plain": "<IPython.core.display.Latex object>"}, EN)
    assert (latex.kind, latex.plain) == (BlockKind.TEXT, "$\\frac{1}{2}$")
    assert rich_blocks({"text/latex": "$x$", "text/plain": "x"}, EN) == ()


def test_html_without_a_table_is_its_text_where_the_plain_text_says_nothing() -> None:
    (block,) = rich_blocks(
        {"text/html": "<b>bold</b><p>and</p> [x]", "text/plain": "<IPython.core.display.HTML object>"}, EN
    )
    assert block.plain == "bold and [x]"
    assert rich_blocks({"text/html": "<b>4</b>", "text/plain": "Model(4)"}, EN) == ()

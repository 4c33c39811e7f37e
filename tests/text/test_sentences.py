"""Sentences in a row, in both languages."""

from __future__ import annotations

import pytest

from tutor.text.sentences import in_a_row, room_after


@pytest.mark.parametrize(
    ("sentences", "row"),
    [
        (("It is full.", "Make room."), "It is full. Make room."),
        (("磁盘已满。", "请腾出空间。"), "磁盘已满。请腾出空间。"),
        (("查不到 github.com 的域名。", "", "联网了吗？"), "查不到 github.com 的域名。联网了吗？"),
        (("已删除 token.json", "它原来在这里。"), "已删除 token.json 它原来在这里。"),
        (("It is full.", ""), "It is full."),
        (("", "Make room."), "Make room."),
        ((), ""),
    ],
)
def test_a_space_stands_between_but_not_after_a_full_width_mark(sentences: tuple[str, ...], row: str) -> None:
    assert in_a_row(*sentences) == row


def test_the_room_may_be_wider() -> None:
    assert room_after("Passed.", "  ") == "  "
    assert room_after("通过。", "  ") == ""
    assert room_after("") == ""

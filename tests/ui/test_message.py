"""One message: it is laid out for the room that it has."""

from __future__ import annotations

import pytest

from tests.ui.fake.host import FakeHost
from tests.ui.helpers import learner
from tutor.progress.model import Entry, EntryKind, Speaker


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("scrolls", [False, True])
async def test_a_long_paragraph_is_on_the_screen_to_its_last_word(columns: int, scrolls: bool) -> None:
    host = FakeHost("en", ("check-device", ""))
    # Many lengths, since a line that is broken two columns early needs one line more only now and then.
    for words in range(1, 40 if scrolls else 4):
        told = " ".join(["a"] * (words + 120)) + f" last{words}"
        host.keep(Entry("check-device", "ask-pytorch", Speaker.TUTOR, EntryKind.PROSE, told))
    async with learner(host, size=(columns, 40)) as me:
        transcript = me.screen.transcript
        await me.until(lambda: transcript.show_vertical_scrollbar is scrolls)
        assert f"last{words}" in me.seen
        for message in transcript.messages:
            shown = message.render()
            assert len(shown.split("\n")) == message.size.height
            assert max(line.cell_length for line in shown.split("\n")) <= message.size.width

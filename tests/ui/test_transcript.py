"""Scrolling: what is read stays in place whatever happens around it, and all that was said can be reached."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollUp

from tests.ui.fake.host import FakeHost
from tests.ui.fake.session import FakeLog
from tests.ui.helpers import Learner, at, learner
from tutor.progress.model import Entry, EntryKind, Speaker
from tutor.session.events import OutputChanged
from tutor.ui.archive import AT_ONCE
from tutor.ui.widgets.transcript import MOST_LINES, Transcript

SENTENCE = (
    "Number {number} is a sentence that is long enough to be wrapped on every screen that is not very wide indeed."
)


def told(count: int, lines: int = 4) -> FakeHost:
    """Many messages, none of whose lines stands in another; a few belong to another lesson, so that ids have gaps."""
    host = FakeHost("en", ("check-device", ""))
    for number in range(1, count + 1):
        if number % 40 == 0:
            for _ in range(35):
                host.keep(Entry("memory", "one", Speaker.TUTOR, EntryKind.NOTE, "elsewhere"))
        body = "\n\n".join(SENTENCE.format(number=f"{number}.{line}") for line in range(lines))
        host.keep(Entry("check-device", "brackets", Speaker.TUTOR, EntryKind.PROSE, body))
    return host


def top_text(me: Learner) -> str:
    """What stands on the first line in sight."""
    transcript = me.screen.transcript
    y = round(transcript.scroll_y)
    for message in transcript.messages:
        region = message.virtual_region
        if region.y <= y < region.bottom:
            return message.rows(message.content_size.width)[y - region.y].content.plain
    return ""


async def go_up(me: Learner, pages: int) -> None:
    for _ in range(pages):
        before = me.screen.transcript.scroll_y
        await me.press("pageup")
        await me.until(lambda before=before: me.screen.transcript.scroll_y != before, "further up")  # type: ignore[misc]


async def test_the_lower_edge_says_that_there_is_more_and_how_much_is_new() -> None:
    async with learner(told(60)) as me:
        assert "more below" not in me.seen
        await go_up(me, 2)
        await me.until(lambda: "↓ more below" in me.seen)
        assert "new" not in me.screen.more_below.render().plain
        for number in range(3):
            me.session.say(EntryKind.NOTE, f"note {number}")
        await me.until(lambda: "3 new" in me.screen.more_below.render().plain)
        row = me.screen.row.region.y
        await me.press("end")
        await me.until(lambda: me.screen.transcript.at_end and "more below" not in me.seen)
        assert "note 2" in me.seen
        assert abs(me.screen.row.region.y - row) <= 1
        await go_up(me, 1)
        await me.until(lambda: "new" not in me.screen.more_below.render().plain)


async def test_a_click_on_the_lower_edge_and_a_typed_command_lead_to_the_end() -> None:
    async with learner(told(60)) as me:
        await go_up(me, 2)
        await me.pilot.click(me.screen.more_below, offset=(4, 0))
        await me.until(lambda: me.screen.transcript.at_end)
        await go_up(me, 2)
        await me.command("/end")
        await me.until(lambda: me.screen.transcript.at_end)


async def test_new_messages_and_growing_output_move_nothing_that_is_read() -> None:
    async with learner(told(60), size=(80, 24)) as me:
        await go_up(me, 2)
        transcript, seen = me.screen.transcript, me.seen.split("\n")[:16]
        log = FakeLog()
        me.session.publish(OutputChanged("check-device", "", log))
        for number in range(30):
            log.add(f"printed {number}\n")
            me.session.say(EntryKind.NOTE, f"note {number}")
        await me.until_said("printed 29")
        assert me.seen.split("\n")[:16] == seen
        assert not transcript.at_end


async def test_a_step_card_that_becomes_shorter_moves_nothing_that_is_read() -> None:
    async with learner(at("brackets"), size=(80, 24)) as me:
        for number in range(20):
            me.session.say(EntryKind.NOTE, f"note {number}")
        await me.until_said("note 19")
        transcript = me.screen.transcript
        await me.press("end")
        await me.until(lambda: transcript.at_end)
        await me.press("up", "up")
        await me.until(lambda: not transcript.at_end)
        before = top_text(me), transcript.scroll_y
        # The card loses its code, which takes more lines than the learner has scrolled up.
        await me.screen.step_card.remove_children()
        await me.until(lambda: transcript.end_y < transcript.scroll_y)
        assert (top_text(me), transcript.scroll_y) == before
        me.session.say(EntryKind.NOTE, "more\n" * 30)
        await me.until_said("more")
        assert (top_text(me), transcript.scroll_y) == before


@pytest.mark.parametrize("width", [60, 70, 140])
async def test_another_width_keeps_the_text_at_the_top(width: int) -> None:
    async with learner(told(60), size=(100, 30)) as me:
        await go_up(me, 3)
        while "Number" not in top_text(me):
            before = me.screen.transcript.scroll_y
            await me.press("up")
            await me.until(lambda before=before: me.screen.transcript.scroll_y < before)  # type: ignore[misc]
        sentence = top_text(me)[:14]
        await me.pilot.resize_terminal(width, 30)
        await me.until(lambda: me.screen.size.width == width)
        assert top_text(me).startswith(sentence)
        await me.pilot.resize_terminal(100, 30)
        await me.until(lambda: me.screen.size.width == 100)
        assert top_text(me).startswith(sentence)


async def test_another_width_keeps_the_end_in_sight() -> None:
    async with learner(told(60)) as me:
        for width in (60, 140):
            await me.pilot.resize_terminal(width, 30)
            await me.until(lambda width=width: me.screen.size.width == width)  # type: ignore[misc]
            assert me.screen.transcript.at_end
            assert "more below" not in me.seen


async def test_older_messages_come_in_above_what_is_read() -> None:
    async with learner(told(120)) as me:
        transcript = me.screen.transcript
        first = transcript.messages[0]
        await me.press("home")
        await me.until(lambda: transcript.messages[0] is not first)
        assert top_text(me) in ("", first.lines(first.content_size.width)[0].plain)
        assert transcript.scroll_y > 0


async def to_where_the_newest_are_cut_off(me: Learner) -> Transcript:
    transcript = me.screen.transcript
    while not transcript.is_cut_off:
        first = transcript.messages[0]
        await me.press("home")
        await me.until(lambda first=first: transcript.messages[0] is not first)  # type: ignore[misc]
    return transcript


async def test_far_from_the_end_no_message_is_missing_on_the_way_back() -> None:
    async with learner(told(200, lines=12), size=(80, 24)) as me:
        transcript = await to_where_the_newest_are_cut_off(me)
        await me.until(lambda: me.screen.more_below.render().plain.startswith("↓"))
        shown = [message.entry_id for message in transcript.messages]
        seen = set(shown)
        while transcript.is_cut_off or not transcript.at_end:
            before = transcript.scroll_y, shown
            await me.press("space")
            shown = [message.entry_id for message in transcript.messages]
            seen.update(shown)
            assert transcript.virtual_size.height < MOST_LINES + 2 * AT_ONCE * 26
            if (transcript.scroll_y, shown) == before:
                await me.pilot.pause()
        own = {entry.id for entry in me.host.stored if entry.lesson_id == "check-device" and entry.id >= min(seen)}
        assert own - seen == set()
        assert "Number 200.11" in me.said


async def test_far_from_the_end_one_key_leads_to_it() -> None:
    async with learner(told(200, lines=12), size=(80, 24)) as me:
        transcript = await to_where_the_newest_are_cut_off(me)
        me.session.say(EntryKind.NOTE, "said far below")
        await me.until(lambda: "1 new" in me.screen.more_below.render().plain)
        await me.press("end")
        await me.until(lambda: transcript.at_end)
        assert "said far below" in me.seen


async def test_output_that_began_while_the_end_was_not_mounted_is_seen_when_it_is() -> None:
    async with learner(told(200, lines=12), size=(80, 24)) as me:
        transcript = await to_where_the_newest_are_cut_off(me)
        log = FakeLog()
        log.add("printed early\n")
        me.session.publish(OutputChanged("check-device", "", log))
        await me.press("end")
        await me.until(lambda: transcript.at_end)
        log.add("printed late\n")
        me.session.publish(OutputChanged("check-device", "", log))
        await me.until_said("printed late")


async def test_the_wheel_and_the_scrollbar_move_it_as_well() -> None:
    async with learner(told(60), size=(80, 24)) as me:
        transcript = me.screen.transcript
        await me.pilot._post_mouse_events([MouseScrollUp], transcript, (5, 5), button=0)
        await me.until(lambda: not transcript.at_end)
        bar = transcript.vertical_scrollbar
        await me.pilot.mouse_down(bar, offset=(0, bar.size.height - 1))
        await me.pilot.hover(bar, offset=(0, bar.size.height // 2))
        await me.pilot.mouse_up(bar, offset=(0, bar.size.height // 2))
        await me.until(lambda: transcript.scroll_y < transcript.end_y - 20)
        await me.until(lambda: "more below" in me.seen)


async def test_the_lit_key_follows_what_is_told_of_the_end_and_not_a_layout_on_its_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else it would go on to say that there is more below, as nothing is told when the end never went out of sight."""
    async with learner(FakeHost("en", ("check-device", "ask-pytorch"))) as me:
        await me.press("end")
        await me.until(lambda: me.screen.transcript.end_in_sight and me.lit != "space", "the end")
        lit = me.lit
        with monkeypatch.context() as on_its_way:
            on_its_way.setattr(Transcript, "at_end", False)
            assert me.screen.conductor is not None
            me.screen.conductor.stage.show_chips()
        assert me.lit == lit

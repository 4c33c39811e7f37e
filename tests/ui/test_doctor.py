"""The doctor's page: filled in as things are found out, with keyboard only and with mouse only, and line by line."""

from __future__ import annotations

import pytest

from tests.ui.fake.host import BROKEN, FakeHost
from tests.ui.helpers import Learner, at, learner
from tests.ui.plain.conversing import converse
from tutor.ui.blocks import BlockKind
from tutor.ui.doctor import blocks_of, first_command, lines_of
from tutor.ui.host import DoctorLine, DoctorPart
from tutor.ui.screens.conversation import ConversationScreen
from tutor.ui.screens.doctor import DoctorScreen
from tutor.ui.widgets.action_row import ActionRow


async def examined(me: Learner) -> DoctorScreen:
    await me.command("/doctor")
    await me.until(lambda: isinstance(me.app.screen, DoctorScreen))
    screen = me.app.screen
    assert isinstance(screen, DoctorScreen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_what_is_known_stands_there_while_the_rest_is_looked_for(size: tuple[int, int]) -> None:
    host = at("brackets")
    host.gate.clear()
    async with learner(host, size=size) as me:
        screen = await examined(me)
        await me.until(lambda: "Linux 6.8" in me.seen and "looking …" in me.seen)
        assert "driver-too-old" not in me.seen
        host.gate.set()
        await me.until(lambda: "driver-too-old" in me.seen)
        assert "[b]PyTorch[/b]" in me.seen
        await me.press("escape")
        await me.until(lambda: isinstance(me.app.screen, ConversationScreen))
        assert not screen.is_attached


async def test_the_command_is_copied_the_network_is_asked_and_all_is_looked_at_again() -> None:
    host = at("brackets")
    async with learner(host) as me:
        await examined(me)
        await me.until(lambda: "copy the command" in me.seen)
        await me.press("c")
        assert me.app.clipboard == "pip install --force-reinstall torch\npython train.py"
        await me.press("n")
        await me.until(lambda: host.examined == [False, True])
        await me.press("end")
        await me.until(lambda: "Name or service not known" in me.seen)
        assert "network too" not in me.seen
        await me.press("r")
        await me.until(lambda: host.examined == [False, True, True])


async def test_with_the_mouse_alone() -> None:
    host = at("brackets")
    async with learner(host) as me:
        await examined(me)
        await me.until(lambda: "copy the command" in me.seen)
        for label in ("network too", "back"):
            await me.pilot.click(offset=place_of(me, label))
        await me.until(lambda: isinstance(me.app.screen, ConversationScreen))
        assert host.examined == [False, True]


def place_of(me: Learner, label: str) -> tuple[int, int]:
    row = me.app.screen.query_one(ActionRow)
    for y in range(row.size.height):
        line = row.render_line(y).text
        if label in line:
            return row.region.x + line.index(label), row.region.y + y
    raise AssertionError(f"no {label!r} in the row")


async def test_on_a_healthy_machine_all_of_it_can_be_copied() -> None:
    host = FakeHost(target=("check-device", "brackets"))
    host.broken = (DoctorLine("", "Nothing found.", "passed"),)
    async with learner(host) as me:
        await examined(me)
        await me.until(lambda: "Nothing found." in me.seen)
        await me.press("c")
        assert "NVIDIA Tesla T4" in me.app.clipboard
        assert "Nothing found." in me.app.clipboard


async def test_line_by_line() -> None:
    host = at("brackets")
    said = await converse(host, ["/doctor"])
    assert said.index("This machine") < said.index("What is broken")
    assert "      " + BROKEN.more[-1] in said
    assert said.count("tutor's own") == 1


def test_commands_are_blocks_to_copy_and_sentences_are_not() -> None:
    part = DoctorPart("faults", "What is broken", (BROKEN,), is_complete=True)
    code = [block.plain for block in blocks_of(part, "…") if block.kind is BlockKind.CODE]
    assert code == ["pip install --force-reinstall torch\npython train.py"]
    assert first_command([part]) == code[0]
    assert first_command([DoctorPart("x", "x", (DoctorLine("a", "b", "passed", ("    ls",)),), is_complete=True)]) == ""


def test_labels_stand_in_one_column_also_in_chinese() -> None:
    lines = (DoctorLine("内存", "x"), DoctorLine("GPU", "x", "passed"))
    told = list(lines_of(DoctorPart("machine", "这台电脑", lines, is_complete=True)))
    assert told[1:3] == ["    内存  x", "  ✓ GPU   x"]

"""Where lessons run, line by line."""

from __future__ import annotations

from tests.ui.fake.elsewhere import BOX, FREE, PAID, PROJECT, TOKEN
from tests.ui.fake.host import FakeHost
from tests.ui.plain.conversing import converse
from tutor.errors import ServerError, StoreError
from tutor.ui.elsewhere import NewServer

ADDRESS = "http://127.0.0.1:8888/"


async def test_places_are_listed_with_numbers_and_one_is_chosen() -> None:
    host = FakeHost()
    said = await converse(host, ["/runtime", "3"])
    assert "1. this computer: in use · Python 3.11.9 · CPU" in said
    assert "cost $3.20 · idle for 40 min" in said
    assert "127.0.0.1:8888 does not answer. Is the tunnel open?" in said
    assert "5. Add a Jupyter server" in said
    assert "Lessons run on box now" in said
    assert host.switched == [BOX.runtime]


async def test_what_stays_behind_is_told_and_asked_about() -> None:
    host = FakeHost()
    host.lost = ("variables: model", "files: a\x1b[31mb")
    said = await converse(host, ["w", "2", "no", "/runtime ~/project", "y", "r"])
    assert "- variables: model\n- files: ab\n" in said
    assert "Nothing has changed." in said
    assert host.switched == [PROJECT.runtime]
    assert said.index("Lessons run on ~/project now") < said.index("2.13.0+cpu")


async def test_a_place_that_cannot_be_used_leaves_everything_as_it_was() -> None:
    host = FakeHost()
    host.no_way = ServerError("No answer.", "Open the tunnel.")
    said = await converse(host, ["/runtime box", "/runtime bix", "r"])
    assert "No answer. Open the tunnel." in said
    assert "The nearest one: box." in said
    assert "2.13.0+cpu" in said


async def test_a_server_is_added_by_questions() -> None:
    host = FakeHost()
    host.wants = TOKEN
    lines = ["w", "5", "nowhere", ADDRESS, "wrong-token-1", TOKEN, "a/b", "box 2", "cheap", "$0.53", "y"]
    said = await converse(host, lines)
    assert "ssh -N -L 8888:127.0.0.1:8888 user@host" in said
    assert "An address begins with http:// or https://" in said
    assert f"{ADDRESS} answers, and wants its token." in said
    assert "The server refuses this token." in said
    assert "A name without /" in said
    assert "could not be read as a price" in said
    assert host.new == [NewServer(ADDRESS, TOKEN, "box 2", 0.53, "$")]
    assert host.switched == ["server:box 2"]
    assert TOKEN not in said


async def test_an_address_with_its_token_on_the_command_is_enough_and_the_name_can_be_left_as_suggested() -> None:
    host = FakeHost()
    host.wants = TOKEN
    said = await converse(host, [f"/runtime {ADDRESS}?token={TOKEN}", "", "", "n"])
    assert host.new == [NewServer(ADDRESS, TOKEN, "127.0.0.1")]
    assert host.switched == []
    assert TOKEN not in said


async def test_lines_that_end_in_the_middle_add_nothing() -> None:
    host = FakeHost()
    host.not_kept = StoreError("Not kept.")
    for lines in (["w", "5"], ["w", "5", ADDRESS, "name", ""]):
        await converse(host, lines)
    assert host.new == []


async def test_a_server_is_stopped_and_forgotten_after_a_question() -> None:
    host = FakeHost()
    said = await converse(host, ["w", "s3", "n", "w", "s 3", "y", "w", "f3", "y", "w", "f1"])
    assert host.stopped == ["box/kernel"]
    assert "Stopped: box: the kernel has ended" in said
    assert host.forgotten == [BOX.runtime]


async def test_before_quitting_what_still_runs_is_told_and_asked_about() -> None:
    host = FakeHost()
    host.left = (PAID, FREE)
    host.cannot_stop = frozenset({FREE.key})
    said = await converse(host, ["q", "", "r", "q", "s", "r"])
    assert said.count("This goes on without you:") == 2
    assert "- box: since 09:30, $3.20 so far, idle" in said
    assert "It costs money while it runs." in said
    assert "Stopped: box: the kernel has ended" in said
    assert "Not verified: lab: did not answer. End the machine at its provider." in said
    assert said.count("2.13.0+cpu") == 1
    assert host.session is not None
    assert host.session.closed


async def test_left_running_or_with_no_more_lines_it_is_only_told() -> None:
    host = FakeHost()
    host.left = (FREE,)
    said = await converse(host, ["q", "l"])
    assert host.stopped == []
    assert "Still running from before: lab" in said
    assert "- lab: since 11:05" in await converse(host, ["r"])


async def test_whatever_fails_in_asking_keeps_nobody_from_the_lesson_or_from_leaving() -> None:
    host = FakeHost()
    host.asking_fails = True
    assert "2.13.0+cpu" in await converse(host, ["r", "q"])


async def test_a_step_that_lacks_a_gpu_names_the_way() -> None:
    said = await converse(FakeHost(), ["r"])
    assert "w run it elsewhere" in said

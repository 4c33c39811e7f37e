"""All accounts together: each is asked for itself, whatever is wrong with another, and nothing secret is in what is told."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.accounts import EXPIRES, FOUND, SECRET, TOKEN, VERIFIED, FakeAccount, put_in_place, three
from tutor.accounts.beside import in_thread
from tutor.accounts.connected import Connected, State, nearest, service_named
from tutor.accounts.model import AccountTrouble, Credential, Source, Trouble, Verified
from tutor.accounts.telling import as_json, details, mark_of, short, summary
from tutor.errors import AccountError
from tutor.i18n import Words

NOW = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
WORDS = Words("en")


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeAccount]:
    made = three()
    put_in_place(monkeypatch, made)
    return made


def connected(limit: float = 10, changed: list[str] | None = None) -> Connected:
    told = changed if changed is not None else []
    return Connected(Path("/nowhere"), WORDS, {}, changed=told.append, limit=limit)


def said(state: State, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(line.role, line.text) for line in details(state, now, WORDS)]


async def test_each_says_who_it_is_or_what_is_wrong(accounts: dict[str, FakeAccount]) -> None:
    states = {state.service: state async for state in connected().states()}
    assert {service: summary(state, WORDS) for service, state in states.items()} == {
        "github": "octocat",
        "google": "not connected",
        "kaggle": "cannot be used",
    }
    assert [mark_of(states[service]) for service in ("github", "google", "kaggle")] == ["passed", "", "not_yet"]
    assert said(states["github"]) == [
        ("", "May do: gist, repo"),
        ("", "Kept for you alone in /home/me/accounts/github.json"),
        ("", "Connected since 28 Nov 2026, 14:05"),
        ("", "Valid until 26 Feb 2099"),
        ("could_not_check", "This token may do more than tutor [b]needs[/b]."),
    ]
    assert said(states["kaggle"])[0] == ("not_yet", "Kaggle refuses the token: it has expired. Make another one.")
    assert said(states["google"]) == []


async def test_a_silent_service_delays_no_other_and_is_told_as_silent(accounts: dict[str, FakeAccount]) -> None:
    accounts["github"].answers.clear()
    order = [state async for state in connected(limit=0.2).states()]
    assert order[-1].service == "github"
    assert (order[-1].trouble, order[-1].source) == (Trouble.NETWORK, Source.OURS)
    assert order[-1].message == "GitHub has not answered for 0 s."
    assert (mark_of(order[-1]), summary(order[-1], WORDS)) == ("could_not_check", "could not be asked")
    accounts["github"].answers.set()


async def test_who_stops_listening_leaves_nothing_behind(accounts: dict[str, FakeAccount]) -> None:
    accounts["github"].answers.clear()
    async with aclosing(connected().states()) as states:
        await anext(states)
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
    accounts["github"].answers.set()


async def test_a_broken_file_and_a_fault_of_our_own_are_states_too(
    accounts: dict[str, FakeAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts["google"].broken = AccountTrouble(Trouble.BROKEN, "The file is no credential.", "Connect it anew.")
    state = await connected().state("google")
    assert (mark_of(state), said(state)) == ("not_yet", [("not_yet", "The file is no credential. Connect it anew.")])

    def fail(_: Credential) -> Verified:
        raise ValueError(SECRET)

    monkeypatch.setattr(accounts["github"], "verify", fail)
    state = await connected().state("github")
    assert state.message == "Something in tutor itself failed: ValueError."
    assert SECRET not in repr(state)


async def test_nothing_secret_is_in_what_is_told(accounts: dict[str, FakeAccount]) -> None:
    async for state in connected().states():
        assert SECRET not in repr(state) + json.dumps(as_json(state)) + repr(said(state))
    assert as_json(await connected().state("github")) == {
        "service": "github",
        "connected": True,
        "who": "octocat",
        "rights": ["gist", "repo"],
        "since": "2026-11-28T14:05:00+00:00",
        "expires": "2099-02-26T12:00:00+00:00",
        "source": "ours",
        "place": "/home/me/accounts/github.json",
        "remarks": ["This token may do more than tutor [b]needs[/b]."],
        "trouble": None,
        "message": None,
        "hint": None,
        "address": None,
    }


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (timedelta(days=60), ("", "Valid until 26 Feb 2099")),
        (timedelta(days=3, hours=1), ("could_not_check", "Valid until 26 Feb 2099 (days left: 3)")),
        (timedelta(hours=2), ("could_not_check", "Valid until 26 Feb, 12:00")),
        (timedelta(0), ("not_yet", "Expired on 26 Feb 2099")),
    ],
)
def test_the_end_of_a_credential_is_told_the_nearer_it_is(left: timedelta, told: tuple[str, str]) -> None:
    state = State("github", Source.OURS, "file", verified=replace(VERIFIED, remarks=(), rights=()))
    assert said(state, EXPIRES - left)[-1] == told


async def test_control_characters_from_a_service_reach_nobody() -> None:
    state = State("github", Source.TOOL, "gh\x1b[2J", verified=Verified("me\x1b]0;x\x07", ("re\x1b[31mpo",)))
    assert summary(state, WORDS) == "me"
    assert said(state) == [("", "May do: repo"), ("", "From gh")]


async def test_another_address_is_told_so_that_nobody_takes_it_for_the_service(
    accounts: dict[str, FakeAccount],
) -> None:
    environment = {"TUTOR_DRIVE_API_URL": "http://127.0.0.1:1"}
    state = await Connected(Path("/nowhere"), WORDS, environment).state("google")
    assert said(state) == [
        ("", "Not the service itself: http://127.0.0.1:1 stands in its place, as TUTOR_DRIVE_API_URL says")
    ]


def test_places_are_told_as_people_write_them() -> None:
    assert short(f"{Path.home()}/.config/x") == "~/.config/x"
    assert short("GITHUB_TOKEN") == "GITHUB_TOKEN"


# -- changing it


async def test_a_guide_leads_to_a_credential_and_says_so_at_its_end(accounts: dict[str, FakeAccount]) -> None:
    changed: list[str] = []
    accounts["github"].found = None
    led = await connected(changed=changed).guide("github")
    for value in ("token", ""):
        assert (await led.answer(value)).done
    assert (led.step, led.place) == (TOKEN, (3, 3))
    wrong = await led.answer("no")
    assert ([well for well, _ in wrong.said], led.step, changed) == ([True, False], TOKEN, [])
    await led.back()
    assert led.place == (2, 3)
    await led.answer("")
    assert (await led.answer(SECRET)).done
    assert (led.step, changed) == (None, ["github"])


async def test_trouble_within_a_guide_is_an_answer_that_was_not_right(accounts: dict[str, FakeAccount]) -> None:
    accounts["google"].fails = AccountTrouble(Trouble.NETWORK, "Google does not answer.", "Try again.")
    led = await connected().guide("google")
    checked = await led.answer("/tmp/client.json")
    assert (checked.done, checked.said) == (False, ((False, "Google does not answer. Try again."),))


async def test_a_variable_decides_so_nothing_is_connected_beside_it(accounts: dict[str, FakeAccount]) -> None:
    accounts["github"].found = replace(FOUND, source=Source.VARIABLE, place="GITHUB_TOKEN")
    with pytest.raises(AccountError, match="GITHUB_TOKEN signs in at GitHub") as raised:
        await connected().guide("github")
    assert "unset GITHUB_TOKEN" in raised.value.hint
    assert said(await connected().state("github"))[-1] == (
        "",
        "As long as it is set, nothing else that is connected counts.",
    )


async def test_disconnecting_forgets_and_tells_others(accounts: dict[str, FakeAccount]) -> None:
    changed: list[str] = []
    both = connected(changed=changed)
    gone = await both.disconnect("github")
    assert gone is not None
    assert gone.revoked
    assert await both.disconnect("github") is None
    assert changed == ["github", "github"]


@pytest.mark.parametrize(
    ("typed", "service"),
    [("GitHub", "github"), (" drive", "google"), ("Google  Drive", "google"), ("kaggle", "kaggle"), ("hub", None)],
)
def test_services_have_usual_names(typed: str, service: str | None) -> None:
    assert service_named(typed) == service
    assert nearest("githob") == "github"
    assert nearest("xyz") == ""


# -- threads


@pytest.fixture
def blocked() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


async def test_who_is_cancelled_does_not_wait_for_the_thread(blocked: threading.Event) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await in_thread(lambda: blocked.wait(20))


async def test_a_client_that_ends_the_program_ends_only_its_thread() -> None:
    with pytest.raises(RuntimeError, match="asked tutor to end: 1"):
        await in_thread(lambda: exec("raise SystemExit(1)"))


def test_a_loop_that_has_ended_is_no_trouble_to_a_thread_that_comes_late(blocked: threading.Event) -> None:
    done = threading.Event()

    def slow() -> None:
        blocked.wait(20)
        done.set()

    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await in_thread(slow)

    asyncio.run(main())
    blocked.set()
    assert done.wait(10)

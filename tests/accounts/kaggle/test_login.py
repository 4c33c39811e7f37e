"""Kaggle's login by browser, with the stand-in for Kaggle and a request for the browser."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.support.kaggle import everything_of
from tests.support.kaggle_accounts import Make, at, disconnected, led, mode, told
from tests.support.waiting import wait_for
from tutor.accounts.kaggle.login import browser_is_here
from tutor.accounts.model import AccountTrouble, Ask, Checked, Guide
from tutor.kit.services.kaggle_client import unsigned_session
from tutor.practice.faults import Fault, Kind
from tutor.practice.kaggle.service import Kaggle
from tutor.practice.service import LEARNER

SCREEN = {"DISPLAY": ":0"}


def browse(guide: Guide) -> str:
    """What a browser does; at the end it shows this."""
    assert guide.step is not None
    with unsigned_session() as session:
        return session.get(guide.step.url).text


def in_a_thread(guide: Guide, value: str = "") -> tuple[threading.Thread, list[Checked]]:
    came: list[Checked] = []
    thread = threading.Thread(target=lambda: came.append(guide.answer(value)))
    thread.start()
    return thread, came


def test_a_login_comes_back_by_itself_where_the_browser_is_here(make: Make, service: Kaggle, home: Path) -> None:
    account = make(**SCREEN)
    guide = led(account, "login")
    assert guide.step is not None
    assert guide.step.ask is Ask.WAIT
    thread, came = in_a_thread(guide)
    assert "go back to tutor" in browse(guide)
    thread.join()
    assert came[0].done, told(came[0])
    file = home / ".kaggle/credentials.json"
    assert mode(file) == 0o600
    known = json.loads(file.read_bytes())
    assert set(known) == {"refresh_token", "access_token", "access_token_expiration", "username", "scopes"}
    found = account.find()
    assert found is not None
    assert account.verify(found).who == LEARNER
    revoked, said = disconnected(account)
    assert revoked, said
    assert not file.exists()
    assert service.tokens.record(known["refresh_token"]) is None
    assert service.tokens.record(known["access_token"]) is None


def test_a_login_is_typed_where_the_browser_is_elsewhere(make: Make) -> None:
    account = make(**SCREEN, SSH_CONNECTION="1.2.3.4 5 6.7.8.9 22")
    guide = led(account, "login")
    assert guide.step is not None
    assert (at(guide), guide.step.ask) == ("code", Ask.TEXT)
    assert not guide.answer(" ").done
    first = guide.step.url
    checked = guide.answer("wrong code")
    assert not checked.done
    assert "does not accept this code" in told(checked)
    assert guide.step.url != first
    assert guide.answer(browse(guide)).done


def test_saying_no_in_the_browser_connects_nothing(make: Make, service: Kaggle, home: Path) -> None:
    service.consents = False
    guide = led(make(**SCREEN), "login")
    thread, came = in_a_thread(guide)
    assert "Nothing was connected" in browse(guide)
    thread.join()
    assert not came[0].done
    assert "not agreed" in told(came[0])
    assert list(home.iterdir()) == []
    service.consents = True
    thread, came = in_a_thread(guide)
    browse(guide)
    thread.join()
    assert came[0].done


def test_a_stranger_s_answer_is_not_taken(make: Make) -> None:
    guide = led(make(**SCREEN), "login")
    thread, came = in_a_thread(guide)
    attempt: Any = getattr(guide, "_attempt")  # noqa: B009 - no part of a guide's face
    port = attempt._listener.port
    with unsigned_session() as session:
        for path in ("favicon.ico", "?code=theirs&state=guessed", "?code=theirs"):
            assert session.get(f"http://127.0.0.1:{port}/{path}").status_code == 400
    assert came == []
    browse(guide)
    thread.join()
    assert came[0].done


def test_closing_lets_go_whoever_waits(make: Make, home: Path) -> None:
    guide = led(make(**SCREEN), "login")
    thread, came = in_a_thread(guide)
    wait_for(thread.is_alive)
    guide.close()
    guide.close()
    thread.join()
    assert not came[0].done
    assert list(home.iterdir()) == []


def test_a_login_that_was_won_is_not_lost_when_the_network_fails_after_it(make: Make, service: Kaggle) -> None:
    guide = led(make(**SCREEN), "login")
    service.faults.plan(Fault(Kind.RESET), path="IntrospectToken", times=4)
    thread, came = in_a_thread(guide)
    browse(guide)
    thread.join()
    assert not came[0].done
    assert "cannot be reached" in told(came[0])
    assert guide.answer("").done


def test_going_back_ends_the_listener(make: Make) -> None:
    guide = led(make(**SCREEN), "login")
    assert guide.step is not None
    guide.back()
    assert at(guide) == "way"
    assert not any(thread.name == "kaggle login" and thread.is_alive() for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("environment", "is_here"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"WSL_DISTRO_NAME": "Ubuntu"}, True),
        ({"DISPLAY": ":10", "SSH_TTY": "/dev/pts/1"}, False),
    ],
)
def test_where_a_browser_is(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_here: bool) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert browser_is_here(environment) is is_here


def test_no_trouble_of_an_account_shows_its_secret(make: Make, service: Kaggle) -> None:
    account = make()
    assert led(account, "token").answer(service.tokens.access).done
    found = account.find()
    assert found is not None
    service.faults.plan(Fault(Kind.RESET), times=99)
    with pytest.raises(AccountTrouble) as trouble:
        account.verify(found)
    assert service.tokens.access not in everything_of(trouble.value) + repr(found)

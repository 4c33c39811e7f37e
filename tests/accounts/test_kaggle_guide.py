"""The way to a credential for Kaggle, and the way out again."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.kaggle import everything_of, hurried, serving
from tests.support.waiting import wait_for
from tutor.accounts.kaggle import Kaggle as Account
from tutor.accounts.kaggle.asking import Asker
from tutor.accounts.kaggle.login import browser_is_here
from tutor.accounts.model import AccountTrouble, Ask, Checked, Guide, Source
from tutor.i18n import Words
from tutor.kit.services.kaggle_client import unsigned_session
from tutor.practice.faults import Fault, Kind
from tutor.practice.kaggle.service import Kaggle
from tutor.practice.service import LEARNER

Make = Callable[..., Account]
SCREEN = {"DISPLAY": ":0"}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    with serving(tmp_path / "practice", monkeypatch) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def make(service: Kaggle, home: Path, tmp_path: Path) -> Make:
    def made(**variables: str) -> Account:
        words = Words("en")
        account = Account(tmp_path / "accounts", words, {"TUTOR_KAGGLE_API_URL": service.root, **variables}, home)
        account._asker = Asker(service.root, words, hurried())
        return account

    return made


def at(guide: Guide) -> str:
    return guide.step.id if guide.step is not None else "connected"


def led(account: Account, way: str) -> Guide:
    """At the step where that way begins."""
    guide = account.guide()
    assert guide.answer("").done
    assert guide.answer(way).done
    return guide


def told(checked: Checked) -> str:
    return "\n".join(sentence for _, sentence in checked.said)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def disconnected(account: Account) -> tuple[bool, str]:
    found = account.find()
    assert found is not None
    assert found.source is Source.OURS
    gone = account.disconnect(found)
    return gone.revoked, gone.said


# -- to the ways


def test_it_begins_with_what_an_account_needs_and_whether_kaggle_can_be_reached(make: Make, service: Kaggle) -> None:
    guide = make().guide()
    assert guide.step is not None
    assert (at(guide), guide.step.ask, guide.place) == ("account", Ask.NOTHING, (1, 3))
    assert "Phone verification" in guide.step.text
    service.faults.plan(Fault(Kind.PAGE), times=99)
    checked = guide.answer("")
    assert not checked.done
    assert "web page" in told(checked)
    service.faults.clear()
    checked = guide.answer("")
    assert [is_well for is_well, _ in checked.said] == [True, True]
    assert at(guide) == "way"
    assert [key for key, _ in guide.step.choices] == ["token", "key", "login"]
    assert not guide.answer("something else").done
    guide.back()
    assert at(guide) == "account"
    guide.back()
    assert at(guide) == "account"


# -- a token


@pytest.mark.parametrize("around", ["{}", "  {}\n", "export KAGGLE_API_TOKEN={}", "KAGGLE_API_TOKEN='{}'", "“{}”"])
def test_a_token_is_looked_at_written_and_found_by_all(make: Make, service: Kaggle, home: Path, around: str) -> None:
    account = make()
    guide = led(account, "token")
    assert guide.step is not None
    assert guide.step.ask is Ask.SECRET
    checked = guide.answer(around.format(service.tokens.access))
    assert checked.done, told(checked)
    assert (at(guide), guide.place) == ("connected", (3, 3))
    file = home / ".kaggle/access_token"
    assert file.read_text(encoding="utf-8") == service.tokens.access
    assert mode(file) == 0o600
    assert f"belongs to {LEARNER}" in told(checked)
    assert all(is_well for is_well, _ in checked.said)
    found = account.find()
    assert found is not None
    assert (found.source, found.place) == (Source.OURS, str(file))
    assert account.verify(found).who == LEARNER


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "no token"),
        ("two words", "no token"),
        ("KGAT_令牌", "no token"),
        ("0123456789abcdef0123456789abcdef", "without the name"),
        ("KGAT_wrong", "does not accept this token"),
    ],
)
def test_a_token_that_is_none_changes_nothing(make: Make, home: Path, value: str, words: str) -> None:
    guide = led(make(), "token")
    checked = guide.answer(value)
    assert not checked.done
    assert words in told(checked)
    assert at(guide) == "token"
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("fault", [Fault(Kind.STATUS, 503), Fault(Kind.RESET), Fault(Kind.PAGE)], ids=str)
def test_a_token_that_could_not_be_asked_about_is_not_written(
    make: Make, service: Kaggle, home: Path, fault: Fault
) -> None:
    guide = led(make(), "token")
    service.faults.plan(fault, times=99)
    checked = guide.answer(service.tokens.access)
    assert not checked.done
    assert service.tokens.access not in told(checked)
    assert list(home.iterdir()) == []
    service.faults.clear()
    assert guide.answer(service.tokens.access).done


def test_another_token_that_was_there_is_kept(make: Make, service: Kaggle, home: Path) -> None:
    (home / ".kaggle").mkdir()
    (home / ".kaggle/access_token").write_text("KGAT_of_another_purpose", encoding="utf-8")
    account = make()
    checked = led(account, "token").answer(service.tokens.access)
    kept = home / ".kaggle/access_token.before-tutor"
    assert str(kept) in told(checked)
    assert kept.read_text(encoding="utf-8") == "KGAT_of_another_purpose"
    assert mode(kept) == 0o600
    # Ours is replaced without keeping it.
    assert led(account, "token").answer(service.tokens.access).done
    assert sorted(file.name for file in kept.parent.iterdir()) == ["access_token", "access_token.before-tutor"]


def test_settings_that_are_no_longer_read_are_told_of(make: Make, service: Kaggle, home: Path) -> None:
    settings = home / ".config/kaggle/kaggle.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"path": "/content"}', encoding="utf-8")
    account = make()
    checked = led(account, "token").answer(service.tokens.access)
    assert checked.done
    assert f"mv {settings} {home}/.kaggle/" in told(checked)
    disconnected(account)
    assert not (home / ".kaggle").exists()  # so they are read again


def test_a_folder_that_cannot_be_written_is_said(make: Make, service: Kaggle, home: Path) -> None:
    (home / ".kaggle").write_text("a file", encoding="utf-8")
    checked = led(make(), "token").answer(service.tokens.access)
    assert not checked.done
    assert "cannot be written" in told(checked)
    assert service.tokens.access not in told(checked)


def test_disconnecting_revokes_a_token_and_removes_it(make: Make, service: Kaggle, home: Path, tmp_path: Path) -> None:
    account = make()
    assert led(account, "token").answer(service.tokens.access).done
    notes = (tmp_path / "accounts/kaggle.json").read_text(encoding="utf-8")
    assert service.tokens.access not in notes
    revoked, said = disconnected(account)
    assert revoked
    assert "no longer valid" in said
    assert list(home.iterdir()) == []
    assert account.find() is None
    assert service.tokens.record(service.tokens.access) is None


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(Kind.STATUS, 403), "still accepts it"),
        (Fault(Kind.STATUS, 404), "still accepts it"),
        (Fault(Kind.STATUS, 500), "still accepts it"),
        (Fault(Kind.PAGE), "still accepts it"),
        (Fault(Kind.RESET), "not known"),
    ],
    ids=["403", "404", "500", "page", "reset"],
)
def test_what_kaggle_does_not_revoke_is_left_to_the_learner(
    make: Make, service: Kaggle, home: Path, fault: Fault, words: str
) -> None:
    account = make()
    assert led(account, "token").answer(service.tokens.access).done
    service.faults.plan(fault, path="ExpireApiToken", times=99)
    revoked, said = disconnected(account)
    assert not revoked
    assert words in said
    assert "kaggle.com/settings/api" in said
    assert list(home.iterdir()) == []


def test_an_answer_that_is_lost_does_not_hide_that_it_was_revoked(make: Make, service: Kaggle) -> None:
    account = make()
    assert led(account, "token").answer(service.tokens.access).done
    service.faults.plan(Fault(Kind.LOST), path="ExpireApiToken")
    assert disconnected(account)[0]


# -- a key


@pytest.fixture
def downloaded(service: Kaggle, home: Path) -> Path:
    file = home / "Downloads/kaggle (1).json"
    file.parent.mkdir()
    (file.parent / "kaggle.json").write_text("{}", encoding="utf-8")
    file.write_text(json.dumps({"username": LEARNER, "key": service.tokens.key}), encoding="utf-8")
    file.chmod(0o644)
    return file


def test_a_key_is_brought_to_its_place_for_its_owner_only(make: Make, home: Path, downloaded: Path) -> None:
    account = make()
    guide = led(account, "key")
    assert guide.step is not None
    assert (guide.step.ask, guide.step.default) == (Ask.FILE, str(downloaded))
    checked = guide.answer(guide.step.default)
    assert checked.done, told(checked)
    assert "could read" in told(checked)
    target = home / ".config/kaggle/kaggle.json"
    assert mode(target) == 0o600
    assert not downloaded.exists()
    assert account.find() is not None
    revoked, said = disconnected(account)
    assert not revoked
    assert str(downloaded) in said
    assert "expire it at kaggle.com/settings/api" in said
    assert not target.exists()


def test_a_key_that_lies_where_it_belongs_stays_there(make: Make, service: Kaggle, home: Path) -> None:
    file = home / ".kaggle/kaggle.json"
    file.parent.mkdir()
    content = {"path": "/content", "username": LEARNER, "key": service.tokens.key}
    file.write_text(json.dumps(content), encoding="utf-8")
    account = make()
    assert led(account, "key").answer(str(file.parent)).done
    assert json.loads(file.read_bytes()) == content
    assert mode(file) == 0o600
    disconnected(account)
    assert json.loads(file.read_bytes()) == {"path": "/content"}


def test_another_key_that_was_there_is_kept(make: Make, home: Path, downloaded: Path) -> None:
    file = home / ".kaggle/kaggle.json"
    file.parent.mkdir()
    file.write_text('{"username": "another", "key": "k", "path": "/content"}', encoding="utf-8")
    checked = led(make(), "key").answer(str(downloaded))
    assert checked.done
    kept = file.with_name("kaggle.json.before-tutor")
    assert str(kept) in told(checked)
    assert json.loads(kept.read_bytes())["key"] == "k"
    assert json.loads(file.read_bytes())["path"] == "/content"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("{", "not JSON"),
        ("[1]", "both a name and a key"),
        ('{"username": "me"}', "both a name and a key"),
        ('{"username": "me", "key": 7}', "both a name and a key"),
        ('{"username": "me", "key": "wrong"}', "does not accept this key"),
    ],
)
def test_a_file_that_is_no_key_stays_where_it_is(make: Make, home: Path, content: str | None, words: str) -> None:
    file = home / "my key.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    checked = led(make(), "key").answer(f"'{file}'")
    assert not checked.done
    assert words in told(checked)
    assert [each.name for each in home.iterdir()] == ([] if content is None else [file.name])


def test_what_another_credential_would_hide_is_not_begun(make: Make, service: Kaggle, home: Path) -> None:
    account = make()
    assert led(account, "token").answer(service.tokens.access).done
    guide = account.guide()
    assert guide.answer("").done
    for way in ("key", "login"):
        checked = guide.answer(way)
        assert not checked.done
        assert str(home / ".kaggle/access_token") in told(checked)
    assert at(guide) == "way"


# -- a login


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

"""The way to a credential for Kaggle, and the way out again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.kaggle_accounts import Make, at, disconnected, led, mode, told
from tutor.accounts.kaggle.asking import Asker, Who
from tutor.accounts.model import Ask, Source
from tutor.kit.services.kaggle_client import unsigned_session
from tutor.practice.faults import Fault, Kind
from tutor.practice.kaggle.service import Kaggle
from tutor.practice.service import LEARNER

# -- to the ways


def test_it_begins_with_what_an_account_needs_and_whether_kaggle_can_be_reached(make: Make, service: Kaggle) -> None:
    guide = make().guide()
    assert guide.step is not None
    assert (at(guide), guide.step.ask, guide.place) == ("account", Ask.NOTHING, (1, 3))
    assert "Phone Verification" in guide.step.text
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


@pytest.mark.parametrize("way", ["token", "key", "login"])
def test_what_is_left_while_it_is_looked_at_keeps_nothing_and_takes_nothing_away(
    make: Make, service: Kaggle, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    guide = led(make(), way)
    downloaded = tmp_path / "downloaded.json"
    downloaded.write_text(json.dumps({"username": LEARNER, "key": service.tokens.key}))
    assert guide.step is not None
    with unsigned_session() as session:
        code = session.get(guide.step.url).text if way == "login" else ""
    values = {"token": service.tokens.access, "key": str(downloaded), "login": code}
    for asked in ("token", "key"):
        answer = getattr(Asker, asked)

        def left(*given: object, answer: Callable[..., Who] = answer) -> Who:
            guide.close()
            return answer(*given)

        monkeypatch.setattr(Asker, asked, left)
    assert not guide.answer(values[way]).done
    assert list(home.iterdir()) == []
    assert downloaded.exists()
    if way == "login":
        assert not any(
            record.get("refresh") and not record.get("ended") for record in service.kept.get("tokens").values()
        )

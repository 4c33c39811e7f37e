from __future__ import annotations

import json
import stat
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.oauth2.credentials import Credentials

from tests.accounts.google.world import World
from tests.support.proxies import beside, socks_to
from tutor.accounts.google import Google
from tutor.accounts.google.renewing import renewed
from tutor.accounts.google.token_file import SignIn
from tutor.accounts.model import AccountTrouble, Credential, Source, Trouble
from tutor.i18n import Words
from tutor.practice.faults import Fault, Kind

SCOPE = "https://www.googleapis.com/auth/drive.file"


def found(google: Google) -> Credential:
    credential = google.find()
    assert credential is not None
    return credential


def change(one: World, **changes: object) -> None:
    """Another value in the file."""
    kept = json.loads(one.file.read_text())
    one.file.write_text(json.dumps({**kept, **changes}))


def trouble(call: Callable[[], object]) -> AccountTrouble:
    with pytest.raises(AccountTrouble) as caught:
        call()
    return caught.value


def wrong_clock(monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    """This computer's clock is so many seconds ahead of the service's."""
    from tornado import httputil

    right = httputil.format_timestamp
    monkeypatch.setattr("tornado.web.httputil.format_timestamp", lambda when: right(time.time() - ahead))


def test_nothing_is_connected(one: World) -> None:
    assert one.google().find() is None
    assert not one.folder.exists()


def test_a_variable_comes_first_and_is_left_alone(one: World) -> None:
    one.signed_in()
    token = one.service.lent().environment["TUTOR_DRIVE_TOKEN"]
    google = one.google(environment={"TUTOR_DRIVE_TOKEN": token})
    credential = found(google)
    assert (credential.source, credential.place) == (Source.VARIABLE, "TUTOR_DRIVE_TOKEN")
    assert dict(credential.environment) == {"TUTOR_DRIVE_TOKEN": token, "TUTOR_DRIVE_API_URL": one.service.root}
    assert token not in repr(credential)
    assert google.fresh(credential) is credential
    assert google.verify(credential).rights == ("drive.file",)
    refused = trouble(lambda: google.disconnect(credential))
    assert "TUTOR_DRIVE_TOKEN" in refused.message
    assert one.file.exists()


@pytest.mark.parametrize("token", ["ya29.one two", "ya29.\u4f60", "a\nb"])
def test_a_variable_that_holds_no_token_is_told(one: World, token: str) -> None:
    told = trouble(one.google(environment={"TUTOR_DRIVE_TOKEN": token}).find)
    assert told.trouble is Trouble.BROKEN
    assert token not in told.message


def test_a_token_that_may_do_more_is_remarked(one: World) -> None:
    google = one.google(environment={"TUTOR_DRIVE_TOKEN": one.service.lent().by_hand["token"]})
    verified = google.verify(found(google))
    assert "drive" in verified.rights
    assert any("may do more than lessons need (drive)" in remark for remark in verified.remarks)


def test_a_sign_in_is_found_whole(one: World) -> None:
    google = one.signed_in()
    credential = found(google)
    assert (credential.source, credential.place) == (Source.OURS, str(one.file))
    assert credential.since is not None
    assert timedelta(0) <= datetime.now(UTC) - credential.since < timedelta(minutes=1)
    assert stat.S_IMODE(one.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(one.folder.stat().st_mode) == 0o700
    verified = google.verify(google.fresh(credential))
    assert (verified.who, verified.rights) == ("practice-learner@example.com", ("drive.file",))
    assert verified.expires is not None
    assert timedelta(days=6) < verified.expires - datetime.now(UTC) < timedelta(days=7, minutes=1)
    assert verified.remarks == ()


def test_googles_own_library_reads_the_file(one: World) -> None:
    one.signed_in()
    credentials = Credentials.from_authorized_user_file(str(one.file))
    assert credentials.valid
    assert credentials.scopes == [SCOPE]


@pytest.mark.parametrize("meanwhile", ["disconnected", "connected anew"])
def test_what_was_done_while_a_token_was_renewed_is_not_undone(
    one: World, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    google = one.signed_in()
    first = found(google)
    change(one, expiry=None)

    def slowly(sign_in: SignIn, *more: Any) -> SignIn:
        done = renewed(sign_in, *more)
        if meanwhile == "disconnected":
            one.file.unlink()
        else:
            change(one, refresh_token="1//0another")
        return done

    monkeypatch.setattr("tutor.accounts.google.account.renewed", slowly)
    assert google.fresh(first).environment["TUTOR_DRIVE_TOKEN"]
    if meanwhile == "disconnected":
        assert not one.file.exists()
    else:
        assert json.loads(one.file.read_text())["refresh_token"] == "1//0another"


def test_an_access_token_is_renewed_in_time_and_not_before(one: World) -> None:
    google = one.signed_in()
    first = found(google)
    one.service.faults.plan(Fault(Kind.STATUS, 500), times=9)
    assert google.fresh(first).environment == first.environment
    one.service.faults.clear()
    soon = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    change(one, expiry=soon)
    second = google.fresh(first)
    assert second.environment["TUTOR_DRIVE_TOKEN"] != first.environment["TUTOR_DRIVE_TOKEN"]
    assert found(google).environment == second.environment
    assert stat.S_IMODE(one.file.stat().st_mode) == 0o600
    assert google.verify(second).who == "practice-learner@example.com"
    assert found(google).since == first.since


def test_what_google_has_ended_is_explained(one: World) -> None:
    google = one.signed_in()
    credential = found(google)
    one.service.expire_sign_ins()
    assert trouble(lambda: google.verify(credential)).trouble is Trouble.REFUSED
    change(one, expiry=None)
    refused = trouble(lambda: google.fresh(credential))
    assert (refused.trouble, refused.message) == (Trouble.REFUSED, "The sign-in at Google is over.")
    assert "seven days" in refused.hint
    assert "tutor accounts connect google" in refused.hint


@pytest.mark.parametrize(("ahead", "text"), [(3600, "60 min off"), (-1800, "30 min off")])
def test_a_wrong_clock_is_named(one: World, ahead: float, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    google = one.signed_in()
    credential = found(google)
    wrong_clock(monkeypatch, ahead)
    assert any("min off" in remark for remark in google.verify(credential).remarks)
    one.service.expire_sign_ins()
    change(one, expiry=None)
    refused = trouble(lambda: google.fresh(credential))
    assert refused.trouble is Trouble.CLOCK
    assert text in refused.message


def test_a_client_that_is_gone_is_told(one: World) -> None:
    google = one.signed_in()
    for changes, text in (
        ({"client_id": "other.apps.googleusercontent.com"}, "knows no such client"),
        ({"client_secret": "GOCSPX-other"}, "its secret is another"),
    ):
        change(one, expiry=None, **changes)
        assert text in trouble(lambda: google.fresh(found(google))).message
        change(one, client_id=one.service.grants.clients["desktop"])


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"client_id": 1}', b"\xff\xfe", b'{"refresh_token": "1//x"}']
)
def test_a_file_that_is_none_is_told_and_replaced(one: World, content: bytes) -> None:
    one.folder.mkdir()
    one.file.write_bytes(content)
    google = one.google()
    assert trouble(google.find).trouble is Trouble.BROKEN
    one.signed_in()
    assert google.find() is not None


def test_a_sign_in_of_one_address_is_shown_to_no_other(one: World) -> None:
    one.signed_in()
    assert Google(one.folder, Words("en"), {}).find() is None
    assert one.google(environment={"TUTOR_DRIVE_API_URL": "http://127.0.0.1:9"}).find() is None


def test_a_file_that_others_can_read_is_closed(one: World) -> None:
    google = one.signed_in()
    one.file.chmod(0o644)
    assert any("could read" in remark for remark in google.verify(found(google)).remarks)
    assert stat.S_IMODE(one.file.stat().st_mode) == 0o600
    assert google.verify(found(google)).remarks == ()


def test_an_end_that_is_near_is_remarked(one: World) -> None:
    google = one.signed_in()
    change(one, ends=(datetime.now(UTC) + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert any("Publish app" in remark for remark in google.verify(found(google)).remarks)


def test_drive_switched_off_and_a_box_left_empty_are_rights(one: World) -> None:
    google = one.signed_in()
    one.service.enable_api(False)
    off = trouble(lambda: google.verify(found(google)))
    assert off.trouble is Trouble.RIGHTS
    assert "console.cloud.google.com/apis/library/drive.googleapis.com" in off.hint
    one.service.enable_api(True)
    for grant in one.service.grants._access.values():
        grant["scopes"] = ["openid"]
    box = trouble(lambda: google.verify(found(google)))
    assert box.trouble is Trouble.RIGHTS
    assert "unticked" in box.message


def test_disconnecting_revokes_and_removes(one: World) -> None:
    google = one.signed_in()
    credential = found(google)
    gone = google.disconnect(credential)
    assert gone.revoked
    assert "revoked" in gone.said
    assert not one.file.exists()
    assert google.find() is None
    assert trouble(lambda: google.verify(credential)).trouble is Trouble.REFUSED


def test_what_was_revoked_elsewhere_is_as_good(one: World) -> None:
    google = one.signed_in()
    one.service.expire_sign_ins()
    assert google.disconnect(found(google)).revoked


@pytest.mark.parametrize(
    "fault", [Fault(Kind.RESET), Fault(Kind.STATUS, 503), Fault(Kind.PAGE), Fault(Kind.STATUS, 400)]
)
def test_without_googles_word_the_learner_knows_what_is_left(one: World, fault: Fault) -> None:
    google = one.signed_in()
    one.service.faults.plan(fault, path="revoke", times=9)
    gone = google.disconnect(found(google))
    assert not gone.revoked
    assert "myaccount.google.com/connections" in gone.said
    assert "  " not in gone.said
    assert not one.file.exists()


FAULTS = {
    "401": (Fault(Kind.STATUS, 401), Trouble.REFUSED),
    "403-off": (Fault(Kind.STATUS, 403, "accessNotConfigured"), Trouble.RIGHTS),
    "404": (Fault(Kind.STATUS, 404), Trouble.REFUSED),
    "429": (Fault(Kind.STATUS, 429, "", {"Retry-After": "1"}), Trouble.BUSY),
    "500": (Fault(Kind.STATUS, 500), Trouble.BUSY),
    "502": (Fault(Kind.STATUS, 502), Trouble.BUSY),
    "reset": (Fault(Kind.RESET), Trouble.NETWORK),
    "lost": (Fault(Kind.LOST), Trouble.NETWORK),
    "cut": (Fault(Kind.CUT), Trouble.NETWORK),
    "page": (Fault(Kind.PAGE), Trouble.NETWORK),
}


@pytest.mark.parametrize("path", ["token$", "tokeninfo", "about"])
@pytest.mark.parametrize("fault", FAULTS)
def test_each_question_with_each_fault(one: World, fault: str, path: str) -> None:
    google = one.signed_in()
    planned, kind = FAULTS[fault]

    def sign_in() -> None:
        change(one, expiry=None)
        google.verify(google.fresh(found(google)))

    if kind is Trouble.BUSY or (kind is Trouble.NETWORK and fault != "page" and path != "token$"):
        one.service.faults.plan(planned, path=path)
        sign_in()  # once is not worth a word
        assert one.service.faults.met
    for language in ("en", "zh"):
        google = one.google(language)
        one.service.faults.plan(planned, path=path, times=9)
        told = trouble(sign_in)
        one.service.faults.clear()
        assert told.trouble is kind, told.message
        story = "".join([repr(told), told.message, told.hint, *traceback.format_exception(told)])
        assert any("\u4e00" <= letter <= "\u9fff" for letter in told.message) is (language == "zh")
        for secret in one.secrets:
            assert secret not in story
    sign_in()


def test_a_dead_proxy_is_not_on_the_way_to_this_computer(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "socks5h://127.0.0.1:9")
    google = one.signed_in()
    change(one, expiry=None)
    assert google.verify(google.fresh(found(google))).who == "practice-learner@example.com"
    away = Google(one.folder / "other", Words("en"), {"TUTOR_DRIVE_API_URL": "http://drive.example.com"})
    told = trouble(
        lambda: (
            away.guide().answer("browser") and away.verify(Credential({"TUTOR_DRIVE_TOKEN": "x"}, Source.VARIABLE, ""))
        )
    )
    assert told.trouble is Trouble.NETWORK
    assert "HTTPS_PROXY" in told.hint


def test_others_are_reached_through_the_proxy(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    one.service.names.add("drive.example.com")
    elsewhere = {"TUTOR_DRIVE_API_URL": "http://drive.example.com", "TUTOR_DRIVE_TOKEN": one.secrets[-2]}
    with beside(socks_to(int(one.service.root.rpartition(":")[2]), seen)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{proxy}")
        assert one.signed_in().verify(found(one.google())).who
        assert seen == []
        google = one.google(environment=elsewhere)
        assert google.verify(found(google)).who == "practice-learner@example.com"
    assert set(seen) == {"drive.example.com:80"}


def test_a_password_in_netrc_is_not_sent(one: World, environment: Path) -> None:
    (environment / ".netrc").write_text("machine 127.0.0.1 login me password secret\ndefault login a password b\n")
    (environment / ".netrc").chmod(0o600)
    google = one.signed_in()
    change(one, expiry=None)
    assert google.verify(google.fresh(found(google))).who == "practice-learner@example.com"


def test_an_answer_that_does_not_come_is_not_waited_for_long(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    google = one.signed_in()
    monkeypatch.setattr("tutor.accounts.google.asking.ANSWER_SECONDS", 0.05)
    one.service.faults.plan(Fault(Kind.SILENT), times=9)
    told = trouble(lambda: google.verify(found(google)))
    assert told.trouble is Trouble.NETWORK
    assert "does not answer in time" in told.message

from __future__ import annotations

import json
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.accounts.google.world import World
from tests.support.waiting import wait_for
from tutor.accounts.google.client_file import read_client
from tutor.accounts.google.guide import GoogleGuide, default_way
from tutor.accounts.model import AccountTrouble, Ask, Checked, Trouble
from tutor.i18n import Words
from tutor.practice.faults import Fault, Kind


def at(guide: GoogleGuide) -> str:
    return guide.step.id if guide.step else ""


def missed(checked: Checked) -> str:
    """What was not well."""
    assert not checked.done
    return " ".join(text for is_well, text in checked.said if not is_well)


def url(guide: GoogleGuide) -> str:
    step = guide.step
    assert step is not None
    return step.url


@pytest.mark.parametrize("way", ["browser", "device"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_way(one: World, way: str, language: str) -> None:
    google = one.google(language)
    guide, seen, places = google.guide(), [], []
    answers = [way, "make", "", "", "", "", str(one.downloads if way == "browser" else one.client_file("device"))]
    one.client_file("device").touch()
    one.client_file("desktop").touch()
    for answer in answers:
        step = guide.step
        assert step is not None
        assert step.title
        assert step.text
        assert (step.ask is Ask.CHOICE) is bool(step.choices)
        assert bool(step.label) is (step.ask is Ask.FILE)
        seen.append((step.id, step.ask, bool(step.url)))
        places.append(guide.place)
        checked = guide.answer(answer)
        assert checked.done, checked.said
    assert seen == [
        ("way", Ask.CHOICE, False),
        ("client", Ask.CHOICE, False),
        ("project", Ask.NOTHING, True),
        ("api", Ask.NOTHING, True),
        ("consent", Ask.NOTHING, True),
        ("create", Ask.NOTHING, True),
        ("file", Ask.FILE, False),
    ]
    places.append(guide.place)
    assert [number for number, _ in places] == list(range(1, 9))
    assert places[-1] == (8, 8)
    assert {total for _, total in places[2:]} == {8}
    step = guide.step
    assert step is not None
    assert (step.id, step.ask) == (way, Ask.WAIT)
    assert bool(step.code) is (way == "device")
    checked = one.browse(guide) if way == "browser" else guide.answer("")
    assert checked.done
    assert all(is_well for is_well, _ in checked.said)
    assert guide.step is None
    credential = google.find()
    assert credential is not None
    assert google.verify(credential).rights == ("drive.file",)
    guide.close()
    guide.close()


def test_the_question_to_google_is_as_it_should_be(one: World) -> None:
    guide = one.at_sign_in(one.google())
    parts = urlsplit(url(guide))
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert asked["scope"] == "https://www.googleapis.com/auth/drive.file"
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert (asked["access_type"], asked["code_challenge_method"], asked["response_type"]) == ("offline", "S256", "code")
    assert len(asked["state"]) >= 20
    assert one.service.grants.secret not in url(guide)
    guide.close()


def test_only_the_answer_that_is_waited_for_counts(one: World) -> None:
    guide = one.at_sign_in(one.google())
    checked = one.browse(guide, "favicon.ico", "?code=4/x&state=wrong", "?state=x", "?error=access_denied&state=")
    assert checked.done


def test_who_refuses_gets_another_go(one: World) -> None:
    guide = one.at_sign_in(one.google())
    one.service.person.refuses, before = True, url(guide)
    assert "access was refused" in missed(one.browse(guide))
    assert url(guide) != before
    with pytest.raises(requests.ConnectionError):
        requests.get(parse_qs(urlsplit(before).query)["redirect_uri"][0])
    one.service.person.refuses = False
    assert one.browse(guide).done


@pytest.mark.parametrize("way", ["browser", "device"])
def test_a_box_left_empty_is_told_and_the_grant_given_back(one: World, way: str) -> None:
    google = one.google()
    guide = one.at_sign_in(google, way)
    one.service.person.unticks_drive = True
    checked = one.browse(guide) if way == "browser" else guide.answer("")
    assert "left unticked" in missed(checked)
    assert one.service.grants._refresh == {}
    assert google.find() is None
    one.service.person.unticks_drive = False
    assert (one.browse(guide) if way == "browser" else guide.answer("")).done


def test_on_an_error_page_nobody_comes_back_and_the_step_says_what_it_means(
    one: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.accounts.google.loopback.WAIT_SECONDS", 0.3)
    guide = one.at_sign_in(one.google())
    one.service.person.page = "org_internal"
    step, before = guide.step, url(guide)
    assert step is not None
    for error in ("access_denied", "org_internal", "redirect_uri_mismatch", "invalid_client"):
        assert error in step.text
    assert "Nobody came back" in missed(one.browse(guide))
    assert url(guide) != before
    guide.close()


@pytest.mark.parametrize("leave", ["back", "close"])
@pytest.mark.parametrize("way", ["browser", "device"])
def test_waiting_can_be_left(one: World, way: str, leave: str) -> None:
    guide = one.at_sign_in(one.google(), way)
    one.service.person.polls_before = -1
    answers: list[Checked] = []
    waiting = threading.Thread(target=lambda: answers.append(guide.answer("")))
    waiting.start()
    wait_for(lambda: way == "browser" or next(iter(one.service.grants._codes.values())).polls > 1)
    getattr(guide, leave)()
    waiting.join(5)
    assert answers == [Checked(done=False)]
    assert at(guide) == ("file" if leave == "back" else way) or leave == "close"
    assert one.google().find() is None
    if leave == "back":
        one.service.person.polls_before = 0
        assert guide.answer(str(one.client_file("desktop" if way == "browser" else "device"))).done
        assert (one.browse(guide) if way == "browser" else guide.answer("")).done


def test_a_device_is_patient(one: World) -> None:
    guide = one.at_sign_in(one.google(), "device")
    person, faults = one.service.person, one.service.faults
    person.polls_before = 3
    faults.plan(Fault(Kind.STATUS, 403, "slow_down"), path="token$")
    faults.plan(Fault(Kind.RESET), path="token$")
    faults.plan(Fault(Kind.STATUS, 503), path="token$")
    faults.plan(Fault(Kind.PAGE), path="token$")
    assert guide.answer("").done
    assert len(faults.met) == 4


@pytest.mark.parametrize(
    ("person", "text"),
    [({"refuses": True}, "access was refused"), ({"device_seconds": -1}, "The code has expired. There is a new one")],
)
def test_a_device_that_gets_a_no_shows_a_new_code(one: World, person: dict[str, float], text: str) -> None:
    guide = one.at_sign_in(one.google(), "device")
    step = guide.step
    assert step is not None
    before = step.code
    for name, value in person.items():
        setattr(one.service.person, name, value)
    assert text in missed(guide.answer(""))
    assert guide.step is not None
    assert guide.step.code != before
    guide.close()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("admin_policy_enforced", "organisation of this account"),
        ("org_internal", "Only people of the client's organisation"),
        ("invalid_client", "knows no such client"),
        ("deleted_client", "knows no such client"),
        ("invalid_scope", "does not give this client the right"),
        ("something_new", "Google refused: something_new"),
    ],
)
def test_each_refusal_has_its_words(one: World, error: str, text: str) -> None:
    guide = one.at_sign_in(one.google(), "device")
    one.service.faults.plan(Fault(Kind.STATUS, 403, error), path="token$")
    assert text in missed(guide.answer(""))
    guide.close()


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault(Kind.STATUS, 400, "redirect_uri_mismatch"), "must be a “Desktop app”"),
        (Fault(Kind.STATUS, 401, "invalid_client"), "knows no such client"),
        (Fault(Kind.STATUS, 500), "fault of its own"),
        (Fault(Kind.RESET), "cannot be reached"),
        (Fault(Kind.LOST), "cannot be reached"),
        (Fault(Kind.PAGE), "Something else answered"),
        (Fault(Kind.CUT), "cannot be reached"),
    ],
    ids=["redirect", "client", "500", "reset", "lost", "page", "cut"],
)
def test_a_code_that_becomes_no_token_is_told(one: World, fault: Fault, text: str) -> None:
    guide = one.at_sign_in(one.google())
    one.service.faults.plan(fault, path="token$")
    told = missed(one.browse(guide))
    assert text in told
    assert not any(secret in told for secret in one.secrets)
    assert one.browse(guide).done, "and the next go is a whole one"


def test_a_client_of_the_wrong_kind_is_told(one: World) -> None:
    guide = one.google().guide()
    guide.answer("device")
    guide.answer("file")
    assert "wrong type for this way" in missed(guide.answer(str(one.client_file("desktop"))))
    assert at(guide) == "file"
    assert guide.answer(str(one.client_file("device"))).done
    guide.close()


def test_drive_is_switched_on_without_a_second_sign_in(one: World) -> None:
    guide = one.at_sign_in(one.google())
    one.service.enable_api(False)
    assert "Drive API is switched off" in missed(one.browse(guide))
    one.service.enable_api(True)
    assert guide.answer("").done
    assert one.google().find() is not None


def test_a_folder_that_cannot_be_written_is_mended_without_a_second_sign_in(one: World) -> None:
    one.folder.write_text("in the way")
    guide = one.at_sign_in(one.google())
    assert "could not be written" in missed(one.browse(guide))
    one.folder.unlink()
    assert guide.answer("").done
    assert one.google().find() is not None


def test_the_client_of_last_time_can_be_used_again(one: World) -> None:
    google = one.signed_in()
    one.service.expire_sign_ins()
    guide = google.guide()
    step = guide.step
    assert step is not None
    assert step.default == "browser"
    guide.answer("device")
    assert guide.step is not None
    assert "kept" not in dict(guide.step.choices)
    guide.back()
    guide.answer("browser")
    assert guide.step is not None
    assert guide.step.default == "kept"
    assert guide.answer("kept").done
    assert one.browse(guide).done
    credential = google.find()
    assert credential is not None
    assert google.verify(credential).who


def test_going_back_ends_at_the_first_step(one: World) -> None:
    guide = one.at_sign_in(one.google())
    steps = []
    while guide.place[0] > 1:
        guide.back()
        steps.append(at(guide))
    assert steps == ["file", "client", "way"]
    guide.back()
    assert at(guide) == "way"
    assert not guide.answer("nonsense").done
    guide.answer("browser")
    assert not guide.answer("kept").done


def test_google_must_answer_first(one: World) -> None:
    guide = one.google().guide()
    one.service.faults.plan(Fault(Kind.RESET), times=9)
    assert "cannot be reached" in missed(guide.answer("browser"))
    assert at(guide) == "way"
    one.service.faults.clear()
    assert guide.answer("browser").done


def test_a_listener_that_is_not_allowed_leads_to_the_other_way(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tutor.accounts.google.loopback.http.server.ThreadingHTTPServer", refuse)
    guide = one.google().guide()
    guide.answer("browser")
    guide.answer("file")
    assert "take the way with a code" in missed(guide.answer(str(one.client_file())))


@pytest.mark.parametrize(
    ("variables", "way"),
    [
        ({}, "device"),
        ({"DISPLAY": ":0"}, "browser"),
        ({"WAYLAND_DISPLAY": "wayland-0", "SSH_CONNECTION": "1 2 3 4"}, "device"),
        ({"DISPLAY": ":0", "COLAB_RELEASE_TAG": "x"}, "device"),
        ({"WSL_DISTRO_NAME": "Ubuntu"}, "browser"),
    ],
)
def test_the_likely_way_stands_first(variables: dict[str, str], way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert default_way(variables) == way


CLIENT = {"client_id": "1-x.apps.googleusercontent.com", "client_secret": "GOCSPX-x"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff", "not_json"),
        (b" " * 70_000, "not_json"),
        (b"[]", "other"),
        (b"{}", "other"),
        (json.dumps({"type": "service_account", "private_key": "x"}).encode(), "service"),
        (json.dumps({"type": "authorized_user", "refresh_token": "x"}).encode(), "token"),
        (json.dumps({"web": CLIENT}).encode(), "web"),
        (json.dumps({"installed": []}).encode(), "other"),
        (json.dumps({"installed": {**CLIENT, "client_id": "x"}}).encode(), "no_id"),
        (json.dumps({"installed": {"client_id": CLIENT["client_id"]}}).encode(), "no_secret"),
        (None, "missing"),
    ],
    ids=[*("empty", "half", "bytes", "huge", "list", "none", "service", "token", "web", "odd", "id", "secret", "gone")],
)
def test_a_clients_file_is_looked_at(tmp_path: Path, content: bytes | None, key: str, language: str) -> None:
    path, words = tmp_path / "client.json", Words(language)
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AccountTrouble) as caught:
        read_client(path, words)
    assert caught.value.trouble is Trouble.BROKEN
    assert caught.value.hint == words(f"google.file_{key}_hint")
    assert str(path) in caught.value.message
    assert "GOCSPX" not in repr(caught.value)


def test_of_a_folder_the_newest_client_is_taken_and_shown_without_its_secret(one: World) -> None:
    words = Words("en")
    found = read_client(one.downloads, words)
    assert found.secret not in repr(found)
    for path in one.downloads.iterdir():
        path.unlink()
    with pytest.raises(AccountTrouble, match="There is no client_secret"):
        read_client(one.downloads, words)


def test_a_clients_file_that_others_can_read_is_remarked(one: World) -> None:
    guide = one.google().guide()
    guide.answer("browser")
    guide.answer("file")
    one.client_file().chmod(0o644)
    checked = guide.answer(f'"{one.client_file()}"')
    assert checked.done
    assert any(not is_well and "chmod 600" in text for is_well, text in checked.said)
    guide.close()

"""Kaggle's client as the kit gives it: signed in with what is meant, at the address in force, and quiet."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from requests.exceptions import ConnectionError as NoConnection

from tests.support.kaggle import SMALL, Overheard, everything_of, hurried, serving, signed_in
from tutor.kit.services import kaggle
from tutor.kit.services import kaggle_client as led
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.person import person
from tutor.practice.faults import Fault, Kind
from tutor.practice.kaggle.service import Kaggle
from tutor.practice.service import LEARNER


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    with serving(tmp_path / "practice", monkeypatch) as running:
        yield running


def test_the_client_is_the_official_one_signed_in_and_quiet(
    service: Kaggle, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with signed_in(service, monkeypatch):
        api = kaggle()
    assert type(api).__module__ == "kaggle.api.kaggle_api_extended"
    assert api.get_config_value("username") == LEARNER
    assert api.dataset_status(SMALL) == "ready"
    assert capfd.readouterr() == ("", "")


def test_nothing_in_the_home_is_made_or_read_in_practice(
    service: Kaggle, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with signed_in(service, monkeypatch):
        api = kaggle()
        api.set_config_value("path", "/content", quiet=True)
    assert json.loads((service.config / "kaggle.json").read_bytes()) == {"path": "/content"}
    assert not list(environment.glob(".kaggle/*"))
    assert not list(environment.glob(".config/kaggle/*"))


def test_without_any_credential_it_says_what_mends_that(
    service: Kaggle, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TUTOR_KAGGLE_API_URL", service.root)
    with pytest.raises(NotSignedIn, match=r"kaggle\.com/settings/api"):
        kaggle()
    monkeypatch.setenv("TUTOR_LANG", "zh")
    with pytest.raises(NotSignedIn, match="令牌"):
        kaggle()
    assert capfd.readouterr() == ("", "")


def test_name_and_key_sign_in(service: Kaggle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_KAGGLE_API_URL", service.root)
    monkeypatch.setenv("KAGGLE_USERNAME", LEARNER)
    monkeypatch.setenv("KAGGLE_KEY", service.tokens.key)
    assert kaggle().dataset_status(SMALL) == "ready"


def test_a_client_keeps_its_address_whatever_comes_later(
    service: Kaggle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "live", monkeypatch) as live:
        with signed_in(service, monkeypatch):
            practice = kaggle()
        with signed_in(live, monkeypatch):
            real = kaggle()
            assert real.dataset_status(SMALL) == "ready"
        with signed_in(service, monkeypatch):
            again = kaggle()
        for kept, owner in ((practice, service), (real, live), (again, service)):
            assert kept.config_values["token"] == owner.tokens.access
            # The other one would refuse this token.
            assert kept.dataset_status(SMALL) == "ready"


def test_the_person_is_signed_in_with_the_token_at_hand(service: Kaggle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAGGLE_API_TOKEN", "KGAT_of_somebody_else")
    api = person(**service.lent().by_hand)
    assert api.get_config_value("username") == LEARNER
    assert [found.ref for found in api.dataset_list(mine=True)] == [f"{LEARNER}/my-first-run"]
    with pytest.raises(NotSignedIn):
        person("kaggle", service.root, "KGAT_wrong")


def test_a_login_of_the_learner_s_never_comes_to_practice(
    service: Kaggle, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = environment / ".kaggle"
    folder.mkdir()
    login = json.dumps({"refresh_token": "KGRT_real", "username": "me", "access_token": "", "scopes": []})
    (folder / "credentials.json").write_text(login, encoding="utf-8")
    with signed_in(service, monkeypatch):
        monkeypatch.setenv("KAGGLE_API_TOKEN", "KGAT_no_longer_valid")
        with pytest.raises(NotSignedIn):
            kaggle()
    assert (folder / "credentials.json").read_text(encoding="utf-8") == login


def test_a_login_signs_in_where_nothing_else_does(
    service: Kaggle, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = service.tokens.exchange(service.tokens.consent("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", "all"), "")
    assert made is not None
    folder = environment / ".kaggle"
    folder.mkdir()
    login = {
        "refresh_token": made["refreshToken"],
        "access_token": made["accessToken"],
        "access_token_expiration": datetime.now(UTC).isoformat(),
        "username": LEARNER,
    }
    (folder / "credentials.json").write_text(json.dumps(login), encoding="utf-8")
    monkeypatch.setenv("TUTOR_KAGGLE_API_URL", service.root)
    assert kaggle().dataset_status(SMALL) == "ready"


def test_a_key_that_others_can_read_is_still_warned_of(
    service: Kaggle, environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = environment / ".kaggle"
    folder.mkdir()
    file = folder / "kaggle.json"
    file.write_text(json.dumps({"username": LEARNER, "key": service.tokens.key}), encoding="utf-8")
    file.chmod(0o644)
    monkeypatch.setenv("TUTOR_KAGGLE_API_URL", service.root)
    assert kaggle().dataset_status(SMALL) == "ready"
    assert f"chmod 600 {file}" in capsys.readouterr().out


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.LOST, Kind.CUT, Kind.SLOW])
def test_a_bad_moment_while_signing_in_is_waited_out(
    service: Kaggle, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    service.faults.plan(Fault(kind), path="IntrospectToken", times=2)
    with signed_in(service, monkeypatch):
        api = led.signed_in(led.address(), patience=hurried())
    assert api.get_config_value("username") == LEARNER
    assert len(service.faults.met) >= 1


def test_it_says_at_once_that_it_waits(service: Kaggle, monkeypatch: pytest.MonkeyPatch) -> None:
    service.faults.plan(Fault(Kind.STATUS, 429, headers={"Retry-After": "7"}), path="IntrospectToken")
    said: list[str] = []
    with signed_in(service, monkeypatch):
        led.signed_in(led.address(), patience=hurried(said=said))
    assert [line for line in said if "7 s" in line or "8 s" in line] == said != []


@pytest.mark.parametrize(
    ("fault", "english", "chinese"),
    [
        (Fault(Kind.STATUS, 401), "accepts no token", "认可的令牌"),
        (Fault(Kind.STATUS, 403), "accepts no token", "认可的令牌"),
        (Fault(Kind.STATUS, 404), "accepts no token", "认可的令牌"),
        (Fault(Kind.STATUS, 429, headers={"Retry-After": "90"}), "Wait 90 s", "等 90 秒"),
        (Fault(Kind.STATUS, 429), "a few minutes", "几分钟"),
        (Fault(Kind.STATUS, 500), "fault of its own", "自己暂时出了故障"),
        (Fault(Kind.STATUS, 502), "502", "502"),
        (Fault(Kind.RESET), "cannot be reached", "连不上"),
        (Fault(Kind.PAGE), "web page", "网页"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.kind}-{value.status}",
)
def test_what_stays_wrong_while_signing_in_is_said_plainly(
    service: Kaggle,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    fault: Fault,
    english: str,
    chinese: str,
) -> None:
    service.faults.plan(fault, times=99)
    heard = Overheard()
    for language, words in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("TUTOR_LANG", language)
        with (
            heard.listening(),
            signed_in(service, monkeypatch),
            pytest.raises(ServiceError, match=words) as told,
        ):
            led.signed_in(led.address(), patience=hurried())
        shown = everything_of(told.value) + "".join(heard.lines) + "".join(capfd.readouterr())
        assert service.tokens.access not in shown
        assert "<html" not in str(told.value)


def test_a_silent_kaggle_is_not_waited_for_without_end(service: Kaggle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(led, "SILENCE_SECONDS", 0.1)
    service.faults.plan(Fault(Kind.SILENT), times=99)
    with signed_in(service, monkeypatch), pytest.raises(ServiceError, match="no answer in time"):
        led.signed_in(led.address(), patience=hurried())


def test_a_token_that_can_be_no_token_is_not_shown(service: Kaggle) -> None:
    for token in ("KGAT_two\nlines", "KGAT_ü令牌"):
        with pytest.raises(NotSignedIn) as told:
            led.signed_in_with(service.root, token)
        assert token not in everything_of(told.value)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_loopback_takes_no_proxy(service: Kaggle, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"{scheme}://127.0.0.1:{port}")
        with signed_in(service, monkeypatch):
            assert kaggle().dataset_status(SMALL) == "ready"


def test_everything_else_takes_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def refuse() -> None:
            connection, _ = proxy.accept()
            with connection:
                asked.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        waiting = threading.Thread(target=refuse)
        waiting.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        with led.bare_client(led.KAGGLE, None) as client, pytest.raises(NoConnection):
            client.security.oauth_client.introspect_token()
        waiting.join()
    assert asked[0].startswith(b"CONNECT api.kaggle.com:443 ")


def test_the_config_folder_is_where_kaggle_s_program_looks(tmp_path: Path) -> None:
    assert led.config_folder({}, tmp_path) == tmp_path / ".config/kaggle"
    assert led.config_folder({"XDG_CONFIG_HOME": "/x"}, tmp_path) == Path("/x/kaggle")
    (tmp_path / ".kaggle").mkdir()
    assert led.config_folder({"XDG_CONFIG_HOME": "/x"}, tmp_path) == tmp_path / ".kaggle"
    assert led.config_folder({"KAGGLE_CONFIG_DIR": "/y"}, tmp_path) == Path("/y")


def test_the_address_in_force_is_kaggle_s_own_unless_another_is_set() -> None:
    assert "TUTOR_KAGGLE_API_URL" not in os.environ
    assert led.address() == led.KAGGLE
    assert led.address({"TUTOR_KAGGLE_API_URL": "http://127.0.0.1:5/"}) == "http://127.0.0.1:5"

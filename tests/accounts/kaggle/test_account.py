"""An account at Kaggle: where its credential is found, what Kaggle says of it, and what disconnecting leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.kaggle import Overheard, everything_of
from tests.support.kaggle_accounts import Make
from tutor.accounts.model import AccountTrouble, Credential, Source, Trouble
from tutor.practice.faults import Fault, Kind
from tutor.practice.kaggle.service import Kaggle
from tutor.practice.service import LEARNER

TOKEN = "KGAT_0123456789abcdef"
EMPTY_CHALLENGE = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
"""Of a verifier that is empty."""


def write(file: Path, content: str | Mapping[str, Any], mode: int = 0o600) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    file.chmod(mode)
    return file


def pair(key: str = "0" * 32, username: str = LEARNER) -> dict[str, str]:
    return {"username": username, "key": key}


def login(service: Kaggle, home: Path, left: timedelta = timedelta(hours=3), **changes: Any) -> Path:
    """A login as Kaggle's program has it."""
    made = service.tokens.exchange(service.tokens.consent(EMPTY_CHALLENGE, "resources.admin:*"), "")
    assert made is not None
    known = {
        "refresh_token": made["refreshToken"],
        "access_token": made["accessToken"],
        "access_token_expiration": (datetime.now(UTC) + left).isoformat(),
        "username": LEARNER,
        "scopes": ["resources.admin:*"],
    }
    return write(home / ".kaggle/credentials.json", known | changes)


def secret_of(credential: Credential | None) -> str:
    assert credential is not None
    values = credential.environment
    return values.get("KAGGLE_API_TOKEN") or values["KAGGLE_KEY"]


# -- finding


def test_nothing_is_found_where_nothing_is(make: Make) -> None:
    assert make().find() is None


def test_the_official_order_decides(make: Make, service: Kaggle, home: Path) -> None:
    login(service, home)
    refresh = json.loads((home / ".kaggle/credentials.json").read_bytes())["access_token"]
    assert secret_of(make().find()) == refresh
    write(home / ".kaggle/kaggle.json", pair("1" * 32))
    assert secret_of(make().find()) == "1" * 32
    assert secret_of(make(KAGGLE_USERNAME="me", KAGGLE_KEY="2" * 32).find()) == "2" * 32
    write(home / ".kaggle/access_token.txt", "KGAT_three\r\n")
    assert secret_of(make().find()) == "KGAT_three"
    write(home / ".kaggle/access_token", "KGAT_four")
    assert secret_of(make().find()) == "KGAT_four"
    assert secret_of(make(KAGGLE_API_TOKEN="KGAT_five", KAGGLE_KEY="2" * 32).find()) == "KGAT_five"
    named = write(home / "token file", "KGAT_six\n")
    assert secret_of(make(KAGGLE_API_TOKEN=str(named)).find()) == "KGAT_six"
    assert secret_of(make(KAGGLE_API_TOKEN="x" * 5000).find()) == "x" * 5000


def test_within_a_kaggle_notebook_its_own_token_comes_first(make: Make, home: Path) -> None:
    given = write(home / "given", "KGAT_given")
    notebook = {"KAGGLE_API_V1_TOKEN": str(given), "KAGGLE_KERNEL_RUN_TYPE": "Batch"}
    assert make(**notebook).find() is None
    assert secret_of(make(**notebook, KAGGLE_DATA_PROXY_URL="http://x", KAGGLE_API_TOKEN="a").find()) == "KGAT_given"


@pytest.mark.parametrize(
    ("folder", "variables"),
    [
        (".kaggle", {}),
        (".config/kaggle", {}),
        ("xdg/kaggle", {"XDG_CONFIG_HOME": "{home}/xdg"}),
        ("chosen", {"KAGGLE_CONFIG_DIR": "{home}/chosen"}),
    ],
)
def test_the_key_s_file_is_where_the_program_looks(
    make: Make, home: Path, folder: str, variables: dict[str, str]
) -> None:
    write(home / folder / "kaggle.json", pair())
    found = make(**{name: value.format(home=home) for name, value in variables.items()}).find()
    assert found is not None
    assert found.place == str(home / folder / "kaggle.json")


def test_the_config_folder_moves_the_key_only(make: Make, home: Path) -> None:
    write(home / "chosen/access_token", TOKEN)
    assert make(KAGGLE_CONFIG_DIR=str(home / "chosen")).find() is None


def test_settings_alone_are_no_credential(make: Make, home: Path) -> None:
    write(home / ".kaggle/kaggle.json", {"path": "/content"})
    assert make().find() is None


@pytest.mark.parametrize(
    ("file", "content", "variables", "words"),
    [
        ("kaggle.json", "{", {}, "not JSON"),
        ("kaggle.json", "[]", {}, "not JSON"),
        ("kaggle.json", {"username": "me"}, {}, "both a name and a key"),
        ("kaggle.json", {"username": "", "key": "k"}, {}, "both a name and a key"),
        ("kaggle.json", {}, {"KAGGLE_KEY": "k"}, "only one"),
        ("credentials.json", {"username": "me"}, {}, "no login"),
        ("access_token", "two words", {}, "not a token"),
        ("access_token", "KGAT_ü", {}, "not a token"),
        ("other", "\n", {"KAGGLE_API_TOKEN": "{home}/.kaggle/other"}, "is empty"),
    ],
)
def test_a_file_that_is_none_is_said_to_be_broken(
    make: Make, home: Path, file: str, content: Any, variables: dict[str, str], words: str
) -> None:
    write(home / ".kaggle" / file, content)
    with pytest.raises(AccountTrouble, match=words) as told:
        make(**{name: value.format(home=home) for name, value in variables.items()}).find()
    assert told.value.trouble is Trouble.BROKEN
    assert told.value.hint


def test_a_file_of_bytes_is_broken_and_not_shown(make: Make, home: Path) -> None:
    write(home / ".kaggle/access_token", "x").write_bytes(b"\xff\xfeK\x00G\x00")
    with pytest.raises(AccountTrouble, match="plain text"):
        make().find()


def test_it_knows_where_from_and_since_when_and_shows_no_secret(make: Make, home: Path) -> None:
    write(home / ".kaggle/access_token", TOKEN)
    found = make().find()
    assert found is not None
    assert found.source is Source.TOOL
    assert found.since is not None
    assert datetime.now(UTC) - found.since < timedelta(minutes=1)
    assert TOKEN not in repr(found)
    variable = make(KAGGLE_API_TOKEN=TOKEN).find()
    assert variable is not None
    assert (variable.source, variable.place) == (Source.VARIABLE, "KAGGLE_API_TOKEN")


# -- asking


def test_kaggle_says_whose_a_token_is_and_what_it_may(make: Make, service: Kaggle, home: Path) -> None:
    write(home / ".kaggle/access_token", service.tokens.access)
    account = make()
    found = account.find()
    assert found is not None
    assert account.fresh(found) is found
    verified = account.verify(found)
    assert (verified.who, list(verified.rights), verified.expires) == (LEARNER, ["resources.admin:*"], None)
    assert verified.remarks == ()


def test_a_key_is_asked_about_by_a_call_that_needs_it(make: Make, service: Kaggle, home: Path) -> None:
    file = write(home / ".config/kaggle/kaggle.json", pair(service.tokens.key), mode=0o644)
    account = make()
    found = account.find()
    assert found is not None
    verified = account.verify(found)
    assert verified.who == LEARNER
    assert f"chmod 600 {file}" in verified.remarks[0]
    assert "older kind" in verified.remarks[1]


def test_what_is_hidden_by_another_is_remarked(make: Make, service: Kaggle, home: Path) -> None:
    write(home / ".kaggle/access_token", service.tokens.access)
    hidden = write(home / ".kaggle/kaggle.json", pair())
    account = make()
    found = account.find()
    assert found is not None
    (remark,) = account.verify(found).remarks
    assert remark.startswith(f"{hidden} is there as well")


def test_what_a_variable_hides_is_remarked_too(make: Make, service: Kaggle, home: Path) -> None:
    hidden = write(home / ".kaggle/access_token", TOKEN)
    account = make(KAGGLE_API_TOKEN=service.tokens.access)
    found = account.find()
    assert found is not None
    assert account.verify(found).remarks == (
        f"{hidden} is there as well and is not used, since KAGGLE_API_TOKEN comes first.",
    )


@pytest.mark.parametrize("kind", ["token", "login"])
def test_a_token_s_end_is_told_and_a_login_has_none(make: Make, service: Kaggle, home: Path, kind: str) -> None:
    file = login(service, home)
    if kind == "token":
        write(home / ".kaggle/access_token", json.loads(file.read_bytes())["access_token"])
    account = make()
    found = account.find()
    assert found is not None
    expires = account.verify(found).expires
    assert (expires is not None) == (kind == "token")
    assert expires is None or timedelta(hours=2) < expires - datetime.now(UTC) <= timedelta(hours=3)


@pytest.mark.parametrize("kind", ["token", "key", "login"])
def test_what_kaggle_refuses_is_told_as_refused(make: Make, service: Kaggle, home: Path, kind: str) -> None:
    if kind == "token":
        write(home / ".kaggle/access_token", TOKEN)
    elif kind == "key":
        write(home / ".kaggle/kaggle.json", pair())
    else:
        file = login(service, home, left=timedelta(0))
        service.tokens.end(json.loads(file.read_bytes())["refresh_token"])
    account = make()
    found = account.find()
    assert found is not None
    with pytest.raises(AccountTrouble) as told:
        account.verify(found)
    assert told.value.trouble is Trouble.REFUSED
    assert found.place in {str(file) for file in (home / ".kaggle").iterdir()}  # and it is still there


FAULTS = {
    "429": (Fault(Kind.STATUS, 429, headers={"Retry-After": "70"}), Trouble.BUSY, "70", "70"),
    "429 plain": (Fault(Kind.STATUS, 429), Trouble.BUSY, "few minutes", "几分钟"),
    "500": (Fault(Kind.STATUS, 500), Trouble.BUSY, "500", "500"),
    "502": (Fault(Kind.STATUS, 502), Trouble.BUSY, "502", "502"),
    "reset": (Fault(Kind.RESET), Trouble.NETWORK, "cannot be reached", "连不上"),
    "cut": (Fault(Kind.CUT), Trouble.NETWORK, "cannot be reached", "连不上"),
    "page": (Fault(Kind.PAGE), Trouble.NETWORK, "web page", "网页"),
    "401": (Fault(Kind.STATUS, 401), Trouble.REFUSED, "does not accept|no longer", "不"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", ["IntrospectToken", "ListDatasets", "GenerateAccessToken"])
def test_each_refusal_has_its_kind_and_plain_words(
    make: Make, service: Kaggle, home: Path, call: str, fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    planned, trouble, english, chinese = FAULTS[fault]
    if call == "IntrospectToken":
        write(home / ".kaggle/access_token", service.tokens.access)
    elif call == "ListDatasets":
        write(home / ".kaggle/kaggle.json", pair(service.tokens.key))
    else:
        login(service, home, left=timedelta(0))
    service.faults.plan(planned, path=call, times=99)
    heard = Overheard()
    for language, words in (("en", english), ("zh", chinese)):
        account = make(language)
        found = account.find()
        assert found is not None
        with heard.listening(), pytest.raises(AccountTrouble) as told:
            account.verify(found)
        assert told.value.trouble is trouble
        said = f"{told.value.message} {told.value.hint}"
        assert any(word in said for word in words.split("|"))
        shown = everything_of(told.value) + said + "".join(heard.lines) + "".join(capfd.readouterr())
        assert secret_of(found) not in shown
        assert "<" not in said


def test_a_wrong_clock_is_named_when_kaggle_refuses(make: Make, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home / ".kaggle/access_token", TOKEN)
    account = make()
    account._asker.reach()
    assert not account._asker.clock.is_wrong
    monkeypatch.setattr("tutor.practice.handler.Handler.set_default_headers", in_the_past)
    found = account.find()
    assert found is not None
    with pytest.raises(AccountTrouble, match="60 min off") as told:
        account.verify(found)
    assert told.value.trouble is Trouble.CLOCK


def in_the_past(handler: Any) -> None:
    then = datetime.now(UTC) - timedelta(hours=1)
    handler.set_header("Date", then.strftime("%a, %d %b %Y %H:%M:%S GMT"))


# -- renewing


@pytest.mark.parametrize(("left", "is_renewed"), [(timedelta(hours=2), False), (timedelta(minutes=5), True)])
def test_a_login_is_renewed_before_it_ends(
    make: Make, service: Kaggle, home: Path, left: timedelta, is_renewed: bool
) -> None:
    file = login(service, home, left=left)
    before = json.loads(file.read_bytes())
    account = make()
    found = account.find()
    assert found is not None
    fresh = account.fresh(found)
    after = json.loads(file.read_bytes())
    assert (after["access_token"] != before["access_token"]) == is_renewed
    assert secret_of(fresh) == after["access_token"]
    assert account.verify(fresh).who == LEARNER
    assert file.stat().st_mode & 0o777 == 0o600
    assert {**after, "access_token": "", "access_token_expiration": ""} == {
        **before,
        "access_token": "",
        "access_token_expiration": "",
    }


def test_a_renewed_login_serves_though_its_file_cannot_be_written(
    make: Make, service: Kaggle, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(service, home, left=timedelta(0))
    account = make()
    found = account.find()
    assert found is not None

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(account._keeper, "renew_login", full)
    assert account.verify(account.fresh(found)).who == LEARNER


# -- disconnecting what is none of ours


@pytest.mark.parametrize("kind", ["variable", "token", "key", "login"])
def test_what_tutor_did_not_write_is_left_alone(make: Make, service: Kaggle, home: Path, kind: str) -> None:
    variables = {}
    if kind == "variable":
        variables["KAGGLE_API_TOKEN"] = service.tokens.access
    elif kind == "token":
        write(home / ".kaggle/access_token", service.tokens.access)
    elif kind == "key":
        write(home / ".kaggle/kaggle.json", pair(service.tokens.key))
    else:
        login(service, home)
    before = {file: file.read_bytes() for file in home.rglob("*") if file.is_file()}
    account = make(**variables)
    found = account.find()
    assert found is not None
    with pytest.raises(AccountTrouble) as told:
        account.disconnect(found)
    assert found.place in told.value.message
    mends = {"variable": "unset KAGGLE_API_TOKEN", "login": "kaggle auth revoke"}.get(kind, "Delete it yourself")
    assert mends in told.value.hint
    assert {file: file.read_bytes() for file in home.rglob("*") if file.is_file()} == before
    assert account.verify(found).who == LEARNER

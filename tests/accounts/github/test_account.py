"""A token for GitHub: found, asked about and disconnected, against the stand-in."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path

import pytest

from tutor.accounts.github import GitHub as Account
from tutor.accounts.github.addresses import Addresses
from tutor.accounts.github.kept import Kept, Token
from tutor.accounts.model import AccountTrouble, Credential, Source, Trouble
from tutor.i18n import Words
from tutor.practice.faults import Fault, Kind
from tutor.practice.github.handler import GitHubHandler
from tutor.practice.github.service import GitHub
from tutor.practice.github.tokens import APPLICATION, Grant

WORDS = Words("en")
NOTES = "practice-learner/gpu-notes"


def account(service: GitHub | None, folder: Path, words: Words = WORDS, **more: str) -> Account:
    root = {"GITHUB_API_URL": service.root} if service else {}
    return Account(folder / "accounts", words, {"PATH": "", **root, **more})


def keep(service: GitHub, folder: Path, token: str, expires: datetime | None = None) -> Path:
    kept = Kept(folder / "accounts", WORDS)
    kept.write(Token(token, service.root, expires=expires, repository=NOTES))
    return kept.file


def credential(service: GitHub, token: str) -> Credential:
    return Credential({"GITHUB_TOKEN": token, "GITHUB_API_URL": service.root}, Source.VARIABLE, "GITHUB_TOKEN")


def program(folder: Path, text: str) -> str:
    """A `gh` that does this; the PATH on which it is."""
    folder.mkdir(exist_ok=True)
    file = folder / "gh"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o700)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


# -- found


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert account(None, tmp_path).find() is None


def test_a_variable_comes_first_and_then_what_was_connected_here(service: GitHub, tmp_path: Path) -> None:
    file = keep(service, tmp_path, "github_pat_ours")
    found = account(service, tmp_path, GITHUB_TOKEN="github_pat_variable").find()
    assert found is not None
    assert (found.source, found.place) == (Source.VARIABLE, "GITHUB_TOKEN")
    assert found.environment == {"GITHUB_TOKEN": "github_pat_variable", "GITHUB_API_URL": service.root}
    ours = account(service, tmp_path).find()
    assert ours is not None
    assert (ours.source, ours.place, ours.environment["GITHUB_TOKEN"]) == (Source.OURS, str(file), "github_pat_ours")
    assert ours.since is not None
    assert abs((datetime.now(UTC) - ours.since).total_seconds()) < 60
    assert "github_pat" not in f"{found} {ours}"


def test_the_login_of_gh_is_asked_for_each_time(tmp_path: Path) -> None:
    path = program(tmp_path / "bin", 'echo "$@" >>"$0.asked"; echo gho_of_gh')
    found = account(None, tmp_path, PATH=path).find()
    assert found is not None
    assert (found.source, found.place, found.environment) == (
        Source.TOOL,
        "gh auth token",
        {"GITHUB_TOKEN": "gho_of_gh"},
    )
    assert (tmp_path / "bin/gh.asked").read_text() == "auth token --hostname github.com\n"


@pytest.mark.parametrize("text", ["exit 1", "echo not signed in >&2; exit 4", "true", "exec sleep 60"])
def test_a_gh_without_a_login_or_an_answer_is_none(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.accounts.github.gh.SECONDS", 0.5)
    assert account(None, tmp_path, PATH=program(tmp_path / "bin", text)).find() is None


def test_no_token_goes_to_another_address_than_its_own(service: GitHub, tmp_path: Path) -> None:
    path = program(tmp_path / "bin", "echo gho_of_github")
    Kept(tmp_path / "accounts", WORDS).write(Token("github_pat_live", "https://api.github.com"))
    assert account(service, tmp_path, PATH=path).find() is None
    company = account(None, tmp_path, GITHUB_API_URL="https://git.example.edu/api/v3", PATH=path)
    assert company.find() is not None  # what gh has for that host
    assert Addresses("https://git.example.edu/api/v3").host == "git.example.edu"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"token": 1, "root": "x"}',
        '{"token": "x"}',
        '{"token": "x", "root": "x", "since": "x"}',
        '{"token": "x", "root": "x", "since": "2026-11-29T10:00:00"}',
    ],
)
def test_a_broken_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts/github.json").write_text(text)
    with pytest.raises(AccountTrouble, match="is there, and is no token") as caught:
        account(None, tmp_path).find()
    assert caught.value.trouble is Trouble.BROKEN


@pytest.mark.parametrize("value", ["two words", "line\nend", "gîthub"])
def test_a_variable_that_can_be_no_token_is_told(tmp_path: Path, value: str) -> None:
    with pytest.raises(AccountTrouble) as caught:
        account(None, tmp_path, GITHUB_TOKEN=value).find()
    assert caught.value.trouble is Trouble.BROKEN
    assert value not in f"{caught.value.message} {caught.value.hint}"


def test_the_file_is_for_its_owner(service: GitHub, tmp_path: Path) -> None:
    file = keep(service, tmp_path, "github_pat_x")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


# -- asked about


def test_who_and_until_when(service: GitHub, tmp_path: Path) -> None:
    end = time.time() + 30 * 86400
    token = service.token_for("short", replace(APPLICATION, expires=end))
    verified = account(service, tmp_path).verify(credential(service, token))
    assert verified.who == "practice-learner"
    assert verified.expires is not None
    assert abs(verified.expires.timestamp() - end) < 1
    assert verified.rights == ()
    assert [remark[:31] for remark in verified.remarks] == ["GitHub tells no program what a "]


def test_a_classic_token_tells_its_rights(service: GitHub, tmp_path: Path) -> None:
    token = service.token_for("classic", Grant(scopes=["repo", "gist", "delete_repo"]))
    verified = account(service, tmp_path).verify(credential(service, token))
    assert verified.rights == ("repo", "gist", "delete_repo")
    assert any("more than lessons need (repo, delete_repo)" in remark for remark in verified.remarks)
    assert any("has no end" in remark for remark in verified.remarks)
    narrow = service.token_for("narrow", Grant(scopes=["public_repo", "gist"], expires=time.time() + 1000))
    assert account(service, tmp_path).verify(credential(service, narrow)).remarks == ()


def test_what_was_tried_out_when_connecting_is_told(service: GitHub, tmp_path: Path) -> None:
    keep(service, tmp_path, service.token_for("short", replace(APPLICATION, expires=time.time() + 1000)))
    here = account(service, tmp_path)
    found = here.find()
    assert found is not None
    verified = here.verify(found)
    assert verified.rights == (f"Contents of {NOTES}: read and write",)
    assert verified.remarks == ()


def test_a_file_that_others_can_read_is_told(service: GitHub, tmp_path: Path) -> None:
    file = keep(service, tmp_path, service.token_for("short", replace(APPLICATION, expires=time.time() + 1000)))
    file.chmod(0o644)
    here = account(service, tmp_path)
    found = here.find()
    assert found is not None
    assert here.verify(found).remarks == (WORDS("github.open_file", file=file),)


def test_a_token_that_ended_is_told_with_the_day(service: GitHub, tmp_path: Path) -> None:
    end = datetime(2026, 11, 20, 12, tzinfo=UTC)
    keep(service, tmp_path, "github_pat_gone", expires=end)
    here = account(service, tmp_path)
    found = here.find()
    assert found is not None
    with pytest.raises(AccountTrouble, match="The token ended on 2026-11-20"):
        here.verify(found)


def test_a_wrong_clock_is_told(service: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = service.token_for("short", replace(APPLICATION, expires=time.time() + 1000))
    monkeypatch.setattr(
        GitHubHandler,
        "set_default_headers",
        lambda self: self.set_header("Date", formatdate(time.time() - 7200, usegmt=True)),
    )
    verified = account(service, tmp_path).verify(credential(service, token))
    assert any("clock is 120 min off" in remark for remark in verified.remarks)


def test_loopback_goes_through_no_proxy(service: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert account(service, tmp_path).verify(credential(service, service.token_for("a"))).who == "practice-learner"


def test_a_netrc_signs_nothing(service: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert account(service, tmp_path).verify(credential(service, service.token_for("a"))).who == "practice-learner"


# -- disconnected


def test_it_is_revoked_and_forgotten(service: GitHub, tmp_path: Path) -> None:
    token = service.token_for("mine")
    file = keep(service, tmp_path, token)
    here = account(service, tmp_path)
    found = here.find()
    assert found is not None
    gone = here.disconnect(found)
    assert gone.revoked
    assert (
        gone.said
        == f"{file} is removed. GitHub says that the token is no longer valid; it sends you a mail about that."
    )
    assert not file.exists()
    assert here.find() is None
    with pytest.raises(AccountTrouble, match="does not accept"):
        here.verify(found)


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/credentials/revoke", Fault(Kind.STATUS, 404)),
        ("/credentials/revoke", Fault(Kind.PAGE)),
        ("/user", Fault(Kind.RESET)),
    ],
)
def test_what_was_not_revoked_is_told(service: GitHub, tmp_path: Path, path: str, fault: Fault) -> None:
    token = service.token_for("mine")
    file = keep(service, tmp_path, token)
    here = account(service, tmp_path)
    found = here.find()
    assert found is not None
    service.faults.plan(fault, path=path, times=99)
    gone = here.disconnect(found)
    assert not gone.revoked
    assert "settings/personal-access-tokens" in gone.said
    assert token not in gone.said
    assert not file.exists()


@pytest.mark.parametrize(
    ("source", "hint"), [(Source.VARIABLE, "unset GITHUB_TOKEN"), (Source.TOOL, "gh auth logout --hostname")]
)
def test_what_is_not_ours_is_left_alone(service: GitHub, tmp_path: Path, source: Source, hint: str) -> None:
    token = service.token_for("theirs")
    file = keep(service, tmp_path, token)
    with pytest.raises(AccountTrouble) as caught:
        account(service, tmp_path).disconnect(replace(credential(service, token), source=source))
    assert hint in caught.value.hint
    assert file.exists()
    assert account(service, tmp_path).verify(credential(service, token)).who


def test_nothing_of_ours_is_anywhere_else(service: GitHub, tmp_path: Path) -> None:
    token = service.token_for("mine")
    file = keep(service, tmp_path, token)
    here = account(service, tmp_path)
    found = here.find()
    assert found is not None
    here.verify(found)
    holding = [each for each in tmp_path.rglob("*") if each.is_file() and token.encode() in each.read_bytes()]
    assert set(holding) == {file, service.folder / "state.json"}
    assert json.loads(file.read_text())["root"] == service.root

"""`tutor accounts` with the services' own rooms, against the stand-ins of practice: there, listed, and out again, and no secret anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.support import Run
from tutor.practice.drive.service import Drive
from tutor.practice.github.service import GitHub
from tutor.practice.kaggle.service import Kaggle


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    service = GitHub(tmp_path / "github")
    yield service
    service.close()


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    service = Drive(tmp_path / "drive")
    service.person.interval = 0.05
    yield service
    service.close()


@pytest.fixture
def kaggle(tmp_path: Path) -> Iterator[Kaggle]:
    service = Kaggle(tmp_path / "kaggle")
    yield service
    service.close()


def there_and_out_again(run: Run, service: str, lines: list[str], home: Path) -> tuple[dict[str, Any], str]:
    """Connect, list, disconnect: the account as it was listed, and all that was said."""
    connected = run("accounts", "connect", service, stdin="".join(f"{line}\n" for line in lines))
    assert connected.code == 0, connected.err
    listed = run("accounts", "--json")
    account = next(one for one in json.loads(listed.out) if one["service"] == service)
    # The other two are not connected, which is nothing to be mended.
    assert (listed.code, account["connected"]) == (0, True), listed.out
    gone = run("accounts", "disconnect", service)
    assert gone.code == 0, gone.err
    after = run("accounts")
    assert f"tutor accounts connect {service}" in after.out
    log = home / "logs" / "tutor.log"
    said = "".join(ran.out + ran.err for ran in (connected, listed, gone, after))
    return account, said + (log.read_text() if log.exists() else "")


def test_github_by_a_token(github: GitHub, run: Run, tutor_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", github.root)
    token = github.lent().environment["GITHUB_TOKEN"]
    lines = ["1", "practice-learner/gpu-notes", "", "github_pat_wrong", token]
    account, said = there_and_out_again(run, "github", lines, tutor_home)
    assert account["who"] == "practice-learner"
    assert token not in said


def test_drive_by_a_code(
    drive: Drive, run: Run, tutor_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_DRIVE_API_URL", drive.root)
    file = tmp_path / "client_secret.json"
    client = drive.client_json("device")
    file.write_text(json.dumps(client))
    file.chmod(0o600)
    account, said = there_and_out_again(run, "google", ["2", "2", str(file)], tutor_home)
    assert account["rights"] == ["drive.file"]
    assert client["installed"]["client_secret"] not in said
    assert "ya29." not in said


def test_kaggle_by_a_token(kaggle: Kaggle, run: Run, tutor_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_KAGGLE_API_URL", kaggle.root)
    token = kaggle.lent().environment["KAGGLE_API_TOKEN"]
    account, said = there_and_out_again(run, "kaggle", ["", "1", "KGAT_" + "0" * 32, token], tutor_home)
    assert account["who"] == "practice-learner"
    assert token not in said

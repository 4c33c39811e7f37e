"""Kaggle's own program, as a process of its own, signs in with what the guide has written; and what it writes is found by tutor."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tutor.accounts.kaggle import Kaggle as Account
from tutor.accounts.model import Source
from tutor.i18n import Words
from tutor.kit.services.kaggle_client import unsigned_session
from tutor.kit.services.kaggle_command import launcher
from tutor.practice.kaggle.service import Kaggle
from tutor.practice.service import LEARNER


@pytest.fixture
def account(service: Kaggle, environment: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("TUTOR_KAGGLE_API_URL", service.root)
    return Account(environment / "accounts", Words("en"))


@pytest.mark.parametrize(("way", "method"), [("token", "ACCESS_TOKEN"), ("key", "LEGACY_API_KEY"), ("login", "OAUTH")])
def test_the_program_reads_what_the_guide_wrote(
    service: Kaggle, account: Account, environment: Path, way: str, method: str
) -> None:
    guide = account.guide()
    assert guide.answer("").done
    assert guide.answer(way).done
    assert guide.step is not None
    if way == "token":
        value = service.tokens.access
    elif way == "key":
        value = str(environment / "kaggle.json")
        Path(value).write_text(f'{{"username": "{LEARNER}", "key": "{service.tokens.key}"}}', encoding="utf-8")
    else:
        with unsigned_session() as session:
            value = session.get(guide.step.url).text
    assert guide.answer(value).done
    program = launcher(environment)
    done = subprocess.run([program, "config", "view"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    # Nothing else is said: no warning of a file that others can read.
    assert done.stdout.splitlines()[1:3] == [f"- username: {LEARNER}", f"- auth_method: {method}"]
    assert done.stdout.startswith("Configuration values from ")


def test_tutor_finds_the_login_that_the_program_made(
    service: Kaggle, account: Account, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = launcher(environment)
    with subprocess.Popen(
        [program, "auth", "login", "--no-launch-browser"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = next(line.strip() for line in process.stdout if line.strip().startswith("http"))
        # With an address in force, the browser is not sent to the real Kaggle either.
        assert address.startswith(f"{service.root}/api/v1/oauth2/authorize?")
        with unsigned_session() as session:
            process.stdin.write(session.get(address).text + "\n")
        process.stdin.close()
        assert f"logged in as [{LEARNER}]" in process.stdout.read()
    found = account.find()
    assert found is not None
    assert found.source is Source.TOOL
    assert account.verify(account.fresh(found)).who == LEARNER

"""Accounts and guides that do what a test says, in place of the services' own rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import ModuleType

import pytest

from tutor.accounts.model import (
    AccountTrouble,
    Ask,
    Checked,
    Credential,
    Disconnected,
    GuideStep,
    Source,
    Trouble,
    Verified,
)
from tutor.accounts.rooms import CLASSES
from tutor.i18n import Words

SECRET = "ghp_" + "x7Qw" * 9
"""Has the shape of a real one."""
SINCE = datetime(2026, 11, 28, 14, 5, tzinfo=UTC)
EXPIRES = datetime(2099, 2, 26, 12, 0, tzinfo=UTC)
FOUND = Credential({"GITHUB_TOKEN": SECRET}, Source.OURS, "/home/me/accounts/github.json", SINCE)
VERIFIED = Verified("octocat", ("gist", "repo"), EXPIRES, ("This token may do more than tutor [b]needs[/b].",))
WAY = GuideStep(
    "way",
    "How would you like to sign in?",
    "There are two ways.\n\nBoth end with the same.",
    Ask.CHOICE,
    choices=(("token", "With a token of your own"), ("tool", "As the program `gh` is signed in")),
    default="tool",
)
PAGE = GuideStep(
    "page",
    "Make a token",
    "1. Open the page below.\n2. Give it a name, such as `tutor`.\n3. Under **Repository access** choose *Only select repositories*.\n"
    "    tutor accounts\nSeen on 27 November 2026.",
    Ask.NOTHING,
    url="https://github.com/settings/personal-access-tokens/new",
)
TOKEN = GuideStep(
    "token",
    "Hand it over",
    "The page shows it once.",
    Ask.SECRET,
    label="The token",
    url="https://github.com/settings/tokens",
)
FILE = GuideStep("file", "The client's file", "Download it as JSON.", Ask.FILE, label="The file")
WAIT = GuideStep(
    "wait",
    "Allow it in the browser",
    "Type the code on that page.",
    Ask.WAIT,
    url="https://accounts.example/o/oauth2/auth?" + "&".join(f"name{number}=value{number}" for number in range(30)),
    code="ABCD-EFGH",
)


class FakeGuide:
    """Goes through its steps; each takes the answer that `right` has for it, or any."""

    def __init__(self, account: FakeAccount, steps: Sequence[GuideStep]) -> None:
        self._account = account
        self._steps = steps
        self._at = 0
        self.answers: list[str] = []
        self.closed = Event()
        self.turned = Event()
        """Somebody has gone back."""

    @property
    def step(self) -> GuideStep | None:
        return self._steps[self._at] if self._at < len(self._steps) else None

    @property
    def place(self) -> tuple[int, int]:
        return self._at + 1, len(self._steps)

    def answer(self, value: str) -> Checked:
        step = self.step
        assert step is not None
        self.answers.append(value)
        if step.ask is Ask.WAIT:
            self.turned.clear()
            while not self._account.allowed.wait(0.01):
                if self.closed.is_set() or self.turned.is_set():
                    return Checked(done=False, said=((False, "Nobody waits."),))
        assert self._account.gate.wait(20)
        if self._account.fails is not None:
            raise self._account.fails
        right = self._account.right.get(step.id, value)
        if value != right:
            return Checked(done=False, said=((True, "It is there."), (False, "GitHub refuses it. Make another one.")))
        self._at += 1
        if self.step is None:
            self._account.found, self._account.verified = FOUND, VERIFIED
        return Checked(done=True, said=((True, f"{step.title}: all is well."),))

    def back(self) -> None:
        self._at = max(self._at - 1, 0)
        self.turned.set()

    def close(self) -> None:
        self.closed.set()


class FakeAccount:
    """One service."""

    def __init__(self, service: str, steps: Sequence[GuideStep] = (WAY, PAGE, TOKEN)) -> None:
        self.service = service
        self.steps = steps
        self.found: Credential | None = None
        self.verified = VERIFIED
        self.trouble: AccountTrouble | None = None
        """Why the service does not accept it."""
        self.broken: AccountTrouble | None = None
        """Why there is no credential."""
        self.fails: AccountTrouble | None = None
        """What a guide's answer raises."""
        self.right: dict[str, str] = {"token": SECRET}
        self.allowed = Event()
        """In the browser."""
        self.answers = Event()
        """To be verified: set, or it is silent."""
        self.answers.set()
        self.gate = Event()
        """A guide's check is through."""
        self.gate.set()
        self.guides: list[FakeGuide] = []
        self.left: Credential | None = None
        """What signs in once the credential is disconnected."""
        self.stays: AccountTrouble | None = None
        """Why it cannot be disconnected."""

    def find(self) -> Credential | None:
        if self.broken is not None:
            raise self.broken
        return self.found

    def verify(self, credential: Credential) -> Verified:
        assert self.answers.wait(20)
        if self.trouble is not None:
            raise self.trouble
        return self.verified

    def fresh(self, credential: Credential) -> Credential:
        return credential

    def guide(self) -> FakeGuide:
        self.guides.append(FakeGuide(self, self.steps))
        return self.guides[-1]

    def disconnect(self, credential: Credential) -> Disconnected:
        if self.stays is not None:
            raise self.stays
        self.found = self.left
        return Disconnected(revoked=True, said="GitHub says that the token is no longer valid.")


def three() -> dict[str, FakeAccount]:
    """GitHub connected, Google Drive not, Kaggle refused."""
    accounts = {service: FakeAccount(service) for service in CLASSES}
    accounts["github"].found = FOUND
    accounts["google"].steps = (FILE, WAIT)
    accounts["kaggle"].found = replace(FOUND, source=Source.TOOL, place="~/.kaggle/access_token", since=None)
    accounts["kaggle"].trouble = AccountTrouble(
        Trouble.REFUSED, "Kaggle refuses the token: it has expired.", "Make another one."
    )
    return accounts


def put_in_place(monkeypatch: pytest.MonkeyPatch, accounts: Mapping[str, FakeAccount]) -> None:
    """Have them found where the services' own rooms are looked for."""
    for service, account in accounts.items():
        room = ModuleType(f"tutor.accounts.{service}")

        def made(_: Path, __: Words, ___: Mapping[str, str], account: FakeAccount = account) -> FakeAccount:
            return account

        setattr(room, CLASSES[service], made)
        monkeypatch.setitem(__import__("sys").modules, room.__name__, room)

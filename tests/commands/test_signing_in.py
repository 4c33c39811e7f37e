"""How steps are signed in: once for some minutes, honestly about what is wrong, and in practice at this computer only."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tutor.accounts.model import Account, AccountTrouble, Credential, Disconnected, Guide, Source, Trouble, Verified
from tutor.commands import signing_in
from tutor.commands.environment import Environment
from tutor.commands.signing_in import SigningIn
from tutor.kit.loopback import straight
from tutor.paths import Paths
from tutor.session.accounts import NotConnected

TOKEN = "a-token-that-nobody-may-see"
KEPT = Credential({"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": "https://github.example/api/v3"}, Source.OURS, "a file")


@dataclass
class FakeAccount:
    """Remembers what it was asked."""

    credential: Credential | None = KEPT
    trouble: AccountTrouble | None = None
    asked: list[str] = field(default_factory=list)
    service: str = "github"

    def find(self) -> Credential | None:
        self.asked.append("find")
        return self.credential

    def fresh(self, credential: Credential) -> Credential:
        self.asked.append("fresh")
        return credential

    def verify(self, credential: Credential) -> Verified:
        self.asked.append("verify")
        if self.trouble is not None:
            raise self.trouble
        return Verified("somebody")

    def guide(self) -> Guide:
        raise NotImplementedError

    def disconnect(self, credential: Credential) -> Disconnected:
        raise NotImplementedError


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(Paths(tmp_path / "home"), {})


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[Account], None]:
    def give(account: Account) -> None:
        monkeypatch.setattr(signing_in, "account_of", lambda service, *of_tutor: account)

    return give


async def test_an_accepted_credential_is_used_again_without_asking(
    environment: Environment, given: Callable[[Account], None]
) -> None:
    account = FakeAccount()
    given(account)
    accounts = SigningIn(environment, lasting=False)
    for _ in range(3):
        signed = await accounts.sign_in("github", practice=False)
        assert dict(signed.environment) == dict(KEPT.environment)
    assert account.asked == ["find", "fresh", "verify"]
    accounts.forget("github")
    await accounts.sign_in("github", practice=False)
    assert len(account.asked) == 6


async def test_nothing_that_is_lent_shows_in_what_is_printed_of_it(
    environment: Environment, given: Callable[[Account], None]
) -> None:
    given(FakeAccount())
    accounts = SigningIn(environment, lasting=False)
    signed = await accounts.sign_in("github", practice=False)
    assert TOKEN not in repr(signed) + repr(KEPT)
    assert accounts.secrets == [("GITHUB_TOKEN", TOKEN)], "an address is no secret"


async def test_without_a_credential_nobody_is_asked(environment: Environment, given: Callable[[Account], None]) -> None:
    account = FakeAccount(credential=None)
    given(account)
    with pytest.raises(NotConnected):
        await SigningIn(environment, lasting=False).sign_in("github", practice=False)
    assert account.asked == ["find"]


@pytest.mark.parametrize(("trouble", "times"), [(Trouble.REFUSED, 2), (Trouble.NETWORK, 1)])
async def test_a_refusal_is_met_again_and_a_network_that_is_gone_is_not_waited_for_twice(
    environment: Environment, given: Callable[[Account], None], trouble: Trouble, times: int
) -> None:
    account = FakeAccount(trouble=AccountTrouble(trouble, "no"))
    given(account)
    accounts = SigningIn(environment, lasting=False)
    for _ in range(2):
        with pytest.raises(AccountTrouble, match="no"):
            await accounts.sign_in("github", practice=False)
    assert account.asked.count("verify") == times
    account.trouble = None
    accounts.forget("github")
    assert (await accounts.sign_in("github", practice=False)).environment["GITHUB_TOKEN"] == TOKEN


def test_the_end_of_tutor_does_not_wait_for_a_service_that_is_silent(
    environment: Environment, given: Callable[[Account], None]
) -> None:
    answers, has_answered = threading.Event(), threading.Event()

    class Silent(FakeAccount):
        def verify(self, credential: Credential) -> Verified:
            answers.wait(20)
            has_answered.set()
            return super().verify(credential)

    given(Silent())

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await SigningIn(environment, lasting=False).sign_in("github", practice=False)

    asyncio.run(leave())
    assert not has_answered.is_set()
    answers.set()


async def test_practice_that_nobody_waits_for_any_more_begins_once_and_not_after_the_end(
    environment: Environment,
) -> None:
    accounts = SigningIn(environment, lasting=True)
    hasty = asyncio.create_task(accounts.sign_in("github", practice=True))
    await asyncio.sleep(0.01)
    hasty.cancel()
    await accounts.sign_in("github", practice=True)
    await accounts.aclose()
    assert [folder.name for folder in (environment.paths.practice()).parent.glob("practice*")] == ["practice"]
    with pytest.raises(NotConnected):
        await accounts.sign_in("kaggle", practice=True)


@pytest.mark.parametrize(
    ("service", "address"),
    [("github", "GITHUB_API_URL"), ("google", "TUTOR_DRIVE_API_URL"), ("kaggle", "TUTOR_KAGGLE_API_URL")],
)
async def test_practice_stays_on_this_computer(environment: Environment, service: str, address: str) -> None:
    accounts = SigningIn(environment, lasting=False)
    try:
        signed = await accounts.sign_in(service, practice=True)
        assert signed.environment[address].startswith("http://127.0.0.1:")
        assert "127.0.0.1" in signed.environment["no_proxy"]
        assert signed.by_hand["service"] == service
        hidden = {value for _, value in accounts.secrets}
        assert {value for name, value in signed.environment.items() if name.endswith("TOKEN")} <= hidden
        assert signed.by_hand["token"] in hidden
    finally:
        await accounts.aclose()


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        ("http://127.0.0.1:8080/api/v3", True),
        ("http://localhost:1", True),
        ("https://github.example", False),
    ],
)
async def test_an_address_on_this_computer_is_reached_past_any_proxy(
    environment: Environment, given: Callable[[Account], None], address: str, is_here: bool
) -> None:
    given(FakeAccount(Credential({"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": address}, Source.OURS, "a file")))
    signed = await SigningIn(environment, lasting=False).sign_in("github", practice=False)
    assert ("127.0.0.1" in signed.environment.get("no_proxy", "")) is is_here


async def test_in_a_bash_step_the_kaggle_command_goes_to_practice(environment: Environment) -> None:
    accounts = SigningIn(environment, lasting=False)
    try:
        signed = await accounts.sign_in("kaggle", practice=True)
        first, _, rest = signed.environment["PATH"].partition(os.pathsep)
        assert os.access(Path(first) / "kaggle", os.X_OK)
        assert rest == os.environ["PATH"]
    finally:
        await accounts.aclose()


async def test_practice_of_a_conversation_goes_on_the_next_day_and_headless_it_begins_anew(
    environment: Environment,
) -> None:
    async def tokens(*, lasting: bool, times: int) -> Sequence[str]:
        found = []
        for _ in range(times):
            accounts = SigningIn(environment, lasting=lasting)
            found.append((await accounts.sign_in("github", practice=True)).environment["GITHUB_TOKEN"])
            await accounts.aclose()
        return found

    first, second = await tokens(lasting=True, times=2)
    assert first == second
    third, fourth = await tokens(lasting=False, times=2)
    assert len({first, third, fourth}) == 3


async def test_two_tutors_at_once_do_not_share_a_practice(environment: Environment) -> None:
    both = [SigningIn(environment, lasting=True) for _ in range(2)]
    try:
        signed = [await accounts.sign_in("github", practice=True) for accounts in both]
        assert len({one.environment["GITHUB_TOKEN"] for one in signed}) == 2
    finally:
        for accounts in both:
            await accounts.aclose()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, "localhost,127.0.0.1,::1"),
        ({"no_proxy": "example.org"}, "example.org,localhost,127.0.0.1,::1"),
        ({"NO_PROXY": "a", "no_proxy": "b"}, "b,localhost,127.0.0.1,::1"),
    ],
)
def test_what_went_past_the_proxy_before_still_does(before: dict[str, str], after: str) -> None:
    assert straight(before) == {"NO_PROXY": after, "no_proxy": after}


async def test_kaggles_program_is_found_where_the_path_has_none(
    environment: Environment, given: Callable[[Account], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tutor started as `.venv/bin/tutor` has its own programs beside it, and not on the `PATH`."""
    given(FakeAccount(Credential({"KAGGLE_API_TOKEN": TOKEN}, Source.OURS, "a file"), service="kaggle"))
    monkeypatch.delenv("TUTOR_KAGGLE_API_URL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    signed = await SigningIn(environment, lasting=False).sign_in("kaggle", practice=False)
    assert shutil.which("kaggle", path=signed.environment["PATH"])
    theirs = tmp_path / "kaggle"
    theirs.touch(mode=0o755)
    signed = await SigningIn(environment, lasting=False).sign_in("kaggle", practice=False)
    assert "PATH" not in signed.environment

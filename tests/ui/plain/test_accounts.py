"""The learner's accounts, line by line."""

from __future__ import annotations

from tests.support.accounts import SECRET, WAIT
from tests.ui.fake.host import FakeHost
from tests.ui.plain.conversing import converse
from tutor.accounts.model import AccountTrouble, Trouble


async def test_accounts_are_listed_with_numbers_and_one_is_connected() -> None:
    host = FakeHost()
    host.by_service["kaggle"].trouble = None
    said = await converse(host, ["/accounts", "3", "1", "", "wrong", SECRET, "r"])
    assert "1. GitHub: octocat\n   May do: gist, repo\n" in said
    assert "2. Google Drive: not connected\n3. Kaggle: octocat" in said
    assert "Step 3 of 3: Hand it over" in said
    assert "In order: It is there.\nNot in order: GitHub refuses it. Make another one." in said
    assert "Kaggle is connected." in said
    assert "2.13.0+cpu" in said
    assert SECRET not in said


async def test_an_account_is_disconnected_after_a_question() -> None:
    host = FakeHost()
    said = await converse(
        host, ["/accounts", "d1", "n", "/accounts", "d 1", "y", "/accounts", "d1", "y", "/accounts", ""]
    )
    assert said.count("Disconnect GitHub?") == 3
    assert "GitHub says that the token is no longer valid." in said
    assert "GitHub was not connected." in said
    assert said.count("Nothing has changed.") == 2


async def test_a_named_account_is_connected_at_once_and_what_waits_is_waited_for() -> None:
    host = FakeHost()
    host.by_service["google"].steps = (WAIT,)
    host.by_service["google"].allowed.set()
    said = await converse(host, ["/accounts drive", "/accounts gethub", f"/accounts {SECRET}", "/accounts github", "1"])
    assert "Waiting for you to finish in the browser …" in said
    assert "Google Drive is connected." in said
    assert "The nearest one: github." in said
    assert "There are github, google and kaggle." in said
    assert "Nothing was connected." in said
    assert SECRET not in said


async def test_what_cannot_be_done_is_said() -> None:
    host = FakeHost()
    host.by_service["github"].stays = AccountTrouble(Trouble.BROKEN, "It is the program's own.", "gh auth logout")
    said = await converse(host, ["/accounts", "d1", "y"])
    assert "It is the program's own. gh auth logout" in said

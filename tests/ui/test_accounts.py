"""The learner's accounts on the screen: filled in as the services answer, disconnected after a question, and reached from everywhere."""

from __future__ import annotations

from tests.support.accounts import SECRET, TOKEN
from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, learner
from tutor.accounts.model import AccountTrouble, Trouble
from tutor.ui.screens.accounts import AccountsScreen
from tutor.ui.screens.connect import ConnectScreen
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.question import QuestionScreen
from tutor.ui.widgets.action_row import ActionRow
from tutor.ui.widgets.menu import Menu


def notes(me: Learner) -> dict[str, str]:
    return {item.value: item.note for item in me.app.screen.query_one(Menu).items}


def keys(me: Learner) -> list[str]:
    return [chip.key for chip in me.app.screen.query_one(ActionRow).chips]


def lit(me: Learner) -> list[str]:
    return [chip.key for chip in me.app.screen.query_one(ActionRow).chips if chip.suggested]


async def come_to(me: Learner, kind: type) -> None:
    await me.until(lambda: isinstance(me.app.screen, kind), kind.__name__)


async def open_list(me: Learner, argument: str = "") -> None:
    await me.press("t")
    await me.until(lambda: me.focused is not None and me.focused.id == "prompt", "the prompt")
    await me.paste(f"/accounts {argument}".strip())
    await me.press("enter")


async def all_answered(me: Learner) -> None:
    await come_to(me, AccountsScreen)
    await me.until(lambda: "being asked …" not in notes(me).values() and "Asking" not in me.seen, "the answers")


async def test_the_list_fills_in_while_a_service_is_silent() -> None:
    host = FakeHost()
    host.by_service["github"].answers.clear()
    async with learner(host) as me:
        await open_list(me)
        await come_to(me, AccountsScreen)
        await me.until(lambda: notes(me)["kaggle"] == "cannot be used")
        assert notes(me) == {"github": "being asked …", "google": "not connected", "kaggle": "cannot be used"}
        assert "Asking the services …" in me.seen
        await me.press("3")
        await me.until(lambda: "Kaggle refuses the token" in me.seen)
        host.by_service["github"].answers.set()
        await me.until(lambda: notes(me)["github"] == "octocat")
        assert me.app.screen.query_one(Menu).value == "kaggle"
        await me.press("1")
        await me.until(lambda: "May do: gist, repo" in me.seen)
        assert "[b]needs[/b]" in me.seen
        assert SECRET not in me.seen


async def test_the_keys_fit_the_account_under_the_cursor_and_all_can_be_asked_again() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await open_list(me)
        await all_answered(me)
        assert (keys(me), lit(me)) == (["enter", "d", "r", "esc"], ["esc"])
        await me.press("down")
        await me.until(lambda: keys(me) == ["enter", "r", "esc"])
        assert lit(me) == ["enter"]
        await me.press("d")
        assert isinstance(me.app.screen, AccountsScreen)
        host.by_service["kaggle"].trouble = None
        await me.press("r")
        await me.until(lambda: notes(me)["kaggle"] == "octocat")
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)


async def test_disconnecting_asks_first_and_says_what_was_done() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await open_list(me)
        await all_answered(me)
        await me.press("d")
        await come_to(me, QuestionScreen)
        await me.press("escape")
        await come_to(me, AccountsScreen)
        assert host.by_service["github"].found is not None
        await me.press("d")
        await come_to(me, QuestionScreen)
        await me.press("enter")
        await me.until(lambda: "GitHub says that the token is no longer valid." in me.seen)
        await me.until(lambda: notes(me)["github"] == "not connected")
        host.by_service["kaggle"].stays = AccountTrouble(
            Trouble.BROKEN, "It is the program's own.", "kaggle auth revoke"
        )
        await me.press("3", "d")
        await come_to(me, QuestionScreen)
        await me.press("enter")
        await me.until(lambda: "It is the program's own. kaggle auth revoke" in me.seen)


async def test_home_leads_there_by_key_and_by_mouse() -> None:
    async with learner() as me:
        await me.press("l")
        await come_to(me, HomeScreen)
        await me.until(lambda: "a accounts" in me.seen)
        await me.press("a")
        await all_answered(me)
        await me.press("escape")
        await come_to(me, HomeScreen)
        row = me.app.screen.query_one(ActionRow)
        await me.pilot.click(row, offset=(row.render().plain.index(" accounts ") + 2, 0))
        await all_answered(me)
        menu = me.app.screen.query_one(Menu)
        # The first click comes to the line, the second one takes it.
        await me.pilot.click(menu, offset=(10, 1))
        await me.pilot.click(menu, offset=(10, 1))
        await come_to(me, ConnectScreen)
        await me.until(lambda: "Connect Google Drive" in me.seen)


async def test_a_named_account_is_connected_at_once_and_the_conversation_goes_on() -> None:
    host = FakeHost()
    host.by_service["google"].steps = (TOKEN,)
    async with learner(host) as me:
        await open_list(me, "drive")
        await come_to(me, ConnectScreen)
        await me.until(lambda: "Hand it over" in me.seen)
        await me.paste(SECRET)
        await me.press("enter")
        await me.until(lambda: "Google Drive is connected" in me.seen)
        await me.press("enter")
        await me.until(lambda: me.app.screen is me.screen)
        await me.until_said("Google Drive is connected.")
        assert SECRET not in me.said


async def test_who_leaves_the_way_is_at_the_list_with_that_account_under_the_cursor() -> None:
    async with learner() as me:
        await open_list(me, "kaggle")
        await come_to(me, ConnectScreen)
        await me.until(lambda: "How would you like to sign in?" in me.seen)
        await me.press("escape")
        await all_answered(me)
        assert me.app.screen.query_one(Menu).value == "kaggle"


async def test_a_name_that_nobody_has_is_told_without_being_repeated_and_without_being_kept() -> None:
    async with learner() as me:
        await open_list(me, "githob")
        await me.until_said("No account is called so. The nearest one: github.")
        await me.press("escape")
        await open_list(me, SECRET)
        await me.until_said("There are github, google and kaggle.")
        assert SECRET not in me.said
        assert me.host.typed == ["/accounts githob"]

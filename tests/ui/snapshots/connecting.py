"""How a learner comes to the states of the accounts and of the way to one."""

from __future__ import annotations

from tests.support.accounts import PAGE, TOKEN, WAIT
from tests.ui.helpers import Learner
from tests.ui.snapshots.scenes import page
from tutor.accounts.model import GuideStep
from tutor.ui.screens.accounts import AccountsScreen
from tutor.ui.screens.connect import ConnectScreen
from tutor.ui.widgets.fields import TextLine
from tutor.ui.widgets.menu import Menu


async def accounts(me: Learner) -> None:
    """One is connected, one is not, one is refused."""
    await page("l", "a")(me)
    await me.until(lambda: isinstance(me.app.screen, AccountsScreen))
    await me.until(lambda: not any(item.note.endswith("…") for item in me.app.screen.query_one(Menu).items))
    await me.press("1")


async def _come_to(me: Learner, step: GuideStep) -> None:
    """The second step of a way of two."""
    me.host.by_service["google"].steps = (PAGE, step)
    await accounts(me)
    await me.press("2", "enter")

    def screen() -> ConnectScreen | None:
        return me.app.screen if isinstance(me.app.screen, ConnectScreen) else None

    await me.until(lambda: (one := screen()) is not None and one.step is PAGE)
    await me.press("enter")
    await me.until(lambda: (one := screen()) is not None and one.step is step)


async def token_refused(me: Learner) -> None:
    await _come_to(me, TOKEN)
    await me.until(lambda: isinstance(me.focused, TextLine))
    await me.paste("ghp_notright")
    await me.press("enter")
    await me.until(lambda: "✗" in me.seen)


async def waiting_for_the_browser(me: Learner) -> None:
    await _come_to(me, WAIT)
    await me.until(lambda: "ABCD-EFGH" in me.seen)

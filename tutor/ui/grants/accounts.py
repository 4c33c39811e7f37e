"""The wish to see one's accounts, or to connect one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


async def accounts(conductor: Conductor, name: str) -> None:
    """All of them; the one that is named is connected at once."""
    from tutor.accounts.connected import nearest, service_named
    from tutor.ui.screens.accounts import AccountsScreen

    service = service_named(name) or ""
    if name.strip() and not service:
        # What was typed is not said again: it may be a token in the wrong place.
        near = nearest(name)
        key = "accounts.unknown_near" if near else "accounts.unknown"
        conductor.stage.talk.say(conductor.words(key, near=near))
        return
    conductor.screen.app.push_screen(AccountsScreen(conductor, service))


GRANTS = {Wish.ACCOUNTS: accounts}

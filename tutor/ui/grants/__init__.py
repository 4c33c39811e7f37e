"""What the screen does by itself, without asking the session: one module for each kind of wish, one function for each wish.

A new wish is a member of `tutor.ui.wishes.Wish`, a function here and, if it has a key, a binding of the screen or the step card.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from tutor.ui.grants import accounts, around, code, large, places, reading, step
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

Grant = Callable[["Conductor", str], Awaitable[None]]
"""Takes what was typed behind the command as well; empty for a key."""

GRANTS: Mapping[Wish, Grant] = {
    **step.GRANTS,
    **code.GRANTS,
    **reading.GRANTS,
    **large.GRANTS,
    **places.GRANTS,
    **accounts.GRANTS,
    **around.GRANTS,
}
"""Every wish but `WAIT`, which only the snapshot's chips have. A test looks for what is missing."""

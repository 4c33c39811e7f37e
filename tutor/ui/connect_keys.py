"""The keys of the way to an account: what can be done at a step, and which of it is the next thing to do. Pure."""

from __future__ import annotations

from enum import Enum, auto

from tutor.accounts.model import Ask, GuideStep
from tutor.i18n import Words
from tutor.ui.connecting import TYPED
from tutor.ui.widgets.action_row import Chip
from tutor.ui.wishes import Wish

OPEN, COPY, CODE, COMPLETE = "open_page", "copy_address", "copy_code", "complete"
BACK, CANCEL, READ_ON = "before", "cancel", "page_on"
"""What only that page can do."""
LABELS = {Ask.NOTHING: "go_on", Ask.CHOICE: "choose", Ask.WAIT: "wait"}
"""Of enter; what is typed is checked."""


class Phase(Enum):
    """What goes on."""

    BEGINNING = auto()
    """The service's client is loaded."""
    ASKING = auto()
    """The learner does something."""
    CHECKING = auto()
    """What they did is looked at, or something in a browser is waited for."""
    BLOCKED = auto()
    """There is no way from here."""
    ENDED = auto()
    """The account is connected."""


def keys(
    phase: Phase, step: GuideStep | None, words: Words, *, is_first: bool, has_more: bool, has_browser: bool
) -> list[Chip]:
    """The chips, in their order.

    Args:
        is_first: there is no step before this one.
        has_more: of the text, below what is in sight.
        has_browser: something here opens addresses.
    """
    match phase:
        case Phase.ENDED:
            return [Chip("enter", words("accounts.key_done"), Wish.SUGGESTED, suggested=True)]
        case Phase.BLOCKED:
            return [Chip("enter", words("accounts.key_back"), Wish.SUGGESTED, suggested=True)]
        case Phase.BEGINNING:
            return [Chip("esc", words("accounts.key_cancel"), CANCEL)]
    assert step is not None
    if phase is Phase.CHECKING and step.ask is not Ask.WAIT:
        return [Chip("esc", words("accounts.key_cancel"), CANCEL)]
    if phase is Phase.CHECKING:
        chips = [*_of_page(step, words, has_browser=has_browser, lit=True), *_read_on(words, has_more=has_more)]
        return [*chips, *_ways_out(words, is_first=is_first)]
    label = words(f"accounts.key_{LABELS.get(step.ask, 'check')}")
    chips = [Chip("enter", label, Wish.SUGGESTED, suggested=True)]
    if step.ask is Ask.FILE:
        chips.append(Chip("tab", words("accounts.key_complete"), COMPLETE))
    chips += _of_page(step, words, has_browser=has_browser, lit=False)
    chips += _read_on(words, has_more=has_more)
    return [*chips, *_ways_out(words, is_first=is_first)]


def _read_on(words: Words, *, has_more: bool) -> list[Chip]:
    return [Chip("pgdn", words("accounts.key_read_on"), READ_ON)] if has_more else []


def _ways_out(words: Words, *, is_first: bool) -> list[Chip]:
    if is_first:
        return [Chip("esc", words("accounts.key_cancel"), CANCEL)]
    before = Chip("esc", words("accounts.key_before"), BACK)
    return [before, Chip("ctrl+c", words("accounts.key_cancel"), CANCEL)]


def _of_page(step: GuideStep, words: Words, *, has_browser: bool, lit: bool) -> list[Chip]:
    """What can be done with the address and the code. Args: `lit`: there is nothing else to do."""
    is_typed = step.ask in TYPED
    found = []
    if step.url and has_browser:
        found.append(("ctrl+o" if is_typed else "o", "open", OPEN))
    if step.url:
        found.append(("ctrl+y" if is_typed else "c", "copy", COPY))
    if step.code and not is_typed:
        found.append(("y", "copy_code" if step.url else "copy_command", CODE))
    return [
        Chip(key, words(f"accounts.key_{label}"), what, suggested=lit and number == 0)
        for number, (key, label, what) in enumerate(found)
    ]

"""Accounts at Kaggle's stand-in, for which nobody waits, and the steps of their guides."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from tests.support.kaggle import hurried
from tutor.accounts.kaggle import Kaggle as Account
from tutor.accounts.kaggle.asking import Asker
from tutor.accounts.model import Checked, Guide, Source
from tutor.i18n import Words
from tutor.practice.kaggle.service import Kaggle

Make = Callable[..., Account]


def made_at(service: Kaggle, folder: Path, home: Path) -> Make:
    """Makes the account in that home, in a language and with further variables."""

    def made(language: str = "en", **variables: str) -> Account:
        words = Words(language)
        account = Account(folder, words, {"TUTOR_KAGGLE_API_URL": service.root, **variables}, home)
        account._asker = Asker(service.root, words, hurried())
        return account

    return made


def at(guide: Guide) -> str:
    """The step where it stands."""
    return guide.step.id if guide.step is not None else "connected"


def led(account: Account, way: str) -> Guide:
    """At the step where that way begins."""
    guide = account.guide()
    assert guide.answer("").done
    assert guide.answer(way).done
    return guide


def told(checked: Checked) -> str:
    """All that was said."""
    return "\n".join(sentence for _, sentence in checked.said)


def mode(file: Path) -> int:
    """Its rights."""
    return stat.S_IMODE(file.stat().st_mode)


def disconnected(account: Account) -> tuple[bool, str]:
    """Whether it was revoked, and what was said."""
    found = account.find()
    assert found is not None
    assert found.source is Source.OURS
    gone = account.disconnect(found)
    return gone.revoked, gone.said

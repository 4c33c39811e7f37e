"""The module of each service, loaded when that one is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from tutor.accounts.model import Account
from tutor.i18n import Words

CLASSES = {"github": "GitHub", "google": "Google", "kaggle": "Kaggle"}


def account_of(service: str, folder: Path, words: Words, environment: Mapping[str, str] = os.environ) -> Account:
    """The room of one service. Slow the first time: its client is loaded.

    Args:
        folder: of the files that tutor writes for itself.

    Raises:
        KeyError: there is none of that name.
    """
    name = CLASSES[service]
    make: Callable[[Path, Words, Mapping[str, str]], Account] = getattr(
        import_module(f"tutor.accounts.{service}"), name
    )
    return make(folder, words, environment)

"""In practice: the client of whoever does by hand what a lesson asks for, in place of clicks in a browser."""

from __future__ import annotations

from typing import Any

from tutor.kit.services.clients import drive_at, github_at, kaggle_at


def person(service: str, root: str, token: str) -> Any:
    """The official client, signed in as the person and not as this application.

    On Drive that is a difference: what it makes, `drive()` cannot see.
    """
    make = {"github": github_at, "google": drive_at, "kaggle": kaggle_at}[service]
    return make(root, token)

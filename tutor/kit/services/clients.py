"""The three official clients, signed in with what stands in the environment, at the address in force."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tutor.kit.services.errors import NotSignedIn

if TYPE_CHECKING:
    from github import Github
    from kaggle.api.kaggle_api_extended import KaggleApi

GITHUB = "https://api.github.com"
GOOGLE = "https://www.googleapis.com"
SECONDS = 15
"""For GitHub to connect and to answer; more than that is a network that does not work."""


def github() -> Github:
    """PyGithub's client, with the token in `GITHUB_TOKEN`, at `GITHUB_API_URL`.

    Raises:
        NotSignedIn: there is no token.
    """
    return github_at(os.environ.get("GITHUB_API_URL") or GITHUB, _value("GITHUB_TOKEN"))


def github_at(root: str, token: str) -> Github:
    """The same for an address and a token that are at hand."""
    from github import Auth, Github

    # GitHub asks for a pause between two requests, and a longer one between two writes; practice has nobody to spare.
    in_practice = urlsplit(root).hostname == "127.0.0.1"
    return Github(
        auth=Auth.Token(token),
        base_url=root,
        timeout=SECONDS,
        retry=None,  # it repeats a request whose answer was lost, and so writes twice: `trying` looks first
        seconds_between_requests=None if in_practice else 0.25,
        seconds_between_writes=None if in_practice else 1.0,
    )


def drive() -> Any:
    """Google's client for Drive (its API v3), with the access token in `TUTOR_DRIVE_TOKEN`, at `TUTOR_DRIVE_API_URL`.

    Raises:
        NotSignedIn: there is no token.
    """
    return drive_at(os.environ.get("TUTOR_DRIVE_API_URL") or GOOGLE, _value("TUTOR_DRIVE_TOKEN"))


def drive_at(root: str, token: str) -> Any:
    """The same for an address and a token that are at hand. Args: `root`: without `/drive/v3`."""
    from googleapiclient.discovery import build_from_document

    from tutor.kit.services.google_client import described_at, signed

    return build_from_document(described_at(root), http=signed(root, token))


def kaggle() -> KaggleApi:
    """Kaggle's client, with what it finds by itself (`KAGGLE_API_TOKEN` first), at `TUTOR_KAGGLE_API_URL`.

    Raises:
        NotSignedIn: it finds nothing that Kaggle accepts.
        ServiceError: Kaggle could not be asked.
    """
    from tutor.kit.services.kaggle_client import address, signed_in

    return signed_in(address())


def kaggle_at(root: str, token: str) -> KaggleApi:
    """The same for an address and an access token that are at hand."""
    from tutor.kit.services.kaggle_client import signed_in_with

    return signed_in_with(root, token)


def _value(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise NotSignedIn(f"{name} is not set.")
    return value

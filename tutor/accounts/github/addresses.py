"""Where GitHub is: its API, its pages, and what its own program calls it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tutor.kit.loopback import is_loopback
from tutor.kit.services.clients import GITHUB

VARIABLE = "GITHUB_API_URL"
_REPOSITORY = re.compile(r"(?P<owner>[A-Za-z0-9][A-Za-z0-9-]*)/(?P<name>[A-Za-z0-9._-]+?)(?:\.git)?/?")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Those in force."""

    root: str
    """Of the API, without a slash at its end."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Addresses:
        """The variable's, or GitHub's own."""
        return cls((environment.get(VARIABLE) or GITHUB).rstrip("/"))

    @property
    def variables(self) -> Mapping[str, str]:
        """What leads the official client there."""
        return {} if self.root == GITHUB else {VARIABLE: self.root}

    @property
    def host(self) -> str:
        """As GitHub's own program names it: `github.com`, or a company's."""
        return urlsplit(self.web).netloc

    @property
    def web(self) -> str:
        """Of the pages for people."""
        return "https://github.com" if self.root == GITHUB else re.sub(r"/api(/v\d+)?$", "", self.root)

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this computer: practice, or a test."""
        return is_loopback(self.root)

    @property
    def new_token(self) -> str:
        """The page on which a fine-grained token is made."""
        return f"{self.web}/settings/personal-access-tokens/new"

    @property
    def tokens(self) -> str:
        """The page that lists fine-grained tokens."""
        return f"{self.web}/settings/personal-access-tokens"

    @property
    def new_repository(self) -> str:
        """The page on which a repository is made."""
        return f"{self.web}/new"

    def repository(self, text: str) -> str | None:
        """`OWNER/NAME` out of what a learner gives: that, or the address of its page, for git or for ssh. None for anything else."""
        text = text.strip()
        for beginning in (f"{self.web}/", f"{self.host}/", f"git@{self.host}:", f"ssh://git@{self.host}/"):
            text = text.removeprefix(beginning)
        found = _REPOSITORY.fullmatch(text)
        return f"{found['owner']}/{found['name']}" if found else None

"""GitHub: fine-grained tokens that tutor keeps for itself, tokens from the environment, and the login of GitHub's own program."""

from __future__ import annotations

from tutor.accounts.github.account import GitHub

__all__ = ["GitHub"]

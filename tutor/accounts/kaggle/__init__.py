"""Kaggle: access tokens, the older key, and the login of Kaggle's own program."""

from __future__ import annotations

from tutor.accounts.kaggle.account import Kaggle

__all__ = ["Kaggle"]

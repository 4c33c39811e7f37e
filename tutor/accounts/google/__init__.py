"""Google Drive: the learner's own OAuth client, sign-in by a browser here or by a code on another device, renewing and revoking."""

from __future__ import annotations

from tutor.accounts.google.account import Google

__all__ = ["Google"]

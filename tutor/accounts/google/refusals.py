"""What Google's sign-in and Drive refuse, in plain words."""

from __future__ import annotations

from datetime import datetime, timedelta

from tutor.accounts.model import AccountTrouble, Trouble
from tutor.i18n import Words

SKEW = timedelta(minutes=5)
"""So wrong may this computer's clock be."""
_WRONG_KIND = "TVs and Limited Input devices"
_KNOWN = {
    "access_denied": "denied",
    "accessNotConfigured": "api_off",
    "admin_policy_enforced": "policy",
    "deleted_client": "no_client",
    "disabled_client": "no_client",
    "expired_token": "code_expired",
    "insufficientPermissions": "box",
    "invalid_client": "no_client",
    "invalid_grant": "ended",
    "invalid_scope": "scope",
    "org_internal": "internal",
    "redirect_uri_mismatch": "redirect",
    "unauthorized_client": "wrong_kind",
}
"""Google's word for it, and ours."""
_RIGHTS = ("api_off", "box", "internal", "policy", "scope")


def refusal(words: Words, error: str, description: str = "", *, ahead: timedelta | None = None) -> AccountTrouble:
    """A refusal of the sign-in or of Drive.

    Args: `error`: Google's word; `description`: its sentence, which is looked at and never shown; `ahead`: how much this computer's clock is.
    """
    known = _KNOWN.get(error, "refused")
    if known == "no_client" and _WRONG_KIND in description:
        known = "wrong_kind"
    if known == "no_client" and ("Unauthorized" in description or "secret" in description):
        known = "wrong_secret"
    if known == "ended" and is_wrong(ahead):
        return clock(words, ahead)
    trouble = Trouble.RIGHTS if known in _RIGHTS else Trouble.REFUSED
    shown = "".join(letter for letter in error if letter.isascii() and (letter.isalnum() or letter == "_"))[:60]
    return AccountTrouble(trouble, words(f"google.{known}", error=shown), words(f"google.{known}_hint"))


def is_wrong(ahead: timedelta | None) -> bool:
    """Whether this computer's clock is too far off."""
    return ahead is not None and abs(ahead) > SKEW


def clock(words: Words, ahead: timedelta | None) -> AccountTrouble:
    """This computer's clock is wrong. Args: `ahead`: by how much; None: a certificate is not valid at the time that it shows."""
    now = datetime.now().astimezone()
    if ahead is None:
        message = words("google.clock_of_certificate", now=f"{now:%Y-%m-%d %H:%M}")
    else:
        minutes = round(abs(ahead).total_seconds() / 60)
        message = words("google.clock_fast" if ahead > timedelta(0) else "google.clock_slow", minutes=minutes)
    return AccountTrouble(Trouble.CLOCK, message, words("google.clock_hint"))

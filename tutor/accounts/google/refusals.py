"""What Google's sign-in and Drive refuse, in plain words."""

from __future__ import annotations

from datetime import datetime

from tutor.accounts.model import AccountTrouble, Trouble
from tutor.accounts.reaching import Clock
from tutor.i18n import Words

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


def refusal(words: Words, error: str, description: str = "", *, clock: Clock | None = None) -> AccountTrouble:
    """A refusal of the sign-in or of Drive.

    Args: `error`: Google's word; `description`: its sentence, which is looked at and never shown; `clock`: this computer's.
    """
    known = _KNOWN.get(error, "refused")
    if known == "no_client" and _WRONG_KIND in description:
        known = "wrong_kind"
    if known == "no_client" and ("Unauthorized" in description or "secret" in description):
        known = "wrong_secret"
    if known == "ended" and clock is not None and clock.is_wrong:
        return AccountTrouble(
            Trouble.CLOCK, words("accounts.clock_off", minutes=clock.minutes), words("google.clock_hint")
        )
    trouble = Trouble.RIGHTS if known in _RIGHTS else Trouble.REFUSED
    shown = "".join(letter for letter in error if letter.isascii() and (letter.isalnum() or letter == "_"))[:60]
    return AccountTrouble(trouble, words(f"google.{known}", error=shown), words(f"google.{known}_hint"))


def certificate_out_of_date(words: Words) -> AccountTrouble:
    """A certificate is not valid at the time that this computer shows."""
    now = datetime.now().astimezone()
    message = words("google.clock_of_certificate", now=f"{now:%Y-%m-%d %H:%M}")
    return AccountTrouble(Trouble.CLOCK, message, words("google.clock_hint"))

"""What all of this stand-in's handlers share: who asks, and Kaggle's words of refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tutor.practice.handler import Handler, Refusal

if TYPE_CHECKING:
    from tutor.practice.kaggle.service import Kaggle

NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
}
WORDS = {
    400: "Invalid request",
    401: "Unauthenticated",
    403: "Permission 'datasets.get' was denied",
    404: "Not found",
    429: "Too many requests",
    500: "Internal error",
    502: "Bad gateway",
    503: "The service is currently unavailable",
}
REASONS = {
    "private": "Permission 'datasets.get' was denied",
    "token": "Permission denied",
    "rules": "You must accept this competition's rules before you'll be able to download files.",
    "phone": "You must verify your phone number before you can do this.",
    "paper": "This dataset exists on paper only (practice)",
}


class KaggleHandler(Handler):
    """Refuses whoever brings a token or key that is not right; what nobody may do without one is refused where it is done."""

    caller: str | None = None
    """Who asks; None when nobody signs it."""

    @property
    def kaggle(self) -> Kaggle:
        """The stand-in."""
        return cast("Kaggle", self.settings["service"])

    def authorize(self) -> None:
        header = self.request.headers.get("Authorization", "")
        if not header:
            return
        self.caller = self.kaggle.tokens.caller(header)
        if self.caller is None:
            self.refuse_stranger()

    def refuse_stranger(self) -> None:
        """What brings a wrong token or key.

        Raises:
            Refusal: always, here.
        """
        raise Refusal(401)

    def refusal(self, status: int, why: str) -> Any:
        message = REASONS.get(why) or WORDS.get(status, "Error")
        # Kaggle's API answers as Google's do, with the code within `error`; its client shows only the status then.
        return {"error": {"code": status, "message": message, "status": NAMES.get(status, "UNKNOWN")}}

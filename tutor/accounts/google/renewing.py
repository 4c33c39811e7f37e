"""An access token is good for an hour; with the other token that a sign-in brings, Google's own library gets the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from tutor.accounts.google.addresses import Addresses
from tutor.accounts.google.asking import ANSWER_SECONDS, Asker
from tutor.accounts.google.refusals import refusal
from tutor.accounts.google.token_file import SignIn
from tutor.i18n import Words

EARLY = timedelta(minutes=10)
"""A token with less time left is renewed: a step may take a while."""


def is_fresh(sign_in: SignIn) -> bool:
    """Whether its access token lasts for the next minutes."""
    return bool(sign_in.token) and sign_in.expires - datetime.now(UTC) > EARLY


def renewed(sign_in: SignIn, words: Words, addresses: Addresses, asker: Asker) -> SignIn:
    """With an access token for the next hour.

    Raises:
        AccountTrouble: Google gives none, or could not be asked.
    """
    credentials = Credentials(
        None,
        refresh_token=sign_in.refresh_token,
        token_uri=addresses.token,
        client_id=sign_in.client.id,
        client_secret=sign_in.client.secret,
    )
    with asker.prepared(requests.Session()) as session:
        try:
            credentials.refresh(_Limited(session))
        except RefreshError as error:
            said: Any = error.args[1] if len(error.args) > 1 else {}
            answer: Mapping[str, Any] = said if isinstance(said, dict) else {}
            told = refusal(
                words,
                str(answer.get("error", "")),
                str(answer.get("error_description", "")),
                clock=asker.clock,
            )
            raise (asker.busy or told) from None
        except GoogleAuthError as error:
            raise asker.failed(error.__cause__ or error) from None
    expiry = credentials.expiry
    expires = expiry.replace(tzinfo=UTC) if expiry else datetime.now(UTC)
    return sign_in.renewed(str(credentials.token), expires)


class _Limited(Request):
    """Somebody waits: no two minutes, as the library would."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return super().__call__(*args, **{**kwargs, "timeout": ANSWER_SECONDS})  # type: ignore[no-untyped-call]

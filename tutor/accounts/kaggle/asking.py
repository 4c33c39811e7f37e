"""Asks Kaggle about a credential, with Kaggle's own client, and puts each refusal into plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import requests
from kagglesdk.datasets.types.dataset_api_service import ApiListDatasetsRequest
from kagglesdk.datasets.types.dataset_enums import DatasetSelectionGroup
from kagglesdk.security.types.oauth_service import ExchangeOAuthTokenRequest, IntrospectTokenRequest
from kagglesdk.users.types.account_service import ApiVersion, ExpireApiTokenRequest, GenerateAccessTokenRequest

from tutor.accounts.model import AccountTrouble, Trouble
from tutor.accounts.reaching import PATIENCE, Clock, Reaching
from tutor.i18n import Words
from tutor.kit.services.answers import answer_of
from tutor.kit.services.kaggle_client import bare_client, bearer
from tutor.kit.services.kaggle_words import cannot_be_sent
from tutor.kit.services.trying import Patience, keep_trying
from tutor.kit.services.unreached import FAILURES, unreached

T = TypeVar("T")
Sign = requests.auth.AuthBase | tuple[str, str] | None

SCOPES = ["resources.admin:*"]
"""What Kaggle's own program asks for; others it does not know."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose a credential is."""

    name: str
    rights: tuple[str, ...] = ()
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """What a login gave."""

    refresh: str
    access: str
    expires: datetime
    username: str


class Asker:
    """One address. For one thread at a time."""

    def __init__(self, root: str, words: Words, patience: Patience = PATIENCE) -> None:
        self._root = root
        self._words = words
        self._patience = patience
        self.clock = Clock()
        self.reaching = Reaching(words, "Kaggle")

    def reach(self) -> None:
        """See whether Kaggle answers at all.

        Raises:
            AccountTrouble: NETWORK or BUSY.
        """
        try:
            self._introspected("", None)
        except requests.exceptions.HTTPError as error:
            if error.response is None or error.response.status_code >= 429:
                raise self._trouble(error) from None
        except FAILURES as error:
            raise self._trouble(error) from None

    def token(self, token: str) -> Who:
        """Whose an access token is.

        Raises:
            AccountTrouble: it is not accepted, or Kaggle could not be asked.
        """
        try:
            answer = self._introspected(token, bearer(token))
        except FAILURES as error:
            if _not_accepted(error):
                raise self._refused("kaggle.token_refused") from None
            raise self._trouble(error) from None
        if not answer.active or not answer.username:
            raise self._refused("kaggle.token_refused")
        ends = datetime.fromtimestamp(answer.exp, UTC) if answer.exp else None
        return Who(answer.username, tuple(answer.scope.split()), ends)

    def key(self, username: str, key: str) -> Who:
        """Whose a name with a key is, by a call that changes nothing.

        Raises:
            AccountTrouble: they are not accepted, or Kaggle could not be asked.
        """
        request = ApiListDatasetsRequest()
        request.group = DatasetSelectionGroup.DATASET_SELECTION_GROUP_MY
        request.page_size = 1
        try:
            self._call((username, key), lambda client: client.datasets.dataset_api_client.list_datasets(request))
        except FAILURES as error:
            answered = answer_of(error)
            if answered is not None and answered.status == 401:
                raise self._refused("kaggle.key_refused") from None
            raise self._trouble(error) from None
        return Who(username)

    def renewed(self, refresh: str) -> tuple[str, datetime]:
        """Another access token of a login, and when it ends.

        Raises:
            AccountTrouble: the login is no longer accepted, or Kaggle could not be asked.
        """
        request = GenerateAccessTokenRequest()
        request.refresh_token = refresh
        request.api_version = ApiVersion.API_VERSION_V1
        request.expiration_duration = timedelta(hours=12)
        try:
            answer = self._call(None, lambda client: client.users.account_client.generate_access_token(request))
        except FAILURES as error:
            if _not_accepted(error):
                raise self._refused("kaggle.login_refused") from None
            raise self._trouble(error) from None
        return answer.token, datetime.now(UTC) + timedelta(seconds=answer.expires_in)

    def exchanged(self, code: str, verifier: str) -> Login:
        """The login for a code of the browser's.

        Raises:
            AccountTrouble: the code is not right, or Kaggle could not be asked.
        """
        request = ExchangeOAuthTokenRequest()
        request.code, request.code_verifier = code, verifier
        request.grant_type = "authorization_code"
        try:
            # Once only: a code that was used is worth nothing, and its answer would be lost.
            answer = self._call(
                None, lambda client: client.security.oauth_client.exchange_oauth_token(request), tries=1
            )
        except FAILURES as error:
            if _not_accepted(error):
                raise self._refused("kaggle.code_refused") from None
            raise self._trouble(error) from None
        ends = datetime.now(UTC) + timedelta(seconds=answer.expires_in)
        return Login(answer.refresh_token, answer.access_token, ends, answer.username)

    def end(self, token: str, access: str) -> bool:
        """Have a token revoked, signed with an access token, and ask whether it is. False when Kaggle still accepts it.

        Raises:
            AccountTrouble: Kaggle could not be asked.
        """
        request = ExpireApiTokenRequest()
        request.token, request.reason = token, "Disconnected by its owner in tutor"
        try:
            self._call(bearer(access), lambda client: client.users.account_client.expire_api_token(request))
        except FAILURES as error:
            if answer_of(error) is None:
                raise self._trouble(error) from None
        # A web page would pass for an answer to that, and a refusal may be of one that was ended already: only asking tells. Signed
        # with the same one, so that a refusal now means that it is no longer accepted, and not that nobody signed.
        try:
            answer = self._introspected(token, bearer(access))
        except FAILURES as error:
            if _not_accepted(error):
                return True
            raise self._trouble(error) from None
        return not answer.active

    # -- calls

    def _introspected(self, token: str, sign: Sign) -> Any:
        request = IntrospectTokenRequest()
        request.token = token
        return self._call(sign, lambda client: client.security.oauth_client.introspect_token(request))

    def _call(self, sign: Sign, call: Callable[[Any], T], *, tries: int | None = None) -> T:
        patience = self._patience
        if tries is not None:
            patience = Patience(attempts=tries, sleep=patience.sleep, say=patience.say)
        with bare_client(self._root, sign, self._look_at_clock) as client:
            try:
                return keep_trying(lambda: call(client), patience=patience)
            except requests.exceptions.HTTPError as error:
                if error.response is not None:
                    self._look_at_clock(error.response)
                raise

    def _look_at_clock(self, response: requests.Response) -> None:
        self.clock.note(response.headers.get("Date", ""))

    # -- troubles

    def _refused(self, key: str) -> AccountTrouble:
        if self.clock.is_wrong:
            return self._said(Trouble.CLOCK, "kaggle.clock", minutes=self.clock.minutes)
        return self._said(Trouble.REFUSED, key)

    def _trouble(self, error: Exception) -> AccountTrouble:
        answered = answer_of(error)
        if cannot_be_sent(error):
            return self._said(Trouble.BROKEN, "kaggle.no_header")
        if answered is None:
            return self.reaching.away(unreached(error))
        if answered.status == 429:
            return self.reaching.busy(answered)
        if answered.status >= 500:
            return self.reaching.fault(answered.status)
        if answered.status == 403:
            return self._said(Trouble.RIGHTS, "kaggle.forbidden")
        return self._said(Trouble.REFUSED, "kaggle.refused", status=answered.status)

    def _said(self, trouble: Trouble, key: str, **values: object) -> AccountTrouble:
        return AccountTrouble(trouble, self._words(key, **values), self._words(f"{key}_hint", **values))


def _not_accepted(error: Exception) -> bool:
    """Whether Kaggle says so of what was to be looked up, exchanged or renewed."""
    answered = answer_of(error)
    return answered is not None and answered.status in (400, 401, 403, 404)

"""How Kaggle's own client is led: to the address in force, with limits in time, and with no other credential than the one that is meant.

Its client has no setting for any of this, so a few of its private names are touched, all of them here.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tutor.kit.loopback import is_loopback
from tutor.kit.services.answers import answer_of
from tutor.kit.services.errors import NotSignedIn
from tutor.kit.services.kaggle_words import NOTHING_ACCEPTED, told
from tutor.kit.services.trying import Patience, keep_trying
from tutor.kit.services.unreached import FAILURES
from tutor.kit.words import speak

KAGGLE = "https://api.kaggle.com"
WEB = "https://www.kaggle.com"
CONNECT_SECONDS = 15.0
SILENCE_SECONDS = 30.0
"""Without a single byte."""


def address(environment: Mapping[str, str] = os.environ) -> str:
    """The one in force, without a slash at the end."""
    return (environment.get("TUTOR_KAGGLE_API_URL") or KAGGLE).rstrip("/")


def config_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Where Kaggle's programs look for `kaggle.json`; tokens are in `~/.kaggle` whatever this is."""
    if chosen := environment.get("KAGGLE_CONFIG_DIR"):
        return Path(chosen)
    folder = home / ".kaggle"
    if sys.platform.startswith("linux") and not folder.exists():
        return Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "kaggle"
    return folder


# -- clients


def signed_in(root: str, *, patience: Patience | None = None) -> Any:
    """Kaggle's API object with what it finds by itself: variables first, then its own files.

    Raises:
        NotSignedIn: it finds nothing that Kaggle accepts.
        ServiceError: Kaggle could not be asked.
    """
    api = _new_api(root)
    said = io.StringIO()

    def sign_in() -> None:
        with contextlib.redirect_stdout(said):
            api.authenticate()

    try:
        keep_trying(sign_in, patience=patience)
    except SystemExit:  # it ends the program after saying what is missing
        raise NotSignedIn(speak(NOTHING_ACCEPTED)) from None
    except FAILURES as error:
        raise told(error) from None
    if warning := said.getvalue().strip():
        print(warning)
    return api


def signed_in_with(root: str, token: str, *, patience: Patience | None = None) -> Any:
    """The same with this access token, whatever else is here.

    Raises:
        NotSignedIn: Kaggle does not accept it.
        ServiceError: Kaggle could not be asked.
    """
    from kagglesdk.security.types.oauth_service import IntrospectTokenRequest

    api = _new_api(root)
    api.config_values = {api.CONFIG_NAME_TOKEN: token, api.CONFIG_NAME_AUTH_METHOD: "ACCESS_TOKEN"}
    request = IntrospectTokenRequest()
    request.token = token
    try:
        with api.build_kaggle_client() as client:
            answer = keep_trying(lambda: client.security.oauth_client.introspect_token(request), patience=patience)
    except FAILURES as error:
        refused = answer_of(error)
        if refused is not None and refused.status in (400, 403, 404):  # so its own client takes them, of this call
            raise NotSignedIn(speak(NOTHING_ACCEPTED)) from None
        raise told(error) from None
    if not answer.active:
        raise NotSignedIn(speak(NOTHING_ACCEPTED))
    api.config_values[api.CONFIG_NAME_USER] = answer.username
    api._authenticated = True  # noqa: SLF001
    return api


def bare_client(
    root: str,
    sign: requests.auth.AuthBase | tuple[str, str] | None,
    seen: Callable[[requests.Response], None] | None = None,
) -> Any:
    """The part below that API object, which signs with this and looks for nothing by itself. To be closed, as by `with`.

    Args: `seen`: called with each answer that is no refusal.
    """
    from kagglesdk import KaggleClient, KaggleEnv

    _mend()
    # With any token at all it does not look for another.
    client = KaggleClient(env=KaggleEnv.PROD, api_token="none", response_processor=seen)  # noqa: S106
    _lead(client, root)
    client.http_client()._session.auth = sign  # noqa: SLF001
    return client


def bearer(token: str) -> requests.auth.AuthBase:
    """What signs with an access token."""
    from kagglesdk.kaggle_http_client import KaggleHttpClient

    sign: requests.auth.AuthBase = KaggleHttpClient.BearerAuth(token)
    return sign


def unsigned_session() -> requests.Session:
    """For addresses that are signed themselves: no token goes there, nor what `~/.netrc` has."""
    session = requests.Session()
    session.auth = _Unsigned()
    return steady(session)


def steady(session: requests.Session) -> requests.Session:
    """Let none of its requests wait for ever, or take a proxy for this computer itself."""
    for beginning in ("https://", "http://"):
        session.mount(beginning, _Steady())
    # Bytes are counted, and gone on with from a number of them: they must not be packed on the way.
    session.headers["Accept-Encoding"] = "identity"
    return session


def send_to(root: str) -> None:
    """Have all of Kaggle's code in this process talk to this address, also what the learner imports."""
    from kagglesdk import kaggle_env

    kaggle_env._env_to_endpoint[kaggle_env.KaggleEnv.PROD] = root  # noqa: SLF001
    _mend()


def _new_api(root: str) -> Any:
    send_to(root)
    api = _api_class()()
    # Both stood fast when the class was read; since then practice may have begun or ended.
    api.config_dir = str(config_folder(os.environ, Path.home()))
    api.config = str(Path(api.config_dir) / api.config_file)
    build = api.build_kaggle_client
    # By itself it would follow every later change of the address, with the token of this one.
    api.build_kaggle_client = lambda: _lead(build(), root)
    return api


def _lead(client: Any, root: str) -> Any:
    http = client.http_client()
    http._endpoint = root  # noqa: SLF001
    http._init_session()  # noqa: SLF001
    steady(http._session)  # noqa: SLF001
    return client


@cache
def _api_class() -> Any:
    """`import kaggle` signs in at once, says what is missing and forgets a login that is refused; here it must do none of that."""
    from kagglesdk.kaggle_http_client import KaggleHttpClient

    call = KaggleHttpClient.call
    KaggleHttpClient.call = _not_now
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            from kaggle.api import kaggle_api_extended
    finally:
        KaggleHttpClient.call = call
    # It ends the program by `exit`, which is no builtin in a notebook's kernel.
    kaggle_api_extended.exit = sys.exit
    return kaggle_api_extended.KaggleApi


def _not_now(*_: Any) -> None:
    raise RuntimeError("nobody has asked for this")  # swallowed by `kaggle/__init__.py`


@cache
def _mend() -> None:
    """What Kaggle's code takes for granted about its address."""
    from kagglesdk.kaggle_creds import KaggleCredentials
    from kagglesdk.kaggle_http_client import KaggleHttpClient

    load = KaggleCredentials.load

    def load_unless_elsewhere(client: Any, file_path: str | None = None) -> Any:
        # A login that another address refuses is deleted: the learner's own one must not come there when a variable signs in.
        is_elsewhere = client.http_client()._endpoint != KAGGLE  # noqa: SLF001
        if is_elsewhere and (os.environ.get("KAGGLE_API_TOKEN") or os.environ.get("KAGGLE_KEY")):
            return None
        return load(client, file_path)

    KaggleCredentials.load = staticmethod(load_unless_elsewhere)
    KaggleHttpClient.get_non_api_endpoint = lambda http: WEB if http._endpoint == KAGGLE else http._endpoint  # noqa: SLF001


class _Steady(HTTPAdapter):
    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        signature = str(request.headers.get("Authorization", ""))
        if not (signature.isascii() and signature.isprintable()):
            # Said here, where the text does not hold the token.
            raise requests.exceptions.InvalidHeader("a token has characters that no header can have")
        if is_loopback(request.url or ""):
            proxies = {}
        return super().send(request, stream, timeout or (CONNECT_SECONDS, SILENCE_SECONDS), verify, cert, proxies)


class _Unsigned(requests.auth.AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request

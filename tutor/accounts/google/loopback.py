"""Sign-in by a browser on this computer: Google sends it back to a listener here that waits for nothing else, and that can be ended."""

from __future__ import annotations

import hmac
import http.server
import threading
from collections.abc import Mapping
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from google_auth_oauthlib.flow import InstalledAppFlow  # type: ignore[import-untyped]
from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]

from tutor.accounts.google.addresses import SCOPE, Addresses
from tutor.accounts.google.asking import ANSWER_SECONDS, Asker
from tutor.accounts.google.client_file import Client
from tutor.accounts.google.refusals import refusal
from tutor.accounts.model import AccountTrouble, Trouble
from tutor.i18n import Words

HERE = "127.0.0.1"
"""Not a name: a name could be of another interface."""
WAIT_SECONDS = 600.0
_LOOK_SECONDS = 0.2


class Loopback:
    """One go at it: a code, the secret that belongs to it and the listener are good once."""

    def __init__(self, words: Words, asker: Asker, addresses: Addresses, client: Client) -> None:
        """
        Raises:
            AccountTrouble: nothing can be listened to here.
        """
        self._words = words
        self._asker = asker
        # oauthlib takes nothing but https, not even on this computer: see `PlainAdapter`.
        is_plain = addresses.root.startswith("http://")
        config = {
            "auth_uri": _with_tls(addresses.authorize),
            "token_uri": _with_tls(addresses.token),
            "client_id": client.id,
            "client_secret": client.secret,
        }
        self._flow = InstalledAppFlow.from_client_config({"installed": config}, [SCOPE])
        asker.prepared(self._flow.oauth2session)
        pages = {"code": words("google.page_done"), "error": words("google.page_denied")}
        try:
            self._listener = _Listener(pages)
        except OSError as error:
            message = words("google.no_listener", reason=error.strerror or "")
            raise AccountTrouble(Trouble.NETWORK, message, words("google.no_listener_hint")) from None
        self._flow.redirect_uri = f"http://{HERE}:{self._listener.port}/"
        # `consent`: only then a further sign-in of the same client brings a token that can be renewed.
        url, state = self._flow.authorization_url(access_type="offline", prompt="consent")
        self.url: str = url.replace("https://", "http://", 1) if is_plain else url
        """To open in a browser on this computer."""
        self._listener.expect(str(state))

    def wait(self) -> str | None:
        """The address with which the browser came back; None: nobody came, or it was closed."""
        return self._listener.wait(WAIT_SECONDS)

    def exchange(self, came_back: str) -> Mapping[str, Any]:
        """The tokens.

        Raises:
            AccountTrouble: Google, or the person, says no.
        """
        # oauthlib wants https here too; nothing is sent to this address.
        answer = f"https://{HERE}:{self._listener.port}{came_back}"
        try:
            tokens: Mapping[str, Any] = self._flow.fetch_token(authorization_response=answer, timeout=ANSWER_SECONDS)
        except OAuth2Error as error:
            told = refusal(self._words, str(error.error), str(error.description or ""), clock=self._asker.clock)
            raise (self._asker.busy or told) from None
        except Warning as changed:  # other rights were granted than asked for: which, is looked at later
            tokens = getattr(changed, "token", {})
        except (requests.RequestException, OSError, ValueError) as error:
            raise (self._asker.busy or self._asker.failed(error)) from None
        return tokens

    def close(self) -> None:
        """Stop listening. Safe to call twice."""
        self._listener.close()


def _with_tls(url: str) -> str:
    return url.replace("http://", "https://", 1)


class _Listener:
    def __init__(self, pages: Mapping[str, str]) -> None:
        """Raises: OSError: no port is free."""
        self._came: SimpleQueue[str] = SimpleQueue()
        self._state = ""
        self._closed = threading.Event()
        listener = self

        class _Handler(http.server.BaseHTTPRequestHandler):
            timeout = ANSWER_SECONDS

            def do_GET(self) -> None:
                kind = listener.take(self.path)
                body = pages.get(kind, "").encode()
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """The path has a code in it."""

        # A thread for each connection: browsers open some in advance, and say nothing on them.
        self._server = http.server.ThreadingHTTPServer((HERE, 0), _Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOK_SECONDS,), name="tutor-google", daemon=True
        )
        self._thread.start()

    def expect(self, state: str) -> None:
        """Take what brings this along, and nothing else."""
        self._state = state

    def take(self, path: str) -> str:
        """`code` or `error` if it is what is waited for; empty text for anything else, which a browser asks for as well."""
        asked = parse_qs(urlsplit(path).query)
        state = asked.get("state", [""])[0]
        kind = next((name for name in ("error", "code") if name in asked), "")
        if not kind or not self._state or not hmac.compare_digest(state.encode(), self._state.encode()):
            return ""
        self._came.put(path)
        return kind

    def wait(self, seconds: float) -> str | None:
        waited = 0.0
        while not self._closed.is_set() and waited < seconds:
            try:
                return self._came.get(timeout=_LOOK_SECONDS)
            except Empty:
                waited += _LOOK_SECONDS
        return None

    def close(self) -> None:
        if not self._closed.is_set():
            self._closed.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

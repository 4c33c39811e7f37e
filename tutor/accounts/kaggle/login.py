"""Kaggle's login by browser: with the identity, the checks and the file of Kaggle's own program, and with waiting that can be ended."""

from __future__ import annotations

import errno
import http.server
import random
import socketserver
import sys
import threading
import urllib.parse
from collections.abc import Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from kagglesdk import KaggleOAuth

from tutor.accounts.kaggle.asking import SCOPES
from tutor.kit.services.kaggle_client import bare_client

PORTS = range(8000, 9001)
"""Where Kaggle's own program listens."""
TRIES = 20
WAIT_SECONDS = 600.0


def browser_is_here(environment: Mapping[str, str]) -> bool:
    """Whether a browser on this computer can come back to us: it has a screen, and nobody is here from afar."""
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return False
    has_screen = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") or environment.get("WSL_DISTRO_NAME")
    return sys.platform == "darwin" or bool(has_screen)


class Attempt:
    """One go at it: where the browser is sent, and what comes back is checked against."""

    def __init__(self, root: str, words_of_page: Mapping[str, str], *, comes_back: bool) -> None:
        """
        Args:
            words_of_page: what the browser shows at the end: `done`, `denied`.
            comes_back: the browser is on this computer and brings the code; otherwise the learner types it.

        Raises:
            OSError: no port is free.
        """
        state = KaggleOAuth.OAuthState()
        self.verifier = str(state.code_verifier)
        self._listener = Listener(str(state.state), words_of_page) if comes_back else None
        with bare_client(root, None) as client:
            http = client.http_client()
            back = (
                f"http://localhost:{self._listener.port}" if self._listener else http.get_oauth_default_redirect_url()
            )
            self.url = str(
                http.build_start_oauth_url(
                    client_id=KaggleOAuth.OAUTH_CLIENT_ID,
                    redirect_uri=back,
                    scope=SCOPES,
                    state=state.state,
                    code_challenge=state.code_challenge,
                )
            )

    @property
    def comes_back(self) -> bool:
        """Whether the code comes by itself."""
        return self._listener is not None

    def wait(self, seconds: float = WAIT_SECONDS) -> str | None:
        """The code that the browser brings; empty where the learner said no, None when nothing came or it was closed."""
        return self._listener.wait(seconds) if self._listener else None

    def close(self) -> None:
        """Nobody waits any more. Safe to call twice."""
        if self._listener:
            self._listener.close()


class Listener:
    """Waits on this computer only, for a request that brings our own state."""

    def __init__(self, state: str, words_of_page: Mapping[str, str]) -> None:
        self._came: SimpleQueue[str | None] = SimpleQueue()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                brought = {name: values[0] for name, values in query.items()}
                if brought.get("state") != state or not ("code" in brought or "error" in brought):
                    self.send_error(400)  # the browser's own wish for an icon, or somebody else's request
                    return
                shown = words_of_page["done" if "code" in brought else "denied"].encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(shown)))
                self.end_headers()
                self.wfile.write(shown)
                listener._came.put(brought.get("code", ""))

            def log_message(self, *_: Any) -> None:
                """Nothing: the code stands in the address."""

        self._server = _server(Handler)
        self.port = int(self._server.server_address[1])
        self._closed = threading.Lock()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="kaggle login", daemon=True
        )
        self._thread.start()

    def wait(self, seconds: float) -> str | None:
        """What came; None when nothing did."""
        try:
            return self._came.get(timeout=seconds)
        except Empty:
            return None

    def close(self) -> None:
        """Stop listening, and let go whoever waits. Safe to call twice."""
        if self._closed.acquire(blocking=False):
            self._server.shutdown()
            self._server.server_close()
            self._came.put(None)


class _Server(socketserver.ThreadingTCPServer):
    """A thread for each connection: browsers open some in advance, and say nothing on them."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


def _server(handler: type[http.server.BaseHTTPRequestHandler]) -> _Server:
    """
    Raises:
        OSError: no port is free.
    """
    for port in random.sample(PORTS, TRIES):
        with suppress(OSError):  # somebody has it; there are others
            return _Server(("127.0.0.1", port), handler)
    raise OSError(errno.EADDRINUSE, "no port is free")

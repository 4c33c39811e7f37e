"""A Jupyter server's REST API, as far as kernels need it; whatever goes wrong becomes a `ServerError` in the learner's language."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

from tutor.errors import ServerError
from tutor.i18n import Words
from tutor.runtime.server.access import Access
from tutor.text.plain import strip

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
START_SECONDS = 60.0
"""A kernel's start; Jupyter answers once its process runs, which can be long on a machine that just woke up."""
INTERRUPT_SECONDS = 3.0
"""Somebody waits for it with a finger on the key."""
MESSAGE_LIMIT = 300
"""Characters of a server's own words that are shown."""


@dataclass(frozen=True, slots=True)
class KernelModel:
    """A kernel as the server tells of it."""

    id: str
    state: str
    """`idle`, `busy`, `starting`, `restarting`, `dead` or `unknown`."""
    last_activity: datetime | None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> KernelModel:
        """From the server's JSON."""
        return cls(
            str(data["id"]),
            str(data.get("execution_state") or "unknown"),
            _moment(data.get("last_activity")),
        )


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What a server says of itself."""

    version: str
    kernels: int


class Api:
    """One server's API. An async context manager; safe to close twice."""

    def __init__(self, access: Access, words: Words, *, seconds: float = ANSWER_SECONDS) -> None:
        """Args: `seconds`: for each answer, but that to the start of a kernel."""
        self._access = access
        self._words = words
        self._address = access.address
        self._client = httpx.AsyncClient(
            base_url=self._address.root,
            headers=access.all_headers,
            params=list(self._address.params),
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
            # Loopback never goes through a proxy.
            trust_env=not self._address.is_loopback,
            # Reading the certificates takes tens of milliseconds, and the screen waits.
            verify=self._address.root.startswith("https:"),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def status(self) -> ServerStatus:
        """What the server is; the first thing to ask.

        Raises:
            ServerError: it is none, or does not let us in.
        """
        version = await self._json("GET", "api")
        if not isinstance(version, Mapping) or "version" not in version:
            raise self._problem("not_jupyter")
        # `api` is open to everybody, this is not.
        data = await self._json("GET", "api/status")
        return ServerStatus(strip(str(version["version"])), int(data.get("kernels") or 0))

    async def python_kernel(self) -> str:
        """The name of the kernel to start: the server's default if that is Python, else its first Python.

        Raises:
            ServerError: there is none.
        """
        data = await self._json("GET", "api/kernelspecs")
        specs: Mapping[str, Any] = data.get("kernelspecs") or {}
        names = [str(data.get("default") or ""), *specs]
        for name in names:
            if str(((specs.get(name) or {}).get("spec") or {}).get("language") or "").lower() == "python":
                return name
        raise self._problem("no_python")

    async def start_kernel(self, name: str) -> KernelModel:
        """A new kernel.

        Raises:
            ServerError: the server did not start one.
        """
        data = await self._json("POST", "api/kernels", {"name": name}, seconds=START_SECONDS)
        return KernelModel.of(data)

    async def kernel(self, kernel_id: str) -> KernelModel | None:
        """What the server says of a kernel; None when it is not there any more.

        Raises:
            ServerError: the server did not say.
        """
        response = await self._send("GET", f"api/kernels/{kernel_id}")
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return KernelModel.of(self._content(response))

    async def kernels(self) -> list[KernelModel]:
        """All kernels of the server.

        Raises:
            ServerError: the server did not say.
        """
        return [KernelModel.of(data) for data in await self._json("GET", "api/kernels")]

    async def interrupt(self, kernel_id: str) -> None:
        """Raises: ServerError: the server did not do it, or not soon."""
        await self._json("POST", f"api/kernels/{kernel_id}/interrupt", seconds=INTERRUPT_SECONDS)

    async def restart(self, kernel_id: str) -> bool:
        """A new process in place of the kernel's; False when the kernel is not there any more.

        Raises:
            ServerError: the server did not do it.
        """
        response = await self._send("POST", f"api/kernels/{kernel_id}/restart", seconds=START_SECONDS)
        if response.status_code == httpx.codes.NOT_FOUND:
            return False
        self._content(response)
        return True

    async def delete(self, kernel_id: str) -> bool:
        """End the kernel, and ask whether it is gone.

        Raises:
            ServerError: the server did not say.
        """
        response = await self._send("DELETE", f"api/kernels/{kernel_id}")
        if response.status_code != httpx.codes.NOT_FOUND:
            self._content(response)
        return await self.kernel(kernel_id) is None

    async def _json(self, method: str, path: str, body: object = None, *, seconds: float | None = None) -> Any:
        return self._content(await self._send(method, path, body, seconds=seconds))

    async def _send(
        self, method: str, path: str, body: object = None, *, seconds: float | None = None
    ) -> httpx.Response:
        xsrf = self._client.cookies.get("_xsrf")
        headers = {"X-XSRFToken": xsrf} if xsrf else {}
        limit = httpx.Timeout(seconds, connect=CONNECT_SECONDS) if seconds else httpx.USE_CLIENT_DEFAULT
        try:
            return await self._client.request(
                method, path, json=body if method == "POST" else None, headers=headers, timeout=limit
            )
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        except (OSError, ValueError, RuntimeError) as error:
            # A proxy's address that is none, a header with odd characters.
            raise self._problem("unreachable", reason=str(error)) from error

    def _content(self, response: httpx.Response) -> Any:
        """The JSON of a good answer, None of an empty one."""
        status = response.status_code
        if status in (401, 403) and not self._says_other(response):
            raise self._refused()
        if response.is_redirect:
            # To a page for signing in, where there is no token or a wrong one.
            raise self._refused() if "login" in response.headers.get("location", "") else self._problem("not_jupyter")
        if status == httpx.codes.NOT_FOUND:
            raise self._problem("not_jupyter")
        if response.is_error:
            raise self._problem("answered", status=status, said=self._said(response))
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError as error:
            raise self._problem("not_jupyter") from error

    def _says_other(self, response: httpx.Response) -> bool:
        """A refusal for another reason than the token: too many kernels (Kernel Gateway says 403), for example."""
        return self._client.headers.get("Authorization") is not None and "limit" in self._said(response).lower()

    def _said(self, response: httpx.Response) -> str:
        """The server's own words."""
        try:
            data = response.json()
            said = str(data.get("message") or data.get("reason") or "") if isinstance(data, Mapping) else ""
        except ValueError:
            said = ""
        text = strip(said or response.reason_phrase)
        for secret in self._access.secrets:
            text = text.replace(secret, "…")
        return text[:MESSAGE_LIMIT]

    def _refused(self) -> ServerError:
        kind = "wrong_token" if self._access.token else "no_token"
        return self._problem(kind, about_token=True)

    def _unreachable(self, error: httpx.HTTPError) -> ServerError:
        log.info("%s cannot be reached: %s", self._address.root, type(error).__name__)
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__ or cause.__context__
        if isinstance(cause, ssl.SSLError):
            return self._problem("certificate")
        if isinstance(error, httpx.TimeoutException):
            return self._problem("silent")
        if isinstance(error, httpx.ProxyError):
            return self._problem("proxy")
        kind = "nobody_here" if self._address.is_loopback else "nobody"
        return self._problem(kind)

    def _problem(self, kind: str, *, about_token: bool = False, **values: object) -> ServerError:
        words, shown = self._words, self._address.root
        message = words(f"server.{kind}", url=shown, **values)
        hint = words(f"server.{kind}_hint", url=shown, port=self._address.port)
        return ServerError(message, hint, about_token=about_token)


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None

"""Signs steps in: at the learner's accounts, or at the stand-ins of practice. What sessions ask of accounts, for one tutor."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tutor.accounts.beside import in_thread
from tutor.accounts.model import AccountTrouble, Trouble
from tutor.accounts.rooms import account_of
from tutor.commands.folders import WorkingFolder
from tutor.kit.loopback import is_loopback, straight
from tutor.session.accounts import NotConnected, Signed

if TYPE_CHECKING:
    from tutor.commands.environment import Environment
    from tutor.practice.practice import Practice

TRUSTED_SECONDS = 240.0
"""For which a credential that the service has accepted is used again without asking; access tokens of Google last an hour."""
UNREACHABLE_SECONDS = 15.0
"""For which a service that could not be reached is not asked again: without a network each step would wait in vain."""


class SigningIn:
    """The accounts of one tutor. For one event loop."""

    def __init__(self, environment: Environment, *, lasting: bool) -> None:
        """Args: `lasting`: what practice is given is found again in the next sitting; headless each run begins anew."""
        self._environment = environment
        self._lasting = lasting
        self._held: WorkingFolder | None = None
        self._made: Path | None = None
        self._practice: Practice | None = None
        self._lock = asyncio.Lock()
        self._beginning = threading.Lock()
        """Whoever waited for practice to begin may have been interrupted, and it begins all the same."""
        self._has_ended = False
        self._known: dict[tuple[str, bool], tuple[float, Signed]] = {}
        self._unreachable: dict[str, tuple[float, AccountTrouble]] = {}
        self._secrets: dict[str, str] = {}
        self._forgotten = 0
        """How often something was to be forgotten: who was asking meanwhile has heard of what was there before."""

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        """A credential that the service accepts now.

        Raises:
            NotConnected: there is none.
            AccountTrouble: it is refused, or the service cannot be reached.
        """
        async with self._lock:
            since, signed = self._known.get((service, practice), (0.0, None))
            if signed is None or (not practice and time.monotonic() - since > TRUSTED_SECONDS):
                # Not in asyncio's own threads: the end of tutor would wait for a service that is silent.
                before = self._forgotten
                signed = await in_thread(partial(self._rehearsed if practice else self._live, service))
                if practice or before == self._forgotten:
                    self._known[service, practice] = time.monotonic(), signed
            return signed

    def forget(self, service: str) -> None:
        """What is known of that account may be old: it was connected or disconnected."""
        self._forgotten += 1
        self._known.pop((service, False), None)
        self._unreachable.pop(service, None)

    @property
    def secrets(self) -> Sequence[tuple[str, str]]:
        """Every credential that was handed out."""
        return [(name, value) for value, name in self._secrets.items()]

    async def aclose(self) -> None:
        """Stop what practice serves. Safe to call twice."""
        await asyncio.to_thread(self._end)

    # -- in a thread

    def _live(self, service: str) -> Signed:
        at, trouble = self._unreachable.get(service, (0.0, None))
        if trouble is not None and time.monotonic() - at < UNREACHABLE_SECONDS:
            raise trouble
        account = account_of(service, self._environment.paths.accounts(), self._environment.words)
        credential = account.find()
        if credential is None:
            raise NotConnected(service)
        try:
            credential = account.fresh(credential)
            self._keep_secret(credential.environment)
            account.verify(credential)
        except AccountTrouble as error:
            if error.trouble is Trouble.NETWORK:
                self._unreachable[service] = time.monotonic(), error
            raise
        environment = {**credential.environment, **self._launched(service, credential.environment)}
        if any(is_loopback(value) for name, value in environment.items() if name.endswith("_URL")):
            environment |= straight(os.environ)
        return Signed(environment)

    def _rehearsed(self, service: str) -> Signed:
        lent = self._begun(service).lend(service)
        self._keep_secret(lent.environment)
        self._keep_secret(lent.by_hand)
        return Signed(
            {**lent.environment, **straight(os.environ), **self._launched(service, lent.environment)}, lent.by_hand
        )

    def _begun(self, service: str) -> Practice:
        with self._beginning:
            if self._has_ended:
                raise NotConnected(service)
            if self._practice is None:
                from tutor.practice.practice import Practice

                if self._lasting:
                    self._held = WorkingFolder.first_free(self._environment.paths.practice)
                else:
                    self._made = Path(tempfile.mkdtemp(prefix="tutor-practice-"))
                self._practice = Practice(self._held.path if self._held else cast("Path", self._made))
            return self._practice

    def _end(self) -> None:
        with self._beginning:
            self._has_ended = True
            if self._practice is not None:
                self._practice.close()
                self._practice = None
            if self._held is not None:
                self._held.release()
                self._held = None
            if self._made is not None:
                shutil.rmtree(self._made, ignore_errors=True)
                self._made = None

    def _keep_secret(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            if _is_secret(name):
                self._secrets.setdefault(value, name)

    def _launched(self, service: str, environment: Mapping[str, str]) -> Mapping[str, str]:
        """Kaggle's program has no setting for its address: where another one is in force, ours stands before it.

        So it does where the `PATH` has no such program: that of tutor's own Python is not there unless its environment is active.
        """
        is_elsewhere = environment.get("TUTOR_KAGGLE_API_URL") or os.environ.get("TUTOR_KAGGLE_API_URL")
        if service != "kaggle" or (shutil.which("kaggle") is not None and not is_elsewhere):
            return {}
        from tutor.kit.services.kaggle_command import launcher

        program = launcher(self._environment.paths.launchers())
        return {"PATH": os.pathsep.join([str(program.parent), os.environ.get("PATH", os.defpath)])}


def _is_secret(name: str) -> bool:
    return name.lower().endswith(("token", "key"))

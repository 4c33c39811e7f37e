"""The way to a sign-in at Google, step by step, each looked at as soon as it is answered."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tutor.accounts.google.addresses import CONSOLE, SCOPE, Addresses
from tutor.accounts.google.asking import Asker
from tutor.accounts.google.client_file import Client, is_open_to_others, newest, read_client
from tutor.accounts.google.device import Device
from tutor.accounts.google.loopback import Loopback
from tutor.accounts.google.refusals import refusal
from tutor.accounts.google.token_file import SignIn, TokenFile, sign_in_of
from tutor.accounts.model import AccountTrouble, Ask, Checked, GuideStep, Said, Trouble, checked
from tutor.i18n import Words

MAKING = ("project", "api", "consent", "create")
"""Steps in Google's console, for who has no client yet."""
_PAGES = {
    "project": f"{CONSOLE}/projectcreate",
    "api": f"{CONSOLE}/apis/library/drive.googleapis.com",
    "consent": f"{CONSOLE}/auth/overview",
    "create": f"{CONSOLE}/auth/clients",
}
_WAYS = ("browser", "device")


class GoogleGuide:
    """One way at a time: with a browser here or a code elsewhere; then the client; then the sign-in."""

    def __init__(
        self,
        words: Words,
        environment: Mapping[str, str],
        addresses: Addresses,
        file: TokenFile,
        before: SignIn | None,
    ) -> None:
        """Args: `before`: a sign-in that is there already; its client can be used again."""
        self._words = words
        self._environment = environment
        self._addresses = addresses
        self._file = file
        self._before = before
        self._asker = Asker(words, addresses)
        self._trail = ["way"]
        self._way = before.way if before else default_way(environment)
        self._client: Client | None = None
        self._attempt: Loopback | Device | None = None
        self._unfinished: SignIn | None = None
        """A sign-in that is done and that Drive does not take yet."""
        self._is_done = False

    # -- where it stands

    @property
    def step(self) -> GuideStep | None:
        """Where it stands; None when the account is connected."""
        if self._is_done:
            return None
        at = self._trail[-1]
        match at:
            case "way":
                return self._step(at, Ask.CHOICE, choices=self._choices(at, _WAYS), default=self._way)
            case "client":
                choices = self._choices(at, self._clients())
                return self._step(at, Ask.CHOICE, choices=choices, default=choices[0][0])
            case "file":
                return self._step(at, Ask.FILE, default=str(newest(Path.home() / "Downloads") or ""))
            case "browser" | "device":
                url = self._attempt.url if self._attempt else ""  # none when all is closed
                code = self._attempt.code if isinstance(self._attempt, Device) else ""
                return self._step(at, Ask.WAIT, url=url, code=code)
        text = f"create_{self._way}" if at == "create" else at
        return self._step(at, Ask.NOTHING, url=_PAGES[at], text=text)

    @property
    def place(self) -> tuple[int, int]:
        """The number of this step, from 1, and of all on this way as far as is known."""
        at, number = self._trail[-1], len(self._trail)
        if at in MAKING:
            return number, number + len(MAKING) - MAKING.index(at) - 1 + 2
        return number, number + {"way": 3, "client": 2, "file": 1}.get(at, 0)

    # -- going on

    def answer(self, value: str) -> Checked:
        """Take the learner's answer, look at once whether it is right, and go on if it is."""
        return checked(lambda said: self._take(self._trail[-1], value.strip(), said))

    def back(self) -> None:
        """To the step before; stays at the first."""
        self._end_attempt()
        if len(self._trail) > 1:
            self._trail.pop()

    def close(self) -> None:
        """Nobody goes on with it. Safe to call twice."""
        self._end_attempt()

    def _take(self, at: str, value: str, said: Said) -> bool:
        match at:
            case "way":
                return self._take_way(value, said)
            case "client":
                return self._take_client(value, said)
            case "file":
                return self._take_file(value, said)
            case "browser" | "device":
                return self._take_sign_in(said)
        # What was clicked in the console nobody can see from here; the client file and the sign-in will tell.
        after = MAKING.index(at) + 1
        self._trail.append(MAKING[after] if after < len(MAKING) else "file")
        return True

    def _take_way(self, value: str, said: Said) -> bool:
        if value not in _WAYS:
            return False
        self._way = value
        self._asker.reach()
        said.append((True, self._words("google.reached")))
        self._look_at_clock(said)
        self._trail.append("client")
        return True

    def _look_at_clock(self, said: Said) -> None:
        if self._asker.clock.ahead is not None:
            said.append(self._asker.reaching.clock(self._asker.clock))

    def _take_client(self, value: str, said: Said) -> bool:
        if value not in self._clients():
            return False
        if value == "kept" and self._before is not None:
            return self._begin(self._before.client, said)
        self._trail.append(MAKING[0] if value == "make" else "file")
        return True

    def _take_file(self, value: str, said: Said) -> bool:
        path = Path(value.strip("\"'")).expanduser()
        client = read_client(path, self._words)
        file = newest(path) or path if path.is_dir() else path
        said.append((True, self._words("google.file_right", file=file)))
        if is_open_to_others(file):
            said.append((False, self._words("google.client_open", file=file)))
        return self._begin(client, said)

    def _begin(self, client: Client, said: Said) -> bool:
        """Come to the sign-in itself."""
        self._end_attempt()
        self._client = client
        if self._way == "device":
            self._attempt = Device(self._words, self._asker, client)
            said.append((True, self._words("google.code_given")))
        else:
            self._attempt = Loopback(self._words, self._asker, self._addresses, client)
        if self._trail[-1] not in _WAYS:
            self._trail.append(self._way)
        return True

    def _take_sign_in(self, said: Said) -> bool:
        if self._unfinished is not None:  # signed in before; only Drive did not take it
            return self._finish(self._unfinished, said)
        attempt, client = self._attempt, self._client
        if attempt is None or client is None:
            return False
        try:
            tokens = self._tokens(attempt)
            if self._attempt is not attempt:  # somebody went back, or away, while this waited
                self._give_back(tokens)
                return False
            sign_in = None if tokens is None else self._sign_in(client, tokens)
        except AccountTrouble:
            if self._attempt is attempt:
                self._again(client)
            raise
        if sign_in is None:
            self._again(client)
            said.append((False, self._words("google.nobody_came")))
            return False
        said.append((True, self._words("google.signed_in")))
        return self._finish(sign_in, said)

    @staticmethod
    def _tokens(attempt: Loopback | Device) -> Mapping[str, object] | None:
        if isinstance(attempt, Device):
            return attempt.wait()
        came_back = attempt.wait()
        return None if came_back is None else attempt.exchange(came_back)

    def _sign_in(self, client: Client, tokens: Mapping[str, object]) -> SignIn:
        try:
            return sign_in_of(client, tokens, root=self._addresses.root, way=self._way)
        except (KeyError, ValueError, TypeError):
            raise AccountTrouble(Trouble.REFUSED, self._words("google.half"), self._words("google.half_hint")) from None

    def _give_back(self, tokens: Mapping[str, object] | None) -> None:
        """Let what nobody will use be no longer valid."""
        token = str((tokens or {}).get("refresh_token", ""))
        if token:
            with suppress(AccountTrouble):
                self._asker.revoke(token)

    def _finish(self, sign_in: SignIn, said: Said) -> bool:
        """Look whether Drive takes it, and keep it."""
        if SCOPE not in sign_in.scopes:
            # Of no use, so it shall not lie around at Google either.
            self._give_back({"refresh_token": sign_in.refresh_token})
            self._again(sign_in.client)
            raise refusal(self._words, "insufficientPermissions")
        self._unfinished = sign_in
        who = self._asker.who(sign_in.token)
        said.append((True, self._words("google.accepted", who=who.name)))
        try:
            self._file.write(replace(sign_in, account=who.name))
        except OSError as error:
            message = self._words("google.not_written", file=self._file.path, reason=error.strerror or "")
            raise AccountTrouble(Trouble.BROKEN, message, self._words("google.not_written_hint")) from None
        self._unfinished = None
        said.append((True, self._words("google.kept", file=self._file.path)))
        if sign_in.ends is not None:
            days = max(1, round((sign_in.ends - sign_in.since).total_seconds() / 86400))
            said.append((True, self._words("google.ends_in", days=days)))
        self._end_attempt()
        self._is_done = True
        return True

    def _again(self, client: Client) -> None:
        """A new go: codes and listeners are good for one."""
        try:
            self._begin(client, [])
        except AccountTrouble:
            self._trail.pop()
            raise

    def _end_attempt(self) -> None:
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.close()

    # -- words

    def _clients(self) -> tuple[str, ...]:
        # A client is good for one way only.
        can_keep = self._before is not None and self._before.way == self._way
        return ("kept", "file", "make") if can_keep else ("make", "file")

    def _choices(self, step: str, keys: Sequence[str]) -> tuple[tuple[str, str], ...]:
        return tuple((key, self._words(f"google.{step}_{key}")) for key in keys)

    def _step(
        self,
        step: str,
        ask: Ask,
        *,
        choices: tuple[tuple[str, str], ...] = (),
        url: str = "",
        code: str = "",
        default: str = "",
        text: str = "",
    ) -> GuideStep:
        label = self._words("google.file_label") if ask is Ask.FILE else ""
        title, said = self._words(f"google.{step}_title"), self._words(f"google.{text or step}_text")
        return GuideStep(step, title, said, ask, label, choices, url, code, default)


def default_way(environment: Mapping[str, str]) -> str:
    """`browser` where one is on this computer and somebody sits before it, else `device`."""
    away = ("SSH_CONNECTION", "SSH_TTY", "COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE")
    if any(environment.get(name) for name in away):
        return "device"
    screen = any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))
    return "browser" if sys.platform == "darwin" or screen else "device"

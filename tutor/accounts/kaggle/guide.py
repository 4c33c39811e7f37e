"""The way to a credential for Kaggle, step by step, each looked at as soon as it is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tutor.accounts.kaggle.asking import SCOPES, Asker, Login, Who
from tutor.accounts.kaggle.keeping import Keeper, is_open_to_others
from tutor.accounts.kaggle.login import Attempt, browser_is_here
from tutor.accounts.kaggle.places import MOST_BYTES, Kind, Places
from tutor.accounts.model import AccountTrouble, Ask, Checked, GuideStep, Said, Trouble, checked
from tutor.i18n import Words
from tutor.kit.services.kaggle_client import WEB, address

SETTINGS = f"{WEB}/settings"
API_SETTINGS = f"{WEB}/settings/api"
STEPS = 3
_HALF = re.compile(r"[0-9a-f]{32}")
_AROUND = re.compile(r"""^(?:export\s+|set\s+)?(?:KAGGLE_API_TOKEN\s*=\s*)?["'“”‘’]?(.*?)["'“”‘’]?$""", re.DOTALL)
"""The settings page shows a whole line for the terminal too."""


class KaggleGuide:
    """One way at a time: account, way, and what belongs to the way."""

    def __init__(
        self,
        words: Words,
        environment: Mapping[str, str],
        home: Path,
        *,
        places: Places,
        keeper: Keeper,
        asker: Asker,
    ) -> None:
        self._words = words
        self._environment = environment
        self._home = home
        self._places = places
        self._keeper = keeper
        self._asker = asker
        self._at = "account"
        self._attempt: Attempt | None = None
        self._gained: Login | None = None
        """What the browser's code has given already, should the network fail after that."""
        self._is_closed = False

    # -- where it stands

    @property
    def step(self) -> GuideStep | None:
        """Where it stands; None when the account is connected."""
        match self._at:
            case "account":
                return self._text("account", Ask.NOTHING, url=SETTINGS)
            case "way":
                choices = tuple((str(kind), self._words(f"kaggle.way_{kind}")) for kind in Kind)
                return self._text("way", Ask.CHOICE, choices=choices, default=str(Kind.TOKEN))
            case Kind.TOKEN:
                return self._text("token", Ask.SECRET, url=API_SETTINGS)
            case Kind.KEY:
                return self._text("key", Ask.FILE, url=API_SETTINGS, default=self._downloaded())
            case Kind.LOGIN if self._attempt is not None:
                if self._attempt.comes_back:
                    return self._text("login", Ask.WAIT, url=self._attempt.url)
                return self._text("code", Ask.TEXT, url=self._attempt.url)
        return None

    @property
    def place(self) -> tuple[int, int]:
        """The number of this step, from 1, and of all."""
        return {"account": 1, "way": 2}.get(self._at, STEPS), STEPS

    def answer(self, value: str) -> Checked:
        """Take the learner's answer, look at once whether it is right, and go on if it is."""
        return checked(lambda said: self._take(value, said))

    def back(self) -> None:
        """To the step before; stays at the first."""
        self._end_attempt()
        self._at = "account" if self._at in ("account", "way") else "way"

    def close(self) -> None:
        """Nobody goes on with it. Safe to call twice."""
        self._is_closed = True
        self._end_attempt()

    # -- steps

    def _take(self, value: str, said: Said) -> bool:
        match self._at:
            case "account":
                return self._look_around(said)
            case "way":
                return self._go(value, said)
            case Kind.TOKEN:
                return self._take_token(value, said)
            case Kind.KEY:
                return self._take_key(value, said)
            case Kind.LOGIN:
                return self._take_login(value, said)
        return False

    def _look_around(self, said: Said) -> bool:
        self._asker.reach()
        said.append((True, self._words("kaggle.reached")))
        self._look_at_clock(said)
        self._at = "way"
        return True

    def _look_at_clock(self, said: Said) -> None:
        if self._asker.clock.ahead is not None:
            said.append(self._asker.reaching.clock(self._asker.clock))

    def _go(self, value: str, said: Said) -> bool:
        if value not in list(Kind):
            return False
        before = self._first_before(Kind(value))
        if before:
            said.append((False, self._words("kaggle.comes_first", place=before)))
            return False
        if value == Kind.LOGIN:
            self._begin(comes_back=browser_is_here(self._environment))
        self._at = value
        return True

    def _first_before(self, kind: Kind) -> str:
        """The place of what Kaggle's program would take before a new one of that kind; empty when there is none."""
        order = list(Kind)
        for found in self._places.sound():
            if order.index(found.kind) < order.index(kind):
                return found.place
        return ""

    def _take_token(self, value: str, said: Said) -> bool:
        token = _AROUND.sub(r"\1", value.strip()).strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            said.append((False, self._words("kaggle.not_a_token")))
            return False
        if _HALF.fullmatch(token):
            said.append((False, self._words("kaggle.half_a_key")))
            return False
        self._accepted(self._asker.token(token), said)
        if self._is_closed:  # while Kaggle was asked
            return False
        hides = self._hides_settings()
        try:
            kept = self._keeper.put_token(token)
        except OSError as error:
            raise self._cannot_write(self._places.token, error) from None
        self._tell_kept(self._places.token, kept, said)
        if hides:
            said.append((False, self._words("kaggle.hides", old=hides, new=self._places.own)))
        return self._end()

    def _take_key(self, value: str, said: Said) -> bool:
        file = Path(value.strip().strip("\"'")).expanduser()
        if file.is_dir():
            file /= "kaggle.json"
        username, key = self._pair(file)
        said.append((True, self._words("kaggle.file_right", file=file)))
        if is_open_to_others(file):
            said.append((False, self._words("kaggle.file_was_open", file=file)))
        self._accepted(self._asker.key(username, key), said)
        if self._is_closed:
            return False
        target = self._places.key
        try:
            kept = self._keeper.put_key(username, key, file)
        except OSError as error:
            raise self._cannot_write(target, error) from None
        self._tell_kept(target, kept, said)
        if file.exists() and not file.samefile(target):
            said.append((False, self._words("kaggle.still_there", file=file)))
        return self._end()

    def _pair(self, file: Path) -> tuple[str, str]:
        """
        Raises:
            AccountTrouble: the file is none.
        """
        try:
            with file.open("rb") as stream:
                known = json.loads(stream.read(MOST_BYTES))
        except OSError as error:
            raise self._broken("kaggle.no_file", file=file, reason=error.strerror or "") from None
        except ValueError:
            raise self._broken("kaggle.not_json", file=file) from None
        pair = [known.get(name) for name in ("username", "key")] if isinstance(known, dict) else []
        if not pair or not all(isinstance(part, str) and part.strip() for part in pair):
            raise self._broken("kaggle.half_file", file=file)
        return str(pair[0]).strip(), str(pair[1]).strip()

    def _take_login(self, value: str, said: Said) -> bool:
        attempt = self._attempt
        if attempt is None:
            return False
        if self._gained is None:
            code = attempt.wait() if attempt.comes_back else value.strip()
            if self._is_closed or code is None:
                said.append((False, self._words("kaggle.nothing_came")))
                return False
            if not code:
                said.append((False, self._words("kaggle.said_no" if attempt.comes_back else "kaggle.no_code")))
                return False
            try:
                self._gained = self._asker.exchanged(code, attempt.verifier)
            except AccountTrouble:
                self._begin(comes_back=attempt.comes_back)  # a code is good for one try
                raise
        return self._keep_login(self._gained, said) and self._end()

    def _keep_login(self, login: Login, said: Said) -> bool:
        who = self._asker.token(login.access)
        self._accepted(who, said)
        if self._is_closed:
            # Nobody will use it, so it shall not lie around at Kaggle either.
            with suppress(AccountTrouble):
                self._asker.end(login.refresh, login.access)
            return False
        try:
            self._keeper.put_login(login.refresh, login.access, login.expires, who.name, list(who.rights) or SCOPES)
        except OSError as error:
            raise self._cannot_write(self._places.login, error) from None
        self._tell_kept(self._places.login, None, said)
        return True

    def _begin(self, *, comes_back: bool) -> None:
        self._end_attempt()
        pages = {"done": self._words("kaggle.page_done"), "denied": self._words("kaggle.page_denied")}
        root = address(self._environment)
        try:
            self._attempt = Attempt(root, pages, comes_back=comes_back)
        except OSError:  # nothing can listen here
            self._attempt = Attempt(root, pages, comes_back=False)

    # -- parts

    def _accepted(self, who: Who, said: Said) -> None:
        said.append((True, self._words("kaggle.accepted", who=who.name)))
        self._look_at_clock(said)

    def _tell_kept(self, file: Path, kept: Path | None, said: Said) -> None:
        is_well = not is_open_to_others(file)
        said.append((is_well, self._words("kaggle.kept" if is_well else "kaggle.open_file", file=file)))
        if kept is not None:
            said.append((True, self._words("kaggle.other_kept", kept=kept)))

    def _hides_settings(self) -> str:
        """Kaggle's program has its settings elsewhere as long as there is no `~/.kaggle`."""
        is_moved = not self._places.own.exists() and self._places.key.parent != self._places.own
        is_ruled = bool(self._environment.get("KAGGLE_CONFIG_DIR"))
        return str(self._places.key) if is_moved and not is_ruled and self._places.key.exists() else ""

    def _downloaded(self) -> str:
        """The newest file that looks like the one that was just downloaded."""
        folder = self._home / "Downloads"
        try:
            files = sorted(folder.glob("kaggle*.json"), key=lambda file: file.stat().st_mtime)
        except OSError:
            files = []
        return str(files[-1]) if files else ""

    def _text(
        self, step: str, ask: Ask, *, url: str = "", choices: tuple[tuple[str, str], ...] = (), default: str = ""
    ) -> GuideStep:
        label = "" if ask in (Ask.NOTHING, Ask.WAIT, Ask.CHOICE) else self._words(f"kaggle.{step}_label")
        title, text = self._words(f"kaggle.{step}_title"), self._words(f"kaggle.{step}_text")
        return GuideStep(step, title, text, ask, label, choices, url, default=default)

    def _cannot_write(self, file: Path, error: OSError) -> AccountTrouble:
        return self._broken("kaggle.not_written", file=file, reason=error.strerror or "")

    def _broken(self, key: str, **values: object) -> AccountTrouble:
        return AccountTrouble(Trouble.BROKEN, self._words(key, **values), self._words(f"{key}_hint", **values))

    def _end_attempt(self) -> None:
        if self._attempt is not None:
            self._attempt.close()
            self._attempt = None

    def _end(self) -> bool:
        self._end_attempt()
        self._at = "connected"
        return True

"""What an account is to tutor, whichever service it is at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tutor.errors import AccountError
from tutor.text.sentences import in_a_row

SERVICES = ("github", "google", "kaggle")
"""As in `account:NAME`, in the order in which they are shown."""


class Source(StrEnum):
    """Where a credential comes from, the first that is there."""

    VARIABLE = "variable"
    """The environment in which tutor was started."""
    TOOL = "tool"
    """The service's own program: `gh`, `kaggle`."""
    OURS = "ours"
    """A file that tutor wrote for itself."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What signs in at a service. Found without asking the service."""

    environment: Mapping[str, str] = field(repr=False)
    """The variables that `tutor.kit.services` reads; the values are secret, but for addresses."""
    source: Source
    place: str
    """The variable's name, the command, or the file."""
    since: datetime | None = None
    """When it was connected, as far as that is known; aware, UTC."""


class Trouble(StrEnum):
    """Why a credential could not be used."""

    MISSING = "missing"
    BROKEN = "broken"
    """The file or the text is none that could be a credential."""
    REFUSED = "refused"
    """Wrong, expired or revoked."""
    RIGHTS = "rights"
    """Accepted, and not allowed enough."""
    CLOCK = "clock"
    """This computer's clock is wrong."""
    BUSY = "busy"
    """The service asks to wait: rate limit, quota, or a fault of its own."""
    NETWORK = "network"
    """It could not be reached, or something else answered in its place."""


class AccountTrouble(AccountError):
    """An account cannot be used; says of what kind the reason is."""

    def __init__(self, trouble: Trouble, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Verified:
    """What the service said about a credential."""

    who: str
    """The account's name there."""
    rights: Sequence[str] = ()
    """What it may do, in the service's own words (`gist`, `repo`, `drive.file`)."""
    expires: datetime | None = None
    remarks: Sequence[str] = ()
    """What the learner should know, a sentence each: more rights than needed, a file that others can read."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """What came of disconnecting."""

    revoked: bool
    """The service itself says that the credential is no longer valid."""
    said: str
    """What was done, and what is left for the learner to do."""


class Ask(StrEnum):
    """What a step of a guide wants from the learner."""

    NOTHING = "nothing"
    """Only that they go on, when they have done what the text says."""
    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a word, and no password
    """Masked, and never kept in a history."""
    FILE = "file"
    """A path on this computer."""
    CHOICE = "choice"
    """One of `choices`, by its key."""
    WAIT = "wait"
    """Nothing: the step itself waits for something that happens in a browser; `answer("")` returns when it has happened."""


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step on the way to a credential."""

    id: str
    title: str
    text: str
    """What to do, in plain sentences and lines; where to click, with the date on which that was seen."""
    ask: Ask
    label: str = ""
    """Of the field."""
    choices: Sequence[tuple[str, str]] = ()
    """Key and text."""
    url: str = ""
    """A page to open in a browser, whole, so that it can be copied; empty when there is none."""
    code: str = ""
    """Something to type elsewhere, as it stands: the code of Google's device flow."""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the learner's answer to a step."""

    done: bool
    """It was right, and the guide is at its next step."""
    said: Sequence[tuple[bool, str]] = ()
    """What was looked at: whether it is well, and a sentence (with what mends it, if it is not)."""


Said = list[tuple[bool, str]]
"""What was looked at, in the making; as in `Checked`."""


def checked(take: Callable[[Said], bool]) -> Checked:
    """What comes of a step. Args: `take`: looks at the answer, notes what it sees, and says whether it was right; it may raise `AccountTrouble`."""
    said: Said = []
    try:
        done = take(said)
    except AccountTrouble as trouble:
        said.append((False, in_a_row(trouble.message, trouble.hint)))
        done = False
    return Checked(done, tuple(said))


class Guide(Protocol):
    """The way to a credential, one step at a time. Methods may ask the network, and are called in a thread of their own."""

    @property
    def step(self) -> GuideStep | None:
        """Where it stands; None when the account is connected."""

    @property
    def place(self) -> tuple[int, int]:
        """The number of this step, from 1, and of all on this way as far as is known."""

    def answer(self, value: str) -> Checked:
        """Take the learner's answer, look at once whether it is right, and go on if it is."""

    def back(self) -> None:
        """To the step before; stays at the first."""

    def close(self) -> None:
        """Nobody goes on with it: end what waits (a listener, a poll). Safe to call twice."""


class Account(Protocol):
    """One service. All methods are slow (files, programs, network) and are called in a thread."""

    service: str

    def find(self) -> Credential | None:
        """The credential in force, without asking the service.

        Raises:
            AccountTrouble: BROKEN: a file is there and is no credential.
        """

    def verify(self, credential: Credential) -> Verified:
        """Ask the service.

        Raises:
            AccountTrouble: it does not accept it, or could not be asked.
        """

    def fresh(self, credential: Credential) -> Credential:
        """The same, with an access token that is valid for the next minutes; of most services the same object.

        Raises:
            AccountTrouble: it cannot be renewed.
        """

    def guide(self) -> Guide:
        """The way to a new credential."""

    def disconnect(self, credential: Credential) -> Disconnected:
        """Forget it here, and revoke it where the service can.

        Raises:
            AccountTrouble: it comes from where tutor must not touch it (a variable), with what the learner can do.
        """

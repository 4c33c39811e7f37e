"""The way to a token for GitHub, step by step, each looked at as soon as it is answered."""

from __future__ import annotations

from tutor.accounts.github.addresses import Addresses
from tutor.accounts.github.asking import Asker, Who
from tutor.accounts.github.gh import Gh
from tutor.accounts.github.kept import Kept, Token
from tutor.accounts.github.shapes import WHOLE, Shape, bare, shape_of
from tutor.accounts.model import Ask, Checked, GuideStep, Said, checked
from tutor.i18n import Words

TOKEN, GH = "token", "gh"
WAYS = {TOKEN: ("way", "repository", "page", "token"), GH: ("way", "gh")}
"""The steps of each."""


class GitHubGuide:
    """One way at a time: a token for one repository, or the login of GitHub's own program."""

    def __init__(self, words: Words, addresses: Addresses, *, kept: Kept, gh: Gh, asker: Asker) -> None:
        self._words = words
        self._addresses = addresses
        self._kept = kept
        self._gh = gh
        self._asker = asker
        self._way = TOKEN
        self._at: int | None = 0
        self._repository = ""
        self._is_closed = False

    # -- where it stands

    @property
    def step(self) -> GuideStep | None:
        """Where it stands; None when the account is connected."""
        if self._at is None:
            return None
        match WAYS[self._way][self._at]:
            case "way":
                choices = ((TOKEN, self._words("github.way_token")), (GH, self._words("github.way_gh")))
                return self._text("way", Ask.CHOICE, choices=choices, default=self._way)
            case "repository":
                return self._text("repository", Ask.TEXT, url=self._addresses.new_repository, default=self._repository)
            case "page":
                return self._text("page", Ask.NOTHING, url=self._addresses.new_token)
            case "token":
                return self._text("token", Ask.SECRET, url=self._addresses.new_token)
        return self._text("gh", Ask.NOTHING, code=f"gh auth login --hostname {self._addresses.host} --web")

    @property
    def place(self) -> tuple[int, int]:
        """The number of this step, from 1, and of all on this way."""
        steps = len(WAYS[self._way])
        return steps if self._at is None else self._at + 1, steps

    def answer(self, value: str) -> Checked:
        """Take the learner's answer, look at once whether it is right, and go on if it is."""
        at = self._at
        if at is None:
            return Checked(done=True)
        taken = checked(lambda said: self._take(WAYS[self._way][at], value, said))
        if taken.done:
            self._at = at + 1 if at + 1 < len(WAYS[self._way]) else None
        return taken

    def back(self) -> None:
        """To the step before; stays at the first."""
        self._at = max(0, (self._at or 0) - 1)

    def close(self) -> None:
        """What is being looked at is not kept any more. Safe to call twice."""
        self._is_closed = True

    def _text(self, name: str, ask: Ask, **more: object) -> GuideStep:
        values = {"repository": self._repository, "host": self._addresses.host}
        label = self._words(f"github.{name}_label") if ask in (Ask.TEXT, Ask.SECRET) else ""
        title, text = self._words(f"github.{name}_title"), self._words(f"github.{name}_text", **values)
        return GuideStep(name, title, text, ask, label, **more)  # type: ignore[arg-type]

    # -- steps

    def _take(self, step: str, value: str, said: Said) -> bool:
        match step:
            case "way":
                return self._choose(value, said)
            case "repository":
                return self._take_repository(value, said)
            case "page":
                return True
            case "token":
                return self._take_token(value, said)
        return self._take_gh(said)

    def _choose(self, value: str, said: Said) -> bool:
        if value not in WAYS:
            return False
        self._asker.reach()
        said.append((True, self._words("github.reached", host=self._addresses.host)))
        # GitHub itself does not mind a wrong one, but certificates do, and every end that is told would be wrong.
        said.append(self._asker.reaching.clock(self._asker.clock))
        self._way = value
        return True

    def _take_repository(self, value: str, said: Said) -> bool:
        name = self._addresses.repository(value)
        if name is None:
            said.append((False, self._words("github.no_repository")))
            return False
        found = self._asker.repository(name)
        self._repository = found or name
        if found is None:
            # A private one: only its token can see it, and is asked then.
            said.append((True, self._words("github.not_public", repository=name)))
        else:
            said.append((True, self._words("github.is_public", repository=found)))
        return True

    def _take_token(self, value: str, said: Said) -> bool:
        token = bare(value)
        shape = shape_of(token)
        if shape not in (Shape.FINE_GRAINED, Shape.CLASSIC):
            whole = next((length for beginning, length in WHOLE.items() if token.startswith(beginning)), 0)
            said.append((False, self._words(f"github.shape_{shape}", length=len(token), whole=whole)))
            return False
        who = self._asker.who(token)
        said.append((True, self._words("github.accepted", who=who.login)))
        if not self._look_at_rights(token, said):
            return False
        self._look_at_the_rest(who, shape, said)
        if self._is_closed:
            return False
        self._kept.write(Token(token, self._addresses.root, None, who.expires, self._repository))
        said.append((True, self._words("github.kept", file=self._kept.file)))
        return True

    def _look_at_rights(self, token: str, said: Said) -> bool:
        found = self._asker.repository(self._repository, token)
        if found is None:
            said.append((False, self._words("github.unseen", repository=self._repository)))
            return False
        self._repository = found
        if not self._asker.may_write(found, token):
            said.append((False, self._words("github.may_not_write", repository=found)))
            return False
        said.append((True, self._words("github.may_write", repository=found)))
        gists = self._asker.may_gist(token)
        said.append((gists, self._words("github.may_gist" if gists else "github.may_not_gist")))
        return True

    def _look_at_the_rest(self, who: Who, shape: Shape, said: Said) -> None:
        if shape is Shape.CLASSIC:
            said.append((False, self._words("github.shape_classic")))
        if who.expires is None:
            said.append((False, self._words("github.no_end")))
        else:
            said.append((True, self._words("github.until", at=who.expires.astimezone())))

    def _take_gh(self, said: Said) -> bool:
        host = self._addresses.host
        if self._gh.program is None:
            said.append((False, self._words("github.no_gh")))
            return False
        token = None if self._addresses.is_loopback else self._gh.token(host)
        if token is None:
            said.append((False, self._words("github.no_login", host=host)))
            return False
        said.append((True, self._words("github.login", host=host)))
        who = self._asker.who(token)
        said.append((True, self._words("github.accepted", who=who.login)))
        if who.scopes is not None and "repo" not in who.scopes:
            said.append((False, self._words("github.gh_lacks", scope="repo")))
            return False
        if who.scopes is not None and "gist" not in who.scopes:
            said.append((False, self._words("github.gh_lacks_gist")))
        if self._is_closed:
            return False
        # What tutor kept itself would be taken first.
        self._kept.remove()
        return True

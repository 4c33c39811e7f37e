"""The learner's account at GitHub."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tutor.accounts.github.addresses import Addresses
from tutor.accounts.github.asking import Asker, Who
from tutor.accounts.github.gh import COMMAND, Gh
from tutor.accounts.github.guide import GitHubGuide
from tutor.accounts.github.kept import Kept, Token
from tutor.accounts.github.shapes import FINE_GRAINED
from tutor.accounts.model import AccountTrouble, Credential, Disconnected, Guide, Source, Trouble, Verified
from tutor.i18n import Words
from tutor.text.sentences import in_a_row

VARIABLE = "GITHUB_TOKEN"
_WIDE = ("repo", "workflow", "delete_repo", "write:", "admin:", "user")
"""Beginnings of scopes that are more than a lesson needs: `gist` and `public_repo` are not among them."""


class GitHub:
    """A token: of the environment; that tutor keeps; or of the login of `gh`.

    What was connected in tutor comes before the login of `gh`, since it was made for this and may less.
    """

    service = "github"

    def __init__(self, folder: Path, words: Words, environment: Mapping[str, str] = os.environ) -> None:
        """Args: `folder`: of the files that tutor keeps for itself."""
        self._words = words
        self._environment = environment
        self._addresses = Addresses.of(environment)
        self._kept = Kept(folder, words)
        self._gh = Gh(environment)
        self._asker = Asker(self._addresses, words)

    def find(self) -> Credential | None:
        """The credential in force, without asking GitHub.

        Raises:
            AccountTrouble: BROKEN: a file is there and is no credential, or the variable's value can be none.
        """
        value = self._environment.get(VARIABLE)
        if value:
            if not (value.isascii() and value.isprintable() and " " not in value):
                message = self._words("github.variable_broken", variable=VARIABLE)
                raise AccountTrouble(
                    Trouble.BROKEN, message, self._words("github.variable_broken_hint", variable=VARIABLE)
                )
            return self._credential(value, Source.VARIABLE, VARIABLE)
        kept = self._kept_here()
        if kept is not None:
            return self._credential(kept.token, Source.OURS, str(self._kept.file), kept.since)
        # Nothing on this computer but practice is at such an address, and `gh` has no login for it.
        token = None if self._addresses.is_loopback else self._gh.token(self._addresses.host)
        return None if token is None else self._credential(token, Source.TOOL, COMMAND)

    def verify(self, credential: Credential) -> Verified:
        """Ask GitHub.

        Raises:
            AccountTrouble: it does not accept it, or could not be asked.
        """
        kept = self._kept_here() if credential.source is Source.OURS else None
        try:
            who = self._asker.who(credential.environment[VARIABLE])
        except AccountTrouble as trouble:
            if trouble.trouble is Trouble.REFUSED and kept and kept.expires and kept.expires <= datetime.now(UTC):
                message = self._words("github.expired", at=kept.expires.astimezone())
                raise AccountTrouble(Trouble.REFUSED, message, trouble.hint) from None
            raise
        rights = who.scopes
        if rights is None:
            rights = (self._words("github.right", repository=kept.repository),) if kept and kept.repository else ()
        return Verified(who.login, rights, who.expires, tuple(self._remarks(credential, who, kept)))

    def fresh(self, credential: Credential) -> Credential:
        """The same: a token lasts until its end."""
        return credential

    def guide(self) -> Guide:
        """The way to a new token."""
        return GitHubGuide(self._words, self._addresses, kept=self._kept, gh=self._gh, asker=self._asker)

    def disconnect(self, credential: Credential) -> Disconnected:
        """Forget the token that tutor keeps, and have it revoked.

        Raises:
            AccountTrouble: it is none of tutor's, with what the learner can do.
        """
        if credential.source is not Source.OURS:
            key = "github.variable" if credential.source is Source.VARIABLE else "github.tool"
            values = {"variable": VARIABLE, "host": self._addresses.host, "tokens": self._addresses.tokens}
            raise AccountTrouble(Trouble.RIGHTS, self._words(key, **values), self._words(f"{key}_hint", **values))
        self._kept.remove()
        removed = self._words("github.removed", file=self._kept.file)
        try:
            revoked = self._asker.revoke(credential.environment[VARIABLE])
        except AccountTrouble as trouble:
            left = self._words("github.not_asked", reason=trouble.message, tokens=self._addresses.tokens)
            return Disconnected(False, in_a_row(removed, left))
        said = "github.revoked" if revoked else "github.still_valid"
        return Disconnected(revoked, in_a_row(removed, self._words(said, tokens=self._addresses.tokens)))

    # -- parts

    def _kept_here(self) -> Token | None:
        """What tutor keeps, if it belongs to the address in force: to no other one it is ever sent."""
        kept = self._kept.read()
        return kept if kept is not None and kept.root == self._addresses.root else None

    def _credential(self, token: str, source: Source, place: str, since: datetime | None = None) -> Credential:
        return Credential({VARIABLE: token, **self._addresses.variables}, source, place, since)

    def _remarks(self, credential: Credential, who: Who, kept: Token | None) -> Iterator[str]:
        wide = [scope for scope in who.scopes or () if scope.startswith(_WIDE)]
        if wide:
            key = "github.wide_tool" if credential.source is Source.TOOL else "github.wide"
            yield self._words(key, rights=self._words("accounts.joint").join(wide))
        if who.scopes is None and not (kept and kept.repository):
            yield self._words("github.rights_unknown", tokens=self._addresses.tokens)
        if who.expires is None and credential.environment[VARIABLE].startswith((FINE_GRAINED, "ghp_")):
            yield self._words("github.no_end")
        if self._asker.clock.is_wrong:
            yield self._asker.reaching.clock(self._asker.clock)[1]
        if kept is not None and self._kept.is_open_to_others():
            yield self._words("github.open_file", file=self._kept.file)

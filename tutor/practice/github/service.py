"""GitHub in practice: what is served where, and the tokens that let somebody in."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.practice.github import account, contents, gists, history, objects, pages, repos, smart
from tutor.practice.github.state import Record, State
from tutor.practice.github.tokens import APPLICATION, PERSON, Grant, RateLimit, Tokens
from tutor.practice.service import LEARNER, Lent, Route, Service

FIRST_REPOSITORY = "gpu-notes"
_SHAPE = f"github_pat_{'11PRACTICE':0<22}_{'practice':x<19}"
"""What every token here begins with: as long as GitHub's own with the 40 characters that follow, and easy to know from them."""
_CLASSIC_SHAPE = "ghp_"
_REPOSITORY = "/repos/([^/]+)/([^/]+)"


class GitHub(Service):
    """`root` is what stands in `GITHUB_API_URL`; git finds a repository at `ROOT/OWNER/NAME.git`."""

    name = "github"
    most_bytes = 100 * 1024 * 1024
    """Of one file."""

    def routes(self, root: str) -> Sequence[Route]:
        # Nothing is served yet, so that this thread may read and write what is kept.
        self.state = State(self.kept, self.folder)
        self.tokens = Tokens(self.state.tokens)
        self.limits = RateLimit()
        if not self.state.knows(LEARNER):
            self.begin(LEARNER, FIRST_REPOSITORY, "Notes and notebooks of the practice account.", readme=True)
        found: list[Route] = [(path, handler, {"faults": self.faults}) for path, handler in _ROUTES]
        return found

    def begin(
        self, owner: str, name: str, description: str | None = None, *, private: bool = False, readme: bool = False
    ) -> Record:
        """Make a repository, in the server's own thread. Args: `readme`: with a first commit, not empty."""
        record = self.state.add_repository(owner, name, description=description, private=private)
        if readme:
            text = f"# {name}\n" + (f"\n{description}\n" if description else "")
            with self.state.opened(record) as repository:
                repository.change(
                    record["default_branch"], {"README.md": text.encode()}, "Initial commit", self.state.author(owner)
                )
        return record

    def add_repository(
        self, name: str, *, owner: str = LEARNER, private: bool = False, readme: bool = True, description: str = ""
    ) -> None:
        """Make a repository, from any thread: for rehearsals and tests that need a further one."""
        self._server.call(lambda: self.begin(owner, name, description or None, private=private, readme=readme))

    def token_for(self, kind: str, grant: Grant = APPLICATION) -> str:
        """A token that may do just that; the same for the same kind, as long as the folder is. From any thread."""

        def made() -> str:
            token = self.token(kind, _CLASSIC_SHAPE if grant.is_classic else _SHAPE)
            self.tokens.set(token, grant)
            self.kept.save()
            return token

        return self._server.call(made)

    def revoke(self, token: str) -> None:
        """It is no longer accepted. From any thread."""

        def revoked() -> None:
            self.tokens.revoke(token)
            self.kept.save()

        self._server.call(revoked)

    def use_up(self, token: str) -> None:
        """All requests of the token's hour are used. From any thread."""

        def used() -> None:
            hour = self.limits.hour(token)
            hour.used = hour.limit

        self._server.call(used)

    def lent(self) -> Lent:
        # Revoked ones hold again: in the next rehearsal somebody makes a new one.
        token = self.token_for("application", APPLICATION)
        person = self.token_for("person", PERSON)
        return Lent(
            environment={"GITHUB_TOKEN": token, "GITHUB_API_URL": self.root},
            by_hand={"service": self.name, "root": self.root, "token": person},
        )


_ROUTES = [
    (r"/user", account.Me),
    (r"/users/([^/]+)", account.Somebody),
    (r"/rate_limit", account.Limits),
    (r"/credentials/revoke", account.Revoke),
    (r"/user/repos", repos.Repositories),
    (r"/users/([^/]+)/repos", repos.OfUser),
    (_REPOSITORY, repos.Repository),
    (rf"{_REPOSITORY}/contents(?:/(.*))?", contents.Contents),
    (rf"{_REPOSITORY}/commits", history.Commits),
    (rf"{_REPOSITORY}/commits/(.+)", history.OneCommit),
    (rf"{_REPOSITORY}/compare/(.+)\.\.\.(.+)", history.Compare),
    (rf"{_REPOSITORY}/branches", history.Branches),
    (rf"{_REPOSITORY}/branches/(.+)", history.OneBranch),
    (rf"{_REPOSITORY}/git/blobs", objects.Blobs),
    (rf"{_REPOSITORY}/git/blobs/([^/]+)", objects.OneBlob),
    (rf"{_REPOSITORY}/git/trees/(.+)", objects.OneTree),
    (rf"{_REPOSITORY}/git/commits/([^/]+)", history.GitCommit),
    (rf"{_REPOSITORY}/git/refs", objects.Refs),
    (rf"{_REPOSITORY}/git/refs?/(.+)", objects.OneRef),
    (rf"{_REPOSITORY}/git/matching-refs/(.*)", objects.MatchingRefs),
    (r"/gists", gists.Gists),
    (r"/gists/([^/]+)/commits", gists.GistCommits),
    (r"/gists/([^/]+)(?:/([^/]+))?", gists.OneGist),
    (r"/(gist)/([^/]+?)\.git/(info/refs|git-upload-pack|git-receive-pack)", smart.Smart),
    (r"/([^/]+)/([^/]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)", smart.Smart),
    (r"/gist/([^/]+)(?:/raw/([^/]+)/([^/]+))?", pages.OfGist),
    (r"/(?!repos/|users/|orgs/)([^/]+)/([^/]+?)(?:\.git)?(?:/(tree|blob|raw|commit)/(.+))?", pages.OfRepository),
    (r"/(?!(?:repos|users|orgs)$)([^/]+)", pages.Owner),
    (r"/.*", account.Nothing),
]

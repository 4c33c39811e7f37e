"""Commits and branches, as a repository's history is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from dulwich.objects import Commit

from tutor.practice.github.handler import GitHubHandler, Refused
from tutor.practice.github.repository import HEADS, Repository
from tutor.practice.github.state import Record


class Commits(GitHubHandler):
    """`/repos/OWNER/NAME/commits`: the newest first."""

    documentation = "commits/commits#list-commits"

    async def get(self, owner: str, name: str) -> None:
        record = self.readable(owner, name)
        with self.state.opened(record) as repository:
            if not repository.refs():
                raise Refused(409, "Git Repository is empty.")
            head = repository.commit(self.get_query_argument("sha", "") or record["default_branch"])
            if head is None:
                raise Refused(404)
            path = self.get_query_argument("path", "").strip("/")
            found = repository.history(head, path, self._moment("since"), self._moment("until"))
            author = self.get_query_argument("author", "")
            shown = [self.shapes.commit(record, commit) for commit in found]
        await self.answer_page([commit for commit in shown if not author or _is_of(commit, author)])

    def _moment(self, name: str) -> float | None:
        given = self.get_query_argument(name, "")
        try:
            return datetime.fromisoformat(given).timestamp() if given else None
        except ValueError:
            raise Refused(422, f"Invalid request.\n\n{name} is no date.") from None


class OneCommit(GitHubHandler):
    """`/repos/OWNER/NAME/commits/REF`, with what it changed."""

    documentation = "commits/commits#get-a-commit"

    async def get(self, owner: str, name: str, ref: str) -> None:
        record = self.readable(owner, name)
        with self.state.opened(record) as repository:
            commit = _found(repository, ref)
            value = self.shapes.whole_commit(record, commit, repository)
        await self.answer(value)


class GitCommit(GitHubHandler):
    """`/repos/OWNER/NAME/git/commits/ID`."""

    documentation = "git/commits#get-a-commit-object"

    async def get(self, owner: str, name: str, sha: str) -> None:
        record = self.readable(owner, name)
        with self.state.opened(record) as repository:
            commit = repository.object(sha)
            if not isinstance(commit, Commit):
                raise Refused(404)
            value = self.shapes.git_commit(record, commit)
        await self.answer(value)


class Compare(GitHubHandler):
    """`/repos/OWNER/NAME/compare/BASE...HEAD`."""

    documentation = "commits/commits#compare-two-commits"

    async def get(self, owner: str, name: str, base: str, head: str) -> None:
        record = self.readable(owner, name)
        with self.state.opened(record) as repository:
            sides = [repository.commit(base), repository.commit(head)]
            if sides[0] is None or sides[1] is None:
                raise Refused(404)
            value = self._compared(record, repository, sides[0], sides[1])
        page = f"{self.shapes.page_url(record)}/compare/{base}...{head}"
        pages = {"html_url": page, "permalink_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch"}
        await self.answer(value | pages)

    def _compared(self, record: Record, repository: Repository, base: Commit, head: Commit) -> dict[str, Any]:
        old = {commit.id: commit for commit in repository.history(base)}
        new = {commit.id: commit for commit in repository.history(head)}
        ahead = [commit for name, commit in new.items() if name not in old]
        behind = [name for name in old if name not in new]
        both = next((commit for name, commit in new.items() if name in old), None)
        status = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}.get(
            (bool(ahead), bool(behind))
        )
        return {
            "url": f"{self.shapes.repository_url(record)}/compare/{base.id.decode()}...{head.id.decode()}",
            "base_commit": self.shapes.commit(record, base),
            "merge_base_commit": self.shapes.commit(record, both) if both else None,
            "status": status or "identical",
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
            "commits": [self.shapes.commit(record, commit) for commit in reversed(ahead)],
            "files": list(self.shapes.changes(record, repository, both, head)),
        }


class Branches(GitHubHandler):
    """`/repos/OWNER/NAME/branches`."""

    documentation = "branches/branches#list-branches"

    async def get(self, owner: str, name: str) -> None:
        record = self.readable(owner, name)
        api = self.shapes.repository_url(record)
        with self.state.opened(record) as repository:
            heads = repository.refs(HEADS)
        await self.answer_page(
            [
                {
                    "name": ref.removeprefix(HEADS),
                    "commit": {"sha": sha, "url": f"{api}/commits/{sha}"},
                    "protected": False,
                }
                for ref, sha in heads.items()
            ]
        )


class OneBranch(GitHubHandler):
    """`/repos/OWNER/NAME/branches/BRANCH`."""

    documentation = "branches/branches#get-a-branch"

    async def get(self, owner: str, name: str, branch: str) -> None:
        record = self.readable(owner, name)
        with self.state.opened(record) as repository:
            commit = repository.commit(f"{HEADS}{branch}")
            if commit is None:
                raise Refused(404, "Branch not found")
            shown = self.shapes.commit(record, commit)
        api = f"{self.shapes.repository_url(record)}/branches/{quote(branch)}"
        await self.answer(
            {
                "name": branch,
                "commit": shown,
                "_links": {"self": api, "html": f"{self.shapes.page_url(record)}/tree/{quote(branch)}"},
                "protected": False,
                "protection": {
                    "enabled": False,
                    "required_status_checks": {"enforcement_level": "off", "contexts": []},
                },
                "protection_url": f"{api}/protection",
            }
        )


def _found(repository: Repository, ref: str) -> Commit:
    if not repository.refs():
        raise Refused(409, "Git Repository is empty.")
    commit = repository.commit(ref)
    if commit is None:
        raise Refused(422, f"No commit found for SHA: {ref}")
    return commit


def _is_of(commit: dict[str, Any], author: str) -> bool:
    """Args: `author`: an account's name or an address."""
    account = commit["author"] or {}
    return author in (account.get("login"), commit["commit"]["author"]["email"])

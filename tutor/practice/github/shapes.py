"""How accounts, repositories, files, commits and gists look in the API's JSON. Every address in them leads to this stand-in."""

from __future__ import annotations

import base64
import difflib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from dulwich.diff_tree import RenameDetector, TreeChange, tree_changes
from dulwich.objects import Commit, ObjectID

from tutor.practice.github.repository import Entry, Repository
from tutor.practice.github.state import Record, State

Json = dict[str, Any]
MOST_INLINE = 1_000_000
"""Bytes of a file whose content the API puts into its JSON."""


def moment(seconds: float) -> str:
    """As the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Shapes:
    """Makes JSON of records and git objects."""

    def __init__(self, root: str, state: State) -> None:
        self._root = root
        self._state = state

    # Accounts.

    def user(self, login: str) -> Json:
        """The short form, as it stands in other answers."""
        number = self._state.person_id(login)
        api, page = f"{self._root}/users/{login}", f"{self._root}/{login}"
        return {
            "login": login,
            "id": number,
            "node_id": f"U_practice{number}",
            "avatar_url": f"{page}/avatar.png",
            "gravatar_id": "",
            "url": api,
            "html_url": page,
            "followers_url": f"{api}/followers",
            "following_url": f"{api}/following{{/other_user}}",
            "gists_url": f"{api}/gists{{/gist_id}}",
            "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
            "subscriptions_url": f"{api}/subscriptions",
            "organizations_url": f"{api}/orgs",
            "repos_url": f"{api}/repos",
            "events_url": f"{api}/events{{/privacy}}",
            "received_events_url": f"{api}/received_events",
            "type": "User",
            "user_view_type": "public",
            "site_admin": False,
        }

    def account(self, login: str) -> Json:
        """The long form, of the account itself."""
        records, gists = self._state.repositories(login), self._state.gists(login)
        return self.user(login) | {
            "name": f"{self._state.author(login).name} (practice)",
            "company": None,
            "blog": "",
            "location": None,
            "email": None,
            "hireable": None,
            "bio": "A practice account of tutor; it is not on GitHub.",
            "twitter_username": None,
            "public_repos": sum(not record["private"] for record in records),
            "public_gists": sum(bool(record["public"]) for record in gists),
            "followers": 0,
            "following": 0,
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
        }

    def own_account(self, login: str) -> Json:
        """With what only the account itself is told."""
        records, gists = self._state.repositories(login), self._state.gists(login)
        private = sum(bool(record["private"]) for record in records)
        return self.account(login) | {
            "private_gists": sum(not record["public"] for record in gists),
            "total_private_repos": private,
            "owned_private_repos": private,
            "disk_usage": 0,
            "collaborators": 0,
            "two_factor_authentication": True,
        }

    # Repositories.

    def repository_url(self, record: Record) -> str:
        """In the API."""
        return f"{self._root}/repos/{record['owner']}/{record['name']}"

    def page_url(self, record: Record) -> str:
        """For people."""
        return f"{self._root}/{record['owner']}/{record['name']}"

    def repository(self, record: Record, asked_by: str = "") -> Json:
        """Args: `asked_by`: the account whose rights in it are told."""
        api, page = self.repository_url(record), self.page_url(record)
        mine = record["owner"] == asked_by
        value: Json = {
            "id": record["id"],
            "node_id": f"R_practice{record['id']}",
            "name": record["name"],
            "full_name": f"{record['owner']}/{record['name']}",
            "private": record["private"],
            "owner": self.user(record["owner"]),
            "html_url": page,
            "description": record["description"],
            "fork": False,
            "url": api,
            "created_at": record["created_at"],
            "updated_at": record["updated_at"],
            "pushed_at": record["pushed_at"],
            "git_url": f"{page}.git",
            "ssh_url": f"{page}.git",
            "clone_url": f"{page}.git",
            "svn_url": page,
            "mirror_url": None,
            "homepage": None,
            "size": 0,
            "language": None,
            "license": None,
            "is_template": False,
            "topics": [],
            "visibility": "private" if record["private"] else "public",
            "default_branch": record["default_branch"],
        }
        value |= dict.fromkeys(_COUNTS, 0) | dict.fromkeys(_SWITCHES, False)
        value |= {f"{name}_url": api + rest for name, rest in _TEMPLATES.items()}
        if asked_by:
            # Of the account, not of its token: a token with fewer rights sees the same.
            value["permissions"] = dict.fromkeys(("admin", "maintain", "push", "triage"), mine) | {"pull": True}
        return value

    # Files.

    def content(self, record: Record, entry: Entry, ref: str, data: bytes | None = None) -> Json:
        """One file or folder. Args: `data`: the file's bytes, where they belong into the answer."""
        api, page, path = self.repository_url(record), self.page_url(record), quote(entry.path)
        is_folder = entry.kind == "dir"
        own = f"{api}/contents/{path}?ref={quote(ref, safe='')}"
        git = f"{api}/git/{'trees' if is_folder else 'blobs'}/{entry.id}"
        html = f"{page}/{'tree' if is_folder else 'blob'}/{quote(ref)}/{path}"
        value: Json = {
            "name": entry.name,
            "path": entry.path,
            "sha": entry.id,
            "size": entry.size,
            "url": own,
            "html_url": html,
            "git_url": git,
            "download_url": None if entry.kind in ("dir", "submodule") else f"{page}/raw/{quote(ref)}/{path}",
            "type": entry.kind,
        }
        if data is not None:
            inline = len(data) <= MOST_INLINE
            value["content"] = base64.encodebytes(data).decode() if inline else ""
            value["encoding"] = "base64" if inline else "none"
        return value | {"_links": {"self": own, "git": git, "html": html}}

    # Commits.

    def git_commit(self, record: Record, commit: Commit) -> Json:
        """As git knows it."""
        api, name = self.repository_url(record), commit.id.decode()
        return {
            "sha": name,
            "node_id": f"C_practice{name}",
            "url": f"{api}/git/commits/{name}",
            "html_url": f"{self.page_url(record)}/commit/{name}",
            "author": _signature(commit.author, commit.author_time),
            "committer": _signature(commit.committer, commit.commit_time),
            "message": commit.message.decode("utf-8", "replace").rstrip("\n"),
            "tree": {"sha": commit.tree.decode(), "url": f"{api}/git/trees/{commit.tree.decode()}"},
            "parents": self._parents(record, commit, "/git/commits/"),
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        }

    def commit(self, record: Record, commit: Commit) -> Json:
        """As a list shows it."""
        inside = self.git_commit(record, commit)
        name = inside.pop("sha")
        html, api = inside.pop("html_url"), f"{self.repository_url(record)}/commits/{name}"
        del inside["node_id"], inside["parents"]
        return {
            "sha": name,
            "node_id": f"C_practice{name}",
            "commit": inside | {"comment_count": 0},
            "url": api,
            "html_url": html,
            "comments_url": f"{api}/comments",
            "author": self._person(commit.author),
            "committer": self._person(commit.committer),
            "parents": self._parents(record, commit, "/commits/"),
        }

    def whole_commit(self, record: Record, commit: Commit, repository: Repository) -> Json:
        """With what it changed."""
        before = repository.commit(commit.parents[0].decode()) if commit.parents else None
        files = list(self.changes(record, repository, before, commit))
        added, removed = sum(each["additions"] for each in files), sum(each["deletions"] for each in files)
        stats = {"total": added + removed, "additions": added, "deletions": removed}
        return self.commit(record, commit) | {"stats": stats, "files": files}

    def changes(self, record: Record, repository: Repository, before: Commit | None, after: Commit) -> Iterator[Json]:
        """What differs between two commits, file by file."""
        store = repository.git.object_store
        api, page, name = self.repository_url(record), self.page_url(record), after.id.decode()
        for change in tree_changes(
            store, before.tree if before else None, after.tree, rename_detector=RenameDetector(store)
        ):
            there = change.new if change.new and change.new.path else change.old
            assert there is not None
            path = (there.path or b"").decode("utf-8", "replace")
            patch, added, removed = _patch(repository, change)
            value: Json = {
                "sha": (there.sha or b"").decode(),
                "filename": path,
                "status": {"add": "added", "delete": "removed", "rename": "renamed"}.get(change.type, "modified"),
                "additions": added,
                "deletions": removed,
                "changes": added + removed,
                "blob_url": f"{page}/blob/{name}/{quote(path)}",
                "raw_url": f"{page}/raw/{name}/{quote(path)}",
                "contents_url": f"{api}/contents/{quote(path)}?ref={name}",
            }
            if change.type == "rename" and change.old:
                value["previous_filename"] = (change.old.path or b"").decode("utf-8", "replace")
            yield value | ({"patch": patch} if patch else {})

    def _parents(self, record: Record, commit: Commit, where: str) -> list[Json]:
        api, page = self.repository_url(record), self.page_url(record)
        return [
            {"sha": name, "url": f"{api}{where}{name}", "html_url": f"{page}/commit/{name}"}
            for name in (parent.decode() for parent in commit.parents)
        ]

    def _person(self, signature: bytes) -> Json | None:
        """The account that signs so; None when it is nobody's here."""
        login = signature.decode("utf-8", "replace").rpartition("+")[2].partition("@users.noreply.practice.invalid")
        return self.user(login[0]) if login[1] and self._state.knows(login[0]) else None


def _signature(signature: bytes, seconds: float) -> Json:
    name, _, email = signature.decode("utf-8", "replace").partition(" <")
    return {"name": name, "email": email.rstrip(">"), "date": moment(seconds)}


def _patch(repository: Repository, change: TreeChange) -> tuple[str, int, int]:
    """The difference of a text file, without git's own head lines, and how many lines came and went."""
    sides = [_lines(repository, each.sha) if each and each.path else [] for each in (change.old, change.new)]
    if None in sides:
        return "", 0, 0
    old, new = sides
    lines = list(difflib.unified_diff(old or [], new or [], lineterm=""))[2:]
    added = sum(line.startswith("+") for line in lines)
    return "\n".join(lines), added, sum(line.startswith("-") for line in lines)


def _lines(repository: Repository, name: ObjectID | None) -> list[str] | None:
    """None for what is no text."""
    data = b"" if name is None else repository.data(name.decode())
    return None if b"\0" in data else data.decode("utf-8", "replace").splitlines()


_COUNTS = (
    "forks",
    "forks_count",
    "network_count",
    "open_issues",
    "open_issues_count",
    "stargazers_count",
    "subscribers_count",
    "watchers",
    "watchers_count",
)
_SWITCHES = (
    "archived",
    "disabled",
    "has_discussions",
    "has_downloads",
    "has_issues",
    "has_pages",
    "has_projects",
    "has_wiki",
)
_TEMPLATES = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "contributors": "/contributors",
    "deployments": "/deployments",
    "downloads": "/downloads",
    "events": "/events",
    "forks": "/forks",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "hooks": "/hooks",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "languages": "/languages",
    "merges": "/merges",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "stargazers": "/stargazers",
    "statuses": "/statuses/{sha}",
    "subscribers": "/subscribers",
    "subscription": "/subscription",
    "tags": "/tags",
    "teams": "/teams",
    "trees": "/git/trees{/sha}",
}
"""The addresses that stand in a repository, in the API below its own."""

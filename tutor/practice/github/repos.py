"""Repositories: made, listed, changed, deleted."""

from __future__ import annotations

import re
from typing import Any

from tutor.practice.github.handler import GitHubHandler, Refused, invalid
from tutor.practice.github.repository import HEADS
from tutor.practice.github.state import Record
from tutor.practice.github.tokens import ALL, Right

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


class Repositories(GitHubHandler):
    """`/user/repos`: those of whoever asks."""

    documentation = "repos/repos"

    async def get(self) -> None:
        grant = self.signed_in()
        wanted = self.get_query_argument("visibility", "") or self.get_query_argument("type", "all")
        records = [record for record in self.state.repositories(grant.login) if self._sees(record)]
        if wanted in ("public", "private"):
            records = [record for record in records if record["private"] == (wanted == "private")]
        await self.answer_page([self.shapes.repository(record, grant.login) for record in records])

    async def post(self) -> None:
        grant = self.signed_in()
        private = bool(self.body.get("private"))
        if grant.is_classic:
            if not grant.has_scope("repo") and (private or not grant.has_scope("public_repo")):
                raise Refused(404)
        elif grant.repositories != ALL or grant.right("administration") < Right.WRITE:
            raise Refused(403, headers={"X-Accepted-GitHub-Permissions": "administration=write"})
        name = _NOT_IN_NAMES.sub("-", str(self.body.get("name") or ""))
        if not name:
            raise invalid("Repository", "name", "missing_field")
        if any(name.lower() == record["name"].lower() for record in self.state.repositories(grant.login)):
            error = {
                "resource": "Repository",
                "code": "custom",
                "field": "name",
                "message": "name already exists on this account",
            }
            raise Refused(422, "Repository creation failed.", errors=[error])
        description = self.body.get("description")
        record = self.service.begin(
            grant.login, name, description, private=private, readme=bool(self.body.get("auto_init"))
        )
        await self.answer(self.shapes.repository(record, grant.login), 201)


class Repository(GitHubHandler):
    """`/repos/OWNER/NAME`."""

    documentation = "repos/repos"

    async def get(self, owner: str, name: str) -> None:
        record = self.seen(owner, name)
        await self.answer(self._shown(record))

    async def patch(self, owner: str, name: str) -> None:
        record = self.writable(owner, name, "administration")
        body: dict[str, Any] = self.body
        branch = body.get("default_branch")
        if branch is not None:
            with self.state.opened(record) as repository:
                if f"{HEADS}{branch}" not in repository.refs():
                    raise Refused(422, f"The branch {branch} was not found. Please push that ref first or create it.")
                repository.set_head(str(branch))
        new = _NOT_IN_NAMES.sub("-", str(body.get("name") or record["name"]))
        others = [each["name"].lower() for each in self.state.repositories(record["owner"]) if each is not record]
        if new.lower() in others:
            raise invalid("Repository", "name", "custom", "name already exists on this account")
        if "visibility" in body:
            body["private"] = body["visibility"] == "private"
        record.update({key: body[key] for key in ("default_branch", "description", "private") if key in body})
        if new != record["name"]:
            self.state.rename(record, new)
        self.state.save()
        await self.answer(self._shown(record))

    async def delete(self, owner: str, name: str) -> None:
        record = self.writable(owner, name, "administration")
        grant = self.signed_in()
        if grant.is_classic and not grant.has_scope("delete_repo"):
            raise Refused(403, "Must have admin rights to Repository.")
        self.state.delete_repository(record)
        await self.nothing()

    def _shown(self, record: Record) -> dict[str, Any]:
        return self.shapes.repository(record, self.grant.login if self.grant else "")


class OfUser(GitHubHandler):
    """`/users/LOGIN/repos`: the public ones."""

    documentation = "repos/repos"

    async def get(self, login: str) -> None:
        if not self.state.knows(login):
            raise Refused(404)
        records = [record for record in self.state.repositories(login) if not record["private"]]
        asks = self.grant.login if self.grant else ""
        await self.answer_page([self.shapes.repository(record, asks) for record in records])

"""Who somebody is, how much of their hour is left, and the end of a token."""

from __future__ import annotations

from tutor.practice.github.handler import GitHubHandler, Refused

MOST_CREDENTIALS = 1000


class Me(GitHubHandler):
    """`/user`: whose token it is."""

    documentation = "users/users#get-the-authenticated-user"

    async def get(self) -> None:
        await self.answer(self.shapes.own_account(self.signed_in().login))


class Somebody(GitHubHandler):
    """`/users/LOGIN`."""

    documentation = "users/users#get-a-user"

    async def get(self, login: str) -> None:
        if not self.state.knows(login):
            raise Refused(404)
        await self.answer(self.shapes.account(login))


class Limits(GitHubHandler):
    """`/rate_limit`: asking costs nothing."""

    documentation = "rate-limit/rate-limit"

    async def get(self) -> None:
        hour = self.service.limits.hour(self.token)
        hour.used -= 1
        self._tell_who()
        core = hour.numbers
        await self.answer({"resources": {"core": core, "search": core, "graphql": core}, "rate": core})


class Revoke(GitHubHandler):
    """`/credentials/revoke`: whoever has a token can end it. GitHub wants no token in the head of this request, as its reference says."""

    documentation = "credentials/revoke#revoke-a-list-of-credentials"

    async def post(self) -> None:
        if self.grant is not None:
            raise Refused(403, "This endpoint does not accept authenticated requests.")
        given = self.body.get("credentials")
        if not isinstance(given, list) or not given or len(given) > MOST_CREDENTIALS:
            raise Refused(422)
        for token in given:
            self.service.tokens.revoke(str(token))
        self.state.save()
        await self.answer({}, 202)


class Nothing(GitHubHandler):
    """Every other address."""

    async def prepare_nothing(self) -> None:
        raise Refused(404)

    get = post = put = patch = delete = prepare_nothing

"""The accounts of the scripted host: the real way through them, with services that do what a test says."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from tests.support.accounts import FakeAccount, three
from tutor.accounts.connected import Connected, State
from tutor.accounts.led import Led
from tutor.accounts.model import Account, Disconnected
from tutor.i18n import Words


class _Accounts(Connected):
    def __init__(self, accounts: dict[str, FakeAccount], language: str) -> None:
        super().__init__(Path("/nowhere"), Words(language), {})
        self._accounts = accounts

    def account(self, service: str) -> Account:
        return self._accounts[service]


class FakeAccounts:
    """That part of the host; a test changes what it has."""

    language: str

    def __init__(self) -> None:
        self.by_service = three()

    def _now(self) -> _Accounts:
        return _Accounts(self.by_service, self.language)

    def accounts(self) -> AsyncGenerator[State, None]:
        return self._now().states()

    async def connect(self, service: str) -> Led:
        return await self._now().guide(service)

    async def disconnect(self, service: str) -> Disconnected | None:
        return await self._now().disconnect(service)

"""The learner's accounts without a screen: a list with numbers, and the way to each line by line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime

from tutor.accounts.connected import State, nearest, service_named
from tutor.accounts.model import SERVICES
from tutor.accounts.telling import details, summary
from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.text.fullwidth import narrow
from tutor.text.plain import strip
from tutor.text.sentences import in_a_row
from tutor.ui.host import Host
from tutor.ui.plain.guiding import GuideByLines, Lines

YES = ("y", "yes", "是")


class PlainAccounts:
    """Asks and tells line by line."""

    def __init__(
        self, host: Host, words: Callable[[], Words], line: Lines, write: Callable[[str], None], *, is_terminal: bool
    ) -> None:
        self._host = host
        self._words_now = words
        self._line = line
        self._write_line = write
        self._is_terminal = is_terminal

    def _words(self, key: str, /, **values: object) -> str:
        return self._words_now()(key, **values)

    def _write(self, line: str) -> None:
        self._write_line(strip(line))

    async def choose(self, argument: str) -> None:
        """Connect the account of that name, or one of the list."""
        try:
            if not argument.strip():
                await self._choose_from(await self._all())
            elif (service := service_named(argument)) is not None:
                await self._connect(service)
            else:
                # What was typed is not said again: it may be a token in the wrong place.
                near = nearest(argument)
                self._write(self._words("accounts.unknown_near" if near else "accounts.unknown", near=near))
        except TutorError as error:
            self._write(in_a_row(error.message, error.hint))

    async def _all(self) -> dict[str, State]:
        """Once everybody has answered: a line that was printed cannot be filled in."""
        self._write(self._words("accounts.asking"))
        async with aclosing(self._host.accounts()) as told:
            return {state.service: state async for state in told}

    async def _choose_from(self, states: dict[str, State]) -> None:
        words, now = self._words_now(), datetime.now().astimezone()
        self._write(words("accounts.title"))
        for number, service in enumerate(SERVICES, 1):
            name, about = words(f"accounts.{service}"), summary(states[service], words)
            self._write(words("accounts.line_account", number=number, name=name, about=about))
            for line in details(states[service], now, words):
                self._write(f"   {line.text}")
        self._write(words("accounts.line_which"))
        typed = narrow((await self._line() or "").strip()).lower()
        disconnects, number_typed = typed.startswith("d"), typed.removeprefix("d").strip()
        index = int(number_typed) - 1 if number_typed.isdecimal() else -1
        if not 0 <= index < len(SERVICES):
            self._write(words("places.plain_stays"))
        elif disconnects:
            await self._disconnect(SERVICES[index])
        else:
            await self._connect(SERVICES[index])

    async def _connect(self, service: str) -> None:
        led = await self._host.connect(service)
        by_lines = GuideByLines(
            self._words_now(), self._line, self._write_line, marks=False, is_terminal=self._is_terminal
        )
        if await by_lines.connect(led):
            self._write(self._words("accounts.now_connected", name=self._words(f"accounts.{service}")))
        else:
            self._write(self._words("accounts.line_stays"))

    async def _disconnect(self, service: str) -> None:
        name = self._words(f"accounts.{service}")
        self._write(self._words("accounts.disconnect_title", name=name))
        self._write(self._words("accounts.disconnect_about"))
        self._write(self._words("accounts.line_yes_no"))
        if narrow((await self._line() or "").strip()).lower() not in YES:
            self._write(self._words("places.plain_stays"))
            return
        gone = await self._host.disconnect(service)
        self._write(gone.said if gone is not None else self._words("accounts.was_not", name=name))

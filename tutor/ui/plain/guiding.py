"""The way to an account, line by line: for the conversation without a screen and for `tutor accounts connect`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Protocol

from tutor.accounts.led import Led
from tutor.accounts.model import Ask, Checked, GuideStep
from tutor.i18n import Words
from tutor.text.fullwidth import narrow
from tutor.text.plain import strip
from tutor.ui.browser import open_outside, opener
from tutor.ui.connecting import code_label, meant_path
from tutor.ui.look import GLYPHS
from tutor.ui.plain.lines import markdown_lines

END = frozenset({"end", "quit", "cancel", "结束", "取消"})
BACK = frozenset({"back", "返回", "上一步"})
OPEN = frozenset({"open", "打开"})


class Typed(Enum):
    """What a line means that is no answer."""

    END = auto()
    BACK = auto()
    OPEN = auto()


class Lines(Protocol):
    """The learner's lines, as whoever reads them hands them out; None when there will be no more."""

    async def __call__(self, sign: str = "> ", *, unseen: bool = False) -> str | None: ...


class GuideByLines:
    """Asks and tells; what is said stays above."""

    def __init__(
        self, words: Words, line: Lines, write: Callable[[str], None], *, marks: bool, is_terminal: bool
    ) -> None:
        """
        Args:
            write: takes a line.
            marks: ✓ and ✗ before what was looked at; else it is said in words, as a screen reader wants it.
            is_terminal: somebody types, also while something is waited for.
        """
        self._words = words
        self._line = line
        self._write_line = write
        self._marks = marks
        self._is_terminal = is_terminal
        self._opens = opener(os.environ, sys.platform)

    async def connect(self, led: Led) -> bool:
        """Until the account is connected; False when the learner has left before, or there are no more lines."""
        try:
            self._write(self._words("accounts.connect_title", name=self._words(f"accounts.{led.service}")))
            shown: GuideStep | None = None
            while (step := led.step) is not None:
                if step != shown:
                    self._show(step, led.place)
                    shown = step
                checked = await self._one(led, step)
                if checked is Typed.END:
                    return False
                if checked is Typed.BACK:
                    await led.back()
                    shown = None
                elif isinstance(checked, Checked):
                    self._tell(checked)
            return True
        finally:
            led.close()

    def _write(self, line: str) -> None:
        self._write_line(strip(line))

    def _tell(self, checked: Checked) -> None:
        # What is not well in a step that is done is no more than a remark.
        wrong = "could_not_check" if checked.done else "not_yet"
        for is_well, sentence in checked.said:
            role = "passed" if is_well else wrong
            if self._marks:
                self._write(f"{GLYPHS[role]} {sentence}")
            else:
                self._write(self._words(f"accounts.line_{role}", said=sentence))

    def _show(self, step: GuideStep, place: tuple[int, int]) -> None:
        number, total = place
        title = self._words("accounts.line_step", number=number, total=max(number, total), title=step.title)
        self._write("")
        self._write(title)
        for line in step.text.split("\n"):
            for plain in markdown_lines(line) or [""]:
                self._write(plain)
        for key, value in (("accounts.address", step.url), (code_label(step), step.code)):
            if value:
                self._write(self._words(key))
                self._write(f"  {value}")
        for number, (_, said) in enumerate(step.choices, 1):
            self._write(self._words("accounts.line_choice", number=number, text=said))

    async def _one(self, led: Led, step: GuideStep) -> Checked | Typed | None:
        """Ask once. None: what was typed was no answer, and was said to be none."""
        is_first = led.place[0] <= 1
        if step.ask is Ask.WAIT:
            return await self._wait(led, step, is_first=is_first)
        self._ask(step, is_first=is_first)
        typed = await self._line(unseen=step.ask is Ask.SECRET)
        if typed is None:
            return Typed.END
        meant = _meant(typed)
        if meant is Typed.OPEN:
            await self._open(step)
            return None
        if meant is not None:
            return None if meant is Typed.BACK and is_first else meant
        value = self._value(step, typed.strip())
        if isinstance(value, Typed):
            return value
        if value is None:
            self._write(self._words("accounts.line_no_number"))
            return None
        return await led.answer(value)

    def _ask(self, step: GuideStep, *, is_first: bool) -> None:
        words = self._words
        what = {Ask.NOTHING: "nothing", Ask.CHOICE: "choose"}.get(step.ask, step.ask)
        ways = [words(f"accounts.line_{what}", label=step.label or step.title)]
        default = self._default(step)
        if default:
            ways.append(words("accounts.line_default", default=default))
        if step.ask is not Ask.NOTHING and not default:
            ways.append(words("accounts.line_ends"))
        else:
            ways.append(words("accounts.line_end"))
        self._write_ways([*ways, *self._more_ways(step, is_first=is_first)])

    def _more_ways(self, step: GuideStep, *, is_first: bool) -> list[str]:
        ways = [] if is_first else [self._words("accounts.line_back")]
        return [*ways, self._words("accounts.line_open")] if step.url and self._opens else ways

    def _write_ways(self, ways: Sequence[str]) -> None:
        self._write(self._words("accounts.line_ask", ways=self._words("accounts.line_between").join(ways)))

    def _default(self, step: GuideStep) -> str:
        """What enter alone takes; of a choice its number."""
        if step.ask is not Ask.CHOICE:
            return step.default if step.ask is not Ask.SECRET else ""
        keys = [key for key, _ in step.choices]
        return str(keys.index(step.default) + 1) if step.default in keys else ""

    def _value(self, step: GuideStep, typed: str) -> str | Typed | None:
        """The answer for the guide; None for a number that there is not."""
        if step.ask is Ask.NOTHING:
            return ""
        typed = typed or self._default(step)
        if not typed:
            return Typed.END
        if step.ask is Ask.CHOICE:
            number = narrow(typed)
            index = int(number) - 1 if number.isdecimal() else -1
            return step.choices[index][0] if 0 <= index < len(step.choices) else None
        return meant_path(typed) if step.ask is Ask.FILE else typed

    async def _wait(self, led: Led, step: GuideStep, *, is_first: bool) -> Checked | Typed | None:
        """For something in a browser. Where somebody types, they can leave meanwhile."""
        ways = [self._words("accounts.line_end"), *self._more_ways(step, is_first=is_first)]
        self._write(self._words("accounts.line_waiting"))
        if self._is_terminal:
            self._write_ways(ways)
        answering = asyncio.create_task(led.answer(""))
        checked: Checked | None = None
        try:
            while checked is None:
                typed = await self._typed_meanwhile(answering)
                if typed is Typed.END or (typed is Typed.BACK and not is_first):
                    return typed
                if typed is Typed.OPEN:
                    await self._open(step)
                if answering.done():
                    checked = answering.result()
        finally:
            answering.cancel()
        if checked.done:
            return checked
        self._tell(checked)
        self._write_ways([self._words("accounts.line_again"), *ways])
        again = await self._line()
        meant = Typed.END if again is None else _meant(again)
        if meant is Typed.OPEN:
            await self._open(step)
        return meant if meant is Typed.END or (meant is Typed.BACK and not is_first) else None

    async def _typed_meanwhile(self, answering: asyncio.Task[Checked]) -> Typed | None:
        """What is typed until the answer is there, if anything is."""
        if not self._is_terminal:
            await asyncio.wait([answering])
            return None
        reading = asyncio.ensure_future(self._line())
        try:
            await asyncio.wait([answering, reading], return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                self._write("")
                return None
            typed = reading.result()
        finally:
            reading.cancel()
        return Typed.END if typed is None else _meant(typed)

    async def _open(self, step: GuideStep) -> None:
        is_open = bool(step.url and self._opens) and await asyncio.to_thread(open_outside, self._opens, step.url)
        self._write(self._words("accounts.opened" if is_open else "accounts.line_no_browser"))


def _meant(typed: str) -> Typed | None:
    """None for an answer."""
    word = narrow(typed.strip()).casefold()
    names = {Typed.END: END, Typed.BACK: BACK, Typed.OPEN: OPEN}
    return next((meaning for meaning, those in names.items() if word in those), None)

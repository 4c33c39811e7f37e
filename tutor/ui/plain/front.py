"""One learner at a standard input: asks, takes a line once the session is ready for it, and turns it into a command."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import TextIO

from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.lesson.model import FixCode, Form
from tutor.session import commands as ask
from tutor.session.events import Action, Asking, Card
from tutor.text.plain import strip
from tutor.ui.doctor import lines_of
from tutor.ui.elsewhere import StillRunning
from tutor.ui.guide import guide
from tutor.ui.host import Host, LessonRow
from tutor.ui.leaving import left_running, still_running
from tutor.ui.needs import needs_line
from tutor.ui.plain import asking
from tutor.ui.plain.accounts import PlainAccounts
from tutor.ui.plain.asking import Collect, Meaning, Wanted
from tutor.ui.plain.editing import changed
from tutor.ui.plain.lines import code_lines, markdown_lines, numbered_lines
from tutor.ui.plain.places import PlainPlaces
from tutor.ui.plain.reader import LineReader
from tutor.ui.plain.telling import Teller
from tutor.ui.shelf import following
from tutor.ui.sitting import Sitting
from tutor.ui.typed import COMMANDS, Misunderstood, Requested, is_command, is_receipt, meaning_of
from tutor.ui.wishes import Wish

END_OF_PASTE = "."

Place = tuple[str, str]
"""Lesson and step."""


class PlainConversation:
    """From the first line to the last."""

    def __init__(self, host: Host, reader: LineReader, out: TextIO) -> None:
        self._host = host
        self._reader = reader
        self._out = out
        self._sitting = Sitting(host)
        self._words = Words(host.language)
        self._teller = Teller(self._write, lambda: self._words, host.lease)
        self._shown_code = ("", "")
        """Step and code that were printed last."""
        self._goes_to: Place | None = None
        self._places = PlainPlaces(host, lambda: self._words, self._line, self._write, self._switch)
        self._accounts = PlainAccounts(
            host, lambda: self._words, self._line, self._write, is_terminal=reader.is_terminal
        )
        self._left: asyncio.Task[Sequence[StillRunning]] | None = None
        """Finds out what earlier sittings have left running."""

    async def converse(self) -> None:
        """Until the learner leaves or there are no more lines."""
        self._write(self._words("plain.welcome"))
        self._left = asyncio.create_task(still_running(self._host))
        place: Place | None
        try:
            place = await self._host.first()
        except TutorError as error:
            self._write_error(error)
            place = None
        while place is not None:
            place = await self._sit(*place)

    async def interrupt(self) -> bool:
        """Stop what runs. Returns whether anything did."""
        card = self._teller.card
        if card is None or not card.running:
            return False
        await self._sitting.send(ask.Interrupt())
        return True

    async def aclose(self) -> None:
        """End the session; safe to call twice."""
        if self._left is not None:
            self._left.cancel()
        await self._sitting.close()

    # -- one lesson

    async def _sit(self, lesson_id: str, step_id: str) -> Place | None:
        """One lesson until the learner leaves it; where they go then."""
        self._teller = Teller(self._write, lambda: self._words, self._host.lease)
        self._shown_code = ("", "")
        try:
            await self._sitting.open(lesson_id, step_id)
        except TutorError as error:
            self._write_error(error)
            return await self._choose_lesson()
        self._teller.tell_so_far(await self._host.entries(lesson_id))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow())
            await self._take_lines()
            await self._sitting.close()
        return self._goes_to

    async def _follow(self) -> None:
        teller = self._teller
        async for event in self._sitting.events():
            teller.take(event)

    async def _take_lines(self) -> None:
        teller = self._teller
        await teller.warm.wait()
        self._goes_to = None
        goes_on = True
        while goes_on:
            await teller.settled.wait()
            card = teller.card
            assert card is not None
            self._tell_left_running()
            self._ask(card, await self._following() if teller.finished else None)
            line = await self._line()
            if line is None:
                await self._places.tell_left()
            if line is not None and is_receipt(line):
                # A terminal may have broken the line on its way.
                await self._send(card, ask.Receipt("\n".join([line, *self._reader.at_once()])))
            elif line is not None and (error := await self._pasted_error(card, line)):
                await self._send(card, ask.Explain(error))
            else:
                goes_on = line is not None and await self._obey(card, asking.meaning(card, line))

    def _ask(self, card: Card, following: LessonRow | None) -> None:
        """What is asked for and what can be done. Args: `following`: the next lesson, once this one has ended."""
        words = self._words
        if card.asking is not Asking.INPUT:
            self._write("")
            self._show_code(card)
        for line in asking.question_lines(card, words):
            self._write(strip(line))
        if card.asking is not Asking.INPUT:
            needs = needs_line(card.lesson, card.step, words) if not card.attempt else ""
            for line in [needs, *markdown_lines(guide(card, words, by_lines=True))]:
                if line:
                    self._write(line)
            if following is not None:
                self._write(words("plain.next_lesson", title=strip(following.title)))
            self._write(asking.ways_line(card, words))

    def _show_code(self, card: Card) -> None:
        done = card.has_run and card.suggested is Action.NEXT
        shown = (card.step.id, card.code)
        if card.code and card.asking in (Asking.NOTHING, Asking.PREDICT) and not done and shown != self._shown_code:
            self._shown_code = shown
            self._write(self._words("plain.code_to_fix" if isinstance(card.step.work, FixCode) else "plain.code"))
            for line in code_lines(card.code):
                self._write(line)

    # -- what a line means

    async def _obey(self, card: Card, meaning: Meaning) -> bool:
        """Returns whether the lesson goes on."""
        match meaning:
            case Requested(wish, argument):
                return await self._grant(card, wish, argument)
            case Misunderstood(key, name, near):
                self._write(self._words(key, name=name, near=near or "help"))
            case Wanted(what, first):
                await self._collect(card, what, first)
            case ask.Next() if self._teller.finished and (row := await self._following()) is not None:
                self._goes_to = (row.id, "")
                return False
            case _:
                await self._send(card, meaning)
        return True

    async def _send(self, card: Card, command: ask.Command) -> None:
        action = next((action for action, sent in COMMANDS.items() if sent == command), None)
        if action is not None and action not in card.actions:
            self._write(self._words("ui.not_now"))
            return
        self._teller.expect()
        await self._sitting.send(command)

    async def _grant(self, card: Card, wish: Wish, argument: str) -> bool:
        match wish:
            case Wish.QUIT:
                return not await self._places.may_leave(self._sitting.close)
            case Wish.RUNTIME:
                await self._places.choose(argument)
            case Wish.ACCOUNTS:
                await self._accounts.choose(argument)
            case Wish.HELP:
                self._write(self._words("plain.help_page"))
            case Wish.EDIT if Action.EDIT in card.actions:
                await self._edit(card)
            case Wish.RESET if card.is_draft:
                await self._send(card, ask.Edit(None))
            case Wish.EXPLAIN:
                await self._send(card, ask.Explain(argument))
            case Wish.DOCTOR:
                await self._examine()
            case Wish.LANGUAGE:
                await self._speak(argument or self._words.other_language)
            case Wish.LESSON | Wish.LESSONS:
                lesson_id, _, step_id = argument.partition("#")
                self._goes_to = (lesson_id, step_id) if argument else await self._choose_lesson()
                return self._goes_to is None
            case Wish.ANSWER:
                # The question stands there already.
                pass
            case Wish.EDIT | Wish.RESET:
                self._write(self._words("ui.not_now"))
            case _:
                self._write(self._words("plain.not_here", name=wish))
        return True

    async def _examine(self) -> None:
        """What this machine has and what is broken, part by part."""
        self._write(self._words("doctor.looking"))
        async with aclosing(self._host.examine(network=False)) as parts:
            async for part in parts:
                for line in lines_of(part) if part.is_complete else ():
                    self._write(line)

    async def _switch(self, runtime: str) -> None:
        """Go on there; the next card says that it is done.

        Raises:
            TutorError: it cannot be used.
        """
        self._teller.expect()
        try:
            await self._host.switch(runtime)
        except TutorError:
            self._teller.settled.set()
            raise

    def _tell_left_running(self) -> None:
        """Once, as soon as it is known: nobody waits for it."""
        if self._left is None or not self._left.done():
            return
        left, self._left = self._left.result(), None
        if told := left_running(left, self._host.lease(), self._words):
            self._write(strip(told))

    async def _speak(self, language: str) -> None:
        self._words = Words(language)
        self._teller.expect()
        await self._host.set_language(language)

    # -- answers of several lines

    async def _collect(self, card: Card, what: Collect, first: str) -> None:
        match what:
            case Collect.CODE:
                code = await self._more_code(first)
                await self._host.add_history(code)
                await self._send(card, ask.Say(code))
            case Collect.PASTE:
                await self._send(card, ask.Answer((await self._paste(first),)))
            case Collect.FORM:
                values = await self._fields(card, first)
                if values is not None:
                    await self._send(card, ask.Answer(values))

    async def _more_code(self, code: str) -> str:
        while not asking.is_complete(code):
            line = await self._line("... ")
            if line is None:
                break
            code += "\n" + line
        return code.rstrip("\n")

    async def _paste(self, first: str) -> str:
        lines = [first]
        while (line := await self._line("... ")) is not None and line.strip() != END_OF_PASTE:
            lines.append(line)
        return "\n".join(lines)

    async def _pasted_error(self, card: Card, first: str) -> str:
        """An error of several lines, whole, of which the first has come; empty if that is something else."""
        meant = meaning_of(first)
        is_asked = isinstance(meant, Requested) and meant.wish is Wish.EXPLAIN
        if is_command(first) and not is_asked:
            return ""
        begun = meant.argument if isinstance(meant, Requested) else first
        others = self._reader.at_once()
        lines = [begun, *others]
        if not asking.begins_error(card, "\n".join(lines)):
            self._reader.put_back(others)
            return ""
        is_told = False
        while asking.goes_on("\n".join(lines), at_once=self._reader.is_terminal):
            if not is_told:
                self._write(self._words("plain.rest_of_error"))
                is_told = True
            more = await self._line("... ")
            if more is None or more.strip() == END_OF_PASTE:
                break
            lines += [more, *self._reader.at_once()]
        return "\n".join(lines)

    async def _fields(self, card: Card, first: str) -> tuple[str, ...] | None:
        """A value for each field; the first line may have been typed already. None when the lines ended before."""
        assert isinstance(card.step.work, Form)
        values: list[str] = []
        for index, field in enumerate(card.step.work.fields):
            known = card.prefill[index] if index < len(card.prefill) else ""
            if not index and first.strip() and not field.secret:
                values.append(first.strip())
                continue
            self._write(asking.field_line(field, known, self._words))
            line = await self._line(unseen=field.secret)
            if line is None:
                return None
            values.append(line.strip() or known)
        return tuple(values)

    async def _edit(self, card: Card) -> None:
        """Change lines by their numbers until an empty line."""
        code = card.code
        for line in numbered_lines(code):
            self._write(line)
        self._write(self._words("plain.how_to_edit"))
        while order := (await self._line() or "").strip():
            new = changed(code, order)
            if new is None:
                self._write(self._words("plain.no_such_change", order=strip(order)))
                continue
            code = new
            for line in numbered_lines(code):
                self._write(line)
            # Each line is kept before the next is taken, and can be had back.
            self._teller.expect()
            await self._sitting.send(ask.Edit(code, at_once=True))
            await self._teller.settled.wait()

    # -- lessons

    async def _choose_lesson(self) -> Place | None:
        """The list, and the number of one; None for staying, or when there are no more lines."""
        rows = await self._host.lessons()
        for number, row in enumerate(rows, 1):
            self._write(self._lesson_line(number, row))
        self._write(self._words("plain.which_lesson"))
        line = (await self._line() or "").strip()
        if line.isdecimal() and 1 <= int(line) <= len(rows):
            return rows[int(line) - 1].id, ""
        return next(((row.id, "") for row in rows if row.id == line), None)

    def _lesson_line(self, number: int, row: LessonRow) -> str:
        words = self._words
        if row.broken:
            return words("plain.lesson_broken", number=number, title=strip(row.title), message=strip(row.broken))
        state = words(f"plain.state_{row.state}", passed=row.passed, steps=row.steps)
        return words("plain.lesson", number=number, title=strip(row.title), minutes=row.minutes, state=state)

    async def _following(self) -> LessonRow | None:
        here = self._sitting.lesson_id
        return following(await self._host.lessons(), here, finished=here)

    # -- input and output

    async def _line(self, sign: str = "> ", *, unseen: bool = False) -> str | None:
        self._out.write(sign)
        self._out.flush()
        if unseen:
            with self._reader.unseen():
                line = await self._reader.line()
            self._write("")
            return line
        return await self._reader.line()

    def _write(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()

    def _write_error(self, error: TutorError) -> None:
        self._write(strip(f"{error.message} {error.hint}".strip()))

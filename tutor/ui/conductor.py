"""From keys, mouse and typed lines to commands of the session and to what the screen does by itself. Draws nothing: see `tutor.ui.stage`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.worker import Worker

from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.session import commands
from tutor.session.commands import Command
from tutor.session.events import Action, Asking, Card
from tutor.ui import dispatch
from tutor.ui.addresses import holds_token
from tutor.ui.archive import Archive
from tutor.ui.grants import GRANTS
from tutor.ui.home import news_in_words
from tutor.ui.host import Host
from tutor.ui.long_run import LongRun
from tutor.ui.sitting import Sitting
from tutor.ui.snapshot import to_snapshot
from tutor.ui.stage import Stage
from tutor.ui.typed import COMMANDS, Misunderstood, Requested, meaning_of
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.screens.conversation import ConversationScreen
    from tutor.ui.suggesting import Suggestion

log = logging.getLogger(__name__)

MINUTE = 60
LONG_ENOUGH = 12
"""Seconds for which a line at the top stands that may be about money."""


class Conductor:
    """Decides what a request means now."""

    def __init__(self, screen: ConversationScreen, host: Host) -> None:
        self.screen = screen
        self.host = host
        self._sitting = Sitting(host)
        self.stage = Stage(screen, host.lease)
        self._archive = Archive(host, self.stage.talk, lambda: self._sitting.lesson_id)
        self._early: list[Action | Wish | str] = []
        """Keys pressed before the first card."""
        self._run = LongRun()
        self._greeted = False
        """The learner was told what is new since the last sitting."""
        self._interrupted = False
        """The running code was asked to stop once already."""

    @property
    def words(self) -> Words:
        return self.screen.words

    def start(self, work: Callable[[], Coroutine[None, None, None]], group: str) -> None:
        """Do this beside everything else; of one group only the newest goes on. A call, since one that is overtaken never begins."""
        _: Worker[None] = self.screen.run_worker(work, name=group, group=group, exclusive=True, exit_on_error=False)

    # -- beginning and end

    def begin(self, early: Sequence[Action | Wish | str]) -> None:
        """Open the lesson with which the sitting begins."""
        # What a server has cost stands in the status line.
        self.screen.set_interval(MINUTE, self.stage.show_status, name="lease")
        self._early[:0] = early  # and behind them what was pressed since
        self.start(self._open_first, "lesson")

    async def _open_first(self) -> None:
        try:
            lesson_id, step_id = await self.host.first()
        except TutorError as error:
            self._say_error(error)
            self.stage.show_lessons(await self.host.lessons())
            return
        await self.live_through(lesson_id, step_id)

    async def live_through(self, lesson_id: str, step_id: str = "") -> None:
        """Open a lesson and show what happens in it until another is opened."""
        stage = self.stage
        try:
            # Shielded: a session that is being opened while the learner goes elsewhere must become known, to be closed.
            await asyncio.shield(self._sitting.open(lesson_id, step_id))
        except TutorError as error:
            self._say_error(error)
            return
        stage.show_lessons(await self.host.lessons())
        await stage.talk.show_entries(await self.host.entries(lesson_id))
        if not self._greeted:
            self._greeted = True
            self.start(self._welcome_back, "welcome")
            self.start(self._tell_left_running, "left-running")
        async for event in self._sitting.events():
            await dispatch.show(event, stage)
            self._ring_after_a_long_run()
            if isinstance(event, dispatch.PROGRESS):
                stage.show_lessons(await self.host.lessons())
                self.start(self._keep, "keep")
            while self._early and stage.card is not None:
                await self.choose(self._early.pop(0))

    def _ring_after_a_long_run(self) -> None:
        """One bell when code that took long has ended and the learner is in another window meanwhile."""
        card = self.stage.card
        long = self._run.ended(monotonic(), running=card is not None and card.running)
        if long and not self.screen.app.app_focus:
            self.screen.app.bell()

    async def report(self) -> None:
        """Write the file of `tutor report`, and say where it is."""
        try:
            path = await self.host.report()
        except TutorError as error:
            self._say_error(error)
        else:
            self.stage.talk.say(self.words("commands.report_written", path=path))

    async def _welcome_back(self) -> None:
        """What has changed since the last sitting, if anything: one line."""
        news = news_in_words(await self.host.home(), self.words)
        if news:
            self.stage.talk.say(self.words("home.welcome_back", news=news))

    async def _tell_left_running(self) -> None:
        """What earlier sittings have left running elsewhere, apart from what is in use again: a line at the top, once."""
        from tutor.ui.leaving import left_running, still_running

        still = await still_running(self.host)
        if told := left_running(still, self.host.lease(), self.words):
            self.screen.notify(told, timeout=LONG_ENOUGH, markup=False)

    def _say_error(self, error: TutorError) -> None:
        self.stage.talk.say(f"{error.message} {error.hint}".strip(), "error")

    async def _keep(self) -> None:
        screen = self.stage.first_screen()
        if screen is not None:
            await self._sitting.keep(to_snapshot(screen))

    async def leave(self, *, ask: bool) -> None:
        from tutor.ui.leaving import wants_to_leave

        running = self.stage.card is not None and self.stage.card.running
        if await wants_to_leave(self, ask=ask, running=running):
            await self.end_session()
            self.screen.app.exit(0)

    async def end_session(self) -> None:
        """Keep what the next sitting begins with, and let the session go. Safe to call twice."""
        await self._keep()
        await self._sitting.close()

    # -- requests

    async def send(self, command: Command) -> None:
        """Ask the session; what comes of it is looked at, wherever the learner has scrolled."""
        self._interrupted = isinstance(command, commands.Interrupt)
        await self._archive.show_end()
        await self._sitting.send(command)

    async def choose(self, what: Action | Wish | str) -> None:
        """A key or a chip."""
        if isinstance(what, Wish):
            await self.grant(what)
        elif self.stage.card is None:
            self._early.append(what)
        else:
            await self.act(Action(what))

    async def act(self, action: Action) -> None:
        stage, card = self.stage, self.stage.card
        if card is None or action not in card.actions:
            self.tell("ui.not_now")
            return
        if stage.finished and action in (Action.EDIT, Action.ANSWER):
            await stage.reopen()
        match action:
            case Action.EDIT:
                self.screen.transcript.to_end()
                await stage.step_card.edit(self.words)
            case Action.ANSWER:
                self._answer_or_begin(card)
            case Action.RUN:
                code = stage.step_card.written
                await stage.step_card.stop_editing(self.words)
                await self.send(commands.Run(code))
            case Action.NEXT if stage.finished and (following := stage.next_lesson()) is not None:
                self.start(partial(self.live_through, following.id), "lesson")
            case _:
                await self.send(COMMANDS[action])

    def tell(self, key: str, **values: object) -> None:
        """A short word that goes away by itself, in place of the one before it."""
        self.screen.app.clear_notifications()
        self.screen.notify(self.words(key, **values), timeout=2, markup=False)

    def _answer_or_begin(self, card: Card) -> None:
        """Hand in what stands in the face that has the focus, else begin to answer there."""
        face, focused = self.stage.step_card.face, self.screen.focused
        if face is None:
            return
        if focused is not None and face in focused.ancestors:
            face.hand_in()
        else:
            self.screen.transcript.to_end()
            if card.asking is Asking.INPUT and self.screen.prompt_bar.has_focus_within:
                self.stage.step_card.lender = focused
            face.begin()

    async def grant(self, wish: Wish, argument: str = "") -> None:
        """What the screen does by itself: see `tutor.ui.grants`."""
        await GRANTS[wish](self, argument)

    async def speak(self, language: str) -> None:
        """Go on in that language, also when it cannot be kept for the next sittings."""
        try:
            await self.host.set_language(language)
        except TutorError as error:
            self._say_error(error)
        self.screen.words = Words(language)
        self.stage.show_words()
        self.stage.show_lessons(await self.host.lessons())

    async def take_typed(self, line: str) -> None:
        """A line of the prompt: a command, or code for the kernel."""
        if not holds_token(line):
            await self.host.add_history(line)
        meaning = meaning_of(line)
        if isinstance(meaning, commands.Say):
            # Code at the prompt is answered at the prompt, as in any interpreter: esc leads back to the step.
            if self.stage.card is not None and self.stage.card.running:
                self.tell("ui.waits_its_turn")
            await self.send(meaning)
            return
        if isinstance(meaning, Misunderstood):
            # The learner stays where they type: the next word is meant to be the right one, not the keys of the step.
            self.stage.talk.say(self.words(meaning.key, name=meaning.name, near=meaning.near or "help"))
            return
        self.stage.step_card.settle_focus()
        match meaning:
            case Requested(wish, argument):
                await self.grant(wish, argument)
            case _ if (action := next((a for a, sent in COMMANDS.items() if sent == meaning), None)) is not None:
                await self.choose(action)
            case _:
                await self.send(meaning)

    def suggest(self, line: str) -> Sequence[Suggestion]:
        """The commands that the line could become, from the same table as the palette."""
        from tutor.ui.offers import offers
        from tutor.ui.suggesting import lessons_for, suggestions
        from tutor.ui.theme import THEMES

        lessons = lessons_for(line, self.stage.lessons)
        return suggestions(line, offers(self.stage.card, self.words, {}, ("auto", *THEMES), lessons))

    async def answer(self, values: tuple[str, ...]) -> None:
        """What the step asked for."""
        self.stage.step_card.put_down()
        await self.send(commands.Answer(values))

    async def tick(self, item: int, *, done: bool) -> None:
        """An item of the checklist."""
        await self._sitting.send(commands.Tick(item, done))

    async def edit(self, text: str) -> None:
        """The editor's text, kept as it is typed."""
        self.stage.show_edited(text)
        await self._sitting.send(commands.Edit(text))

    async def go_to(self, lesson_id: str, step_id: str) -> None:
        """A lesson of the list, or a step of the open one."""
        await self.grant(Wish.LEAVE)
        if lesson_id != self._sitting.lesson_id:
            self.start(partial(self.live_through, lesson_id, step_id), "lesson")
        elif step_id:
            await self.send(commands.Goto(step_id))

    def fetch_older(self, before: int) -> None:
        """The learner scrolls up."""
        self.start(partial(self._archive.show_older, before), "archive")

    def fetch_newer(self, after: int) -> None:
        """The learner scrolls down to where the newest messages are not mounted."""
        self.start(partial(self._archive.show_newer, after), "archive")

    def go_to_end(self) -> None:
        """The learner has read enough of what was said."""
        self.start(self._archive.show_end, "archive")

    async def stop(self) -> None:
        """Ctrl+C: stop what runs; asked a second time, or when nothing runs, ask whether to quit."""
        running = self.stage.card is not None and self.stage.card.running
        if running and not self._interrupted:
            await self.send(commands.Interrupt())
        else:
            self.start(partial(self.leave, ask=True), "quit")

"""From keys, mouse and typed lines to commands of the session and to what the screen does by itself. Draws nothing: see `tutor.ui.stage`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.session import commands
from tutor.session.commands import Command
from tutor.session.events import Action, CardChanged, SaidFinished
from tutor.ui import dispatch
from tutor.ui.host import Host
from tutor.ui.sitting import Sitting
from tutor.ui.snapshot import to_snapshot
from tutor.ui.stage import Stage
from tutor.ui.typed import COMMANDS, Misunderstood, Requested, meaning_of
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.screens.conversation import ConversationScreen

log = logging.getLogger(__name__)

OTHER_LANGUAGE = {"en": "zh", "zh": "en"}
OLDER_AT_ONCE = 30
"""Messages that are fetched when the learner scrolls up."""


class Conductor:
    """Decides what a request means now."""

    def __init__(self, screen: ConversationScreen, host: Host) -> None:
        self._screen = screen
        self._host = host
        self._sitting = Sitting(host)
        self.stage = Stage(screen)
        self._early: list[Action | Wish | str] = []
        """Keys pressed before the first card."""
        self._was_said = False
        """Code from the prompt has ended, and the step has not been shown since."""
        self._interrupted = False
        """The running code was asked to stop once already."""

    @property
    def _words(self) -> Words:
        return self._screen.words

    def _start(self, work: Callable[[], Coroutine[None, None, None]], group: str) -> None:
        """Do this beside everything else; of one group only the newest goes on. A call, since one that is overtaken never begins."""
        _: Worker[None] = self._screen.run_worker(work, name=group, group=group, exclusive=True, exit_on_error=False)

    # -- beginning and end

    def begin(self, early: Sequence[Action | Wish | str]) -> None:
        """Open the lesson with which the sitting begins."""
        self._early[:0] = early  # and behind them what was pressed since
        self._start(self._open_first, "lesson")

    async def _open_first(self) -> None:
        try:
            lesson_id, step_id = await self._host.first()
        except TutorError as error:
            self._say_error(error)
            self.stage.show_lessons(await self._host.lessons())
            return
        await self._live_through(lesson_id, step_id)

    async def _live_through(self, lesson_id: str, step_id: str = "") -> None:
        """Open a lesson and show what happens in it until another is opened."""
        stage = self.stage
        try:
            # Shielded: a session that is being opened while the learner goes elsewhere must become known, to be closed.
            await asyncio.shield(self._sitting.open(lesson_id, step_id))
        except TutorError as error:
            self._say_error(error)
            return
        stage.show_lessons(await self._host.lessons())
        await stage.show_entries(await self._host.entries(lesson_id))
        async for event in self._sitting.events():
            await dispatch.show(event, stage)
            match event:
                case SaidFinished():
                    self._was_said = True
                case CardChanged(card) if self._was_said and not card.running:
                    # Code at the prompt is answered at the prompt, as in any interpreter; esc leads back to the step.
                    self._was_said = False
                    self._screen.call_after_refresh(self._screen.prompt_bar.begin)
            if isinstance(event, dispatch.PROGRESS):
                stage.show_lessons(await self._host.lessons())
                self._start(self._keep, "keep")
            while self._early and stage.card is not None:
                await self.choose(self._early.pop(0))

    def _say_error(self, error: TutorError) -> None:
        self.stage.say(f"{error.message} {error.hint}".strip(), "error")

    async def _keep(self) -> None:
        screen = self.stage.first_screen()
        if screen is not None:
            await self._sitting.keep(to_snapshot(screen))

    async def _leave(self, *, ask: bool) -> None:
        from tutor.ui.screens.quit import QuitScreen

        running = self.stage.card is not None and self.stage.card.running
        if ask and not await self._screen.app.push_screen_wait(QuitScreen(self._words, running=running)):
            return
        await self._keep()
        await self._sitting.close()
        self._screen.app.exit(0)

    # -- requests

    async def _send(self, command: Command) -> None:
        """Ask the session; what comes of it is looked at, wherever the learner has scrolled."""
        self._interrupted = isinstance(command, commands.Interrupt)
        if self._screen.transcript.is_cut_off:
            await self._fetch_newest()
        self._screen.transcript.to_end()
        await self._sitting.send(command)

    async def choose(self, what: Action | Wish | str) -> None:
        """A key or a chip."""
        if isinstance(what, Wish):
            await self._grant(what)
        elif self.stage.card is None:
            self._early.append(what)
        else:
            await self._act(Action(what))

    async def _act(self, action: Action) -> None:
        stage, card = self.stage, self.stage.card
        if card is None or action not in card.actions:
            self._tell("ui.not_now")
            return
        match action:
            case Action.EDIT:
                self._screen.transcript.to_end()
                await stage.step_card.edit(self._words)
            case Action.ANSWER:
                self._answer_or_begin()
            case Action.RUN:
                code = card.code if stage.step_card.is_editing else None
                await stage.step_card.stop_editing(self._words)
                await self._send(commands.Run(code))
            case Action.NEXT if stage.finished and (following := stage.next_lesson()) is not None:
                self._start(partial(self._live_through, following.id), "lesson")
            case _:
                await self._send(COMMANDS[action])

    def _tell(self, key: str) -> None:
        """A short word that goes away by itself, in place of the one before it."""
        self._screen.app.clear_notifications()
        self._screen.notify(self._words(key), timeout=2, markup=False)

    def _answer_or_begin(self) -> None:
        """Hand in what stands in the face that has the focus, else begin to answer there."""
        face, focused = self.stage.step_card.face, self._screen.focused
        if face is None:
            return
        if focused is not None and face in focused.ancestors:
            face.hand_in()
        else:
            self._screen.transcript.to_end()
            face.begin()

    async def _grant(self, wish: Wish, argument: str = "") -> None:
        """What the screen does by itself."""
        match wish:
            case Wish.EDIT | Wish.ANSWER:
                await self._act(Action(str(wish)))
            case Wish.COPY | Wish.RESET:
                await self._with_code(wish)
            case Wish.HELP:
                from tutor.ui.screens.help import HelpScreen

                self._screen.app.push_screen(HelpScreen(self._words))
            case Wish.LESSONS | Wish.LESSON:
                await self._show_lessons(argument)
            case Wish.LANGUAGE:
                self._start(partial(self._speak, argument or OTHER_LANGUAGE[self._words.language]), "language")
            case Wish.QUIT:
                running = self.stage.card is not None and self.stage.card.running
                self._start(partial(self._leave, ask=running), "quit")
            case Wish.LEAVE:
                self._screen.remove_class("-listing")
                await self.stage.step_card.stop_editing(self._words)
            case Wish.SUGGESTED:
                await self._do_what_is_lit()
            case Wish.OPEN:
                self._screen.list.action_choose()
            case Wish.READ_ON:
                self._screen.transcript.action_page_down()
            case Wish.SEND:
                self._screen.prompt_bar.send()
            case Wish.NEW_LINE:
                self._screen.prompt_bar.new_line()

    async def _do_what_is_lit(self) -> None:
        lit = next((chip.what for chip in self._screen.row.chips if chip.suggested), Wish.WAIT)
        if lit is not Wish.SUGGESTED:
            await self.choose(lit)

    async def _with_code(self, wish: Wish) -> None:
        card = self.stage.card
        if card is None or not card.code:
            return
        if wish is Wish.RESET:
            await self._send(commands.Edit(None))
        else:
            self._screen.app.copy_to_clipboard(card.code)
            self._tell("ui.copied")

    async def _show_lessons(self, lesson_id: str) -> None:
        """Open that lesson; without one go to the list, or leave it. Where there is no room for it, it covers the rest meanwhile."""
        lessons = self._screen.list
        if lesson_id:
            self._start(partial(self._live_through, lesson_id), "lesson")
        elif lessons.has_focus:
            await self._grant(Wish.LEAVE)
        else:
            self._screen.add_class("-listing")
            lessons.focus()

    async def _speak(self, language: str) -> None:
        await self._host.set_language(language)
        self._screen.words = Words(language)
        self.stage.show_words()
        self.stage.show_lessons(await self._host.lessons())

    async def take_typed(self, line: str) -> None:
        """A line of the prompt: a command, or code for the kernel."""
        await self._host.add_history(line)
        self.stage.step_card.settle_focus()
        meaning = meaning_of(line)
        match meaning:
            case Requested(wish, argument):
                await self._grant(wish, argument)
            case Misunderstood(key, name, near):
                self.stage.say(self._words(key, name=name, near=near or "help"))
            case _ if (action := next((a for a, sent in COMMANDS.items() if sent == meaning), None)) is not None:
                await self.choose(action)
            case _:
                await self._send(meaning)

    async def answer(self, values: tuple[str, ...]) -> None:
        """What the step asked for."""
        self.stage.step_card.focus(scroll_visible=False)
        await self._send(commands.Answer(values))

    async def tick(self, item: int, *, done: bool) -> None:
        """An item of the checklist."""
        await self._sitting.send(commands.Tick(item, done))

    async def edit(self, text: str) -> None:
        """The editor's text, kept as it is typed."""
        self.stage.show_edited(text)
        await self._sitting.send(commands.Edit(text))

    async def go_to(self, lesson_id: str, step_id: str) -> None:
        """A lesson of the list, or a step of the open one."""
        await self._grant(Wish.LEAVE)
        if lesson_id != self._sitting.lesson_id:
            self._start(partial(self._live_through, lesson_id, step_id), "lesson")
        elif step_id:
            await self._send(commands.Goto(step_id))

    def fetch_older(self, before: int) -> None:
        """The learner scrolls up."""
        self._start(partial(self._fetch_older, before), "older")

    async def _fetch_older(self, before: int) -> None:
        entries = await self._host.entries(self._sitting.lesson_id, before, OLDER_AT_ONCE)
        await self._screen.transcript.add_older([self.stage.message_of(entry) for entry in entries])

    def fetch_newest(self) -> None:
        """The learner has come back to the end."""
        self._start(self._fetch_newest, "older")

    async def _fetch_newest(self) -> None:
        await self.stage.show_end(lambda: self._host.entries(self._sitting.lesson_id))

    async def stop(self) -> None:
        """Ctrl+C: stop what runs; asked a second time, or when nothing runs, ask whether to quit."""
        running = self.stage.card is not None and self.stage.card.running
        if running and not self._interrupted:
            await self._send(commands.Interrupt())
        else:
            self._start(partial(self._leave, ask=True), "quit")

"""The conversation: widgets put together, keys, mouse and typed commands turned into requests. What an event shows is in `tutor.ui.stage`."""

from __future__ import annotations

import logging

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.session import commands
from tutor.session.commands import Command
from tutor.session.events import Action
from tutor.ui import dispatch
from tutor.ui.chips import Mode
from tutor.ui.host import Host
from tutor.ui.keys import COMMANDS
from tutor.ui.messages import Answered, Chosen, Edited, Left, LessonChosen, Submitted, Ticked
from tutor.ui.sitting import Sitting
from tutor.ui.snapshot import FirstScreen, from_snapshot, to_snapshot
from tutor.ui.stage import Stage
from tutor.ui.typed import Misunderstood, Requested, Wish, meaning_of
from tutor.ui.widgets.prompt_bar import PromptBar
from tutor.ui.widgets.transcript import Transcript

log = logging.getLogger(__name__)

OTHER_LANGUAGE = {"en": "zh", "zh": "en"}
OLDER_AT_ONCE = 30


class ConversationScreen(Screen[None]):
    """The one screen of tutor."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]
    AUTO_FOCUS = "#step-card"
    BINDINGS = [
        Binding("ctrl+c", "stop", show=False, priority=True),
        Binding("f2", "wish('lang')", show=False, priority=True),
        Binding("f1,question_mark", "wish('help')", show=False),
        Binding("l", "wish('lessons')", show=False),
        Binding("q", "quit_tutor", show=False),
        Binding("slash", "begin_command", show=False),
        Binding("i,t", "focus_prompt", show=False),
        Binding("space", "read_on", show=False),
        Binding("pageup", "scroll_transcript('page_up')", show=False),
        Binding("pagedown", "scroll_transcript('page_down')", show=False),
        Binding("escape", "settle", show=False),
    ]

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._sitting = Sitting(host)
        self._stage = Stage(Words(host.language), self._first_screen())
        self._interrupted = False
        """The running code was asked to stop once already."""

    def _first_screen(self) -> FirstScreen | None:
        first = from_snapshot(self._host.snapshot())
        lesson_id, step_id = self._host.target
        fits = first is not None and first.language == self._host.language and lesson_id in ("", first.lesson_id)
        return first if fits and not step_id else None

    @property
    def stage(self) -> Stage:
        """What is shown."""
        return self._stage

    @property
    def _words(self) -> Words:
        return self._stage.words

    def compose(self) -> ComposeResult:
        stage = self._stage
        with Horizontal(id="main"):
            yield stage.list
            with Vertical(id="talk"):
                yield stage.transcript
                yield stage.row
                yield PromptBar(self._words("ui.prompt_placeholder"))
        yield stage.status

    # -- beginning and end

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """All that the first paint did not wait for."""
        self._furnish()
        self._open_first()

    @work(group="furnish", exit_on_error=False)
    async def _furnish(self) -> None:
        from tutor.ui.code import load

        await self.query_one(PromptBar).furnish(await self._host.history())
        load()
        self._stage.repaint()

    @work(group="lesson", exclusive=True, exit_on_error=False)
    async def _open_first(self) -> None:
        try:
            lesson_id, step_id = await self._host.first()
        except TutorError as error:
            self._stage.say(f"{error.message} {error.hint}".strip(), "error")
            return
        await self._live_through(lesson_id, step_id)

    @work(group="lesson", exclusive=True, exit_on_error=False)
    async def _open(self, lesson_id: str, step_id: str = "") -> None:
        await self._live_through(lesson_id, step_id)

    async def _live_through(self, lesson_id: str, step_id: str) -> None:
        """Open a lesson and show what happens in it until another is opened."""
        stage = self._stage
        try:
            await self._sitting.open(lesson_id, step_id)
        except TutorError as error:
            stage.say(f"{error.message} {error.hint}".strip(), "error")
            return
        stage.show_lessons(await self._host.lessons())
        await stage.show_entries(await self._host.entries(lesson_id))
        async for event in self._sitting.events():
            await dispatch.show(event, stage)
            if isinstance(event, dispatch.PROGRESS):
                stage.show_lessons(await self._host.lessons())
                self._keep()

    @work(group="keep", exit_on_error=False)
    async def _keep(self) -> None:
        await self._keep_now()

    async def _keep_now(self) -> None:
        screen = self._stage.first_screen()
        if screen is not None:
            await self._sitting.keep(to_snapshot(screen))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker of ours failed: the log has it all, the learner is told, the tutor goes on."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            log.error("worker %s failed", event.worker.name, exc_info=error)
            self.notify(self._words("ui.failed", message=repr(error)), severity="error", markup=False)

    def action_quit_tutor(self) -> None:
        """Quit, with a question if something runs."""
        card = self._stage.card
        self._leave(ask=card is not None and card.running)

    @work(group="quit", exclusive=True, exit_on_error=False)
    async def _leave(self, *, ask: bool) -> None:
        from tutor.ui.screens.quit import QuitScreen

        running = self._stage.card is not None and self._stage.card.running
        if ask and not await self.app.push_screen_wait(QuitScreen(self._words, running=running)):
            return
        await self._keep_now()
        await self._sitting.close()
        self.app.exit(0)

    # -- requests

    async def _send(self, command: Command) -> None:
        """Ask the session; what comes of it is looked at, wherever the learner has scrolled."""
        self._interrupted = isinstance(command, commands.Interrupt)
        self._stage.transcript.anchor()
        await self._sitting.send(command)

    @on(Chosen)
    async def choose(self, event: Chosen) -> None:
        """A key or a chip."""
        if isinstance(event.what, Wish):
            await self._grant(event.what)
        else:
            await self._act(event.what)

    async def _act(self, action: Action) -> None:
        stage = self._stage
        if stage.card is None:
            return
        if action not in stage.card.actions:
            self.notify(self._words("ui.not_now"), timeout=2, markup=False)
            return
        match action:
            case Action.EDIT:
                await stage.step_card.edit(self._words)
            case Action.ANSWER:
                self._answer()
            case Action.RUN:
                code = stage.card.code if stage.step_card.is_editing else None
                await stage.step_card.stop_editing(self._words)
                await self._send(commands.Run(code))
            case Action.NEXT if stage.finished and (following := stage.next_lesson()) is not None:
                self._open(following.id)
            case _:
                await self._send(COMMANDS[action])

    def _answer(self) -> None:
        """Begin to answer, or hand in what stands in the face that has the focus."""
        face = self._stage.step_card.face
        if face is None:
            return
        focused = self.focused
        if focused is not None and face in focused.ancestors:
            face.hand_in()
        else:
            face.begin()

    async def _grant(self, wish: Wish, argument: str = "") -> None:
        """What the screen does by itself."""
        match wish:
            case Wish.EDIT:
                await self._act(Action.EDIT)
            case Wish.ANSWER:
                await self._act(Action.ANSWER)
            case Wish.COPY:
                self._copy()
            case Wish.RESET:
                await self._send(commands.Edit(None))
            case Wish.HELP:
                self._help()
            case Wish.LESSONS:
                self._show_lessons()
            case Wish.LESSON:
                self._open(argument)
            case Wish.LANGUAGE:
                self._speak(argument or OTHER_LANGUAGE[self._words.language])
            case Wish.QUIT:
                self.action_quit_tutor()
            case Wish.LEAVE:
                await self.leave()
            case Wish.SUGGESTED:
                await self._do_what_is_lit()
            case Wish.READ_ON:
                self.action_read_on()
            case Wish.SEND:
                self.query_one(PromptBar).send()
            case Wish.NEW_LINE:
                self.query_one(PromptBar).new_line()
            case Wish.WAIT:
                pass

    async def _do_what_is_lit(self) -> None:
        lit = next((chip.what for chip in self._stage.row.chips if chip.suggested), Wish.WAIT)
        if isinstance(lit, Action):
            await self._act(lit)
        else:
            await self._grant(lit)

    def _copy(self) -> None:
        card = self._stage.card
        if card is not None and card.code:
            self.app.copy_to_clipboard(card.code)
            self.notify(self._words("ui.copied"), timeout=2, markup=False)

    def _help(self) -> None:
        from tutor.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self._words))

    def _show_lessons(self) -> None:
        """Go to the list, or leave it; where there is no room for it, it covers the rest meanwhile."""
        if self._stage.list.has_focus:
            self.action_settle()
        else:
            self.add_class("-listing")
            self._stage.list.focus()

    @work(group="language", exclusive=True, exit_on_error=False)
    async def _speak(self, language: str) -> None:
        stage = self._stage
        await self._host.set_language(language)
        stage.words = Words(language)
        self.query_one(PromptBar).say(self._words("ui.prompt_placeholder"))
        stage.show_lessons(await self._host.lessons())
        stage.show_chips()
        stage.show_status()

    @on(Submitted)
    async def take_typed(self, event: Submitted) -> None:
        """A command, or code for the kernel."""
        await self._host.add_history(event.text)
        meaning = meaning_of(event.text)
        self._stage.step_card.settle_focus()
        match meaning:
            case Requested(wish, argument):
                await self._grant(wish, argument)
            case Misunderstood(key, name, near):
                self._stage.say(self._words(key, name=name, near=near or "help"))
            case commands.Run() | commands.Next() | commands.Check() | commands.Skip():
                await self._act(next(action for action, sent in COMMANDS.items() if sent == meaning))
            case _:
                await self._send(meaning)

    @on(Answered)
    async def hand_on_answer(self, event: Answered) -> None:
        self._stage.step_card.focus(scroll_visible=False)
        await self._send(commands.Answer(event.values))

    @on(Ticked)
    async def hand_on_tick(self, event: Ticked) -> None:
        await self._sitting.send(commands.Tick(event.item, event.done))

    @on(Edited)
    async def hand_on_edit(self, event: Edited) -> None:
        self._stage.show_edited(event.text)
        await self._sitting.send(commands.Edit(event.text))

    @on(LessonChosen)
    async def go_to_lesson(self, event: LessonChosen) -> None:
        """A lesson, or a step of the open one."""
        self.action_settle()
        if event.lesson_id != self._sitting.lesson_id:
            self._open(event.lesson_id, event.step_id)
        elif event.step_id:
            await self._send(commands.Goto(event.step_id))

    @on(Left)
    async def leave(self) -> None:
        """From the editor, an answer, the prompt or the list back to the step card."""
        self.remove_class("-listing")
        await self._stage.step_card.stop_editing(self._words)
        self._stage.show_chips()

    @on(Transcript.OlderWanted)
    def fetch_older(self, event: Transcript.OlderWanted) -> None:
        self._fetch_older(event.before)

    @work(group="older", exclusive=True, exit_on_error=False)
    async def _fetch_older(self, before: int) -> None:
        entries = await self._host.entries(self._sitting.lesson_id, before, OLDER_AT_ONCE)
        await self._stage.transcript.add_older([self._stage.message_of(entry) for entry in entries])

    @on(Transcript.EndMoved)
    def show_way_down(self) -> None:
        self._stage.show_chips()

    # -- keys of the whole screen

    async def action_stop(self) -> None:
        """Ctrl+C: copy what is selected, else stop what runs, else ask whether to quit."""
        if selected := self.get_selected_text():
            self.app.copy_to_clipboard(selected)
            self.clear_selection()
            return
        running = self._stage.card is not None and self._stage.card.running
        if running and not self._interrupted:
            await self._send(commands.Interrupt())
        else:
            self._leave(ask=True)

    async def action_wish(self, name: str) -> None:
        await self._grant(Wish(name))

    def action_settle(self) -> None:
        self.remove_class("-listing")
        self._stage.step_card.settle_focus()

    def action_focus_prompt(self) -> None:
        self.query_one(PromptBar).begin()

    def action_begin_command(self) -> None:
        self.query_one(PromptBar).begin("/")

    def action_read_on(self) -> None:
        self._stage.transcript.action_page_down()

    def action_scroll_transcript(self, how: str) -> None:
        transcript = self._stage.transcript
        if how == "page_up":
            transcript.action_page_up()
        else:
            transcript.action_page_down()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The action row shows the keys of what has the focus."""
        from tutor.ui.widgets.face import Face

        focused = event.widget
        face = next((node for node in focused.ancestors_with_self if isinstance(node, Face)), None)
        if focused.id == "prompt":
            mode = Mode.PROMPT
        elif face is not None and face.TAKES_TEXT:
            mode = Mode.EDITOR if self._stage.step_card.is_editing else Mode.ANSWER
        else:
            mode = Mode.CARD
        if focused is not self._stage.list:
            self.remove_class("-listing")
        self._stage.mode = mode
        self._stage.show_chips()

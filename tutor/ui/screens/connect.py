"""The way to an account, one step at a time: what to do, where to click, and at once whether it was right. Loaded when it is first wanted.

A secret lives in its field and in the guide that it is handed to, and in nothing that is shown, copied or kept.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import Worker

from tutor.accounts.led import Led
from tutor.accounts.model import Ask, GuideStep
from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.text.sentences import in_a_row
from tutor.ui import links
from tutor.ui.blocks import Block
from tutor.ui.browser import open_outside, opener
from tutor.ui.connect_keys import Phase, keys
from tutor.ui.connecting import checked_blocks, heading_blocks, step_blocks, text_blocks
from tutor.ui.failing import tell_failure
from tutor.ui.host import Host
from tutor.ui.messages import Chosen, Left
from tutor.ui.stops import StopKind
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.asked import Asked
from tutor.ui.widgets.menu import Menu
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

LEAST_LINES = 3
"""Of the text, however much stands below it."""


class ConnectScreen(Screen[bool]):
    """Returns whether the account is connected now. Enter goes on, esc goes back, and what waits can be left at any time."""

    CSS_PATH = "connect.tcss"
    BINDINGS = [
        Binding("escape", "before", show=False),
        Binding("ctrl+c", "cancel", show=False, priority=True),
        Binding("enter", "go_on", show=False),
        Binding("o,ctrl+o", "open_page", show=False),
        Binding("c,ctrl+y", "copy_address", show=False),
        Binding("y", "copy_code", show=False),
        Binding("space,pagedown", "page_on(1)", show=False),
        Binding("pageup", "page_on(-1)", show=False),
        Binding("down", "line_on(1)", show=False),
        Binding("up", "line_on(-1)", show=False),
    ]

    def __init__(self, host: Host, words: Words, service: str) -> None:
        super().__init__()
        self._host = host
        self._words = words
        self._service = service
        self._led: Led | None = None
        self._phase = Phase.BEGINNING
        self._before: Sequence[tuple[bool, str]] = ()
        """What was looked at in the step before."""
        self._opens = opener(os.environ, sys.platform)
        self._heading = Message(())
        self._heading.id = "connect-heading"
        self._told = Message(())
        self._page = VerticalScroll(self._told, id="connect-page", can_focus=False)
        self.asked = Asked()
        self.row = ActionRow()

    def compose(self) -> ComposeResult:
        yield self._heading
        yield self._page
        yield self.asked
        yield self.row

    def on_mount(self) -> None:
        self._show_step()
        self._begin()

    def on_unmount(self) -> None:
        """However it is left: nobody goes on with it."""
        if self._led is not None:
            self._led.close()

    # -- what is shown

    @property
    def step(self) -> GuideStep | None:
        """What is asked for now."""
        return self._led.step if self._led is not None else None

    def _show_step(self) -> None:
        """The step as it is now, from its beginning."""
        words, step, name = self._words, self.step, self._words(f"accounts.{self._service}")
        is_ended = self._phase is Phase.ENDED
        title = words("accounts.connected_title" if is_ended else "accounts.connect_title", name=name)
        place = self._led.place if self._led is not None and not is_ended else (0, 0)
        self._heading.show(heading_blocks(title, place, words))
        if step is not None:
            told: list[Block] = step_blocks(step, self._before, words)
        else:
            told = [
                *checked_blocks(self._before, is_done=True),
                *(text_blocks(words("accounts.connected_about")) if is_ended else ()),
            ]
        self._told.show(told)
        self._page.display = bool(told)
        self.asked.ask(step)
        self._page.scroll_home(animate=False)
        self._show_keys()

    def _show_keys(self) -> None:
        self.row.show(self._chips())
        self.call_after_refresh(self._fit)

    def _chips(self) -> list[Chip]:
        return keys(
            self._phase,
            self.step,
            self._words,
            is_first=self._led is None or self._led.place[0] <= 1,
            has_more=self._page.max_scroll_y > self._page.scroll_y,
            has_browser=bool(self._opens),
        )

    def _fit(self) -> None:
        """What is asked for and the keys stay in sight; the text above them scrolls, if it must."""
        if not self.is_mounted:
            return
        taken = self._heading.outer_size.height + self._heading.styles.margin.height
        taken += self.row.lines + self.row.styles.margin.height
        if self.asked.display:
            taken += self.asked.outer_size.height + self.asked.styles.margin.height
        room = max(self.size.height - taken, LEAST_LINES)
        most = self._page.styles.max_height
        if most is None or most.value != room:
            self._page.styles.max_height = room
        self.call_after_refresh(self._show_whether_more)

    def _show_whether_more(self) -> None:
        if self.is_mounted:
            lines = self.row.lines
            self.row.show(self._chips())
            if self.row.lines != lines:
                self.call_after_refresh(self._fit)
            # Where the text was scrolled before it changed, Textual leaves on the terminal what stood below it.
            self.refresh()

    @on(Asked.Changed)
    def fit_again(self) -> None:
        self._show_keys()

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    # -- the guide

    @work(group="begin", exclusive=True, exit_on_error=False)
    async def _begin(self) -> None:
        self.asked.wait(self._words("accounts.beginning"))
        try:
            led = await self._host.connect(self._service)
        except TutorError as error:
            self._phase = Phase.BLOCKED
            self.asked.end_waiting()
            self.asked.say([(False, in_a_row(error.message, error.hint))])
            return
        self._led = led
        self._come_to_step()

    def _come_to_step(self, said: Sequence[tuple[bool, str]] = ()) -> None:
        """Args: `said`: what was looked at on the way here."""
        self.asked.end_waiting()
        self._before = said
        self._phase = Phase.ASKING if self.step is not None else Phase.ENDED
        self._show_step()
        if self.step is not None and self.step.ask is Ask.WAIT:
            # Called from a worker of the same group, which ends first.
            self.call_later(self._answer, "")

    @work(group="answer", exclusive=True, exit_on_error=False)
    async def _answer(self, value: str) -> None:
        led, step = self._led, self.step
        assert led is not None
        assert step is not None
        self._phase = Phase.CHECKING
        waits = step.ask is Ask.WAIT
        self.asked.wait(self._words("accounts.waiting" if waits else "accounts.checking"))
        self._show_keys()
        checked = await led.answer(value)
        if checked.done:
            self._come_to_step(checked.said)
            return
        self._phase = Phase.ASKING
        self.asked.end_waiting()
        if led.step != step:
            # Another code, for example: the one before it has expired.
            self._show_step()
        self.asked.say(checked.said)
        self.asked.ask_again()

    @work(group="answer", exclusive=True, exit_on_error=False)
    async def _go_back(self) -> None:
        assert self._led is not None
        self._phase = Phase.BEGINNING
        self.asked.wait(self._words("accounts.beginning"))
        self._show_keys()
        await self._led.back()
        self._come_to_step()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if tell_failure(self, self._words, event):
            self.asked.end_waiting()
            self._phase = Phase.ASKING if self.step is not None else Phase.BLOCKED
            self._show_keys()

    # -- what the learner does

    @on(Input.Submitted)
    def take_line(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_go_on()

    @on(Menu.Picked)
    def take_choice(self, event: Menu.Picked) -> None:
        event.stop()
        self.action_go_on()

    def action_go_on(self) -> None:
        match self._phase:
            case Phase.ENDED:
                self.dismiss(True)
            case Phase.BLOCKED:
                self.dismiss(False)
            case Phase.ASKING if self.step is not None:
                value = self.asked.value
                if not value and self.step.ask in (Ask.SECRET, Ask.FILE):
                    self.asked.say([(False, self._words(f"accounts.empty_{self.step.ask}"))])
                else:
                    self._answer(value)

    @on(Left)
    def leave_field(self, event: Left) -> None:
        event.stop()
        self.action_before()

    def action_before(self) -> None:
        """One step back; out of the first one, or of an answer that is looked at, altogether."""
        waits = self._phase is Phase.CHECKING and self.step is not None and self.step.ask is Ask.WAIT
        if (waits or self._phase is Phase.ASKING) and self._led is not None and self._led.place[0] > 1:
            self._go_back()
        else:
            self.dismiss(self._phase is Phase.ENDED)

    def action_cancel(self) -> None:
        """All of it; but what is selected is copied first."""
        if selected := self.get_selected_text():
            self.app.copy_to_clipboard(selected)
            self.clear_selection()
        else:
            self.dismiss(self._phase is Phase.ENDED)

    def action_open_page(self) -> None:
        if self.step is not None and self.step.url:
            self._open(self.step.url)

    @work(group="browser", exclusive=True, exit_on_error=False)
    async def _open(self, address: str) -> None:
        is_open = bool(self._opens) and await asyncio.to_thread(open_outside, self._opens, address)
        if is_open:
            self._tell("accounts.opened")
        else:
            self.app.copy_to_clipboard(address)
            self._tell("accounts.no_browser")

    def action_copy_address(self) -> None:
        if self.step is not None and self.step.url:
            self._copy(self.step.url, "accounts.copied")

    def action_copy_code(self) -> None:
        if self.step is not None and self.step.code:
            self._copy(self.step.code, "ui.copied")

    def _copy(self, what: str, key: str) -> None:
        self.app.copy_to_clipboard(what)
        self._tell(key)

    def _tell(self, key: str) -> None:
        self.app.clear_notifications()
        self.notify(self._words(key), timeout=2, markup=False)

    @on(Message.Touched)
    def follow_link(self, event: Message.Touched) -> None:
        event.stop()
        stop = event.message.stops[event.number]
        if stop.kind is StopKind.LINK and links.is_web(stop.text):
            self._open(stop.text)
        elif stop.kind is StopKind.CODE:
            self._copy(stop.text, "ui.copied")

    def action_page_on(self, pages: int) -> None:
        self._page.scroll_relative(y=pages * self._page.size.height, animate=False)
        self.call_after_refresh(self._show_whether_more)

    def action_line_on(self, lines: int) -> None:
        self._page.scroll_relative(y=lines, animate=False)
        self.call_after_refresh(self._show_whether_more)

    @on(Chosen)
    def obey_chip(self, event: Chosen) -> None:
        event.stop()
        match event.what:
            case Wish.SUGGESTED:
                self.action_go_on()
            case "open_page":
                self.action_open_page()
            case "copy_address":
                self.action_copy_address()
            case "copy_code":
                self.action_copy_code()
            case "complete":
                self.asked.complete()
            case "before":
                self.action_before()
            case "page_on":
                self.action_page_on(1)
            case _:
                self.dismiss(self._phase is Phase.ENDED)

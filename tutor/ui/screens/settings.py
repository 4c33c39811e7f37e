"""The settings on one page: each with its value, its meaning and who decides it; changed at once or from the next start on."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.ui.blocks import Block, text
from tutor.ui.host import PythonChoice, SettingNow
from tutor.ui.messages import Chosen
from tutor.ui.setting_rows import AT_ONCE, decided_by, is_locked, setting_items, value_items
from tutor.ui.theme import wear
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.menu import Menu
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


class SettingsScreen(ModalScreen[None]):
    """A list of settings; enter opens one, enter chooses its value, esc leads back."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Menu"
    BINDINGS = [
        Binding("escape,left,backspace", "back", show=False),
        Binding("comma,fullwidth_comma,q,ctrl+c", "close", show=False, priority=True),
        Binding("f2", "wish('lang')", show=False, priority=True),
    ]

    def __init__(self, conductor: Conductor) -> None:
        super().__init__()
        self._conductor = conductor
        self._host = conductor.host
        self._settings: dict[str, SettingNow] = {}
        self._opened = ""
        """The setting whose values are shown; empty for the list of all."""
        self._pythons: list[PythonChoice] = []
        self._searching = False
        self._heading = Message(self._title())
        self.menu = Menu()
        self.row = ActionRow(self._chips())

    @property
    def words(self) -> Words:
        """In the language that is spoken now."""
        return self._conductor.words

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog -settings", can_focus=False):
            yield self._heading
            yield self.menu
            yield self.row

    async def on_mount(self) -> None:
        await self._read()
        self._show()

    async def _read(self) -> None:
        try:
            self._settings = {setting.key: setting for setting in await self._host.settings()}
        except TutorError as error:
            self._say_error(error)

    def _say_error(self, error: TutorError) -> None:
        self.notify(f"{error.message} {error.hint}".strip(), severity="error", markup=False)

    # -- what is shown

    def _title(self) -> list[Block]:
        words = self.words
        if not self._opened:
            return [text(words("settings.title"), "heading")]
        title = text(words("settings.one", name=words(f"settings.{self._opened}")), "heading")
        if self._opened == "runtime" and self._searching:
            return [title, text(words("settings.looking"), "muted", gap=False)]
        return [title]

    def _chips(self) -> list[Chip]:
        words = self.words
        enter = words("settings.choose" if self._opened else "settings.change")
        leave = words("settings.back" if self._opened else "settings.close")
        return [Chip("enter", enter, Wish.SUGGESTED, suggested=True), Chip("esc", leave, Wish.LEAVE)]

    def _show(self, *, at: str | None = None) -> None:
        if not self._settings:
            return
        if self._opened:
            items = value_items(self._settings[self._opened], self._pythons, self.words)
        else:
            items = setting_items(list(self._settings.values()), self._host.settings_file, self.words)
        self._heading.show(self._title())
        self.menu.show(items, at)
        self.row.show(self._chips())

    @work(group="pythons", exclusive=True, exit_on_error=False)
    async def _look_for_pythons(self) -> None:
        self._pythons.clear()
        self._searching = True
        try:
            async with aclosing(self._host.pythons()) as pythons:
                async for python in pythons:
                    self._pythons.append(python)
                    if self._opened == "runtime":
                        self._show()
        finally:
            self._searching = False
        if self._opened == "runtime":
            self._show()

    # -- what the learner does

    @on(Menu.Picked)
    async def take_choice(self, event: Menu.Picked) -> None:
        if self._opened:
            await self._change(self._opened, event.value)
        else:
            self._open(self._settings[event.value])

    def _open(self, setting: SettingNow) -> None:
        words = self.words
        if setting.key == "lessons":
            self._tell(words("settings.lessons_locked", file=self._host.settings_file))
        elif is_locked(setting):
            self._tell(words("settings.locked", reason=decided_by(setting, words)))
        else:
            self._opened = setting.key
            if setting.key == "runtime" and not self._searching:
                self._look_for_pythons()
            self._show(at=setting.value)

    def _tell(self, said: str) -> None:
        self.app.clear_notifications()
        self.notify(said, markup=False, timeout=4)

    async def _change(self, key: str, value: str) -> None:
        """Put the value into force where that is possible at once, and keep it."""
        try:
            if key == "language":
                await self._conductor.speak(value)
            else:
                if key == "theme":
                    wear(self.app, value)
                await self._host.keep_setting(key, value)
        except TutorError as error:
            self._say_error(error)
        await self._read()
        if self._settings[key].value == value:
            self._tell(self.words("settings.kept" if key in AT_ONCE else "settings.kept_for_next_start"))
        self._leave_values()

    def _leave_values(self) -> None:
        opened, self._opened = self._opened, ""
        self._show(at=opened or None)

    def action_back(self) -> None:
        """From the values to the list, from the list to the conversation."""
        if self._opened:
            self._leave_values()
        else:
            self.dismiss()

    def action_close(self) -> None:
        self.dismiss()

    @on(Chosen)
    async def hand_on_choice(self, event: Chosen) -> None:
        event.stop()
        await self.action_wish(str(event.what))

    async def action_wish(self, name: str) -> None:
        """Keys of the whole app, and chips."""
        match name:
            case Wish.SUGGESTED:
                self.menu.action_choose()
            case Wish.LEAVE:
                self.action_back()
            case Wish.LANGUAGE:
                await self._conductor.speak(self.words.other_language)
                await self._read()
                self._show()
            case Wish.QUIT:
                self.dismiss()
                await self._conductor.grant(Wish.QUIT)

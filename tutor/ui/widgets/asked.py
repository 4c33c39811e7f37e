"""What a step of a guide asks for (a line, a secret, a file, a choice), what is waited for, and what is said about the answer."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as TextualMessage
from textual.widgets import Input

from tutor.accounts.model import Ask, GuideStep
from tutor.ui.blocks import Block, text
from tutor.ui.connecting import MOST_CANDIDATES, checked_blocks, meant_path, plain
from tutor.ui.widgets.fields import TextLine
from tutor.ui.widgets.menu import Item, Menu
from tutor.ui.widgets.message import Message
from tutor.ui.widgets.path_line import PathLine
from tutor.ui.widgets.waiting import Waiting


class SecretLine(TextLine):
    """A token is pasted, not typed: there is nothing to look at, and nothing to copy."""

    def __init__(self) -> None:
        super().__init__("", "", secret=True)

    def action_reveal(self) -> None:
        """Never."""

    def action_copy(self) -> None:
        """Never."""

    action_cut = action_copy


class Asked(Vertical):
    """One step at a time; what was typed for the one before is gone."""

    DEFAULT_CSS = """
    Asked {
        height: auto;

        &.-empty {
            display: none;
        }

        &.-choice .said {
            margin-top: 1;
        }
    }
    """

    class Changed(TextualMessage):
        """What stands here takes another number of lines now."""

    def __init__(self) -> None:
        super().__init__(id="asked")
        self._step: GuideStep | None = None
        self._label = Message(())
        self._lines = {Ask.TEXT: TextLine("", "", secret=False), Ask.FILE: PathLine("", ""), Ask.SECRET: SecretLine()}
        self.menu = Menu()
        self._waiting = Waiting()
        self._said = Message((), classes="said")

    def compose(self) -> ComposeResult:
        yield self._label
        yield from self._lines.values()
        yield self.menu
        yield self._waiting
        yield self._said

    # -- what is asked for

    @property
    def field(self) -> TextLine | None:
        """Where it is typed; None where nothing is."""
        return self._lines.get(self._step.ask) if self._step is not None else None

    @property
    def value(self) -> str:
        """The answer as it stands here."""
        if self._step is not None and self._step.ask is Ask.CHOICE:
            return self.menu.value
        typed = self.field.value.strip() if self.field is not None else ""
        return meant_path(typed) if self._step is not None and self._step.ask is Ask.FILE else typed

    def ask(self, step: GuideStep | None) -> None:
        """From now on for this."""
        self._step = step
        wanted = step.ask if step is not None else Ask.NOTHING
        label = step.label if step is not None and wanted not in (Ask.NOTHING, Ask.WAIT) else ""
        self._label.display = bool(label)
        self._label.show([text(plain(label), "strong")] if label else ())
        for ask, line in self._lines.items():
            line.display = ask is wanted
            line.value = step.default if step is not None and ask is wanted else ""
            line.cursor_position = len(line.value)
        self.menu.display = wanted is Ask.CHOICE
        self.set_class(self.menu.display, "-choice")
        if step is not None and wanted is Ask.CHOICE:
            self.menu.show([Item(key, plain(said)) for key, said in step.choices], step.default or None)
        self.say(())
        target = self.menu if wanted is Ask.CHOICE else self.field
        self.screen.set_focus(target, scroll_visible=False)

    def ask_again(self) -> None:
        """It was not right: what is pasted now takes its place."""
        if self.field is not None:
            self.field.select_all()

    def complete(self) -> None:
        """The path, as far as there is one way only."""
        if isinstance(self.field, PathLine):
            self.field.action_complete()

    # -- what is said about it

    def wait(self, said: str) -> None:
        """It is being looked at, or something elsewhere is waited for."""
        self._said.display = False
        self._waiting.begin(said)
        self._settle()

    def end_waiting(self) -> None:
        self._waiting.end()
        self._settle()

    def say(self, said: Sequence[tuple[bool, str]]) -> None:
        """What was looked at."""
        self.say_blocks(checked_blocks(said))

    def say_blocks(self, blocks: Sequence[Block]) -> None:
        self._said.display = bool(blocks)
        self._said.show(blocks)
        self._settle()

    def _settle(self) -> None:
        """Where there is nothing, no distance is kept from it."""
        self.set_class(not any(child.display for child in self.children), "-empty")
        self.post_message(self.Changed())

    @on(Input.Changed)
    def forget_what_was_said(self, event: Input.Changed) -> None:
        """It was about another answer."""
        event.stop()
        if event.input.has_focus and self._said.display:
            self.say(())

    @on(PathLine.Candidates)
    def offer_names(self, event: PathLine.Candidates) -> None:
        event.stop()
        more = "   …" if len(event.names) > MOST_CANDIDATES else ""
        shown = "   ".join(event.names[:MOST_CANDIDATES]) + more
        self.say_blocks([text(shown, "muted")] if shown else ())

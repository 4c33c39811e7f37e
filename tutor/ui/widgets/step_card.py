"""The step in front of the learner: one face at a time, and the keys that act while nothing takes text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget

from tutor.i18n import Words
from tutor.ui.blocks import text
from tutor.ui.keys import WAYS
from tutor.ui.messages import Chosen
from tutor.ui.widgets.code_panel import CodePanel
from tutor.ui.widgets.face import Face
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.session.events import Card

BEGIN_AT_ONCE = frozenset({"choices", "checklist", "input", "editor"})
"""Faces that take the focus as soon as they are there; in the others the learner goes by a key, since their keys are text."""
KEEP_KEYS = frozenset({"choices", "checklist"})
"""Faces in which the single keys of the step card act as well."""
ENDS_EDITING = frozenset({"input", "running", ""})


class StepCard(Vertical, can_focus=True):
    """Holds the face that fits the card; has the focus whenever the learner is not writing."""

    BINDINGS = [
        *[
            # An input method may be on.
            Binding(f"{way.key},fullwidth_latin_small_letter_{way.key}", f"choose('{way.action}')", show=False)
            for way in WAYS
            if way.action != "interrupt"
        ],
        Binding("c", "wish('copy')", show=False),
        Binding("o", "wish('reset')", show=False),
        Binding("E", "wish('editor')", show=False),
        Binding("enter", "wish('suggested')", show=False),
    ]

    def __init__(self, face: Face | None = None) -> None:
        """Args: `face`: drawn from the snapshot before there is a session."""
        super().__init__(id="step-card")
        self._first_face = face
        self._shown: tuple[object, ...] = ("",)
        self.card: Card | None = None
        """The newest card; None before the session has spoken."""
        self.is_editing = False
        self.lender: Widget | None = None
        """Has the focus again once the line that code asks for is handed in, or is asked for no more."""

    def compose(self) -> ComposeResult:
        if self._first_face is not None:
            yield self._first_face

    @property
    def face(self) -> Face | None:
        """The face that is shown now."""
        return next(iter(self.query_children(Face)), None)

    @property
    def panel(self) -> CodePanel | None:
        """The code that a prediction is about, above its question."""
        return next(iter(self.query_children(CodePanel)), None)

    @property
    def written(self) -> str | None:
        """What stands in the editor; None where the learner does not write. The card may not know yet what was typed last."""
        face = self.face
        return face.code if self.is_editing and face is not None else None

    def action_choose(self, name: str) -> None:
        self.post_message(Chosen(name))

    def action_wish(self, name: str) -> None:
        self.post_message(Chosen(Wish(name)))

    async def show(self, card: Card, words: Words, lender: Widget | None = None) -> None:
        """Be up to date with the card, and put another face on if it needs one.

        Args:
            lender: has the focus and can spare it for the line that running code asks for.
        """
        from tutor.ui.faces import kind_of, language_of, make, panel_above, panel_texts

        if self.card is not None and (card.step.id, card.lesson.id) != (self.card.step.id, self.card.lesson.id):
            self.is_editing = False
        self.card = card
        kind = kind_of(card, is_editing=self.is_editing)
        self.is_editing = self.is_editing and kind not in ENDS_EDITING
        asked = (card.asking, card.input_prompt if kind == "input" else "")
        identity = (kind, card.lesson.id, card.lesson.language, card.step.id, asked)
        if identity != self._shown:
            self._shown = identity
            if lender is not None and kind == "input":
                self.lender = lender
                self._focus_at_once()
            elif self._holds_focus():
                # Here meanwhile, and not wherever Textual moves it when the face goes; the learner may go elsewhere before the next is on.
                self.put_down()
            await self._put_on(panel_above(kind, card, words), make(kind, card, words))
            if self.screen.focused is self:
                self._take_focus(BEGIN_AT_ONCE)
        if (face := self.face) is not None:
            face.show(card, words)
        if (panel := self.panel) is not None:
            panel.show(card.code, language_of(card), *panel_texts(card, words))
        await self._advise(card, kind, words)

    async def _advise(self, card: Card, kind: str, words: Words) -> None:
        """Above the face: the next thing to do after a verdict; before the first one what a step without code needs."""
        from tutor.ui.guide import guide
        from tutor.ui.markdown import markdown_blocks
        from tutor.ui.needs import needs_line
        from tutor.ui.widgets.message import Message

        tells_itself = kind in ("code", "editor", "input", "running") or self.panel is not None
        needs = "" if tells_itself or card.attempt else needs_line(card.lesson, card.step, words, minutes=False)
        blocks = markdown_blocks(guide(card, words, is_editing=kind == "editor")) if card.attempt else ()
        if needs and card.step.work is not None:
            blocks = (text(needs, "muted"),)
        shown = next(iter(self.query_children(Message)), None)
        if shown is None and blocks:
            await self.mount(Message(blocks, classes="advice"), before=0)
        elif shown is not None:
            shown.show(blocks)
            shown.display = bool(blocks)

    def put_down(self) -> None:
        """What took text has been handed in, or goes: the focus is the step's, or back where it was lent."""
        lender, self.lender = self.lender, None
        self.screen.set_focus(lender or self, scroll_visible=False)

    def settle_focus(self) -> None:
        """Take the focus back from what takes text."""
        self.lender = None
        self._take_focus(KEEP_KEYS)

    async def edit(self, words: Words) -> None:
        """Put the editor on."""
        if self.card is not None and not self.is_editing:
            self.is_editing = True
            await self.show(self.card, words)
        self._take_focus(BEGIN_AT_ONCE)

    async def stop_editing(self, words: Words) -> None:
        """Show the code again as it now is."""
        if self.is_editing and self.card is not None:
            self.is_editing = False
            await self.show(self.card, words)
        self.settle_focus()

    def _holds_focus(self) -> bool:
        focused = self.screen.focused
        return focused is None or focused is self or self in focused.ancestors

    def _take_focus(self, faces: frozenset[str]) -> None:
        """The face gets the focus if it is one of these, else the step card."""
        face = self.face
        if face is not None and self._shown[0] in faces:
            face.begin()
        else:
            self._focus_at_once()

    def _focus_at_once(self) -> None:
        self.screen.set_focus(self, scroll_visible=False)

    async def _put_on(self, *widgets: Widget | None) -> None:
        async with self.batch():
            await self.remove_children(Face)
            await self.remove_children(CodePanel)
            await self.mount_all([widget for widget in widgets if widget is not None])

"""The command palette: everything that can be done now, found by typing. Loaded when it is first wanted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Matcher, Provider
from textual.content import Content

from tutor.ui.look import style_of
from tutor.ui.offers import Offer, keys_of, offers
from tutor.ui.shelf import Shelf, fold
from tutor.ui.theme import THEMES
from tutor.ui.wishes import Wish
from tutor.ui.wrap import cells

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

KEY_WIDTH = 8
"""Columns for the key before each name."""
MOST_LESSONS = 50
"""Of those that match; a longer list is a reason to type on."""


class TutorPalette(CommandPalette):
    """Textual's palette, in the looks of the rest."""

    CSS_PATH = "screens/palette.tcss"


def open_palette(conductor: Conductor) -> None:
    """Put it over the conversation."""

    class Offers(_Offers):
        """What this conversation offers."""

        host = conductor

    placeholder = conductor.words("home.palette")
    conductor.screen.app.push_screen(TutorPalette(providers=[Offers], placeholder=placeholder))


class _Offers(Provider):
    """Finds the entries; Textual makes one for each opening."""

    host: Conductor

    async def startup(self) -> None:
        from tutor.ui.screens.conversation import ConversationScreen
        from tutor.ui.widgets.step_card import StepCard

        conductor = self.host
        self._shelf = Shelf(conductor.stage.lessons)
        self._keys = keys_of([*ConversationScreen.BINDINGS, *StepCard.BINDINGS])
        self._rest = list(offers(conductor.stage.card, conductor.words, self._keys, ("auto", *THEMES), ()))

    async def discover(self) -> Hits:
        for offer in self._with_lessons(self._shelf, "")[:200]:
            yield DiscoveryHit(
                self._shown(offer, Content(offer.label)), partial(perform, self.host, offer), offer.label
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(fold(query))
        found = False
        for offer in self._with_lessons(self._shelf, query):
            score = self._score(matcher, offer, query)
            if score > 0:
                found = True
                shown = self._shown(offer, matcher.highlight(offer.label))
                yield Hit(score, shown, partial(perform, self.host, offer), offer.label)
        if not found:
            yield Hit(1, Content.styled(self.host.words("home.nothing_found"), style_of("muted")), _nothing, query)

    def _with_lessons(self, shelf: Shelf, query: str) -> list[Offer]:
        rows = shelf.matching(query)[:MOST_LESSONS]
        lessons = [each for each in offers(None, self.host.words, {}, (), rows) if each.what is Wish.LESSON]
        return [*self._rest, *lessons]

    def _score(self, matcher: Matcher, offer: Offer, query: str) -> float:
        if offer.what is Wish.LESSON:
            # It was found by its id, title or summary in either language already.
            return max(matcher.match(fold(offer.label)), 0.1)
        typed = 1.0 if offer.typed and fold(query).lstrip("/") == offer.typed.lstrip("/") else 0.0
        return max(matcher.match(fold(offer.label)), typed)

    def _shown(self, offer: Offer, label: Content) -> Content:
        key = offer.key + " " * max(KEY_WIDTH - cells(offer.key), 1)
        return Content.assemble((key, style_of("key")), label, (f"  {offer.kind}", style_of("muted")))


def _nothing() -> None:
    """What is done when nothing was found."""


async def perform(conductor: Conductor, offer: Offer) -> None:
    """Do it."""
    if isinstance(offer.what, Wish):
        await conductor.grant(offer.what, offer.argument)
    elif offer.what is not None:
        await conductor.choose(offer.what)
    else:
        await conductor.go_to(*offer.place)

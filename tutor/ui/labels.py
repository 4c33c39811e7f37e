"""What an action is called at a card: some have another name now and then. Pure."""

from __future__ import annotations

from tutor.i18n import Words
from tutor.session.events import Action, Card
from tutor.ui.keys import WAYS


def label_of(action: Action, card: Card, words: Words) -> str:
    """What the action is called at this card."""
    if action is Action.PRACTISE and card.practises:
        return words("ui.practice_no_more")
    if action is Action.RUN and card.practice and card.step.has_practice:
        return words("ui.do_for_me")
    return words(next(way.label for way in WAYS if way.action == action))

"""The learner's actions: one key, one typed command and one label each. Imports nothing: the first paint needs it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """How an action is reached."""

    action: str
    """Value of `tutor.session.events.Action`."""
    key: str
    """As Textual names it and as the screen shows it; acts while the step card has the focus."""
    typed: str
    """After `/` at the prompt."""

    @property
    def label(self) -> str:
        """The key of its words."""
        return f"ui.action_{self.typed}"


WAYS = (
    Way("run", "r", "run"),
    Way("edit", "e", "edit"),
    Way("check", "v", "check"),
    Way("answer", "a", "answer"),
    Way("next", "n", "next"),
    Way("hint", "h", "hint"),
    Way("solution", "s", "solution"),
    Way("fill", "f", "fill"),
    Way("recall", "u", "recall"),
    Way("refill", "i", "refill"),
    Way("practise", "y", "practice"),
    Way("skip", "k", "skip"),
    Way("back", "b", "back"),
    Way("bring_back", "g", "bring"),
    Way("restart", "x", "restart"),
    Way("interrupt", "ctrl+c", "interrupt"),
)
"""In the order in which they are shown. A test holds them against `Action`."""

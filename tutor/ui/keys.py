"""The learner's actions: one key, one typed command and one label each, and the command of the session that it sends."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.session import commands
from tutor.session.events import Action


@dataclass(frozen=True, slots=True)
class Way:
    """How an action is reached."""

    key: str
    """As Textual names it; acts while the step card has the focus."""
    shown: str
    """As the screen shows it."""
    typed: str
    """After `/` at the prompt."""

    @property
    def label(self) -> str:
        """The key of its words."""
        return f"ui.action_{self.typed}"


WAYS: dict[Action, Way] = {
    Action.RUN: Way("r", "r", "run"),
    Action.EDIT: Way("e", "e", "edit"),
    Action.CHECK: Way("v", "v", "check"),
    Action.ANSWER: Way("a", "a", "answer"),
    Action.NEXT: Way("n", "n", "next"),
    Action.HINT: Way("h", "h", "hint"),
    Action.SOLUTION: Way("s", "s", "solution"),
    Action.FILL: Way("f", "f", "fill"),
    Action.SKIP: Way("k", "k", "skip"),
    Action.BACK: Way("b", "b", "back"),
    Action.BRING_BACK: Way("g", "g", "bring"),
    Action.RESTART: Way("x", "x", "restart"),
    Action.INTERRUPT: Way("ctrl+c", "ctrl+c", "interrupt"),
}
"""In the order in which they are shown."""

COMMANDS: dict[Action, commands.Command] = {
    Action.RUN: commands.Run(),
    Action.CHECK: commands.Check(),
    Action.NEXT: commands.Next(),
    Action.HINT: commands.Hint(),
    Action.SOLUTION: commands.Solution(),
    Action.FILL: commands.Solution(fill=True),
    Action.SKIP: commands.Skip(),
    Action.BACK: commands.Back(),
    Action.BRING_BACK: commands.BringBack(),
    Action.RESTART: commands.Restart(),
    Action.INTERRUPT: commands.Interrupt(),
}
"""What an action sends; editing and answering begin on the screen and send something when they end."""

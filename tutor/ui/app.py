"""The Textual application: settings of the terminal, one screen, nothing else."""

from __future__ import annotations

from textual.app import App
from textual.binding import Binding

from tutor.ui.host import Host
from tutor.ui.screens.conversation import ConversationScreen


class TutorApp(App[int]):
    """Shows the conversation; returns the exit code."""

    TITLE = "tutor"
    CSS_PATH = "screens/conversation.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding("ctrl+q", "screen.wish('quit')", show=False, priority=True, system=True)]

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        # Text that glides cannot be read meanwhile, and over SSH it stutters.
        self.animation_level = "none"
        self.failure: Exception | None = None
        """What ended the app against its will."""

    def get_default_screen(self) -> ConversationScreen:
        return ConversationScreen(self._host)

    def _handle_exception(self, error: Exception) -> None:
        """Textual shows it and ends; what it was is kept for the log and the exit code."""
        self.failure = self.failure or error
        super()._handle_exception(error)

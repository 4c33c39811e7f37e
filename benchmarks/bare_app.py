"""The least a Textual app can be: header, text, footer. What start-up is measured against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static

TEXT = "a bare app has been painted"


class BareApp(App[None]):
    """Shows one line."""

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static(TEXT)
        yield Footer()


if __name__ == "__main__":
    BareApp().run()

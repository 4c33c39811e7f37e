"""The code of a step in a frame, as it would run now."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.ui.code import highlighted
from tutor.ui.layout import folded


class CodePanel(Widget):
    """Code to read; the editor takes its place while the learner writes."""

    DEFAULT_CSS = """
    CodePanel {
        height: auto;
        text-wrap: nowrap;
        border: round $border-blurred;
        padding: 0 1;
    }
    """

    def __init__(self, code: str, language: str, title: str, subtitle: str = "") -> None:
        super().__init__(markup=False)
        self._code = code
        self._language = language
        self.border_title = Content(title)
        self.border_subtitle = Content(subtitle)

    @property
    def code(self) -> str:
        """The code that it shows."""
        return self._code

    def show(self, code: str, language: str, title: str, subtitle: str = "") -> None:
        """Show other code."""
        self._code, self._language = code, language
        self.border_title = Content(title)
        self.border_subtitle = Content(subtitle)
        self.refresh(layout=True)

    def repaint(self) -> None:
        """Code has its colours now."""
        self.refresh()

    def _lines(self, width: int) -> list[Content]:
        return folded(highlighted(self._code.rstrip("\n"), self._language), max(width, 4))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

"""The code of a step in a frame, as it would run now."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.ui.code import highlighted
from tutor.ui.layout import folded
from tutor.ui.look import style_of

ERROR_SIGN = "›"
"""Beside the number of the line at which the code raised."""


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
        self._error_line: int | None = None
        self.border_title = Content(title)
        self.border_subtitle = Content(subtitle)

    @property
    def code(self) -> str:
        """The code that it shows."""
        return self._code

    def show(self, code: str, language: str, title: str, subtitle: str = "", error_line: int | None = None) -> None:
        """Show other code. Args: `error_line`: from 1, where it raised; its lines have numbers then."""
        self._code, self._language, self._error_line = code, language, error_line
        self.border_title = Content(title)
        self.border_subtitle = Content(subtitle)
        self.refresh(layout=True)

    def repaint(self) -> None:
        """Code has its colours now."""
        self.refresh()

    def _lines(self, width: int) -> list[Content]:
        code = highlighted(self._code.rstrip("\n"), self._language)
        return folded(code, max(width, 4)) if self._error_line is None else self._numbered(code, width)

    def _numbered(self, code: Content, width: int) -> list[Content]:
        lines: list[Content] = []
        all_lines = code.split("\n", allow_blank=True)
        room = len(str(len(all_lines)))
        for number, line in enumerate(all_lines, 1):
            here = number == self._error_line
            lead = f"{number:>{room}}{ERROR_SIGN if here else ' '} "
            first = Content.styled(lead, style_of("not_yet" if here else "faint"))
            for index, piece in enumerate(folded(line, max(width - len(lead), 4))):
                lines.append((first if index == 0 else Content(" " * len(lead))) + piece)
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

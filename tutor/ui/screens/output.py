"""The pager: one output, or any other text, on the whole screen; follows what runs, searches, folds, saves. Loaded when it is first wanted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from tutor.i18n import Words
from tutor.ui.lines import LineSource, search, texts
from tutor.ui.look import style_of
from tutor.ui.messages import Chosen
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.output_view import OutputView

log = logging.getLogger(__name__)

SLICE = 0.008
"""Seconds of reading before anything else has its turn."""
LOOKS_PER_SECOND = 20
MOST_COPIED = 1 << 20
"""Characters; more is for a file."""


class OutputScreen(Screen[None]):
    """Shows the lines of a source."""

    CSS_PATH = "output.tcss"
    AUTO_FOCUS = "OutputView"
    BINDINGS = [
        Binding("escape,q,p", "back", show=False),
        Binding("ctrl+c", "stop", show=False, priority=True),
        Binding("slash", "search", show=False),
        Binding("n", "find(1)", show=False),
        Binding("N", "find(-1)", show=False),
        Binding("w", "fold", show=False),
        Binding("s", "save", show=False),
        Binding("c", "copy", show=False),
        Binding("y", "replace", show=False),
    ]

    def __init__(
        self,
        words: Words,
        source: LineSource,
        title: str,
        *,
        name: str = "output.txt",
        is_running: Callable[[], bool] | None = None,
    ) -> None:
        """Args: `name`: offered for the file; `is_running`: whether more lines may come; None if none will."""
        super().__init__()
        self._words = words
        self._source = source
        self._title = title
        self._file_name = name
        self._is_running = is_running
        self._was_running = is_running is not None and is_running()
        self._needle = ""
        self._asked = ""
        """What the line at the bottom is for: `search`, `save`, `replace`, or nothing."""
        self._said = ""
        """What came of the last key; stands until the next."""
        self._is_read = asyncio.Event()
        """Everything that there was has been read once."""
        self.view = OutputView(source)
        self._row = ActionRow()

    def compose(self) -> ComposeResult:
        yield Static(id="output-title", markup=False)
        yield self.view
        with Horizontal(id="output-ask"):
            yield Static(id="output-question", markup=False)
            yield Input(id="output-answer", compact=True)
        yield Static(id="output-state", markup=False)
        yield self._row

    def on_mount(self) -> None:
        self.view.follows = self._was_running
        self._show_chips()
        self._start(self._read, "read")

    async def _read(self) -> None:
        """Read what there is, then what comes, as long as something can."""
        clock = asyncio.get_running_loop().time
        shown, version = 0.0, -1
        while True:
            has_more = self._source.look(SLICE)
            # The conversation behind this screen reads from the same source.
            is_new = self._source.version != version
            if is_new and (not has_more or clock() - shown > 1 / LOOKS_PER_SECOND):
                shown, version = clock(), self._source.version
                self._show_lines()
            if has_more:
                await asyncio.sleep(0)
                continue
            self._is_read.set()
            if not self._was_running:
                break
            # What came with the end is looked for once more.
            self._was_running = self._is_running is not None and self._is_running()
            await asyncio.sleep(1 / LOOKS_PER_SECOND)
        self._show_lines()

    def _show_lines(self) -> None:
        # While a long output is read for the first time, its end moves too fast to be looked at.
        follows, self.view.follows = self.view.follows, self.view.follows and self._source.read >= 1.0
        self.view.grow()
        self.view.follows = follows

    # -- what is said around it

    @on(OutputView.Moved)
    def show_state(self) -> None:
        """Where in the output this is."""
        words, source, view = self._words, self._source, self.view
        room = self.size.width - 2
        right = words("output.running") if self._was_running else ""
        title = Content.styled(self._title, style_of("heading")).truncate(max(room - len(right) - 2, 4), ellipsis=True)
        gap = " " * max(room - title.cell_length - Content(right).cell_length, 0)
        self.query_one("#output-title", Static).update(title + gap + Content.styled(right, style_of("running")))
        state = self.query_one("#output-state", Static)
        if self._said:
            state.update(Content.styled(self._said, style_of("strong")))
            return
        first, below = view.scroll_offset.y + 1, view.below
        said = words(
            "output.position_below" if below else "output.position",
            first=f"{first:,}",
            last=f"{max(source.count - below, 0):,}",
            count=f"{source.count:,}",
            below=f"{below:,}",
        )
        if not source.count:
            said = words("output.nothing_yet" if self._was_running else "output.nothing")
        if not self._is_read.is_set():
            said = words("output.reading", percent=int(source.read * 100))
        elif source.trouble:
            said = words("output.unreadable", reason=source.trouble)
        state.update(Content.styled(said, style_of("muted")))

    def _say(self, text: str) -> None:
        self._said = text
        self.show_state()

    def _show_chips(self) -> None:
        words = self._words
        if self._asked == "replace":
            chips = [
                Chip("y", words("output.key_replace"), "replace", suggested=True),
                Chip("esc", words("output.key_keep"), "back"),
            ]
        elif self._asked:
            chips = [
                Chip("enter", words(f"output.key_{self._asked}"), "answer", suggested=True),
                Chip("esc", words("output.key_back"), "back"),
            ]
        else:
            chips = [Chip("/", words("output.key_search"), "search")]
            if self._needle:
                chips += [Chip("n", words("output.key_next"), "next"), Chip("N", words("output.key_before"), "before")]
            fold = "output.key_unfold" if self.view.folds else "output.key_fold"
            chips += [
                Chip("g", words("output.key_start"), "start"),
                Chip("G", words("output.key_end"), "end"),
                Chip("w", words(fold), "fold"),
                Chip("s", words("output.key_save"), "save"),
                Chip("c", words("output.key_copy"), "copy"),
                Chip("esc", words("output.key_back"), "back", suggested=True),
            ]
        self._row.show(chips)

    @on(Chosen)
    def do_chosen(self, event: Chosen) -> None:
        """A chip was clicked."""
        event.stop()
        match event.what:
            case "next":
                self.action_find(1)
            case "before":
                self.action_find(-1)
            case "start":
                self.view.action_go_to_start()
            case "end":
                self.view.action_go_to_end()
            case "answer":
                self.take_answer()
            case what:
                getattr(self, f"action_{what}")()

    def on_key(self, event: events.Key) -> None:
        if self._said and event.key not in ("n", "N"):
            self._say("")

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._asked == "replace" if action == "replace" else True

    def action_back(self) -> None:
        if self._asked:
            self._ask("")
        else:
            self.dismiss()

    def action_stop(self) -> None:
        """Ctrl+C: copy what is selected, else go back; what runs is stopped there."""
        if selected := self.get_selected_text():
            self.app.copy_to_clipboard(selected)
            self.clear_selection()
            self._say(self._words("ui.copied"))
        else:
            self.action_back()

    def action_fold(self) -> None:
        self.view.fold(folds=not self.view.folds)
        self._show_chips()

    def action_search(self) -> None:
        self._ask("search", "/", self._needle)

    def action_save(self) -> None:
        self._ask("save", self._words("output.save_as"), self._file_name)

    def action_copy(self) -> None:
        self._start(self._copy, "copy")

    def action_replace(self) -> None:
        self._start(partial(self._write, Path(self._answer.value), replaces=True), "save")

    def action_find(self, direction: int) -> None:
        if self._needle:
            self._start(partial(self._find, self._needle, backwards=direction < 0), "find")
        else:
            self.action_search()

    def _start(self, work: Callable[[], Coroutine[None, None, None]], group: str) -> None:
        _: Worker[None] = self.run_worker(work, name=group, group=group, exclusive=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker of ours failed: the log has it all, the learner is told."""
        if event.state is WorkerState.ERROR:
            log.error("worker %s failed", event.worker.name, exc_info=event.worker.error)
            self._say(self._words("ui.failed", message=repr(event.worker.error)))

    # -- the line at the bottom

    @property
    def _answer(self) -> Input:
        return self.query_one("#output-answer", Input)

    def _ask(self, what: str, question: str = "", value: str = "") -> None:
        self._asked = what
        self.query_one("#output-ask").display = what in ("search", "save")
        if what in ("search", "save"):
            self.query_one("#output-question", Static).update(Content(f"{question} "))
            self._answer.value = value
            self._answer.focus()
        else:
            self.view.focus()
        self._show_chips()

    @on(Input.Submitted)
    def take_answer(self) -> None:
        """Enter in the line at the bottom."""
        asked, value = self._asked, self._answer.value.strip()
        if asked == "search":
            self._ask("")
            self._needle = value
            self._show_chips()
            self._start(partial(self._find, value, backwards=False), "find")
        elif asked == "save" and value:
            self._start(partial(self._write, Path(value), replaces=False), "save")

    # -- what takes a while

    async def _find(self, needle: str, *, backwards: bool) -> None:
        if not needle:
            self.view.mark("", -1)
            return
        self._say(self._words("output.searching"))
        await self._is_read.wait()
        start = self.view.hit if self.view.hit >= 0 else self.view.scroll_offset.y - 1
        found = search(self._source, needle, max(start, 0 if backwards else -1), backwards=backwards)
        line = await self._first(found) if self._source.count else None
        if line is None:
            self._say(self._words("output.not_found", text=needle))
        else:
            self.view.mark(needle, line)
            self._say(self._words("output.hit", text=needle, line=f"{line + 1:,}"))

    async def _first(self, found: Iterator[int | None]) -> int | None:
        for line in found:
            if line is not None:
                return line
            await asyncio.sleep(0)
        return None

    async def _copy(self) -> None:
        await self._is_read.wait()
        pieces: list[str] = []
        size = 0
        for piece in texts(self._source):
            pieces.append(piece)
            size += len(piece)
            if size > MOST_COPIED:
                self._say(self._words("output.too_long"))
                return
            await asyncio.sleep(0)
        self.app.copy_to_clipboard("".join(pieces))
        self._say(self._words("ui.copied"))

    def _target(self, wanted: Path) -> Path:
        """Where the file will lie: relative to the folder in which the learner started tutor."""
        path = Path.cwd() / wanted.expanduser()
        return path / self._file_name if path.is_dir() else path

    async def _write(self, wanted: Path, *, replaces: bool) -> None:
        path = self._target(wanted)
        if path.exists() and not replaces:
            self._ask("replace")
            self._say(self._words("output.exists", file=path))
            return
        self._ask("")
        await self._is_read.wait()
        try:
            with path.open("w" if replaces else "x", encoding="utf-8", errors="replace") as file:
                for piece in texts(self._source):
                    file.write(piece)
                    await asyncio.sleep(0)
        except OSError as error:
            self._say(self._words("output.not_saved", file=path, reason=error.strerror or str(error)))
        else:
            self._say(self._words("output.saved", file=path, count=f"{self._source.count:,}"))

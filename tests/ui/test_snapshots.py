"""Every state of the screen as it was last looked at. `tests/ui/snapshots/table.py` says which there are.

After a change that is meant: `SNAPSHOTS=write pytest tests/ui/test_snapshots.py`, then look at the diff; one in its colours:
`python -m tests.ui.snapshots miss.en.80x24 light`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from tests.ui.helpers import Learner
from tests.ui.snapshots.table import SIGHTS, STATES, Sight
from tests.ui.snapshots.view import View, differences, read, view_of, written
from tutor.ui import theme
from tutor.ui.app import TutorApp
from tutor.ui.screens.welcome import WelcomeScreen
from tutor.ui.widgets import running, waiting

pytestmark = pytest.mark.skipif(
    sys.version_info[:2] != (3, 11),
    reason="the snapshots are taken with one Python: others wrap and name things differently",
)

FOLDER = Path(__file__).with_name("__snapshots__")
WRITES = os.environ.get("SNAPSHOTS") == "write"
LIMIT = 5.0
"""Seconds in which the screen must come to look as expected."""
STILL = 0.3
"""Seconds without a change, after which it is written down."""


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing moves by itself."""
    monkeypatch.setattr(running, "monotonic", lambda: 0.0)
    monkeypatch.setattr(waiting, "monotonic", lambda: 0.0)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _: None)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)


@asynccontextmanager
async def seen_in(first: str, sight: Sight) -> AsyncIterator[Learner]:
    """Someone in front of the screen in that state, in that theme to begin with."""
    host = sight.state.host(sight.language)
    host.theme = first
    async with TutorApp(host).run_test(size=sight.size, notifications=True) as pilot:
        me = Learner(pilot, host)
        if isinstance(me.app.screen, WelcomeScreen):
            await me.until(lambda: me.app.focused is not None)
        else:
            await me.until(lambda: me.screen.conductor is not None and me.screen.conductor.stage.card, "the first card")
            await me.until(
                lambda: me.screen.query("#prompt") and "tutor.ui.highlighter" in sys.modules, "the furniture"
            )
        await sight.state.scene(me)
        yield me


async def when_still(me: Learner) -> View:
    """The screen once it has not changed for a while."""
    view, since = view_of(me.app), time.monotonic()
    while time.monotonic() - since < STILL:
        await me.pilot.pause(0.02)
        if (now := view_of(me.app)) != view:
            view, since = now, time.monotonic()
    return view


async def once_equal(me: Learner, expected: View) -> View:
    """The screen as soon as it looks as expected; else as it looks at the end."""
    end = time.monotonic() + LIMIT
    await me.pilot.pause()
    while (view := view_of(me.app)) != expected and time.monotonic() < end:
        await me.pilot.pause(0.02)
    return view


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
async def test_the_screen_looks_as_it_did(sight: Sight, tmp_path: Path) -> None:
    file = FOLDER / f"{sight.name}.txt"
    kept = read(file.read_text(encoding="utf-8"), sight.size[0]) if file.exists() and not WRITES else {}
    taken: dict[str, View] = {}
    said: list[str] = []
    themes = sight.state.themes
    for together in [(name,) for name in themes] if sight.state.is_dialog else [themes]:
        async with seen_in(together[0], sight) as me:
            for name in together:
                theme.wear(me.app, name)
                taken[name] = await once_equal(me, kept[name]) if name in kept else await when_still(me)
                if name in kept and (changes := differences(kept[name], taken[name])):
                    picture = tmp_path / f"{name}.svg"
                    picture.write_text(me.app.export_screenshot(), encoding="utf-8")
                    said += [f"{name}, now as in {picture}:", *changes]
    if WRITES:
        file.parent.mkdir(exist_ok=True)
        file.write_text(written(taken), encoding="utf-8")
    assert WRITES or kept.keys() == taken.keys(), "SNAPSHOTS=write takes what is missing"
    assert not said, "\n".join(said)


def test_nothing_is_kept_that_no_state_needs() -> None:
    assert {file.stem for file in FOLDER.glob("*.*")} == {sight.name for sight in SIGHTS}


def test_every_state_is_seen_in_both_sizes_languages_and_themes() -> None:
    for state in STATES:
        sizes, languages = zip(*state.seen, strict=True)
        assert (len(set(sizes)), set(languages)) == (2, {"en", "zh"}), state.name
        assert {"dark", "light"} <= set(state.themes) or state.themes == ("ansi",), state.name

"""What is more than text, at the first paint of the next sitting: from the snapshot, then from the store."""

from __future__ import annotations

import subprocess
import sys

from tests.ui.fake.host import FakeHost
from tests.ui.figures.samples import live, picture
from tests.ui.helpers import learner
from tutor.progress.model import EntryKind
from tutor.ui.figures.rich import LIVE
from tutor.ui.widgets.picture import Picture


async def test_a_picture_is_drawn_again_when_the_sitting_is_resumed() -> None:
    host = FakeHost()
    async with learner(host, size=(100, 40)) as me:
        outputs = [
            {"kind": "rich", "data": {"image/png": picture()}, "display_id": None, "update": False},
            {"kind": "rich", "data": {LIVE: live(state="finished")}, "display_id": "live", "update": False},
        ]
        me.session.say(EntryKind.OUTPUT, "", outputs=outputs, seconds=1.0)
        await me.until_said("took 4.2 s")
        await me.press("q")
        await me.until(lambda: host.kept is not None or not me.app.is_running, "the end")
    async with learner(host, size=(100, 40)) as me:
        await me.until_said("took 4.2 s")
        await me.until(lambda: [one.render_line(0).text[:1] for one in me.screen.query(Picture)] == ["▀"], "a picture")


def test_a_chart_of_the_first_paint_needs_no_picture_library_and_no_parser() -> None:
    program = (
        "import sys, tutor.ui.figures.layout\n"
        "print(sorted({'PIL', 'plotext', 'textual_image', 'html.parser', 'markdown_it'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

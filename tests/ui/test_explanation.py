"""What an error means, on the screen: its commands can be copied, its links lead on."""

from __future__ import annotations

from tests.ui.helpers import at, learner
from tutor.progress.model import EntryKind
from tutor.ui.screens.doctor import DoctorScreen


async def test_an_explanation_stands_behind_a_bar_with_its_commands_to_copy() -> None:
    body = "The driver is too old.\n\nWhat mends it:\n\n```bash\npip install torch\n```\n\nSee `mend-gpu#next`."
    async with learner(at("brackets")) as me:
        me.session.say(EntryKind.EXPLANATION, body, codes=["driver-too-old"])
        await me.until_said("What this error means")
        await me.press("end")
        await me.until(lambda: "pip install torch" in me.seen and "│" in me.seen)


async def test_an_explanation_leads_to_the_doctor_and_to_the_step_that_teaches_it() -> None:
    fault = {
        "code": "driver-too-old",
        "cause": "Too old.",
        "mend": "Update it.",
        "lesson": "first-gpu#brackets",
        "line": 0,
        "quoted": "",
    }
    host = at("brackets")
    async with learner(host) as me:
        me.session.say(EntryKind.EXPLANATION, "Too old.", faults=[fault], doctor=True)
        await me.until_said("What this error means")
        await me.press("left_square_bracket")
        await me.until(lambda: any(chip.key == "o" for chip in me.chips), "the link to the doctor")
        await me.press("o")
        await me.until(lambda: isinstance(me.app.screen, DoctorScreen))
        await me.press("escape")
        await me.until(lambda: not isinstance(me.app.screen, DoctorScreen))
        await me.press("left_square_bracket", "o")
        await me.until(lambda: host.opened[-1] == "first-gpu")


async def test_a_lesson_and_a_step_of_it_can_be_typed() -> None:
    host = at("brackets")
    async with learner(host) as me:
        await me.command("/lesson first-gpu#brackets")
        await me.until(lambda: host.opened[-1] == "first-gpu")

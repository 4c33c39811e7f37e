"""Wishes about what is around the lesson: the list of lessons, language, help, the end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.ui.messages import LessonChosen
from tutor.ui.theme import following, wear, worn
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


async def home(conductor: Conductor, _: str) -> None:
    """Where to go on, what changed, open steps, all lessons."""
    _show_home(conductor, None)


async def search(conductor: Conductor, query: str) -> None:
    """The same, with a search begun."""
    _show_home(conductor, query)


def _show_home(conductor: Conductor, query: str | None) -> None:
    from tutor.ui.screens.home import HomeScreen

    def go(place: tuple[str, str] | None) -> None:
        card = conductor.stage.card
        is_here = place is not None and card is not None and place == (card.lesson.id, card.step.id)
        if place is not None and not is_here:
            conductor.screen.post_message(LessonChosen(*place))

    conductor.screen.app.push_screen(HomeScreen(conductor, query), go)


async def lesson(conductor: Conductor, place: str) -> None:
    """Open that lesson, or go to that step of it; without one show them."""
    lesson_id, _, step_id = place.partition("#")
    if step_id:
        await conductor.go_to(lesson_id, step_id)
    elif lesson_id:
        conductor.start(partial(conductor.live_through, lesson_id), "lesson")
    else:
        await conductor.grant(Wish.LESSONS)


async def show_list(conductor: Conductor, _: str) -> None:
    """Go to the list beside the conversation, or leave it. Where there is no room for it, it covers the rest meanwhile."""
    screen = conductor.screen
    if screen.list.has_focus:
        await conductor.grant(Wish.LEAVE)
    else:
        screen.add_class("-listing")
        screen.list.focus()


async def palette(conductor: Conductor, _: str) -> None:
    """Everything that can be done, to choose from."""
    from tutor.ui.palette import open_palette

    open_palette(conductor)


async def doctor(conductor: Conductor, _: str) -> None:
    """What this machine has and what is broken in it."""
    from tutor.ui.screens.doctor import DoctorScreen

    conductor.screen.app.push_screen(DoctorScreen(conductor))


async def report(conductor: Conductor, _: str) -> None:
    """Write a file of diagnostics and say where it is."""
    conductor.start(conductor.report, "report")


async def open_chosen(conductor: Conductor, _: str) -> None:
    """The lesson or step under the cursor of the list."""
    conductor.screen.list.action_choose()


async def language(conductor: Conductor, wanted: str) -> None:
    """Speak that language, or the other one."""
    conductor.start(partial(conductor.speak, wanted or conductor.words.other_language), "language")


async def theme(conductor: Conductor, wanted: str) -> None:
    """Wear that theme, or the next one, from now on."""
    conductor.start(partial(_wear, conductor, wanted.lower()), "theme")


async def _wear(conductor: Conductor, wanted: str) -> None:
    app = conductor.screen.app
    wanted = wanted or following(worn(app))
    shown = wear(app, wanted)
    conductor.stage.repaint()  # pictures have room in some themes only
    if wanted in ("auto", shown):
        conductor.tell("ui.theme_now", theme=shown)
    else:
        conductor.tell("ui.theme_not_here", theme=wanted)
    try:
        await conductor.host.keep_setting("theme", wanted)
    except TutorError as error:
        conductor.stage.talk.say(f"{error.message} {error.hint}".strip(), "error")


async def settings(conductor: Conductor, _: str) -> None:
    """All settings, to read and to change."""
    from tutor.ui.screens.settings import SettingsScreen

    conductor.screen.app.push_screen(SettingsScreen(conductor))


async def show_help(conductor: Conductor, _: str) -> None:
    """The keys that act now, then all keys and typed commands."""
    from tutor.ui.screens.help import HelpScreen

    conductor.screen.app.push_screen(HelpScreen(conductor.words, conductor.screen.row.chips))


async def leave_tutor(conductor: Conductor, _: str) -> None:
    """Quit, after a question if code runs."""
    running = conductor.stage.card is not None and conductor.stage.card.running
    conductor.start(partial(conductor.leave, ask=running), "quit")


GRANTS = {
    Wish.LESSONS: home,
    Wish.SEARCH: search,
    Wish.LIST: show_list,
    Wish.LESSON: lesson,
    Wish.PALETTE: palette,
    Wish.DOCTOR: doctor,
    Wish.REPORT: report,
    Wish.OPEN: open_chosen,
    Wish.LANGUAGE: language,
    Wish.THEME: theme,
    Wish.SETTINGS: settings,
    Wish.HELP: show_help,
    Wish.QUIT: leave_tutor,
}

"""Themes: every meaning can be read on every ground, told apart without colours, and follows when the theme changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.style import Style
from textual.theme import Theme

from tests.support.sources import ROOT, python_files
from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, at, learner
from tutor.settings import THEMES as CHOICES
from tutor.ui.look import GLYPHS, STATE_GLYPHS, STYLES, style_of
from tutor.ui.theme import THEMES, following, in_force, worn
from tutor.ui.widgets.area import CodeArea

MOST = 4.5
"""WCAG AA for text; AAA, which the high contrast is for, asks for 7."""
QUIET = 3.0
"""Of lines and of what cannot be used now."""
PAINTED = [name for name in THEMES if name != "ansi"]


def light_of(color: Color) -> float:
    """Relative luminance."""
    parts = (part / 255 for part in (color.r, color.g, color.b))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((light_of(one), light_of(other)))
    return (lighter + 0.05) / (darker + 0.05)


def variables_of(theme: Theme) -> Mapping[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def roles_of(theme: Theme) -> list[str]:
    return [name for name in theme.variables if name.startswith("role-")]


@pytest.mark.parametrize("name", PAINTED)
def test_every_role_can_be_read_on_every_ground(name: str) -> None:
    variables = variables_of(THEMES[name])
    grounds = [Color.parse(variables[ground]) for ground in ("background", "surface", "panel")]
    text = Color.parse(variables["foreground"])
    least = 7.0 if name == "contrast" else MOST
    for role in roles_of(THEMES[name]):
        style = Style.parse(f"${role}", variables=dict(variables))
        for ground in [style.background] if style.background else grounds:
            ratio = contrast(style.foreground or text, ground)
            assert ratio >= (QUIET if role == "role-faint" else least), (role, ground.hex, round(ratio, 2))


@pytest.mark.parametrize("name", PAINTED)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text-muted", "surface"),
        ("text-accent", "background"),
        ("block-cursor-foreground", "block-cursor-background"),
        ("foreground", "background"),
    ],
)
def test_what_stylesheets_use_can_be_read_too(name: str, text: str, ground: str) -> None:
    variables = variables_of(THEMES[name])
    assert contrast(Color.parse(variables[text]), Color.parse(variables[ground])) >= MOST


def test_all_themes_have_the_same_roles_and_look_names_no_other() -> None:
    (roles,) = {tuple(sorted(roles_of(theme))) for theme in THEMES.values()}
    asked = {style.removeprefix("$") for style in STYLES.values() if style.startswith("$")}
    assert asked <= set(roles)


def test_the_theme_of_the_terminal_s_own_colours_names_no_other() -> None:
    named = " ".join(value for key, value in THEMES["ansi"].variables.items() if key.startswith("role-"))
    assert "#" not in named
    assert set(re.findall(r"ansi_\w+", named)) <= {
        f"ansi_{colour}" for colour in ("default", "red", "green", "yellow", "blue", "magenta", "cyan")
    }, "black, white and the bright ones are the ground on some terminals"


def test_without_colours_the_lit_key_the_cursor_and_practice_stand_out() -> None:
    variables = dict(variables_of(THEMES["ansi"]))
    for role in ("lit", "cursor", "practice_sign"):
        assert Style.parse(style_of(role), variables=variables).reverse
    for role in ("heading", "key", "you", "code", "chosen"):
        assert Style.parse(style_of(role), variables=variables).bold
    assert Style.parse(style_of("muted"), variables=variables).dim


def test_no_two_verdicts_and_no_two_states_share_a_glyph() -> None:
    assert len(set(GLYPHS.values())) == len(GLYPHS)
    assert len(set(STATE_GLYPHS.values())) == len(STATE_GLYPHS)


def test_colours_are_named_in_one_file_only() -> None:
    files = [*python_files("tutor/ui"), *(ROOT / "tutor/ui").rglob("*.tcss")]
    named = re.compile(r"""["\s]#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b""")
    assert [
        path for path in map(Path, files) if path.name != "theme.py" and named.search(path.read_text("utf-8"))
    ] == []


# -- which one


@pytest.mark.parametrize(
    ("choice", "colours", "environment", "shown"),
    [
        ("auto", "truecolor", {}, "dark"),
        ("auto", "256", {"COLORFGBG": "15;0"}, "dark"),
        ("auto", "256", {"COLORFGBG": "0;15"}, "light"),
        ("auto", "truecolor", {"COLORFGBG": "0;default;7"}, "light"),
        ("dark", "truecolor", {"COLORFGBG": "0;15"}, "dark"),
        ("contrast", "256", {}, "contrast"),
        ("auto", "standard", {}, "ansi"),
        ("light", "standard", {}, "ansi"),
        ("light", None, {}, "ansi"),
        ("dark", "truecolor", {"NO_COLOR": "1"}, "ansi"),
        ("ansi", "truecolor", {}, "ansi"),
    ],
)
def test_the_terminal_decides_what_can_be_shown(
    choice: str, colours: str | None, environment: dict[str, str], shown: str
) -> None:
    assert in_force(choice, colours, environment) == shown


def test_the_setting_takes_every_theme() -> None:
    assert set(CHOICES) == {"auto", *THEMES}


def test_going_to_the_next_leads_through_all() -> None:
    seen = ["dark"]
    while (name := following(seen[-1])) not in seen:
        seen.append(name)
    assert set(seen) == set(THEMES)


# -- on the screen


def painted(me: Learner) -> list[Segment]:
    """What stands on the screen."""
    return [segment for strip in me.screen._compositor.render_strips() for segment in strip]


def colours_of(text: str, me: Learner) -> set[str]:
    """Colours in which that text is painted."""
    return {str(one.style.color) for one in painted(me) if one.style is not None and text in one.text}


async def test_a_typed_wish_changes_everything_painted_at_once_and_is_kept() -> None:
    host = at("brackets")
    async with learner(host) as me:
        app = me.app
        assert worn(app) == "dark"
        await me.until(lambda: colours_of("import", me), "the code")
        before = colours_of("import", me) | colours_of("mend it", me)
        await me.command("/theme light")
        await me.until(lambda: worn(app) == "light", "the theme")
        await me.until(lambda: not (colours_of("import", me) | colours_of("mend it", me)) & before, "new colours")
        await me.until(lambda: host.kept_settings["theme"] == "light", "kept")
        await me.command("/theme")
        await me.until(lambda: worn(app) == "contrast", "the next theme")
        await me.command("/theme ansi")
        await me.until(lambda: colours_of("import", me) == {str(Style.parse("ansi_magenta").rich_style.color)}, "ansi")


async def test_the_editor_follows_the_theme() -> None:
    async with learner(at("brackets")) as me:
        await me.press("e")
        await me.until(lambda: me.app.screen.query(CodeArea), "the editor")
        area = me.app.screen.query_one(CodeArea)
        before = [span.style for span in area.get_line(0).spans]
        me.app.theme = THEMES["light"].name
        await me.until(lambda: [span.style for span in area.get_line(0).spans] != before, "new colours")


async def test_an_unknown_theme_is_said_to_be_none() -> None:
    async with learner() as me:
        await me.command("/theme purple")
        await me.until_said("needs auto, dark")


async def test_sixteen_colours_and_none_get_the_terminal_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with learner(FakeHost()) as me:
        assert worn(me.app) == "ansi"
        colours = {one.style.color for one in painted(me) if one.style is not None}
        assert all(colour is None or colour.triplet is None for colour in colours)
        await me.command("/theme light")
        await me.until(lambda: me.host.kept_settings.get("theme") == "light", "kept")
        assert worn(me.app) == "ansi"

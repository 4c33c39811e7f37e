"""The themes: what each meaning looks like, in the only file that names colours. `tutor.ui.look` says which meanings there are.

A palette has one colour for each meaning. It becomes a Textual theme whose variables are of two kinds: Textual's own (`$primary`, `$surface`),
for its widgets and for .tcss files, and one `$role-…` for each role, a whole style (colour, ground, bold), for text that is painted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.theme import Theme

from tutor.ui.figures import terminal as pictures

if TYPE_CHECKING:
    from textual.app import App


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour for each meaning."""

    background: str
    """Under the conversation."""
    surface: str
    """Under what stands around it: list, status line, dialogs."""
    raised: str
    """Under code, and under the line that is chosen."""
    foreground: str
    muted: str
    """Said, but not first."""
    faint: str
    """Lines, and what cannot be used now."""
    accent: str
    """Headings, keys, and the ground of the lit key: where to go on."""
    on_accent: str
    passed: str
    not_yet: str
    could_not_check: str
    running: str
    practice: str
    you: str
    """What the learner wrote or chose."""
    hint: str
    """Help that the learner asked for, and the reading of code: keywords."""


DARK = Palette(
    background="#11151a",
    surface="#181d24",
    raised="#232a33",
    foreground="#e2e6eb",
    muted="#9aa5b1",
    faint="#75808c",
    accent="#84bdff",
    on_accent="#0b1622",
    passed="#7ed492",
    not_yet="#ff8f88",
    could_not_check="#f0c35a",
    running="#5fd3dc",
    practice="#f09ae0",
    you="#ffb184",
    hint="#bfb2ff",
)

LIGHT = Palette(
    background="#fcfcfa",
    surface="#f1f2ef",
    raised="#e7eaec",
    foreground="#1d232a",
    muted="#525c66",
    faint="#7d8791",
    accent="#0a55ad",
    on_accent="#ffffff",
    passed="#116329",
    not_yet="#b3201f",
    could_not_check="#7a4d00",
    running="#0a6170",
    practice="#8f1a7c",
    you="#93400a",
    hint="#5340b3",
)

CONTRAST = Palette(
    background="#000000",
    surface="#0c0c0c",
    raised="#262626",
    foreground="#ffffff",
    muted="#d0d0d0",
    faint="#a8a8a8",
    accent="#9fd0ff",
    on_accent="#000000",
    passed="#7dff9b",
    not_yet="#ffb3ae",
    could_not_check="#ffd95e",
    running="#6ff2ff",
    practice="#ffb0f0",
    you="#ffc49a",
    hint="#d6ccff",
)


def _theme(name: str, palette: Palette, *, dark: bool = True) -> Theme:
    p = palette
    roles = {
        "code": f"{p.foreground} on {p.raised}",
        "link": f"underline {p.accent}",
        "heading": f"bold {p.accent}",
        "key": f"bold {p.accent}",
        "muted": p.muted,
        "faint": p.faint,
        "you": f"bold {p.you}",
        "passed": p.passed,
        "not-yet": p.not_yet,
        "could-not-check": p.could_not_check,
        "running": p.running,
        "curve-first": p.accent,
        "curve-second": p.you,
        "curve-third": p.passed,
        "practice": p.practice,
        "practice-sign": f"bold {p.on_accent} on {p.practice}",
        "hint": p.hint,
        "lit": f"bold {p.on_accent} on {p.accent}",
        "cursor": f"{p.on_accent} on {p.accent}",
        "chosen": f"on {p.raised}",
        "code-ground": f"on {p.raised}",
        "syntax-keyword": p.hint,
        "syntax-name": p.accent,
        "syntax-string": p.passed,
        "syntax-number": p.could_not_check,
        "syntax-comment": f"italic {p.muted}",
        "syntax-mark": p.you,
        "added": p.passed,
        "removed": p.not_yet,
    }
    own = {
        "text-primary": p.accent,
        "text-secondary": p.hint,
        "text-accent": p.you,
        "text-success": p.passed,
        "text-warning": p.could_not_check,
        "text-error": p.not_yet,
        "text-muted": p.muted,
        "text-disabled": p.faint,
        "foreground-muted": p.muted,
        "foreground-disabled": p.faint,
        "border": p.accent,
        "border-blurred": p.faint,
        "block-cursor-foreground": p.on_accent,
        "block-cursor-background": p.accent,
        "block-cursor-text-style": "none",
        "block-hover-background": p.raised,
        "input-selection-background": f"{p.accent} 35%",
        "screen-selection-background": f"{p.accent} 35%",
    }
    return Theme(
        name=name,
        primary=p.accent,
        secondary=p.hint,
        accent=p.you,
        success=p.passed,
        warning=p.could_not_check,
        error=p.not_yet,
        foreground=p.foreground,
        background=p.background,
        surface=p.surface,
        panel=p.raised,
        boost=p.raised,
        dark=dark,
        variables={**own, **{f"role-{role}": style for role, style in roles.items()}},
    )


def _ansi(name: str) -> Theme:
    """The terminal's own sixteen colours on its own ground, and readable without any: whatever must be told apart is bold, dim or reverse too."""
    roles = {
        "code": "bold ansi_cyan",
        "link": "underline ansi_blue",
        "heading": "bold ansi_blue",
        "key": "bold ansi_blue",
        "muted": "dim ansi_default",
        "faint": "dim ansi_default",
        "you": "bold ansi_magenta",
        "passed": "ansi_green",
        "not-yet": "bold ansi_red",
        "could-not-check": "ansi_yellow",
        "running": "ansi_cyan",
        "curve-first": "bold ansi_blue",
        "curve-second": "ansi_magenta",
        "curve-third": "ansi_green",
        "practice": "bold ansi_magenta",
        "practice-sign": "bold reverse ansi_magenta",
        "hint": "ansi_magenta",
        "lit": "bold reverse",
        "cursor": "reverse",
        "chosen": "bold",
        "code-ground": "on ansi_default",
        "syntax-keyword": "ansi_magenta",
        "syntax-name": "ansi_blue",
        "syntax-string": "ansi_green",
        "syntax-number": "ansi_yellow",
        "syntax-comment": "italic dim ansi_default",
        "syntax-mark": "ansi_cyan",
        "added": "ansi_green",
        "removed": "ansi_red",
    }
    own = {
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "surface-active": "transparent",
        "border": "ansi_blue",
        "border-blurred": "ansi_default",
        "input-cursor-text-style": "reverse",
        "scrollbar": "ansi_default",
        "scrollbar-background": "ansi_default",
    }
    return Theme(
        name=name,
        ansi=True,
        primary="ansi_blue",
        secondary="ansi_magenta",
        accent="ansi_magenta",
        success="ansi_green",
        warning="ansi_yellow",
        error="ansi_red",
        foreground="ansi_default",
        background="ansi_default",
        variables={**own, **{f"role-{role}": style for role, style in roles.items()}},
    )


THEMES = {
    "dark": _theme("tutor-dark", DARK),
    "light": _theme("tutor-light", LIGHT, dark=False),
    "contrast": _theme("tutor-contrast", CONTRAST),
    "ansi": _ansi("tutor-ansi"),
}
"""By their names in the setting `theme`; `auto` is one of them."""

NO_COLOR = "NO_COLOR"
"""The variable by which people ask for none, whatever its value."""
MANY_COLOURS = frozenset({"256", "truecolor"})
"""Colour systems, as Rich names them, for which the palettes are made."""
LIGHT_GROUNDS = frozenset({"7", "15"})
"""White and bright white in `COLORFGBG`, which ends in the number of the ground."""


def in_force(choice: str, colours: str | None, environment: Mapping[str, str]) -> str:
    """The theme that is shown on this terminal. Args: `choice`: the setting; `colours`: what Rich found out about the terminal.

    Where colours are not wanted (`NO_COLOR`) or there are but sixteen, the palettes could not be told apart.
    """
    if NO_COLOR in environment or colours not in MANY_COLOURS:
        return "ansi"
    if choice != "auto":
        return choice
    return "light" if environment.get("COLORFGBG", "").rpartition(";")[2] in LIGHT_GROUNDS else "dark"


def wear(app: App[Any], choice: str) -> str:
    """Put that theme on, or the one that this terminal can show; which it is."""
    name = in_force(choice, app.console.color_system, os.environ)
    app.theme = THEMES[name].name
    pictures.use(pictures.Way.NAMED if THEMES[name].ansi else pictures.way_of(os.environ))
    return name


def worn(app: App[Any]) -> str:
    """The theme that the app shows now."""
    return next(name for name, theme in THEMES.items() if theme.name == app.theme)


def following(name: str) -> str:
    """The theme after this one."""
    names = tuple(THEMES)
    return names[(names.index(name) + 1) % len(names)]

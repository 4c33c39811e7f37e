"""What a role looks like: the one table from meaning to style. Colours are named in `tutor.ui.theme` only, where each theme has a
variable for each role; ARCHITECTURE.md ("Visual language") says what the roles mean and how to add one.
"""

from __future__ import annotations

from functools import cache

STYLES = {
    "strong": "bold",
    "em": "italic",
    "strike": "strike",
    "code": "$role-code",
    "link": "$role-link",
    "heading": "$role-heading",
    "muted": "$role-muted",
    "faint": "$role-faint",
    "you": "$role-you",
    "passed": "$role-passed",
    "not_yet": "$role-not-yet",
    "could_not_check": "$role-could-not-check",
    "running": "$role-running",
    "curve_first": "$role-curve-first",
    "curve_second": "$role-curve-second",
    "curve_third": "$role-curve-third",
    "practice": "$role-practice",
    "practice_sign": "$role-practice-sign",
    "hint": "$role-hint",
    "error": "$role-not-yet",
    "stderr": "$role-muted",
    "key": "$role-key",
    "lit": "$role-lit",
    "cursor": "$role-cursor",
    "chosen": "$role-chosen",
    "code_ground": "$role-code-ground",
}
"""Role to style. A span may also carry a style of its own (colours that the learner's program chose)."""

GLYPHS = {"passed": "✓", "not_yet": "✗", "could_not_check": "●"}
"""Of the three verdicts; every terminal has them."""

STATE_GLYPHS = {"new": "·", "not_yet": "✗", "open": "●", "skipped": "–", "passed": "✓", "changed": "~"}
"""Of a step's state."""

STATE_ROLES = {"not_yet": "not_yet", "open": "could_not_check", "passed": "passed", "changed": "could_not_check"}


@cache
def style_of(roles: str) -> str:
    """The style of a span's roles; what is no role is taken as a style."""
    names = ["link" if role.startswith("link:") else role for role in roles.split(" ") if role]
    return " ".join(STYLES.get(name, name) for name in names)

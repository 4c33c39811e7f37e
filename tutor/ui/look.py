"""What a role looks like: the one table from meaning to theme variables. No colour is named anywhere else."""

from __future__ import annotations

from functools import cache

STYLES = {
    "strong": "bold",
    "em": "italic",
    "strike": "strike",
    "code": "$text-accent",
    "link": "underline",
    "heading": "bold $text-primary",
    "muted": "$foreground-muted",
    "faint": "$foreground-disabled",
    "you": "bold $text-accent",
    "passed": "$text-success",
    "not_yet": "$text-error",
    "could_not_check": "$text-warning",
    "hint": "$text-secondary",
    "error": "$text-error",
    "stderr": "$text-warning",
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
    return " ".join(STYLES.get(role, role) for role in roles.split(" ") if role)

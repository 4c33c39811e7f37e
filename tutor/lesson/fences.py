"""Fences with a role: language, role and attributes, each checked against what its role may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tutor.lesson.attributes import scan_attributes, whole_number
from tutor.lesson.model import Need
from tutor.lesson.needs import read_needs
from tutor.lesson.regex import check_regex
from tutor.lesson.rules import Report, Rule, meant, shown


class Role(StrEnum):
    """The second word of a fence."""

    RUN = "run"
    STARTER = "starter"
    SOLUTION = "solution"
    CHECK = "check"
    QUIZ = "quiz"
    PREDICT = "predict"
    FORM = "form"
    PASTE = "paste"
    HINT = "hint"
    PRACTICE = "practice"


LANGUAGES: dict[Role, tuple[str, ...]] = {
    Role.RUN: ("python", "bash"),
    Role.STARTER: ("python",),
    Role.SOLUTION: ("python",),
    Role.CHECK: ("python",),
    Role.QUIZ: ("toml",),
    Role.PREDICT: ("toml",),
    Role.FORM: ("toml",),
    Role.PASTE: ("toml",),
    Role.HINT: ("md",),
    Role.PRACTICE: ("python",),
}
_ATTRIBUTES: dict[tuple[Role, str], str] = {
    (Role.RUN, "python"): "raises",
    (Role.RUN, "bash"): "exit",
    (Role.CHECK, "python"): "needs",
    (Role.HINT, "md"): "when",
}


@dataclass(frozen=True, slots=True)
class Fence:
    """One fence with a role."""

    role: Role
    language: str
    code: str
    """Without the newline of its last line."""
    line: int
    """1-based line of the opening mark; the code begins on the next."""
    attributes: dict[str, str] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    exit: int = 0

    @property
    def code_line(self) -> int:
        return self.line + 1


def read_fence(info: str, content: str, line: int, report: Report) -> Fence | None:
    """The fence, None when it has no role. What is wrong is reported; then a best guess stands in, so that the rules of steps can go on."""
    words = info.split(maxsplit=2)
    if len(words) < 2:
        return None
    language, word = words[0], words[1]
    if word not in tuple(Role):
        report.add(Rule.ROLE, line, shown(word) + meant(word, Role))
        return None
    role = Role(word)
    if language not in LANGUAGES[role]:
        report.add(Rule.ROLE_LANGUAGE, line, shown(f"{language} {role}"))
    attributes = scan_attributes(words[2] if len(words) > 2 else "", line, report)
    known = _ATTRIBUTES.get((role, language), "")
    for name in attributes:
        if name != known:
            what = f"the attribute {known}" if known else "no attributes"
            report.add(
                Rule.FENCE_ATTRIBUTE,
                line,
                f"{shown(name)} on `{language} {role}`, which has {what}"
                if language in LANGUAGES[role]
                else shown(name),
            )
    for name in ("raises", "when"):
        check_regex(attributes.get(name), f"`{name}`", line, report)
    status = whole_number(attributes.get("exit", "0"))
    if status is None or status > 255:
        report.add(Rule.EXIT, line, shown(attributes["exit"]))
    needs = read_needs(attributes.get("needs", ""), line, report)
    return Fence(role, language, content.removesuffix("\n"), line, attributes, needs, status or 0)

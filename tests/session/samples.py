"""One step of each kind, and a lesson made of steps."""

from __future__ import annotations

from pathlib import Path

from tutor.lesson.model import (
    Check,
    Checklist,
    Choice,
    Field,
    FixCode,
    Form,
    FrontMatter,
    Hint,
    Language,
    Lesson,
    Paste,
    Quiz,
    RunCode,
    Step,
)


def lesson(*steps: Step) -> Lesson:
    """A lesson of these steps."""
    return Lesson(
        "sample",
        Language.EN,
        Path("sample/en.md"),
        FrontMatter("Sample", "A sample.", 10),
        "Welcome.",
        steps,
        shipped=True,
    )


CHECK = Check("# it is there\nassert x == 1", 10)
LOOK = Step("look", "Look", 1, body="Read this.", hash="h-look")
COUNT = Step("count", "Count", 5, work=RunCode("python", "x = 1", 6), checks=(CHECK,), hash="h-count", minutes=2)
MEND = Step(
    "mend",
    "Mend",
    10,
    work=FixCode("x = 0", 11, "x = 1", 15),
    checks=(CHECK,),
    hints=(Hint("Think.", 20), Hint("It says NameError.", 21, when="NameError")),
    hash="h-mend",
)
CHOOSE = Step(
    "choose",
    "Choose",
    30,
    work=Quiz("Which?", 31, choices=(Choice("one", why="too small"), Choice("two", right=True, why="yes"))),
    hash="h-choose",
)
FILL_IN = Step(
    "fill-in",
    "Fill in",
    40,
    work=Form(
        (Field("repo", "Repository", "me/work", r"\w+/\w+"), Field("token", "Token", "ghp_example", secret=True)), 41
    ),
    hash="h-fill",
)
USE = Step("use", "Use", 45, work=RunCode("python", "name = '{{repo}}'", 46), hash="h-use")
BRING = Step(
    "bring", "Bring", 50, work=Paste("Paste it", r"GPU (?P<gpu>\w+)", "GPU T4", 51), checks=(CHECK,), hash="h-bring"
)
TICK = Step("tick", "Tick", 60, work=Checklist(("first", "second"), 61), hash="h-tick")

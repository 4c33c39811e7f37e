"""Small lessons on disk, and the real program run on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

Run = Callable[..., "Ran"]
"""Takes the arguments, and as `stdin` what comes through a pipe."""
FRONT = """\
---
format: 1
title: {title}
summary: A made lesson.
minutes: 3
---
Welcome.

"""


def write_lesson(folder: Path, lesson_id: str, body: str, *, language: str = "en", title: str = "Made") -> Path:
    """A lesson folder below `folder`; the body begins at its first step."""
    path = folder / lesson_id
    path.mkdir(parents=True, exist_ok=True)
    (path / f"{language}.md").write_text(FRONT.format(title=title) + dedent(body), encoding="utf-8")
    return path


def step(
    step_id: str, code: str, check: str = "", attributes: str = "", language: str = "python", words: str = ""
) -> str:
    """One step of given code and one check fence."""
    fences = [f"```{language} run {words}".rstrip(), dedent(code).strip("\n"), "```"]
    if check:
        fences += ["", "```python check", dedent(check).strip("\n"), "```"]
    return "\n".join([f"## {step_id.title()} {{#{step_id} {attributes}}}".replace(" }", "}"), "", *fences, "", ""])


@dataclass(frozen=True, slots=True)
class Ran:
    """What the program did."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def finished(self, step_id: str) -> dict[str, Any]:
        """The `step_finished` of a step."""
        (found,) = (event for event in self.events if event["event"] == "step_finished" and event["step"] == step_id)
        return found

    def printed(self, step_id: str) -> str:
        """What the step printed, as the `output` events have it."""
        outputs = (event for event in self.events if event["event"] == "output" and event["step"] == step_id)
        return "".join(event.get("text", "") for event in outputs)


NOTHING_SHIPPED = """
import sys
from tutor.lesson import catalogue
catalogue.shipped_folder = lambda: None
from tutor.cli import main
sys.exit(main())
"""


def tutor(*arguments: str, stdin: str = "", timeout: float = 100, shipped: bool = True, **environment: str) -> Ran:
    """`python -m tutor …` in the test's own home. Args: `shipped`: False for an installation without lessons of its own."""
    # ipykernel leaves descriptors 1 and 2 alone when it believes to be in a test.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    done = subprocess.run(
        [sys.executable, *(("-m", "tutor") if shipped else ("-c", NOTHING_SHIPPED)), *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        env={**inherited, **environment},
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def trusted(folder: Path) -> None:
    """Trust every lesson below the folder."""
    done = tutor("trust", str(folder), "--yes")
    assert done.code == 0, done.err

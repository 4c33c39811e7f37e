"""The very first start on a real terminal: from an empty home to the first step, with the lit key alone."""

from __future__ import annotations

import os
import tomllib
import venv
from pathlib import Path
from typing import Any

import pytest

from tests.support.pythons import answering, made
from tests.support.terminal import Person

pytestmark = [pytest.mark.terminal, pytest.mark.kernel]

CTRL_Q, ENTER = "\x11", "\r"
QUESTIONS = {
    "C.UTF-8": ("Which language", "Which Python", "Where shall we begin", "Train a network"),
    "zh_CN.UTF-8": ("想用哪种语言", "课程用哪个 Python", "从哪里开始", "训练一个网络"),
}


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, Any]:
    """A computer with one other Python."""
    prefix = tmp_path / "deep"
    made(prefix / "bin" / "python3", answering(prefix, torch='"2.9.1"', has='"ipykernel"'))
    return {
        "PATH": os.pathsep.join([str(prefix / "bin"), "/nowhere"]),
        "PYENV_ROOT": str(tmp_path),
        "VIRTUAL_ENV": "",
        "CONDA_PREFIX": "",
    }


@pytest.mark.parametrize("locale", QUESTIONS)
def test_three_key_presses_lead_from_an_empty_home_to_the_first_step(
    surroundings: dict[str, Any], tutor_home: Path, locale: str
) -> None:
    language, python, start, first_step = QUESTIONS[locale]
    presses = 0
    with Person(LANG=locale, **surroundings) as person:
        for question in (language, python, start):
            person.sees(question)
            person.presses(ENTER)
            presses += 1
        person.sees(first_step)
        person.sees("Python 3")
        person.presses(CTRL_Q)
        assert person.leaves() == 0
    assert presses == 3
    kept = tomllib.loads((tutor_home / "config.toml").read_text())
    assert kept == {"language": "zh" if locale.startswith("zh") else "en", "runtime": "local"}
    assert (tutor_home / "config.toml").stat().st_mode & 0o777 == 0o600
    with Person(LANG="C.UTF-8", **surroundings) as person:
        person.sees(first_step)
        assert language not in person.screen


def test_a_kill_in_the_middle_keeps_nothing_and_the_questions_come_again(
    surroundings: dict[str, Any], tutor_home: Path
) -> None:
    for _ in range(2):
        with Person(**surroundings) as person:
            person.sees("Which language")
            person.presses(ENTER)
            person.sees("Which Python")
            person.kill()
        assert not (tutor_home / "config.toml").exists()
        assert not (tutor_home / "tutor.db").exists()


def test_the_python_that_was_chosen_runs_the_lessons_and_says_what_it_lacks(
    surroundings: dict[str, Any], tmp_path: Path, tutor_home: Path
) -> None:
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=False, symlinks=True)
    surroundings["PATH"] = str(bare / "bin")
    with Person(**surroundings) as person:
        person.sees("Which language")
        person.presses(ENTER)
        person.sees("no ipykernel")
        person.presses("2")
        person.reads("pip install ipykernel")
        person.presses(ENTER)
        person.sees("Where shall we begin")
        person.presses("2")
        person.presses(ENTER)
        person.sees("Which Python is this?")
        person.presses("r")
        person.sees("has no ipykernel")
    assert tomllib.loads((tutor_home / "config.toml").read_text())["runtime"] == f"local:{bare}"

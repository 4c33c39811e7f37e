"""The lesson `save-to-github` in practice, under the hands of a learner: what is right passes, also twice, and what is not has its hint.

What somebody does by hand in Colab or on GitHub's pages, rightly or wrongly, is done here by the official client, signed in as that person.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from github import Github
from github.Repository import Repository

from tests.commands.slips import Slips, english_hint, ignore, shipped, task_of
from tests.runtime.kernels import make_runtime
from tutor.commands.autopilot import Autopilot
from tutor.commands.driver import Driver, Manner
from tutor.kit.loopback import straight
from tutor.kit.services.clients import github_at
from tutor.practice.github.service import GitHub
from tutor.practice.github.tokens import Grant
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.accounts import NoAccounts, Signed
from tutor.session.events import Line, Outcome
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
Do = Callable[[str, ask.Command], Coroutine[None, None, Outcome]]
Misses = Callable[[str, str], Coroutine[None, None, Sequence[Line]]]
Passed = Callable[[str], Coroutine[None, None, None]]

LOOK_AGAIN = ask.Check()
BRANCH, PATH = "notes", "colab/first.ipynb"
"""Not the default branch: what forgets to name it goes elsewhere."""
PLACE = {"repository": "mine", "branch": BRANCH, "notebook_path": PATH}

SAVE = "made = save(repo, path, text, line, branch=branch)"
TERMINAL: Slips = {
    ("", ""): "If GitHub refuses with 422",
    (SAVE, "made = save(repo, path, text, line)"): "If a version is missing",
    (SAVE, SAVE.replace("path,", '"/" + path,')): "If the path is refused",
    (SAVE, SAVE.replace("path,", '"terminal.ipynb",')): "If a version is missing",
    (SAVE, SAVE.replace("text, line", "line, text")): "If the newest version is no notebook",
    (SAVE, "made = saved(repo, path, text, line, branch=branch)"): "If Python stops",
}
_BASE = ",\n            base=first.sha, keep_both=True)"
TOGETHER: Slips = {
    ("", ""): "If her part is gone",
    (", keep_both=True", ""): "If it stops at a conflict",
    (_BASE, ",\n            keep_both=True)"): "If her part is gone",
    ("branch=branch" + _BASE, "branch=branch base=first.sha, keep_both=True)"): "If Python stops",
}
_README = "page = page.replace(old, new)\n"
RENAME: Slips = {
    ("", ""): "If the README leads to the old path",
    (_README, ""): "If the README leads to the old path",
    (_README, 'page = "# My runs"\n'): "If the README leads to the old path",
    ("text.replace(old, new)", "text"): "If the notebook's own badge",
    ('repo.delete_file(old, "Rename", first.sha, branch=branch)\n', ""): "If the paths are not as they should be",
    (
        'repo.delete_file(old, "Rename", first.sha, branch=branch)',
        "repo.delete_file(old, 'x', '0' * 40, branch=branch)",
    ): ("If GitHub answers 404 or 409"),
    ("text.replace(old, new)", "replace(text, old, new)"): "If Python stops",
}
STRIP = '    command = [sys.executable, "-m", "nbstripout", path]\n    subprocess.run(command, check=True)\n'
LOOK = "    return not find_secrets(Path(path))\n"
CLEAN: Slips = {
    ("", ""): "If it lets the token in the code go",
    ("not find_secrets", "find_secrets"): "If it says neither",
    ("return not find_secrets(Path(path))", "not find_secrets(Path(path))"): "If it says neither",
    (STRIP + LOOK, LOOK.replace("return", "fine =") + STRIP + "    return fine\n"): "If it keeps back",
    ("find_secrets(Path(path))", "find_secrets(path)"): "If Python stops",
    (STRIP, ""): "If outputs stay",
}
SLIPS: Mapping[str, Slips] = {"terminal": TERMINAL, "together": TOGETHER, "rename": RENAME, "clean": CLEAN}
SAID_BY_THE_LESSON = {
    "If the path is refused",
    "If a version is missing",
    "If the README leads to the old path",
    "If the notebook's own badge",
    "If the paths are not as they should be",
    "If it lets the token in the code go",
    "If it keeps back",
    "If outputs stay",
}
"""Hints that wait for words of the lesson, which are others in each language; the rest wait for Python's and GitHub's."""
QUICK = """    from tutor.kit.services.notebooks import clean_notebook
    Path(path).write_text(clean_notebook(Path(path)))
"""
"""Byte for byte what nbstripout's command does, without starting a Python for it."""


def quick(code: str) -> str:
    return code.replace(STRIP, QUICK)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    """The stand-in; what `tutor export` looks into is the test's own."""
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    running = GitHub(tmp_path / "github")
    yield running
    running.close()


@pytest.fixture
def person(service: GitHub) -> Iterator[Github]:
    client = github_at(service.root, service.lent().by_hand["token"])
    yield client
    client.close()


class Rehearsing(NoAccounts):
    """Signs in at one stand-in."""

    def __init__(self, service: GitHub) -> None:
        self._service = service
        self.grant: Grant | None = None
        """What the token may do, in place of what practice gives."""

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        assert (service, practice) == ("github", True)
        lent = self._service.lent()
        environment = {**lent.environment, **straight(os.environ)}
        if self.grant is not None:
            environment["GITHUB_TOKEN"] = self._service.token_for("few rights", self.grant)
        return Signed(environment, lent.by_hand)


def manner(accounts: NoAccounts) -> Manner:
    return Manner(practice=True, accounts=accounts, given=PLACE)


@asynccontextmanager
async def learner(language: str, folder: Path, accounts: NoAccounts) -> AsyncIterator[Do]:
    """Somebody in the lesson, whose commands end in an outcome."""
    runtimes = Runtimes("local", lambda name: make_runtime(folder))
    lesson = shipped("save-to-github", language)
    try:
        async with Driver(
            lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore, manner=manner(accounts)
        ) as driver:
            yield driver.step
    finally:
        await runtimes.aclose()


def book(*texts: str) -> str:
    """A notebook with one code cell a text."""
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "source": [text], "execution_count": None, "outputs": []}
        for text in texts
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": cells})


class Hands:
    """What somebody does in a browser, rightly or wrongly."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def put(self, path: str, text: str) -> None:
        there = self._there(path)
        if there:
            self._repository.update_file(path, "by hand", text, there, branch=BRANCH)
        else:
            self._repository.create_file(path, "by hand", text, branch=BRANCH)

    def remove(self, path: str) -> None:
        self._repository.delete_file(path, "by hand", self._there(path), branch=BRANCH)

    def _there(self, path: str) -> str:
        folder = self._repository.get_contents(path.rpartition("/")[0], ref=BRANCH) if self._holds(path) else []
        found = [each.sha for each in (folder if isinstance(folder, list) else [folder]) if each.path == path]
        return found[0] if found else ""

    def _holds(self, path: str) -> bool:
        tree = self._repository.get_git_tree(BRANCH, recursive=True).tree
        return path in [each.path for each in tree]

    def read(self, path: str) -> str:
        found = self._repository.get_contents(path, ref=BRANCH)
        assert not isinstance(found, list)
        return found.decoded_content.decode()

    def begin_branch(self) -> None:
        """The one that the lesson was told."""
        newest = self._repository.get_branch("main").commit.sha
        self._repository.create_git_ref(f"refs/heads/{BRANCH}", newest)


async def told(do: Do, language: str, step: str, command: ask.Command, hint: str) -> Sequence[Line]:
    """It is not yet, and this hint comes by itself; its lines."""
    outcome = await do(step, command)
    assert outcome.verdict is Verdict.NOT_YET, (step, hint, outcome)
    missed = [line.message for line in outcome.lines if line.message]
    assert outcome.hint is not None, (step, hint, missed)
    assert hint in english_hint(shipped("save-to-github", language), step, outcome.hint), (step, hint, missed)
    return outcome.lines


async def passes(do: Do, step: str, command: ask.Command) -> None:
    outcome = await do(step, command)
    assert outcome.verdict is Verdict.PASSED, (step, outcome)


async def browser(misses: Misses, passed: Passed, service: GitHub, person: Github) -> Hands:
    """Each step of the browser done wrong before it is done right; the hands that did it."""
    await misses("by-hand", "If the repository is missing")
    service.add_repository("mine", readme=False)
    await misses("by-hand", "If the branch is missing")
    repository = person.get_user().get_repo("mine")
    repository.create_file("README.md", "by hand", "# mine")
    there = Hands(repository)
    there.begin_branch()
    await misses("by-hand", "If the file is missing")
    await misses("reopen", "If there is no notebook at the path")
    there.put("first.ipynb", book('print("Saved from Colab")'))
    assert any(
        "changed first.ipynb" in line.message.replace("改了", "changed")
        for line in await misses("by-hand", "If the file is missing")
    )
    there.put(PATH, "print('Saved from Colab')")
    await misses("by-hand", "If it is no notebook")
    there.put(PATH, "{}")
    await misses("by-hand", "If it is no notebook")
    there.put(PATH, book("1 + 1"))
    await misses("by-hand", "If the cell is missing")
    there.put(PATH, book('print("Saved from Colab")'))
    await passed("by-hand")

    await misses("reopen", "If no cell says it")
    there.put("Copy_of_first.ipynb", book('print("Saved from Colab")', "# Opened again"))
    await misses("reopen", "If no cell says it")
    there.put(PATH, book('print("Saved from Colab")', "# Opened again"))
    await passed("reopen")
    there.put(PATH, book('print("Saved from Colab")', "# Opened again", "and more"))
    await passed("reopen")
    there.remove(PATH)
    await misses("reopen", "If there is no notebook at the path")
    there.put(PATH, book("# opened again"))
    await misses("reopen", "If no version came before")

    await misses("folder", "If it is not there")
    there.put("data", "")
    await misses("folder", "If `data` is a file")
    there.remove("data")
    there.put("data/data/.gitkeep", "")
    await misses("folder", "If it holds something else")
    there.put("data/.gitkeep", "")
    await misses("folder", "If there is a folder in the folder")
    there.remove("data/data/.gitkeep")
    await passed("folder")
    return there


@LANGUAGES
async def test_what_goes_wrong_is_told_with_its_hint(
    language: str, tmp_path: Path, service: GitHub, person: Github
) -> None:
    lesson = shipped("save-to-github", language)
    async with learner(language, tmp_path, Rehearsing(service)) as do:

        async def misses(step: str, hint: str, command: ask.Command = LOOK_AGAIN) -> Sequence[Line]:
            return await told(do, language, step, command, hint)

        async def passed(step: str, command: ask.Command = LOOK_AGAIN) -> None:
            await passes(do, step, command)

        await browser(misses, passed, service, person)
        for step, slips in SLIPS.items():
            task = task_of(lesson, step)
            for (piece, instead), hint in slips.items():
                assert piece in task.solution, piece
                code = task.solution.replace(piece, instead) if piece else task.starter
                if language == "en" or hint in SAID_BY_THE_LESSON:
                    await misses(step, hint, ask.Run(quick(code)))
            await passed(step, ask.Run(quick(task.solution)))


async def test_all_of_it_twice_in_one_practice_loses_nothing(tmp_path: Path, service: GitHub, person: Github) -> None:
    lesson = shipped("save-to-github", "en")
    pilot = Autopilot(solutions=True, given=PLACE)
    async with learner("en", tmp_path, Rehearsing(service)) as do:
        for _ in range(2):
            for step in lesson.steps:
                command = pilot.command(step)
                if isinstance(command, ask.Run) and command.code:
                    command = ask.Run(quick(command.code))
                await passes(do, step.id, command)
        work = Hands(person.get_user().get_repo("mine"))
        for path in ("work/README.md", "work/my-work.ipynb"):
            work.remove(path)
            lines = await told(do, "en", "mine", LOOK_AGAIN, "If it does not stand there")
            assert "Error" not in "".join(line.message for line in lines)
        await passes(do, "mine", ask.Run())
    repository = person.get_user().get_repo("mine")
    tree = [each.path for each in repository.get_git_tree(BRANCH, recursive=True).tree]
    assert len(list(person.get_user().get_gists())) == 1
    assert "Opened again" in Hands(repository).read(PATH)
    assert sum(path.startswith("together/plan") for path in tree) == 2
    assert "work/my-work.ipynb" in tree
    # The default branch, which nobody named, is as it was.
    assert [each.path for each in repository.get_git_tree("main").tree] == ["README.md"]


APPEND = """
from github import GithubException
from nbformat import v4, writes
from tutor.kit.services import github
repo = github().get_user().get_repo("{{repository}}")
repo.create_file("results/.gitkeep", "a folder", "", branch="{{branch}}")
def text(line):
    return writes(v4.new_notebook(cells=[v4.new_code_cell(line)]))
first = repo.create_file("results/terminal.ipynb", "one", text("print('first')"), branch="{{branch}}")
repo.update_file("results/terminal.ipynb", "two", text("print('second')"), first["content"].sha, branch="{{branch}}")
"""
JOINED = """
from tutor.kit.services.repositories import Conflict
try:
    save(repo, path, mine, "My part", branch=branch, base=first.sha)
except Conflict as conflict:
    save(repo, path, book("plan", "hers", "mine"), "Both", branch=branch, base=conflict.theirs)
"""


async def test_other_right_ways_pass_and_too_few_rights_are_told(
    tmp_path: Path, service: GitHub, person: Github
) -> None:
    service.add_repository("mine")
    Hands(person.get_user().get_repo("mine")).begin_branch()
    lesson = shipped("save-to-github", "en")
    accounts = Rehearsing(service)
    async with learner("en", tmp_path, accounts) as do:
        await passes(do, "terminal", ask.Run(APPEND))
        solution = task_of(lesson, "together").solution
        await passes(do, "together", ask.Run(solution.partition("last =")[0] + JOINED))
        accounts.grant = Grant(permissions={"metadata": "read", "contents": "read"}, repositories="all")
        await told(
            do,
            "en",
            "terminal",
            ask.Run(task_of(lesson, "terminal").solution.replace("first", "1st")),
            "If GitHub refuses with 403",
        )
        await told(do, "en", "gist", ask.Run(), "your token may not make gists")
        accounts.grant = None
        public = lesson.step("gist")
        assert public is not None
        code: Any = public.work
        await told(do, "en", "gist", ask.Run(code.code.replace("public=False", "public=True")), "If it is public")
        leaky = "\nplaces = ['cell 1']\nassert not places, f'not pushed, it has secrets: {places}'"
        await told(do, "en", "mine", ask.Run(leaky), "If it has secrets")

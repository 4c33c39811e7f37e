"""The learner's own git, against the stand-in."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from github import Github, InputFileContent
from github.Repository import Repository

from tests.practice.github.conftest import NOTES
from tutor.practice.github.service import GitHub
from tutor.practice.github.tokens import Grant

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")


class Git:
    """Commands in one folder. A token is handed over as git's own way is: a program that answers when git asks for a password."""

    def __init__(self, home: Path, token: str = "") -> None:
        self.home = home
        home.mkdir(exist_ok=True)
        answers = home / "answers"
        answers.write_text('#!/bin/sh\nprintf "%s\\n" "$PRACTICE_TOKEN"\n')
        answers.chmod(0o700)
        self._environment = {
            **os.environ,
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": str(answers) if token else "",
            "PRACTICE_TOKEN": token,
            **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }

    def __call__(self, *arguments: str, folder: Path | None = None) -> str:
        done = self.run(*arguments, folder=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments],
            cwd=folder or self.home,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def test_a_clone_yields_the_notebook(service: GitHub, notes: Repository, tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_markdown_cell("# 你好")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notes.create_file("runs/mine.ipynb", "my run", nbformat.writes(notebook))
    git = Git(tmp_path / "home")
    git("clone", "--quiet", f"{service.root}/{NOTES}.git", "copy")
    read = nbformat.read(tmp_path / "home/copy/runs/mine.ipynb", as_version=4)
    nbformat.validate(read)
    assert [cell.source for cell in read.cells] == ["1 + 1", "# 你好"]
    assert git("log", "-1", "--format=%s", folder=tmp_path / "home/copy") == "my run\n"


def test_a_push_is_seen_by_the_api_and_a_save_by_git(service: GitHub, notes: Repository, tmp_path: Path) -> None:
    git = Git(tmp_path / "home", service.lent().environment["GITHUB_TOKEN"])
    copy = tmp_path / "home/copy"
    git("clone", "--quiet", f"{service.root}/{NOTES}", str(copy))
    (copy / "by-git.bin").write_bytes(os.urandom(2_000_000))
    git("add", ".", folder=copy)
    git("commit", "--quiet", "-m", "by git", folder=copy)
    git("push", "--quiet", folder=copy)
    assert notes.get_commits()[0].commit.message == "by git"
    notes.create_file("by-api.txt", "by the API", "x")
    # What was changed meanwhile is never pushed over.
    (copy / "mine.txt").write_text("mine")
    git("add", ".", folder=copy)
    git("commit", "--quiet", "-m", "mine", folder=copy)
    assert "rejected" in git.run("push", folder=copy).stderr
    git("pull", "--quiet", "--rebase", folder=copy)
    git("push", "--quiet", folder=copy)
    assert [commit.commit.message for commit in notes.get_commits()][:3] == ["mine", "by the API", "by git"]


def test_nobody_pushes_without_the_right(service: GitHub, tmp_path: Path) -> None:
    reader = Grant(permissions={"contents": "read"}, repositories=["gpu-notes"])
    copy = tmp_path / "copy"
    Git(tmp_path / "a")("clone", "--quiet", f"{service.root}/{NOTES}.git", str(copy))
    for token, told in (
        ("", "could not read Username"),
        ("github_pat_wrong", "Authentication failed"),
        (service.token_for("reader", reader), "403"),
    ):
        pushed = Git(tmp_path / "b", token).run("push", "origin", "HEAD:refs/heads/more", folder=copy)
        assert pushed.returncode
        assert told in pushed.stderr


def test_a_private_one_is_cloned_with_a_token_only(service: GitHub, tmp_path: Path) -> None:
    service.add_repository("hidden", private=True)
    url = f"{service.root}/practice-learner/hidden.git"
    assert Git(tmp_path / "a").run("clone", url).returncode
    Git(tmp_path / "b", service.lent().environment["GITHUB_TOKEN"])("clone", "--quiet", url)
    assert (tmp_path / "b/hidden/README.md").exists()


def test_the_first_branch_pushed_is_the_default_one(service: GitHub, person: Github, tmp_path: Path) -> None:
    repository = person.get_user().create_repo("fresh")
    git = Git(tmp_path / "home", service.lent().by_hand["token"])
    git("init", "--quiet", "-b", "trunk", "work")
    work = tmp_path / "home/work"
    (work / "a.txt").write_text("a")
    git("add", ".", folder=work)
    git("commit", "--quiet", "-m", "first", folder=work)
    git("push", "--quiet", repository.clone_url, "trunk", folder=work)
    assert person.get_repo("practice-learner/fresh").default_branch == "trunk"
    git("clone", "--quiet", repository.clone_url, "again")
    assert (tmp_path / "home/again/a.txt").exists()


def test_a_gist_is_a_repository_too(application: Github, tmp_path: Path) -> None:
    gist = application.get_user().create_gist(False, {"a.md": InputFileContent("hello")})
    Git(tmp_path / "home")("clone", "--quiet", gist.git_pull_url, "gist")
    assert (tmp_path / "home/gist/a.md").read_text() == "hello"

"""`tutor accounts` with services that do what a test says: the list, the way to an account through a pipe and in a terminal, the way out."""

from __future__ import annotations

import json
import subprocess
import sys
import termios
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from tests.commands.support import Run
from tests.support.accounts import FOUND, SECRET, FakeAccount, put_in_place, three
from tests.support.sources import ROOT
from tests.support.terminal import Person
from tutor.accounts.model import AccountTrouble, Source, Trouble
from tutor.cli import main

WITH_FAKES = """
import sys
import pytest
from dataclasses import replace
from tests.support.accounts import *
from tutor.accounts.model import Source
patch, accounts = pytest.MonkeyPatch(), three()
accounts["github"].found = None
{set_up}
put_in_place(patch, accounts)
from tutor.cli import main
sys.exit(main())
"""


def program(set_up: str) -> list[str]:
    return [sys.executable, "-c", WITH_FAKES.format(set_up=dedent(set_up)), "accounts"]


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeAccount]:
    made = three()
    put_in_place(monkeypatch, made)
    return made


@pytest.mark.usefixtures("accounts")
def test_the_list_says_of_each_what_is_connected_and_how_to_connect_it(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["accounts"])
    out = capsys.readouterr().out
    assert code == 1
    assert "GitHub        ✓ octocat\n                May do: gist, repo\n" in out
    assert "Connected since 28 Nov 2026, 14:05" in out
    assert "Google Drive  not connected; to connect it: tutor accounts connect google\n" in out
    assert "Kaggle        ✗ cannot be used\n              ✗ Kaggle refuses the token" in out
    assert out.index("GitHub") < out.index("Google Drive") < out.index("Kaggle")
    assert SECRET not in out


def test_the_list_in_chinese_keeps_its_columns(
    accounts: dict[str, FakeAccount], capsys: pytest.CaptureFixture[str]
) -> None:
    accounts["kaggle"].found = None
    assert main(["accounts", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "GitHub           ✓ octocat\n                   权限：gist、repo" in out
    assert "Google 云端硬盘  未连接" in out


def test_what_could_not_be_asked_is_neither_right_nor_wrong(
    accounts: dict[str, FakeAccount], capsys: pytest.CaptureFixture[str]
) -> None:
    accounts["kaggle"].trouble = AccountTrouble(Trouble.NETWORK, "Kaggle does not answer.", "")
    assert main(["accounts", "--json"]) == 3
    told = {one["service"]: one for one in json.loads(capsys.readouterr().out)}
    assert told["github"]["who"] == "octocat"
    assert (told["kaggle"]["connected"], told["kaggle"]["trouble"]) == (False, "network")
    assert SECRET not in json.dumps(told)


@pytest.mark.parametrize("name", [[], ["gitlab"], [SECRET]])
def test_a_name_that_nobody_has_is_a_mistake_of_the_command_line(
    name: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accounts", "connect", *name]) == 2
    assert main(["accounts", "disconnect", *name]) == 2
    err = capsys.readouterr().err
    assert "github" in err
    assert SECRET not in err


def test_the_way_goes_through_a_pipe_and_never_echoes_the_secret(accounts: dict[str, FakeAccount], run: Run) -> None:
    accounts["github"].found = None
    ran = run("accounts", "connect", "github", stdin=f"7\nback\n1\n\nback\n\nghp_wrong\n{SECRET}\n")
    assert (ran.code, "GitHub        ✓ octocat" in ran.out) == (0, True), ran.err
    assert ran.err.count("Step 2 of 3: Make a token") == 2
    assert "One of the numbers, please." in ran.err
    assert "2. As the program `gh` is signed in" in ran.err
    assert "https://github.com/settings/personal-access-tokens/new" in ran.err
    assert "The token (not shown while you type or paste); an empty line ends it; back goes back:" in ran.err
    assert "✓ It is there.\n✗ GitHub refuses it. Make another one." in ran.err
    assert SECRET not in ran.out + ran.err
    assert "ghp_wrong" not in ran.out + ran.err
    assert "Step" not in ran.out


@pytest.mark.parametrize("typed", ["", "1\n\n\n", "1\nend\n", "1\n\nback\n"])
def test_who_leaves_before_the_end_has_connected_nothing(
    typed: str, accounts: dict[str, FakeAccount], run: Run
) -> None:
    accounts["github"].found = None
    ran = run("accounts", "connect", "github", stdin=typed)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.endswith("Nothing was connected.\n")


def test_without_anybody_at_the_input_nothing_is_connected() -> None:
    done = subprocess.run(
        [*program(""), "connect", "github"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, ""), done.stderr


def test_drive_is_google_and_a_pipe_waits_for_the_browser(
    tmp_path: Path, accounts: dict[str, FakeAccount], run: Run
) -> None:
    file = tmp_path / "client secret.json"
    file.touch()
    accounts["google"].right["file"] = str(file)
    accounts["google"].allowed.set()
    ran = run("accounts", "connect", "drive", stdin=f"'{file}'\n")
    assert ran.code == 0, ran.err
    assert "The code to type there:\n  ABCD-EFGH" in ran.err
    assert "Waiting for you to finish in the browser" in ran.err


def test_a_variable_that_decides_is_said_before_anything_is_asked(accounts: dict[str, FakeAccount], run: Run) -> None:
    accounts["github"].found = replace(FOUND, source=Source.VARIABLE, place="GITHUB_TOKEN")
    ran = run("accounts", "connect", "github")
    assert (ran.code, ran.out) == (3, "")
    assert "unset GITHUB_TOKEN" in ran.err


def test_disconnecting_says_what_was_done_and_what_still_signs_in(
    accounts: dict[str, FakeAccount], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accounts", "disconnect", "github"]) == 0
    assert capsys.readouterr().out == "GitHub says that the token is no longer valid.\n"
    assert main(["accounts", "disconnect", "github"]) == 0
    assert capsys.readouterr().out == "GitHub was not connected.\n"
    accounts["github"].found = FOUND
    accounts["github"].left = replace(FOUND, source=Source.TOOL, place="gh auth token")
    assert main(["accounts", "disconnect", "github"]) == 0
    told = capsys.readouterr()
    assert told.err == "It can still be signed in:\n"
    assert "From gh auth token" in told.out
    accounts["github"].stays = AccountTrouble(Trouble.BROKEN, "It comes from a variable.", "unset GITHUB_TOKEN")
    assert main(["accounts", "disconnect", "github"]) == 3
    assert capsys.readouterr().err == "tutor: It comes from a variable.\nunset GITHUB_TOKEN\n"


@pytest.mark.terminal
def test_in_a_terminal_the_secret_is_not_shown_and_what_waits_can_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    set_up = "accounts['google'].steps = (TOKEN, WAIT)"
    with Person("connect", "google", program=tuple(program(set_up)), columns=100) as me:
        me.sees("not shown while you type or paste")
        me.watches(lambda: not echoes(me), "a terminal that shows nothing")
        me.presses(f"{SECRET}\r")
        me.sees("Waiting for you to finish in the browser")
        me.sees("end leaves it")
        me.presses("nothing in particular\r")
        me.presses("back\r")
        me.sees("Step 1 of 2: Hand it over")
        me.watches(lambda: not echoes(me), "a terminal that shows nothing")
        me.presses(f"{SECRET}\r")
        me.watches(lambda: me.screen.count("Waiting for you to finish") == 2, "another wait")
        me.presses("end\r")
        me.sees("Nothing was connected.")
        assert me.leaves() == 3
        assert SECRET.encode() not in me.drawn


@pytest.mark.terminal
def test_ctrl_c_ends_it_and_the_terminal_shows_again_what_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Person("connect", "github", program=tuple(program("accounts['github'].steps = (TOKEN,)"))) as me:
        me.sees("not shown while you type or paste")
        me.watches(lambda: not echoes(me), "a terminal that shows nothing")
        me.presses(b"\x03")
        me.watches(lambda: echoes(me), "a terminal as it was")
        assert me.leaves() == 130


def echoes(me: Person) -> bool:
    return bool(termios.tcgetattr(me._fd)[3] & termios.ECHO)

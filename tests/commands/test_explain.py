"""`tutor explain`, as a user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.support import tutor
from tutor.commands import explain as command
from tutor.commands.machine_facts import _cuda_of, look

NO_CUDA = (
    "Traceback (most recent call last):\n  File 'x.py', line 1\nAssertionError: Torch not compiled with CUDA enabled\n"
)
TOKEN = "ghp_" + "a1B2" * 9


def given(data: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tutor", "explain", *arguments], input=data, capture_output=True, check=False
    )


def test_json_is_an_array_of_the_four_fields_of_the_contract() -> None:
    ran = tutor("explain", "-", "--json", stdin=NO_CUDA)
    (fault,) = json.loads(ran.out)
    assert list(fault) == ["code", "cause", "mend", "line"]
    assert (ran.code, fault["code"], fault["line"]) == (0, "torch-without-cuda", 3)


def test_unknown_is_an_empty_array_and_exit_code_1() -> None:
    ran = tutor("explain", "--json", stdin="all is well\n")
    assert (ran.code, ran.out) == (1, "[]\n")


def test_unknown_is_said_with_what_to_do_next() -> None:
    ran = tutor("explain", stdin="KeyError: 'x'\n")
    assert ran.code == 1
    assert "does not know this error" in ran.out
    assert "collect_env" in ran.out


def test_a_file_is_read_and_the_language_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "error.txt"
    path.write_text(NO_CUDA)
    assert "torch-without-cuda, line 3: AssertionError" in tutor("explain", str(path)).out
    assert "解决办法" in tutor("explain", str(path), "--lang", "zh").out
    assert "解决办法" in tutor("explain", str(path), TUTOR_LANG="zh").out


def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.txt", tmp_path):
        ran = tutor("explain", str(path))
        assert (ran.code, ran.out) == (2, "")
        assert str(path) in ran.err


def test_secrets_are_never_repeated() -> None:
    text = (
        f"fatal: Authentication failed for 'https://{TOKEN}@github.com/user/repo'\nBad credentials 401 hunter2hunter2\n"
    )
    for arguments in ((), ("--json",)):
        ran = tutor("explain", *arguments, stdin=text, MY_PASSWORD="hunter2hunter2")
        assert ran.code == 0
        assert TOKEN not in ran.out + ran.err
        assert "hunter2hunter2" not in ran.out + ran.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "latin-1"])
def test_any_encoding_is_read(encoding: str) -> None:
    text = NO_CUDA + ("文件\n" if encoding != "latin-1" else "caf\u00e9\n")
    done = given(text.encode(encoding), "--json")
    assert [fault["code"] for fault in json.loads(done.stdout)] == ["torch-without-cuda"]


def test_windows_chinese_is_understood() -> None:
    done = given("[WinError 126] 找不到指定的模块。".encode("gbk"), "--json")
    assert [fault["code"] for fault in json.loads(done.stdout)] == ["library-missing"]


def test_bytes_that_are_no_text_are_no_fault() -> None:
    done = given(os.urandom(5000), "--json")
    assert (done.returncode, done.stdout) == (1, b"[]\n")


def test_of_a_very_long_text_the_end_is_read_and_lines_keep_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MOST_BYTES", 1000)
    monkeypatch.setattr(command, "_PIECE", 300)
    path = tmp_path / "long.txt"
    path.write_text("a line\n" * 1000 + NO_CUDA)
    with path.open("rb") as file:
        data, before = command._end_of(file)
    assert len(data) == 1000
    assert before + data.count(b"\n") == 1003


def test_a_very_long_text_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes((b"y" * 79 + b"\n") * 263_000 + NO_CUDA.encode())
    ran = tutor("explain", str(path), "--json")
    assert "20 MB" in ran.err
    assert [(fault["code"], fault["line"]) for fault in json.loads(ran.out)] == [("torch-without-cuda", 263_003)]


def test_help_names_it() -> None:
    assert "explain" in tutor("--help").out


def test_the_facts_of_this_machine_are_gathered_without_pytorch() -> None:
    assert look().python == sys.executable
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from tutor.commands.machine_facts import look; look(); print('torch' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout == "False\n"


def test_the_build_is_read_from_the_version() -> None:
    assert (_cuda_of("2.13.0+cpu"), _cuda_of("2.13.0+cu130"), _cuda_of("2.13.0")) == ("", "13.0", None)

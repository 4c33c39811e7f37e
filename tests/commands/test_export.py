"""`tutor export`: its files, open steps, one's own work, and every way in which it cannot be."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.notebooks import executed, exported, loaded, printed
from tests.commands.support import step, trusted, tutor, write_lesson
from tutor.cli import main
from tutor.commands.whole_file import write_whole
from tutor.errors import TutorError, UsageError
from tutor.i18n import Words

LESSON = "".join(
    [
        step("makes", "made = 'by me'\nprint(made)", "assert made"),
        step("there", "there = made", "# it came along\nassert there == 'by me'", 'needs="env:colab"'),
        '## Ask {#ask}\n\n```toml quiz\nquestion = "How *many*?"\nanswer = 3\n```\n\n',
        step("after", "print(made)", "assert made"),
    ]
)
TOKEN = "ghp_" + "a1B2" * 9


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    write_lesson(tmp_path / "lessons", "ways", LESSON)
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "lessons"))
    trusted(tmp_path / "lessons")
    return "ways"


def sources(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_it_says_what_to_do_with_the_file_and_the_same_export_is_the_same_file(
    lesson: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    assert main(["export", lesson, "-o", str(first)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"Written: {first}"
    assert len(told) == 3, "two lines say what to do"
    assert "Upload notebook" in told[1]
    assert "TUTOR1" in told[2]
    exported(second, lesson)
    assert first.read_bytes() == second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o644, "as the umask of most people has it"


def test_a_file_that_is_there_stays_where_nobody_can_be_asked(lesson: str, tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text("mine", encoding="utf-8")
    done = tutor("export", lesson, "-o", str(file))
    assert done.code == 2
    assert "name another file" in done.err
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "a.ipynb"], "Name a lesson"),
        (["ways", "-o", "nowhere/a.ipynb"], "mkdir"),
        (["ways", "-o", "."], "is a folder"),
        (["ways", "-o", "a.py"], "ends in .ipynb"),
        (["ways#makes", "-o", "a.ipynb"], "whole lessons"),
        (["ways", "-o", f"{'a' * 300}.ipynb"], "cannot be a file's name"),
        (["ways", "-o", "~nobody-of-that-name/a.ipynb"], "cannot be a file's name"),
        (["wayss", "-o", "a.ipynb"], "Did you mean ways?"),
        (["ways", "-o", "a.ipynb", "--url", "https://example.org/a.ipynb"], "github.com"),
        (["ways", "-o", "a.ipynb", "--mine", "--solutions"], "--mine"),
        (["--mine", "-o", "a.ipynb"], "--mine needs"),
        (["ways", "--mine", "-o", "a.ipynb"], "no work of yours"),
    ],
)
def test_what_cannot_be_is_said_with_its_mend_and_writes_nothing(
    lesson: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert main(["export", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert list((tmp_path / "here").iterdir()) == []


def test_nothing_open_is_no_error_and_no_file(lesson: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--open", "-o", str(tmp_path / "a.ipynb")]) == 0
    assert "Nothing is open" in capsys.readouterr().err
    assert not (tmp_path / "a.ipynb").exists()


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [(errno.ENOSPC, TutorError, "nothing is left of it"), (errno.EACCES, UsageError, "cannot be written")],
)
def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[TutorError], said: str
) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text("old", encoding="utf-8")
    opened = os.fdopen

    def full(descriptor: int, *arguments: Any, **options: Any) -> Any:
        out = opened(descriptor, *arguments, **options)
        out.write(b"half of ")

        def fail(_: bytes) -> int:
            raise OSError(number, os.strerror(number))

        out.write = fail
        return out

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(kind) as caught:
        write_whole(file, "new", Words("en"), is_private=False)
    assert said in caught.value.message
    assert caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["a.ipynb"]
    assert file.read_text(encoding="utf-8") == "old"


@pytest.mark.kernel
async def test_open_steps_go_to_where_they_can_be_closed(
    lesson: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tutor("run", lesson, "--set", "ask=3", "--json")
    assert ran.finished("there")["verdict"] == "could_not_check"
    notebook = exported(tmp_path / "open.ipynb", "--open")
    assert [source for source in sources(notebook) if source.startswith("# tutor:")] == [
        "# tutor: ways#makes replay (keep this line)\nmade = 'by me'\nprint(made)",
        "# tutor: ways#there (keep this line)\nthere = made",
    ]
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release")
    await executed(notebook, sys.executable, tmp_path)
    monkeypatch.delenv("COLAB_RELEASE_TAG")
    told = printed(notebook.cells[-1])
    assert "1 of 1 steps passed here." in told
    taken = tutor("receipt", "-", stdin=told)
    assert taken.code == 0, taken.err
    assert "· Colab ·" in taken.out
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == lesson)
    assert (row["state"], row["open"]) == ("passed", 0)
    assert tutor("export", "--open", "-o", str(tmp_path / "b.ipynb")).err.startswith("Nothing is open")


@pytest.mark.kernel
def test_ones_own_work_has_code_outputs_and_answers_and_no_token(lesson: str, tmp_path: Path) -> None:
    typed = ["", f"print('my key is {TOKEN}')", "1 / 0", "n", "n", "4", "3", "q", ""]
    talked = tutor("--plain", lesson, stdin="\n".join(typed))
    assert talked.code == 0, talked.err
    file = tmp_path / "mine.ipynb"
    done = tutor("export", lesson, "--mine", "-o", str(file))
    assert done.code == 0, done.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    notebook = loaded(file)
    assert TOKEN not in file.read_text(encoding="utf-8")
    assert [source.splitlines()[0] for source in sources(notebook)] == [
        "made = 'by me'",
        "print('my key is [secret]')",
        "1 / 0",
    ]
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert [[output.output_type for output in found] for found in outputs] == [["stream"], ["stream"], ["error"]]
    assert outputs[0][0].text == "by me\n"
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "How *many*?\n\n**My answer:**\n\n```\n4\n```" in text
    assert "Check" not in text
    assert "TUTOR1" not in text


@pytest.mark.kernel
def test_a_receipt_is_taken_at_the_prompt_and_told_where_it_belongs(
    lesson: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tutor.harness.receipt import pack  # as somebody elsewhere would make it
    from tutor.lesson.parse import parse_lesson

    known = parse_lesson(tmp_path / "lessons" / "ways" / "en.md").lesson
    assert known is not None
    there = {
        "id": "there",
        "hash": known.steps[1].hash,
        "verdict": "passed",
        "lines": [{"label": "x", "verdict": "passed"}],
    }
    value = {
        "time": "2026-11-20T10:00:00Z",
        "device": "T4",
        "lessons": [{"id": "ways", "hash": known.hash, "steps": [there]}],
    }
    line = pack(value)
    talked = tutor("--plain", lesson, stdin=f"{line[:40]}\n{line}\nq\n")
    assert talked.code == 0, talked.err
    assert "This receipt is cut off" in talked.out
    assert "✓ There: passed there, recorded by receipt." in talked.out
    again = tutor("--plain", lesson, stdin="q\n")
    assert "recorded by receipt" in again.out, "the transcript keeps it"
    capsys.readouterr()
    assert main(["progress"]) == 0
    assert "by receipt: There (T4, 2026-11-20 10:00 UTC)" in capsys.readouterr().out
    (tmp_path / "unknown.txt").write_text(
        pack({**value, "lessons": [{"id": "theirs", "hash": "", "steps": [there]}]}), encoding="utf-8"
    )
    assert main(["receipt", str(tmp_path / "unknown.txt")]) == 2
    assert "There is no lesson “theirs”" in capsys.readouterr().out
    for file, said in (("none.ipynb", "cannot be read"), ("lessons/ways/en.md", "no receipt in this text")):
        assert main(["receipt", str(tmp_path / file)]) == 2
        assert said in capsys.readouterr().err

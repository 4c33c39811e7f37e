"""The commands that need no kernel, as a user calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.support import step, trusted, tutor, write_lesson
from tutor.progress.model import Attempt, Verdict
from tutor.progress.store import Store
from tutor.version import __version__


def store() -> Store:
    return Store(Path(os.environ["TUTOR_HOME"]) / "tutor.db")


def test_version_is_printed() -> None:
    assert tutor("--version").out == f"tutor {__version__}\n"


def test_without_a_terminal_the_conversation_says_what_to_run_instead() -> None:
    ran = tutor()
    assert (ran.code, ran.out) == (2, "")
    assert "tutor run" in ran.err


def test_an_unknown_option_is_a_usage_error() -> None:
    assert tutor("run", "--nonsense").code == 2
    assert tutor("run").code == 2


def test_the_shipped_lessons_are_listed_with_the_fields_of_the_contract() -> None:
    rows = json.loads(tutor("list", "--json").out)
    (row,) = (row for row in rows if row["id"] == "check-device")
    assert set(row) == {"id", "title", "minutes", "steps", "passed", "open", "state", "broken"}
    assert (row["state"], row["passed"], row["broken"]) == ("new", 0, None)


def test_titles_follow_the_language(lessons: Path) -> None:
    folder = write_lesson(lessons, "both", step("one", "x = 1"), title="English title")
    write_lesson(lessons, "both", step("one", "x = 1"), language="zh", title="中文标题")
    assert folder.is_dir()
    assert "中文标题" in tutor("list", "--lang", "zh").out
    assert "English title" in tutor("list", TUTOR_LANG="en").out
    assert "中文标题" in tutor("list", LANG="zh_TW.UTF-8").out


def test_a_broken_lesson_is_listed_as_broken_and_stops_no_other(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1"))
    path = write_lesson(lessons, "bad", "")
    (path / "en.md").write_text("---\nformat: 7\n---\n")
    rows = {row["id"]: row for row in json.loads(tutor("list", "--json").out)}
    assert rows["bad"]["broken"]
    assert rows["good"]["broken"] is None


def test_progress_is_shown_and_forgotten_after_a_question(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1"), title="Good one")
    kept = store()
    kept.record(Attempt("good", "one", "another hash", Verdict.PASSED, "en", 1, 0.1))
    kept.close()
    assert "Good one" in tutor("progress").out
    assert tutor("progress", "--reset").code == 2
    assert "Good one" in tutor("progress").out
    assert tutor("progress", "--reset", "--yes").code == 0
    assert "Good one" not in tutor("progress").out


def test_a_step_edited_since_it_was_passed_shows_as_changed(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1"))
    kept = store()
    kept.record(Attempt("good", "one", "another hash", Verdict.PASSED, "en", 1, 0.1))
    kept.close()
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "good")
    assert (row["state"], row["passed"]) == ("changed", 0)


def test_trust_shows_what_a_lesson_contains_before_it_is_trusted(lessons: Path) -> None:
    code = "import urllib.request\nurllib.request.urlopen('https://data.example.org/x')"
    write_lesson(lessons, "stranger", step("fetch", code, attributes='needs="network:mirror.example.net"'))
    refused = tutor("trust", str(lessons))
    assert refused.code == 2
    for told in ("urlopen", "data.example.org", "mirror.example.net"):
        assert told in refused.out
    assert tutor("trust", str(lessons), "--yes").code == 0


def test_trusting_nothing_is_a_usage_error(tmp_path: Path) -> None:
    assert tutor("trust", str(tmp_path / "nowhere"), "--yes").code == 2


def test_a_lesson_cannot_write_to_the_terminal_through_its_text(lessons: Path) -> None:
    write_lesson(lessons, "sly", step("one", "print('\x1b[2J\x1b]0;owned\x07')"), title='"\\u001b[2Jsly"')
    out = tutor("trust", str(lessons)).out + tutor("list").out
    assert "\x1b" not in out
    assert "\x07" not in out


def test_check_names_file_line_and_code_and_all_errors_at_once(lessons: Path) -> None:
    path = write_lesson(lessons, "bad", "## No id\n\n```python nonsense\n```\n\n## Two {#two color=red}\n")
    ran = tutor("check", str(path))
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert len([line for line in lines if line.startswith(f"{path}/en.md:")]) >= 3
    assert all(line.split(" ", 2)[1][0] in "EW" for line in lines)


@pytest.mark.parametrize("given", ["./bad", "../lessons/bad/", "./bad/en.md", "."])
def test_check_prints_the_path_as_it_was_given(lessons: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    write_lesson(lessons, "bad", "## No id\n")
    monkeypatch.chdir(lessons / "bad" if given == "." else lessons)
    (line,) = tutor("check", given).out.splitlines()
    place = given if given.endswith(".md") else given.rstrip("/") + "/en.md"
    assert line.startswith(f"{place}:9: E031 ")


def test_check_without_a_path_names_hidden_lessons_and_unreadable_folders(lessons: Path, tmp_path: Path) -> None:
    hidden = write_lesson(lessons, "check-device", step("one", "x = 1"))
    ran = tutor("check", TUTOR_LESSONS=os.pathsep.join([str(lessons), str(tmp_path / "gone")]))
    first, second = ran.out.splitlines()
    assert first.startswith(f"{hidden}:1: W007 ")
    assert second.startswith(f"{tmp_path / 'gone'}:1: W008 ")
    assert ran.code == 0


def test_the_shipped_lessons_have_neither_errors_nor_warnings() -> None:
    ran = tutor("check")
    assert (ran.out, ran.code) == ("", 0)


def test_a_report_has_versions_and_log_and_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    home = Path(os.environ["TUTOR_HOME"])
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "tutor.log").write_text("token ghp_abcdefghijklmnopqrstuvwxyz0123456789\n")
    ran = tutor("report", HTTPS_PROXY="http://me:secretpassword@proxy:3128")
    assert ran.code == 0
    (file,) = tmp_path.glob("tutor-report-*.txt")
    text = file.read_text()
    assert "textual" in text
    assert "HTTPS_PROXY is set" in text
    assert "secretpassword" not in text
    assert "ghp_abcdefgh" not in text


def test_a_mistyped_lesson_is_asked_back() -> None:
    assert "check-device" in tutor("run", "chek-device").err


def fix(step_id: str, starter: str, solution: str, condition: str, label: str) -> str:
    """A step with a starter to mend."""
    fences = {
        "python starter": starter,
        "python solution": solution,
        "python check": f"# {label}\nassert {condition}",
        "md hint": "Think.",
    }
    return f"## {step_id} {{#{step_id}}}\n\n" + "".join(f"```{role}\n{text}\n```\n\n" for role, text in fences.items())


@pytest.mark.kernel
@pytest.mark.parametrize("language", ["en"])  # `tutor check --run` proves both
def test_a_shipped_lesson_proves_itself(language: str) -> None:
    """The others have tests of their own, and `make test` proves all of them with `tutor check --run`."""
    ran = tutor("run", "check-device", "--solutions", "--json", "--lang", language)
    assert ran.code in (0, 3), ran.err
    verdicts = [event["verdict"] for event in ran.events if event["event"] == "step_finished"]
    assert len(verdicts) == 10
    assert "not_yet" not in verdicts


@pytest.mark.kernel
def test_check_run_proves_that_starters_fail_and_solutions_pass(lessons: Path) -> None:
    good = fix("fix", "x = 1", "x = 2", "x == 2", "x is two")
    proved = write_lesson(lessons, "proved", good)
    passes_at_once = fix("easy", "x = 1", "x = 2", "x", "x is set")
    never_passes = fix("wrong", "y = 1", "y = 2", "y == 3", "y is three")
    unproved = write_lesson(lessons, "unproved", passes_at_once + never_passes)
    trusted(lessons)
    assert tutor("check", str(proved), "--run").code == 0
    ran = tutor("check", str(unproved), "--run")
    assert ran.code == 1
    assert "starter" in ran.out.splitlines()[-2]
    assert "y is three" in ran.out.splitlines()[-1]


@pytest.mark.kernel
def test_a_proof_whose_runtime_does_not_start_says_so_as_any_command_does(lessons: Path) -> None:
    proved = write_lesson(lessons, "proved", fix("fix", "x = 1", "x = 2", "x == 2", "x is two"))
    trusted(lessons)
    ran = tutor("check", str(proved), "--run", TUTOR_RUNTIME="local:/bin/false")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("tutor: The kernel of /bin/false ended while it started")


def test_output_that_cannot_be_written_is_the_tutors_own_failure_in_one_line() -> None:
    done = subprocess.run(
        f"{sys.executable} -m tutor list --json > /dev/full", shell=True, capture_output=True, check=False
    )
    assert done.returncode == 4
    assert b"Traceback" not in done.stderr


def test_a_closed_output_changes_nothing() -> None:
    done = subprocess.run(f"{sys.executable} -m tutor list --json >&-", shell=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")

"""`tutor run` on made lessons with a real kernel: what lesson-format.md promises of a headless run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.commands.support import step, trusted, tutor, write_lesson
from tutor.lesson.catalogue import Catalogue, Folder
from tutor.progress.model import Attempt, Verdict
from tutor.progress.store import Store

pytestmark = pytest.mark.kernel

SEVERAL = (
    step("bind", "x = 6 * 7\nprint('hello')\nx", "# x is the answer\nassert x == 42")
    + step("miss", "x = 1", "# x is the answer\nassert x == 42, 'x is too small'")
    + step("ungpu", "x = 2", "assert x == 2", attributes='needs="module:no_such_module_here"')
    + """\
## Ask {#ask}

```toml quiz
question = "Which?"

[[choice]]
text = "this"
right = true

[[choice]]
text = "that"
why = "Not that."
```

```md hint
Think.
```
"""
)


def test_a_run_tells_each_step_in_order_with_its_verdict(lessons: Path) -> None:
    write_lesson(lessons, "several", SEVERAL)
    trusted(lessons)
    ran = tutor("run", "several", "--json")
    assert [event["event"] for event in ran.events if event["event"] != "output"] == [
        "lesson_started",
        *["step_started", "step_finished"] * 4,
        "lesson_finished",
        "run_finished",
    ]
    assert all(event["time"].endswith("Z") for event in ran.events)
    assert ran.finished("bind")["verdict"] == "passed"
    assert ran.printed("bind") == "hello\n"
    (missed,) = ran.finished("miss")["checks"]
    assert (missed["label"], missed["verdict"]) == ("x is the answer", "not_yet")
    assert (missed["message"], missed["expected"], missed["seen"]) == ("x is too small", "42", "1")
    unmet = ran.finished("ungpu")
    assert (unmet["verdict"], unmet["checks"]) == ("could_not_check", [])
    assert "no_such_module_here" in unmet["reason"]
    assert ran.finished("ask")["verdict"] == "could_not_check"
    assert ran.events[-1]["counts"] == {"passed": 1, "not_yet": 1, "could_not_check": 2}
    assert (ran.events[-1]["exit_code"], ran.code) == (1, 1)


def test_progress_of_a_plain_run_is_listed_and_open_steps_run_again(lessons: Path) -> None:
    write_lesson(lessons, "several", SEVERAL)
    trusted(lessons)
    tutor("run", "several")
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "several")
    assert (row["steps"], row["passed"], row["open"], row["state"]) == (4, 1, 2, "started")
    again = tutor("run", "--open", "--set", "ask=1", "--json")
    assert [event["step"] for event in again.events if event["event"] == "step_finished"] == ["ungpu", "ask"]
    assert again.finished("ask")["verdict"] == "passed"
    assert again.code == 3


def test_open_steps_get_the_names_of_earlier_steps_back(lessons: Path, tmp_path: Path) -> None:
    marker = tmp_path / "there"
    write_lesson(
        lessons,
        "later",
        step("bind", "x = 42", "assert x == 42")
        + step("use", "y = x + 1", "assert y == 43", attributes=f'needs="command:{marker.name}"'),
    )
    trusted(lessons)
    assert tutor("run", "later").code == 3
    marker.write_text("#!/bin/sh\n")
    marker.chmod(0o755)
    ran = tutor("run", "--open", "--json", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert ran.finished("use")["verdict"] == "passed"


def test_solutions_answer_everything_and_leave_no_progress(lessons: Path) -> None:
    write_lesson(lessons, "several", SEVERAL)
    trusted(lessons)
    ran = tutor("run", "several#ask", "--solutions", "--json")
    assert (ran.finished("ask")["verdict"], ran.code) == ("passed", 0)
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "several")
    assert row["state"] == "new"


def test_one_step_alone_says_which_step_binds_a_missing_name(lessons: Path) -> None:
    write_lesson(lessons, "two", step("first", "x = 1", "assert x") + step("second", "y = x", "assert y"))
    trusted(lessons)
    ran = tutor("run", "two#second", "--json")
    finished = ran.finished("second")
    assert finished["error"]["type"] == "NameError"
    assert "(first)" in finished["checks"][0]["message"]


def test_bash_keeps_its_exit_status_and_its_folder(lessons: Path) -> None:
    body = (
        step("make", "echo hello > note.txt; cd /", language="bash")
        + step("read", "cat note.txt; exit 3", "assert result.exit_code == 3", language="bash", words="exit=3")
        + step("wrong", "exit 2", "assert True", language="bash")
    )
    write_lesson(lessons, "shell", body)
    trusted(lessons)
    ran = tutor("run", "shell", "--json")
    assert ran.finished("read")["verdict"] == "passed"
    assert ran.printed("read") == "hello\n"
    assert "2" in ran.finished("wrong")["checks"][0]["message"]


QUESTION = """
```toml quiz
question = "Which?"

[[choice]]
text = "this"
right = true

[[choice]]
text = "that"
```
"""


def test_needs_stand_before_every_kind_of_work(lessons: Path) -> None:
    body = "".join(
        f'## {name} {{#{name} needs="{need}"}}\n{work}\n'
        for name, need, work in (
            ("quiz", "command:no-such-command", QUESTION),
            ("account", "account:github", QUESTION),
            ("hands", "command:no-such-command", "\n- [ ] do it\n\n```python practice\nx = 1\n```\n"),
        )
    )
    write_lesson(lessons, "needy", body)
    trusted(lessons)
    answers = ("--json", "--set", "quiz=1", "--set", "account=1")
    live, practised = tutor("run", "needy", *answers), tutor("run", "needy#hands", "--json", "--practice")
    for ran, name, told in (
        (live, "quiz", "no-such-command"),
        (live, "account", "GitHub"),
        (live, "account", "--practice"),
        (practised, "hands", "no-such-command"),
    ):
        finished = ran.finished(name)
        assert (finished["verdict"], finished["checks"]) == ("could_not_check", [])
        assert told in finished["reason"]
        assert ran.code == 3


def test_an_account_on_a_check_fence_concerns_only_its_lines(lessons: Path) -> None:
    code = (
        step("one", "x = 1", "# here\nassert x == 1") + '```python check needs="account:github"\nassert x == 2\n```\n'
    )
    write_lesson(lessons, "fence", code)
    trusted(lessons)
    finished = tutor("run", "fence", "--json").finished("one")
    assert [line["verdict"] for line in finished["checks"]] == ["passed", "could_not_check"]


def test_checks_that_run_out_of_time_keep_the_lines_judged_so_far(lessons: Path) -> None:
    check = "# first\nassert True\n# second\nassert x == 2\nimport time\nwhile True: time.sleep(0.01)"
    write_lesson(lessons, "slow", step("one", "x = 1", check, attributes="timeout=2"))
    trusted(lessons)
    lines = tutor("run", "slow", "--json").finished("one")["checks"]
    assert [(line["label"], line["verdict"]) for line in lines[:2]] == [("first", "passed"), ("second", "not_yet")]


def test_what_is_not_run_again_is_named_and_nothing_is_told_of_steps_that_are(lessons: Path, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    body = (
        step("upload", "print('uploading')", attributes="replay=no")
        + step("bind", "print('binding')\nx = 1", "assert x")
        + step("use", "y = x", "assert y", attributes=f'needs="command:{marker.name}"')
    )
    write_lesson(lessons, "again", body)
    trusted(lessons)
    tutor("run", "again")
    marker.write_text("#!/bin/sh\n")
    marker.chmod(0o755)
    ran = tutor("run", "--open", "--json", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert ran.finished("use")["verdict"] == "passed"
    assert "Upload" in ran.err
    assert "binding" not in ran.out


def test_an_open_step_runs_again_with_the_learners_own_code(lessons: Path, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    body = f"""\
## Fix {{#fix}}

```python starter
x = 1
```

```python solution
x = 2
```

```python check needs="command:{marker.name}"
assert x == 3
```

```md hint
Think.
```
"""
    folder = write_lesson(lessons, "own", body)
    trusted(lessons)
    (hashes,) = [Catalogue([Folder(lessons)]).hashes(folder.name)]
    kept = Store(Path(os.environ["TUTOR_HOME"]) / "tutor.db")
    kept.record(Attempt("own", "fix", hashes["fix"], Verdict.COULD_NOT_CHECK, "en", 1, 0.1, code="x = 3"))
    kept.close()
    marker.write_text("#!/bin/sh\n")
    marker.chmod(0o755)
    ran = tutor("run", "--open", "--json", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert ran.finished("fix")["verdict"] == "passed"

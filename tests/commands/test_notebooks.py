"""A notebook says what `tutor run` says, its receipt is taken, and in whatever order its cells run no verdict is wrong."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path

import nbformat
import pytest

from tests.commands.notebooks import (
    Notebook,
    cell_of,
    clean_python,
    differing,
    executed,
    exported,
    lines_of,
    printed,
    receipt_of,
)
from tests.commands.support import step, trusted, tutor, write_lesson
from tutor.i18n import Words

pytestmark = pytest.mark.kernel

ODD = "".join(
    [
        step(
            "passes",
            "x = 1\nprint('hi')\nx",
            "# it printed\nassert result.text.startswith('hi')\nassert result.value == 1",
        ),
        step("misses", "y = [1, 2]", "# two of them\nassert len(y) == 3, 'not three'\n# later\nassert y"),
        "```md hint\nLook again.\n```\n\n```md hint when='not three'\nThere are *two*.\n```\n\n".replace("'", '"'),
        step("breaks", "1 / 0", "assert True"),
        step("raises", "1 / 0", "assert result.error.type == 'ZeroDivisionError'", words='raises="ZeroDivision"'),
        step("silent", "pass", words='raises="ValueError"'),
        step("shell", "echo out; echo err >&2; exit 3", "assert 'out' in result.text", language="bash", words="exit=3"),
        step("shell-fails", "cd /nowhere || exit 4", language="bash"),
        step("magic", "%%time\nz = 5", "assert z == 5\nwhile z < 4:\n    assert z"),
        step("no-module", "w = 1", "assert w", 'needs="module:no_such_module_at_all"'),
        step("no-gpu", "w = 1", "assert w") + '```python check needs="ram:99999"\nassert x == 2\n```\n\n',
        step("asks", "name = input('who? ')", "assert name"),
        step("exits", "exit()", "assert True"),
        step("broken-check", "v = 1", "u = v / 0\n# never\nassert u"),
        step("waits", "n = []", "n.append(1)\n# it takes two looks\nassert len(n) == 2", "retry=10"),
        "## Only told {#told}\n\nRead on.\n",
    ]
)
ORDER = "".join(
    [
        step("one", "made = 'in one'\nprint(made)", "# one\nassert made == 'in one'"),
        step("two", "used = made", "# two\nassert used == 'in one'"),
        (
            "## Fix {#fix}\n\n```python starter\nanswer = 0\nleft = 1\n```\n```python solution\nanswer = 1\n```\n"
            "```python check\n# it is one\nassert answer == 1\n# nothing is left of earlier tries\nassert 'left' not in globals()\n```\n\n"
        ),
    ]
)


async def test_each_verdict_is_that_of_a_run_and_the_receipt_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lesson(tmp_path / "lessons", "odd", ODD)
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "lessons"))
    trusted(tmp_path / "lessons")
    python = clean_python(tmp_path / "clean")
    notebook = exported(tmp_path / "odd.ipynb", "odd", "--solutions")
    await executed(notebook, python, tmp_path)
    receipt = receipt_of(notebook)
    ran = tutor("run", "odd", "--solutions", "--json")
    (claim,) = receipt.lessons
    assert [one.id for one in claim.steps] == [
        event["step"] for event in ran.events if event["event"] == "step_finished"
    ][:-1]
    assert differing(ran, receipt, python) == []
    assert {one.verdict for one in claim.steps} == {"passed", "not_yet", "could_not_check"}

    missed = cell_of(notebook, "#@title Check: Misses")
    assert printed(missed).splitlines()[:3] == ["✗ two of them: not three", "    expected: 3", "    seen:     2"]
    assert [output.data["text/markdown"] for output in missed.outputs if output.output_type == "display_data"] == [
        "**hint:**\n\nThere are *two*."
    ]
    assert "Not run here: " in printed(cell_of(notebook, "# tutor: odd#no-module"))

    # The notebook is saved with its outputs, and its file says the same as its last line.
    (tmp_path / "saved.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "another home"))
    taken = tutor("receipt", str(tmp_path / "saved.ipynb"))
    assert taken.code == 1, taken.err
    assert "✓ Passes: passed there, recorded by receipt." in taken.out
    passed = [one.id for one in claim.steps if one.verdict == "passed"]
    assert len(passed) >= 5
    (odd,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "odd")
    assert odd["passed"] == len(passed)
    assert "by receipt: Passes (" in tutor("progress").out


async def test_a_shipped_lesson_runs_where_there_is_only_torch(tmp_path: Path) -> None:
    python = clean_python(tmp_path / "clean")
    notebook = await executed(
        exported(tmp_path / "c.ipynb", "check-device", "--solutions", "--lang", "zh"), python, tmp_path
    )
    ran = tutor("run", "check-device", "--solutions", "--json", "--lang", "zh")
    receipt = receipt_of(notebook)
    assert differing(ran, receipt, python) == []
    assert "PyTorch" in receipt.place
    taken = tutor("receipt", "-", stdin=printed(notebook.cells[-1]))
    assert taken.code in (0, 3), taken.err
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "check-device")
    assert row["passed"] == sum(one.verdict == "passed" for one in receipt.lessons[0].steps) > 2


async def test_in_whatever_order_cells_run_no_verdict_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lesson(tmp_path / "lessons", "order", ORDER)
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "lessons"))
    trusted(tmp_path / "lessons")
    notebook = exported(tmp_path / "order.ipynb", "order")
    set_up, receipt = cell_of(notebook, "#@title Set-up"), notebook.cells[-1]
    code = {name: cell_of(notebook, f"# tutor: order#{name}") for name in ("one", "two", "fix")}
    check = {name: cell_of(notebook, f"#@title Check: {name.title()}") for name in ("one", "two", "fix")}
    solved = edited(code["fix"], "answer = 1")
    unmarked = edited(code["one"], "made = 'in one'")
    unmarked.source = unmarked.source.partition("\n")[2]
    story = [
        (code["one"], "in one\n"),
        (check["one"], Words("en")("export.no_set_up")),
        (receipt, Words("en")("export.no_set_up")),
        (set_up, "Ready."),
        (set_up, Words("en")("export.again")),
        (check["one"], Words("en")("export.run_above")),
        (unmarked, ""),
        (check["one"], Words("en")("export.run_above")),
        (code["two"], ""),
        (check["one"], Words("en")("export.run_above")),
        (check["two"], "✓ two\n✓ passed"),
        (edited(code["two"], "used = 'other'"), ""),
        (check["two"], "✗ two"),
        (code["one"], "in one"),
        (check["one"], "✓ one\n✓ passed"),
        (check["one"], "✓ one\n✓ passed"),
        (code["fix"], ""),
        (check["fix"], "✗ it is one"),
        (solved, ""),
        (check["fix"], "✓ it is one\n✓ nothing is left of earlier tries\n✓ passed"),
        (receipt, "3 of 3 steps passed here."),
    ]
    notebook.cells = [copied(cell, number) for number, (cell, _) in enumerate(story)]
    await executed(notebook, sys.executable, tmp_path)
    told = [printed(cell) for cell in notebook.cells]
    assert [
        (number, said) for number, (said, (_, wanted)) in enumerate(zip(told, story, strict=True)) if wanted not in said
    ] == []
    assert [lines_of(one)[0]["label"] for one in receipt_of(notebook).lessons[0].steps] == ["one", "two", "it is one"]
    assert (tmp_path / "tutor-work" / "order").is_dir()


async def test_each_lesson_of_a_notebook_has_its_own_names_and_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = step("leaves", "left = 1\nopen('left.txt', 'w').close()", "assert left")
    second = step(
        "finds", "import os\nfound = 'left' in globals(), os.path.exists('left.txt')", "assert not any(found)"
    )
    for lesson_id, body in (("first", first), ("second", second)):
        write_lesson(tmp_path / "lessons", lesson_id, body)
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "lessons"))
    trusted(tmp_path / "lessons")
    notebook = exported(tmp_path / "both.ipynb", "first", "second")
    receipt = receipt_of(await executed(notebook, sys.executable, tmp_path))
    assert [(lesson.id, step.verdict) for lesson in receipt.lessons for step in lesson.steps] == [
        ("first", "passed"),
        ("second", "passed"),
    ]


def edited(cell: Notebook, code: str) -> Notebook:
    """The cell with other code below its first line."""
    changed = copy.deepcopy(cell)
    changed.source = changed.source.partition("\n")[0] + "\n" + code
    return changed


def copied(cell: Notebook, number: int) -> Notebook:
    again = copy.deepcopy(cell)
    again.id = f"cell-{number}"
    return again

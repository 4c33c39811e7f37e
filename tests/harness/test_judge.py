from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.harness.driver import Kernel, only, verdicts
from tests.support.waiting import wait_for

pytestmark = pytest.mark.kernel


def test_all_lines_are_judged_also_after_a_miss(kernel: Kernel) -> None:
    kernel.run("x = 1")
    judged = kernel.judge(
        "# first\nassert x == 2, 'not two'\n# second\nassert x == 1\nfor n in (1, 2):\n    assert n < 2, f'{n}'"
    )
    assert verdicts(judged) == [("first", "not_yet"), ("second", "passed"), ("for n in (1, 2):", "not_yet")]
    assert judged["lines"][0] == {
        "kind": "line",
        "label": "first",
        "verdict": "not_yet",
        "message": "not two",
        "expected": "2",
        "seen": "1",
        "unmet": [],
    }
    assert (judged["lines"][2]["message"], judged["lines"][2]["seen"]) == ("2", "2")


def test_a_line_that_raises_has_missed_with_that_error(kernel: Kernel) -> None:
    kernel.run("x = 1")
    judged = kernel.judge("assert x / 0\nassert missing\nassert __import__('sys').exit()")
    assert [line["message"] for line in judged["lines"]] == [
        "ZeroDivisionError: division by zero",
        "NameError: name 'missing' is not defined",
        "SystemExit",
    ]
    assert judged["unbound"] == "missing"


def test_a_statement_that_raises_leaves_the_rest_of_its_fence_not_reached(kernel: Kernel) -> None:
    kernel.run("x = 1")
    judged = kernel.judge("assert x\nboom(\n  1)\n# after\nassert x\ny = 2\nassert y", "assert x == 1")
    assert [(line["kind"], line["label"], line["verdict"]) for line in judged["lines"]] == [
        ("line", "x", "passed"),
        ("line", "boom(", "not_yet"),
        ("not_reached", "after", "not_yet"),
        ("not_reached", "y", "not_yet"),
        ("line", "x == 1", "passed"),
    ]


def test_fences_see_each_others_names_and_leave_none(kernel: Kernel) -> None:
    kernel.run("x = 1; gone = 1")
    judged = kernel.judge(
        "x = 5; y = 6; del gone\nimport json as j\nassert x == 5", "assert x + y == 11\nassert [y for _ in 'a'] == [6]"
    )
    assert [line["verdict"] for line in judged["lines"]] == ["passed"] * 3
    assert (
        kernel.eval("x, gone, 'y' in globals(), 'j' in globals(), '__tutor__' in globals()")
        == "(1, 1, False, False, False)"
    )


def test_result_describes_the_last_run(kernel: Kernel) -> None:
    kernel.run("import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out')\n6 * 7")
    judged = kernel.judge(
        "assert result.text == 'out\\nerr\\nout\\n'\nassert result.value == 42\nassert result.error is None\n"
        "assert result.exit_code is None\nassert 0 < result.seconds < 30"
    )
    assert {line["verdict"] for line in judged["lines"]} == {"passed"}, judged


def test_result_is_read_only_and_the_learners_own_comes_back(kernel: Kernel) -> None:
    kernel.run("result = 'mine'\ndef mine():\n    return result")
    judged = kernel.judge("result.text = 1", "result = 1\nassert 1", "assert mine() == 'mine'")
    assert [line["message"] for line in judged["lines"]] == [
        "AttributeError: result is read-only",
        "TypeError: 'result' is read-only in checks",
        "not reached",
        "",
    ]
    assert kernel.eval("result") == "'mine'"


def test_the_text_of_very_long_output_is_its_first_and_last_mib(kernel: Kernel) -> None:
    kernel.run("print('first' + 'x' * (5 << 20))\nfor i in range(100): print('y' * 50_000)\nprint('last')")
    judged = kernel.judge(
        "assert len(result.text) == 2 << 20\nassert result.text.startswith('firstx')\nassert result.text.endswith('y\\nlast\\n')"
    )
    assert {line["verdict"] for line in judged["lines"]} == {"passed"}, judged


def test_code_that_raised_is_one_line_and_the_checks_do_not_run(kernel: Kernel) -> None:
    kernel.run("x = undefined_name")
    judged = kernel.judge("assert x")
    line = only(judged["lines"])
    assert (line["kind"], line["verdict"]) == ("code", "not_yet")
    assert judged["error"] == {"type": "NameError", "message": "name 'undefined_name' is not defined"}
    assert judged["unbound"] == "undefined_name"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 1\nx / 0", 2),
        ("def f():\n    return 1 / 0\n\nf()", 2),
        ("import json\n\njson.loads('{')", 3),
        ("x = 1\ny = (", 2),
        ("x = 1\nearlier()", 2),
        ("x = 1\n!true\neval('1 +')", 3),
        ("import asyncio\nawait asyncio.sleep(0)\n1/0", 3),
    ],
)
def test_the_line_of_an_error_is_the_innermost_of_the_code_that_ran(kernel: Kernel, code: str, line: int) -> None:
    kernel.run("\n\n\n\ndef earlier():\n    return 1 / 0", step="demo#before")
    kernel.run(code)
    assert kernel.judge("assert True")["error_line"] == line


@pytest.mark.parametrize(
    "code",
    ["x = (", "await 1/0", "raise SystemExit(3)", "import asyncio\nawait asyncio.sleep(0)\n1/0"],
)
def test_every_way_to_fail_is_seen(kernel: Kernel, code: str) -> None:
    kernel.run(code)
    assert only(kernel.judge("assert 1")["lines"])["kind"] == "code"


def test_an_expected_exception(kernel: Kernel) -> None:
    kernel.run("int('x')")
    judged = kernel.judge("assert result.error.type == 'ValueError'", raises="ValueError: invalid")
    assert only(judged["lines"])["verdict"] == "passed"
    assert judged["error"]["type"] == "ValueError"
    assert only(kernel.judge("assert 1", raises="KeyError")["lines"])["kind"] == "code"
    kernel.run("1", fresh=False)
    assert only(kernel.judge("assert 1", raises="KeyError")["lines"])["kind"] == "raises"


def test_needs_of_the_step_keep_the_code_from_running(kernel: Kernel) -> None:
    kernel.run("ran = 1", needs=["posix", "module:no_such_module.sub"])
    judged = kernel.judge("assert ran")
    assert [need["need"] for need in judged["unmet"]] == ["module:no_such_module.sub"]
    assert judged["lines"] == []
    assert kernel.eval("'ran' in globals()") == "False"


def test_needs_of_a_fence_concern_only_its_lines(kernel: Kernel) -> None:
    kernel.run("x = 1")
    judged = kernel.judge({"code": "# A\nassert x == 2", "needs": ["env:colab"]}, "assert x == 1")
    assert verdicts(judged) == [("A", "could_not_check"), ("x == 1", "passed")]
    assert judged["lines"][0]["unmet"] == [{"need": "env:colab", "detail": ""}]


def test_a_step_without_code_is_judged_with_the_names_of_its_paste(kernel: Kernel) -> None:
    judged = kernel.judge(
        "assert card == 'T4'\nassert result.value is None", attempted=False, names={"card": "T4"}, step="paste"
    )
    assert [line["verdict"] for line in judged["lines"]] == ["passed", "passed"]
    assert kernel.eval("'card' in globals()") == "False"
    assert kernel.judge("assert 1", attempted=False, step="x", needs=["command:no-such-command"])["unmet"]


def test_values_stand_in_checks_and_not_in_labels(kernel: Kernel) -> None:
    values = {"name": {"value": "Ada", "secret": False}}
    kernel.run("x = '{{name}}'", values=values)
    judged = kernel.judge("assert x == '{{name}}'\nassert len('{{name}}') == 3", values=values)
    assert verdicts(judged) == [("x == '{{name}}'", "passed"), ("len('{{name}}') == 3", "passed")]


def test_a_value_is_in_no_traceback(kernel: Kernel) -> None:
    answer = kernel.run("1/0, '{{name}}'", values={"name": {"value": "hunter2!", "secret": True}})
    assert "{{name}}" in answer.traceback
    assert "hunter2!" not in answer.traceback


def test_checks_are_repeated_until_all_pass(kernel: Kernel) -> None:
    kernel.run("count = [0]\ndef look():\n    count[0] += 1\n    return count[0]")
    judged = kernel.judge("assert look() == 2", retry=20)
    assert verdicts(judged) == [("look() == 2", "passed")]
    assert kernel.eval("count") == "[2]"


def test_repeating_can_be_interrupted_and_keeps_what_was_judged(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run("x = 1")
    rounds = tmp_path / "rounds"
    sent = kernel.send_judge(f"# a\nassert 1\n# b\nassert open({str(rounds)!r}, 'a').write('+') == 2", retry=60)
    # In the second round, so that the first one is complete.
    wait_for(lambda: rounds.exists() and len(rounds.read_text()) > 1)
    kernel.interrupt()
    judged = kernel.collect(sent).data("application/vnd.gpu-tutor.judged+json")
    assert judged["interrupted"] is True
    assert verdicts(judged) == [("a", "passed"), ("b", "not_yet")]


def test_checks_print_and_display_nothing(kernel: Kernel) -> None:
    kernel.run("def f():\n    print('learner')\n    return 1")
    sent = kernel.send_judge("print('check')\nfrom IPython.display import display; display(1)\nassert f()")
    answer = kernel.collect(sent)
    assert (answer.stdout, answer.stderr, len(answer.displays)) == ("", "", 1)


HOSTILE: list[Any] = [
    ("class R:\n    def __repr__(self): raise ValueError\nx = R()", "assert x == 1", "not_yet"),
    ("class E:\n    def __eq__(self, o): raise SystemExit(1)\nx = E()", "assert x == 1", "not_yet"),
    ("class B:\n    def __bool__(self): raise ValueError('no')\nx = B()", "assert x", "not_yet"),
    ("def print(*a): raise ValueError\nopen = len = get_ipython = isinstance = None; x = 1", "assert x == 1", "passed"),
    (
        "import builtins\nfor n in ('len', 'isinstance', 'print', 'str', 'getattr'): delattr(builtins, n)",
        "assert 1",
        "passed",
    ),
    ("import builtins\ndel builtins.isinstance, builtins.len, builtins.vars\n1/0", "assert 1", "not_yet"),
    ("import builtins\nbuiltins.len = None", "assert len([1]) == 1", "passed"),
    ("import sys\nsys.stdout.close()\nsys.stderr.close()", "assert 1", "passed"),
    ("import sys\nsys.stdout = sys.stderr = None", "assert 1", "passed"),
    ("import sys, io\nsys.stdout = io.StringIO(); sys.stdout.close()", "assert 1", "passed"),
    ("import sys\nsys.setrecursionlimit(80)", "assert 1", "passed"),
    ("def f(): return f()\nx = f", "assert x() == 1", "not_yet"),
    ("import tutor\ntutor = None; __tutor__ = 1", "assert tutor is None", "passed"),
    ("%reset -f", "assert 1", "passed"),
    ("x = 'a\\ud800'\nprint(x)", "assert x == 'b'", "not_yet"),
    ("globals().clear()", "assert 1", "passed"),
    ("import sys\nsys.settrace(lambda *a: None); sys.setprofile(None)", "assert 1", "passed"),
]
RUINOUS: list[Any] = [
    ("import sys\nsys.modules.pop('tutor', None); sys.path.clear()", "assert 1", "passed"),
    ("import os\nos.close(1); os.close(2)", "assert 1", "passed"),
]


@pytest.mark.parametrize(("code", "check", "verdict"), HOSTILE)
def test_the_harness_outlives_what_the_code_does(kernel: Kernel, code: str, check: str, verdict: str) -> None:
    outlives(kernel, code, check, verdict)


@pytest.mark.parametrize(("code", "check", "verdict"), RUINOUS)
def test_the_harness_outlives_what_leaves_the_kernel_in_ruins(
    own_kernel: Kernel, code: str, check: str, verdict: str
) -> None:
    outlives(own_kernel, code, check, verdict)


def outlives(kernel: Kernel, code: str, check: str, verdict: str) -> None:
    kernel.run(code)
    assert kernel.judge(check)["lines"][0]["verdict"] == verdict
    assert kernel.run("done = __import__('sys').stdout.write('alive\\n')", step="two").stdout == "alive\n"
    assert kernel.judge("assert result.text == 'alive\\n'", step="two")["lines"][0]["verdict"] == "passed"


def test_no_frame_of_the_harness_is_in_a_traceback(kernel: Kernel) -> None:
    answer = kernel.run("import sys\nsys.stdout.write(5)")
    assert "TypeError" in (answer.error or "")
    assert "tutor/harness" not in answer.traceback


def test_a_cell_that_runs_cells_is_one_attempt(kernel: Kernel) -> None:
    kernel.run("get_ipython().run_cell('1/0')\nget_ipython().run_cell('x = 5')\nx")
    judged = kernel.judge("assert result.value == 5\nassert 'ZeroDivisionError' not in result.text")
    assert judged["error"] is None


def test_optimised_away_asserts_are_judged_all_the_same(kernel: Kernel) -> None:
    kernel.run("x = 1")
    assert kernel.judge("assert x == 2")["lines"][0]["verdict"] == "not_yet"


def test_a_fence_that_is_no_python_has_missed(kernel: Kernel) -> None:
    kernel.run("x = 1")
    assert kernel.judge("assert (")["lines"][0]["message"].startswith("SyntaxError")

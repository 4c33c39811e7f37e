from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.driver import LIMIT, Kernel, only
from tutor.harness import BASH_CODE, JUDGED_MIME

pytestmark = pytest.mark.kernel


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def test_bash_runs_in_the_folder_and_keeps_its_exit_status(kernel: Kernel, tmp_path: Path) -> None:
    answer = kernel.bash("pwd; echo err >&2; cat; exit 3")
    assert answer.stdout == f"{tmp_path}\n"
    assert answer.stderr == "err\n"
    assert answer.value is None
    judged = kernel.judge("assert 1")
    line = only(judged["lines"])
    assert (line["kind"], line["verdict"], line["expected"], line["seen"]) == ("code", "not_yet", "0", "3")
    judged = kernel.judge("assert result.exit_code == 3\nassert 'err' in result.text", exit=3)
    assert [line["verdict"] for line in judged["lines"]] == ["passed", "passed"]
    assert judged["exit_code"] == 3


def test_nothing_of_one_bash_step_is_in_the_next(kernel: Kernel) -> None:
    kernel.bash("cd /; export LEFT=1")
    assert kernel.bash("echo ${LEFT-none}; pwd").stdout.startswith("none\n")


def test_a_signal_is_an_exit_status_as_a_shell_says_it(kernel: Kernel) -> None:
    kernel.bash("kill -9 $$")
    assert kernel.judge()["exit_code"] == 137


def test_bytes_that_are_no_utf8_are_replaced_and_split_characters_are_not(kernel: Kernel) -> None:
    answer = kernel.bash(r"printf 'a\xffb\n'; printf '\xe4\xb8'; sleep 0.1; printf '\xad\n'")
    assert answer.stdout == "a\ufffdb\n中\n"


def test_values_reach_bash_as_variables(kernel: Kernel) -> None:
    values = {"name": {"value": "a 'b' $c \"d\"", "secret": True}}
    answer = kernel.bash("echo {{name}} \"{{name}}\" '{{name}}'", values=values)
    assert answer.stdout == " ".join(["a 'b' $c \"d\""] * 3) + "\n"


def test_output_comes_while_bash_runs(kernel: Kernel) -> None:
    tutor = {
        "op": "attempt",
        "step": "one",
        "fresh": True,
        "lesson": kernel.lesson,
        "script": "echo first; read -t 60 < <(sleep 60)",
    }
    sent = kernel.send(BASH_CODE, tutor)
    message = {"msg_type": ""}
    while message["msg_type"] != "stream":
        message = kernel.client.get_iopub_msg(timeout=LIMIT)
    kernel.interrupt()
    assert kernel.collect(sent).status == "error"


def test_an_interrupt_while_bash_starts_ends_it_as_well(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run(
        """
import os, signal, subprocess

def interrupted(*arguments, popen=subprocess.Popen, **options):
    subprocess.Popen = popen
    process = popen(*arguments, **options)
    with open("group", "w") as file:
        file.write(str(process.pid))
    os.kill(os.getpid(), signal.SIGINT)
    return process

subprocess.Popen = interrupted
"""
    )
    began = time.monotonic()
    answer = kernel.bash("sleep 100")
    assert answer.error == "KeyboardInterrupt: "
    assert answer.traceback == "KeyboardInterrupt"
    assert time.monotonic() - began < 5
    group = int((tmp_path / "group").read_text())
    wait_until(lambda: _alive_in(group) == [])


@pytest.mark.parametrize(
    "script",
    [
        "echo $$ > pid; sleep 100",
        "echo $$ > pid; trap '' INT; while true; do sleep 0.1; done",
        "sleep 100 & echo $$ > pid; sleep 100",
        "echo $$ > pid; (trap '' INT TERM; while true; do sleep 0.1; done) & wait",
    ],
)
def test_an_interrupt_ends_bash_and_all_it_started(kernel: Kernel, tmp_path: Path, script: str) -> None:
    tutor = {"op": "attempt", "step": "one", "fresh": True, "lesson": kernel.lesson, "script": script}
    sent = kernel.send(BASH_CODE, tutor)
    judge = kernel.send_judge("assert 1")
    pid = tmp_path / "pid"
    wait_until(lambda: pid.exists() and pid.read_text().endswith("\n"))
    group = int(pid.read_text())
    began = time.monotonic()
    kernel.interrupt()
    answer = kernel.collect(sent)
    assert answer.error == "KeyboardInterrupt: "
    assert answer.traceback == "KeyboardInterrupt"
    assert time.monotonic() - began < 5
    judged = kernel.collect(judge).data(JUDGED_MIME)
    assert judged["error"]["type"] == "KeyboardInterrupt"
    wait_until(lambda: _alive_in(group) == [])


def _alive_in(group: int) -> list[str]:
    """Processes of the group that are not mere zombies, which only their new parent can clear away."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


def test_what_is_left_in_the_background_does_not_hold_the_step_and_is_still_heard(kernel: Kernel) -> None:
    answer = kernel.bash("(until [ -e go ]; do sleep 0.05; done; echo later; touch done) & echo now")
    assert answer.stdout == "now\n"
    assert kernel.judge("assert result.seconds < 20")["lines"][0]["verdict"] == "passed"
    kernel.run("open('go', 'w').close()", op="free")
    late = kernel.wait_for_late("later")
    assert (late["step"], late["stream"]) == ("one", "stdout")


def test_a_bash_that_closes_its_output_is_waited_for(kernel: Kernel) -> None:
    kernel.bash("exec >&- 2>&-; sleep 0.3; exit 4")
    assert kernel.judge()["exit_code"] == 4


def test_without_bash_it_says_so(own_kernel: Kernel) -> None:
    own_kernel.run("import os; os.environ['PATH'] = '/nowhere'", op="free")
    answer = own_kernel.bash("echo x")
    assert answer.traceback == "FileNotFoundError: bash is not installed here, or not on the PATH"
    assert own_kernel.judge()["lines"][0]["kind"] == "code"

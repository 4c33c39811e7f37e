from __future__ import annotations

import pytest

from tests.harness.driver import Kernel, only
from tutor.harness.streams import MIB, Capture

THREAD = """
import threading
go, gone = threading.Event(), threading.Event()
def work():
    go.wait(30)
    print("from the thread")
    gone.set()
thread = threading.Thread(target=work)
thread.start()
"""


def test_of_very_long_text_the_first_and_last_mib_are_kept() -> None:
    capture = Capture()
    capture.add("a" * (MIB - 1))
    capture.add("bc")
    assert capture.text() == "a" * (MIB - 1) + "bc"
    for _ in range(20):
        capture.add("d" * MIB)
    capture.add("end")
    text = capture.text()
    assert len(text) == 2 * MIB
    assert text[MIB - 1 : MIB + 1] == "bd"
    assert text.endswith("dend")


@pytest.mark.kernel
def test_a_thread_that_prints_into_a_later_step_is_named(kernel: Kernel) -> None:
    kernel.run(THREAD, step="one")
    answer = kernel.run("go.set(); joined = gone.wait(30); print('two')", step="two")
    assert answer.stdout == "two\n"
    assert kernel.wait_for_late("from the thread") == {"step": "one", "stream": "stdout", "text": "from the thread\n"}
    judged = kernel.judge("assert result.text == 'two\\n'", step="two")
    assert only(judged["lines"])["verdict"] == "passed"


@pytest.mark.kernel
def test_a_thread_that_prints_when_nothing_runs_is_named_and_belongs_to_its_step(kernel: Kernel) -> None:
    kernel.run(THREAD + "threading.Timer(0.05, go.set).start()")
    assert kernel.wait_for_late("from the thread")["step"] == "one"
    judged = kernel.judge("assert result.text == 'from the thread\\n'", retry=10)
    assert only(judged["lines"])["verdict"] == "passed"


@pytest.mark.kernel
def test_what_a_thread_prints_while_its_step_is_judged_counts(kernel: Kernel) -> None:
    kernel.run(THREAD)
    sent = kernel.send_judge("go.set()\nassert 'from the thread' in result.text", retry=10)
    answer = kernel.collect(sent)
    assert answer.stdout == "from the thread\n"


@pytest.mark.kernel
def test_a_pool_works_for_the_step_that_hands_it_work(kernel: Kernel) -> None:
    kernel.run(
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(print, 'a').result()"
    )
    answer = kernel.run("pool.submit(print, 'b').result(); pool.shutdown()", step="two")
    assert answer.stdout == "b\n"


@pytest.mark.kernel
def test_a_task_of_an_earlier_step_is_named(kernel: Kernel) -> None:
    kernel.run(
        "import asyncio\nasync def later():\n    await go.wait()\n    print('from the task')\ngo = asyncio.Event()\ntask = asyncio.create_task(later())\nawait asyncio.sleep(0)"
    )
    answer = kernel.run("go.set(); await task; print('two')", step="two")
    assert answer.stdout == "two\n"
    assert kernel.wait_for_late("from the task")["step"] == "one"


@pytest.mark.kernel
def test_to_thread_prints_for_the_step_that_calls_it(kernel: Kernel) -> None:
    code = "import asyncio\nawait asyncio.to_thread(print, 'x')"
    assert kernel.run(code).stdout == "x\n"
    assert kernel.run(code, step="two").stdout == "x\n"


@pytest.mark.kernel
def test_what_subprocesses_print_is_in_the_text(kernel: Kernel) -> None:
    kernel.run("import os, sys\nfor n in range(5):\n    _ = os.system(f'echo out {n}')\n_ = os.system('echo err >&2')")
    judged = kernel.judge(
        "assert [f'out {n}' in result.text for n in range(5)] == [True] * 5\nassert 'err' in result.text"
    )
    assert [line["verdict"] for line in judged["lines"]] == ["passed", "passed"]


@pytest.mark.kernel
def test_output_of_other_front_ends_is_left_as_it_is(kernel: Kernel) -> None:
    kernel.run("print('one')")
    assert kernel.collect(kernel.send("print('other')", None)).stdout == "other\n"
    assert only(kernel.judge("assert result.text == 'one\\n'")["lines"])["verdict"] == "passed"


@pytest.mark.kernel
def test_text_that_no_encoder_takes_is_not_lost_with_all_around_it(kernel: Kernel) -> None:
    assert kernel.run("print('before'); print('\\ud800'); print('after')").stdout == "before\n?\nafter\n"


@pytest.mark.kernel
def test_a_hundred_megabytes_do_not_stay_in_the_kernel(own_kernel: Kernel) -> None:
    own_kernel.run("import resource\nbefore = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss", op="replay")
    sent = own_kernel.send(
        "import sys\nfor _ in range(400):\n    print('x' * 255_999)\n    sys.stdout.flush()",
        {"op": "attempt", "step": "one", "fresh": True, "lesson": own_kernel.lesson},
    )
    own_kernel.collect(sent)
    judged = own_kernel.judge(
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\nassert grown < 60_000\nassert len(result.text) == 2 << 20"
    )
    assert [line["verdict"] for line in judged["lines"]] == ["passed", "passed"], judged

"""What comes out of a real kernel; all tests of this file share one."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.runtime.kernels import LONG, free, late, make_runtime, printed, raised, run
from tests.support.waiting import wait_for, wait_for_async
from tutor.harness import JUDGE_CODE
from tutor.runtime.base import Cleared, Ending, InputRequest, Raised, Request, Rich, RuntimeState
from tutor.runtime.local import LocalRuntime
from tutor.text.scrub import Scrubber
from tutor.text.terminal import Terminal

pytestmark = [pytest.mark.kernel, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kernel(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalRuntime]:
    folder = tmp_path_factory.mktemp("shared-kernel")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        patch.delenv("PYTEST_CURRENT_TEST")  # with it, ipykernel does not read descriptors 1 and 2
        runtime = make_runtime(folder)
        await runtime.start()
    try:
        yield runtime
    finally:
        await runtime.aclose()


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def stopped(kernel: LocalRuntime) -> AsyncIterator[None]:
    """A test that fails half-way leaves nothing running for the next."""
    yield
    await kernel.interrupt()


async def test_says_what_it_is(kernel: LocalRuntime) -> None:
    info = kernel.info
    assert info.name == "local"
    assert info.python.startswith("3.")
    assert info.executable
    assert info.facts["pid"] != os.getpid()
    assert info.device
    assert kernel.state is RuntimeState.READY


async def test_prints_to_both_streams_in_order(kernel: LocalRuntime) -> None:
    execution, finished = await run(kernel, "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')")
    assert printed(execution.output) == "one\nthree\n"
    assert printed(execution.output, "stderr") == "two\n"
    assert finished.ending is Ending.DONE
    assert finished.judged is None


async def test_output_comes_while_the_code_runs(kernel: LocalRuntime) -> None:
    execution = kernel.execute([free("print('now', flush=True)\ninput()")], timeout=LONG)
    await wait_for_async(lambda: printed(execution.output) == "now\n")
    assert execution.finished is None
    await wait_for_async(lambda: execution.input_request)
    execution.answer("")
    await execution.wait()


async def test_nested_progress_bars_leave_nothing_behind(kernel: LocalRuntime) -> None:
    code = (
        "from tqdm import tqdm\nfor _ in tqdm(range(2), desc='outer', leave=True):\n"
        "    for _ in tqdm(range(3), desc='inner, with a longer name', leave=True): pass"
    )
    execution, _ = await run(kernel, code)
    terminal = Terminal()
    lines = [*terminal.feed(printed(execution.output, "stderr")), *terminal.close()]
    shown = ["".join(part.text for part in line).strip() for line in lines]
    assert [line.endswith("it/s]") and line.count("]") == 1 for line in shown if line] == [True] * 3
    assert max(map(len, shown)) <= 68


async def test_result_and_displays_are_rich(kernel: LocalRuntime) -> None:
    code = (
        "from IPython.display import HTML, clear_output, display\n"
        "shown = display(HTML('<b>1</b>'), display_id=True)\nshown.update(HTML('<b>2</b>'))\nclear_output(wait=True)\n6 * 7"
    )
    execution, _ = await run(kernel, code)
    first, second, cleared, result = execution.output.read()[0]
    assert isinstance(first, Rich)
    assert isinstance(second, Rich)
    assert first.data["text/html"] == "<b>1</b>"
    assert (second.update, second.display_id) == (True, first.display_id)
    assert cleared == Cleared(wait=True)
    assert result == Rich({"text/plain": "42"})


async def test_an_error_is_a_result(kernel: LocalRuntime) -> None:
    execution, finished = await run(kernel, "1 / 0")
    (error,) = execution.output.read()[0]
    assert isinstance(error, Raised)
    assert (error.type, error.message) == ("ZeroDivisionError", "division by zero")
    assert error.traceback
    assert finished.ending is Ending.DONE


async def test_requests_go_on_after_one_that_raised(kernel: LocalRuntime) -> None:
    execution = kernel.execute([free("1 / 0"), free("print('still')"), free("print('here')")], timeout=LONG)
    await execution.wait()
    assert raised(execution.output) == ["ZeroDivisionError"]
    assert printed(execution.output) == "still\nhere\n"


async def test_attempt_and_judge_are_one_execution(kernel: LocalRuntime) -> None:
    attempt = Request("x = 2\nprint(x)", {"op": "attempt", "step": "a", "fresh": True})
    checks = [{"code": "# two\nassert x == 2", "line": 1, "needs": []}]
    judge = Request(JUDGE_CODE, {"op": "judge", "step": "a", "checks": checks, "attempted": True}, silent=True)
    execution = kernel.execute([attempt, judge], timeout=LONG)
    finished = await execution.wait()
    assert finished.judged is not None
    assert [(line["label"], line["verdict"]) for line in finished.judged["lines"]] == [("two", "passed")]
    assert printed(execution.output) == "2\n"


async def test_input_and_getpass_ask_for_an_answer(kernel: LocalRuntime) -> None:
    code = "import getpass\nname = input('Name? ')\nword = getpass.getpass('Word? ')\nprint(name, word)"
    execution = kernel.execute([free(code)], timeout=LONG)
    await wait_for_async(lambda: execution.input_request)
    assert execution.input_request == InputRequest("Name? ", password=False)
    execution.answer("Ada")
    await wait_for_async(lambda: execution.input_request)
    assert execution.input_request == InputRequest("Word? ", password=True)
    execution.answer("öäü")
    await execution.wait()
    assert printed(execution.output) == "Ada öäü\n"
    assert execution.input_request is None


async def test_input_fails_where_nobody_can_answer(kernel: LocalRuntime) -> None:
    execution = kernel.execute([free("input()", allow_stdin=False)], timeout=LONG)
    await execution.wait()
    assert raised(execution.output) == ["StdinNotImplementedError"]


async def test_an_interrupt_ends_a_question(kernel: LocalRuntime) -> None:
    execution = kernel.execute([free("input('? ')")], timeout=LONG)
    await wait_for_async(lambda: execution.input_request)
    await kernel.interrupt()
    assert execution.input_request is None
    assert raised(execution.output) == ["KeyboardInterrupt"]


@pytest.mark.parametrize(
    "code",
    ["while True: pass", "import time\ntime.sleep(60)", "import os\nos.system('sleep 60')\nraise KeyboardInterrupt"],
)
async def test_an_interrupt_ends_what_yields(kernel: LocalRuntime, code: str) -> None:
    generation = kernel.generation
    execution = kernel.execute([free(code)], timeout=LONG)
    await kernel.interrupt()
    assert execution.finished is not None
    assert execution.finished.ending is Ending.DONE
    assert raised(execution.output) == ["KeyboardInterrupt"]
    assert kernel.generation == generation
    assert printed((await run(kernel, "print('fine')"))[0].output) == "fine\n"


async def test_interrupting_an_idle_kernel_does_nothing(kernel: LocalRuntime) -> None:
    await kernel.interrupt()
    assert printed((await run(kernel, "print('fine')"))[0].output) == "fine\n"


async def test_a_time_limit_interrupts(kernel: LocalRuntime) -> None:
    _, finished = await run(kernel, "while True: pass", timeout=0.3)
    assert finished.ending is Ending.TIMEOUT
    assert finished.seconds < 3.0
    assert kernel.state is RuntimeState.READY


async def test_deep_recursion_is_an_error_like_any(kernel: LocalRuntime) -> None:
    execution, finished = await run(kernel, "def f(): return f()\nf()")
    assert raised(execution.output) == ["RecursionError"]
    assert finished.ending is Ending.DONE


async def test_bytes_that_are_no_utf8_are_replaced(kernel: LocalRuntime) -> None:
    execution, _ = await run(kernel, r"import os; _ = os.write(1, b'a\xff\xfeb\n')")
    assert printed(execution.output) == "a\ufffd\ufffdb\n"


async def test_characters_that_arrive_in_halves_are_whole(kernel: LocalRuntime) -> None:
    execution, _ = await run(
        kernel, "import os, time\nfor byte in '一'.encode(): os.write(2, bytes([byte])); time.sleep(0.01)"
    )
    assert printed(execution.output, "stderr") == "一"


async def test_escape_sequences_arrive_as_they_are(kernel: LocalRuntime) -> None:
    execution, _ = await run(kernel, r"print('\x1b[31mred\x1b[0m\r\x1b]0;title\x07')")
    assert printed(execution.output) == "\x1b[31mred\x1b[0m\r\x1b]0;title\x07\n"


async def test_a_lone_surrogate_stops_nothing(kernel: LocalRuntime) -> None:
    await run(kernel, "'\udcff'")
    execution, _ = await run(kernel, r"print('\udcff')")
    assert execution.finished is not None
    assert printed((await run(kernel, "print('fine')"))[0].output) == "fine\n"


async def test_a_thread_that_prints_late_is_kept_apart(kernel: LocalRuntime) -> None:
    code = (
        "import threading\ngo = threading.Event()\n"
        "def tell():\n    go.wait()\n    print('late')\n"
        "threading.Thread(target=tell).start()"
    )
    step = Request(code, {"op": "attempt", "step": "early", "fresh": True})
    await kernel.execute([step], timeout=LONG).wait()
    later = Request("go.set()\ninput()\nprint('mine')", {"op": "attempt", "step": "later", "fresh": True})
    execution = kernel.execute([later], timeout=LONG)
    await wait_for_async(lambda: late(execution.output))
    await wait_for_async(lambda: execution.input_request)
    execution.answer("")
    await execution.wait()
    assert late(execution.output) == "late\n"
    assert printed(execution.output) == "mine\n"


async def test_secrets_leave_every_output(kernel: LocalRuntime) -> None:
    code = (
        "import time\nfor piece in ('my hunter2', '-hunter2 word\\n'):\n    print(piece, end='', flush=True)\n"
        "    time.sleep(0.01)\ninput('hunter2-hunter2? ')\n'hunter2-hunter2'\nraise ValueError('hunter2-hunter2')"
    )
    execution = kernel.execute([free(code)], timeout=LONG, scrubber=Scrubber([("password", "hunter2-hunter2")]))
    question = await wait_for_async(lambda: execution.input_request)
    assert question is not None
    assert question.prompt == "{{password}}? "
    execution.answer("")
    await execution.wait()
    assert "hunter2-hunter2" not in str(execution.output.read())
    assert printed(execution.output) == "my {{password}} word\n"


async def test_nothing_is_lost_while_the_loop_stands_still(kernel: LocalRuntime) -> None:
    execution = kernel.execute([free("for i in range(20_000): print(i, flush=True)\nopen('done', 'w').close()")])
    done = kernel._working_folder / "done"
    wait_for(done.exists, LONG)  # on purpose without giving way to the loop
    await execution.wait()
    assert printed(execution.output).split() == [str(i) for i in range(20_000)]


async def test_100_mb_that_nobody_reads_go_to_the_file(kernel: LocalRuntime) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    execution, finished = await run(kernel, "for i in range(1000): print('x' * 99_999)", timeout=60.0)
    assert finished.ending is Ending.DONE
    log = execution.output
    assert log.size == 100_000_000
    assert log.path is not None
    assert log.path.stat().st_size == 100_000_000
    assert log.path.stat().st_mode & 0o777 == 0o600
    first, between, last = log.ends(1000)
    assert between == 100_000_000 - 2000
    assert [type(output).__name__ for output in (*first, *last)].count("Text") >= 2
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 80 * 1024
    log.path.unlink()


async def test_a_million_lines_are_all_there(kernel: LocalRuntime) -> None:
    execution, _ = await run(kernel, "for i in range(1_000_000): print(i)", timeout=60.0)
    started = time.process_time()
    text = printed(execution.output)
    assert text.startswith("0\n1\n2\n")
    assert text.endswith("999998\n999999\n")
    assert text.count("\n") == 1_000_000
    assert time.process_time() - started < LONG


async def test_changed_returns_once_for_what_is_new(kernel: LocalRuntime) -> None:
    execution = kernel.execute([free("print('a', flush=True)\ninput()\nprint('b')")], timeout=LONG)
    while execution.input_request is None:
        await execution.changed()
    while printed(execution.output) != "a\n":  # the question can overtake it
        await execution.changed()
    execution.answer("")
    while execution.finished is None:
        await execution.changed()
    assert printed(execution.output) == "a\nb\n"


async def test_history_is_kept_in_memory_only(kernel: LocalRuntime) -> None:
    execution, _ = await run(kernel, "print(get_ipython().history_manager.hist_file)")
    assert printed(execution.output) == ":memory:\n"


async def test_the_bundle_is_what_the_kernel_imports(kernel: LocalRuntime) -> None:
    execution, _ = await run(kernel, "import sys, tutor.harness\nprint(tutor.harness.__file__.startswith(sys.path[0]))")
    assert printed(execution.output) == "True\n"
    execution, _ = await run(kernel, "print(sys.path[0].endswith('.zip'))")
    assert printed(execution.output) == "True\n"


@pytest.mark.parametrize("where", ["", ", stdout=sys.stdout", ", stdout=sys.stderr"])
async def test_what_programs_print_comes_in_time_and_is_not_logged(kernel: LocalRuntime, where: str) -> None:
    code = f"import subprocess, sys\n_ = subprocess.run(['echo', 'from a program']{where})"
    for _ in range(20):
        execution, _ = await run(kernel, code)
        assert printed(execution.output, "stderr" if "stderr" in where else "stdout") == "from a program\n"
    assert "from a program" not in kernel._log_path.read_text()

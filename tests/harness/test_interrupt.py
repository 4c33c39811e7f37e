from __future__ import annotations

import os
import signal
import threading

import pytest

from tests.harness.driver import LIMIT, Kernel, only
from tutor.harness import JUDGED_MIME

pytestmark = pytest.mark.kernel


def wait_for_output(kernel: Kernel) -> None:
    message = {"msg_type": ""}
    while message["msg_type"] != "stream":
        message = kernel.client.get_iopub_msg(timeout=LIMIT)


@pytest.mark.parametrize(
    "code",
    [
        "print('go', flush=True)\nwhile True: pass",
        "import time\nprint('go', flush=True)\ntime.sleep(60)",
        "import asyncio\nprint('go', flush=True)\nawait asyncio.sleep(60)",
        "import asyncio\nasyncio.get_running_loop().call_later(0.3, print, 'go')\nawait asyncio.sleep(60)",
    ],
)
def test_interrupted_code_is_judged_at_once(kernel: Kernel, code: str) -> None:
    sent = kernel.send(code, {"op": "attempt", "step": "one", "fresh": True, "lesson": kernel.lesson})
    judge = kernel.send_judge("assert True")
    wait_for_output(kernel)
    kernel.interrupt()
    assert kernel.collect(sent).status == "error"
    judged = kernel.collect(judge).data(JUDGED_MIME)
    assert only(judged["lines"])["kind"] == "code"
    assert judged["error"]["type"] in {"KeyboardInterrupt", "CancelledError"}


def test_interrupted_checks_keep_what_was_judged(kernel: Kernel) -> None:
    kernel.run("import os, signal, threading, time")
    judged = kernel.judge(
        "assert 1\nassert 1 == 2\n"
        "threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\ntime.sleep(20)\nassert 3",
        "# later\nassert 4\nx = 1",
        "not python",
    )
    assert judged["interrupted"]
    assert judged["error"] is None
    assert [(line["kind"], line["label"], line["verdict"]) for line in judged["lines"]] == [
        ("line", "1", "passed"),
        ("line", "1 == 2", "not_yet"),
        ("interrupted", "time.sleep(20)", "not_yet"),
        ("not_reached", "3", "not_yet"),
        ("not_reached", "later", "not_yet"),
    ]


def test_interrupted_repetition_of_checks_leaves_the_round_before(kernel: Kernel) -> None:
    kernel.run("import os, signal, threading, time\nrounds = []")
    judged = kernel.judge(
        "rounds.append(1)\nif len(rounds) == 2:\n"
        "    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\n    time.sleep(20)\nassert len(rounds) == 9",
        retry=30,
    )
    assert judged["interrupted"]
    line = only(judged["lines"])
    assert (line["kind"], line["seen"]) == ("line", "1")


def test_a_wait_for_the_network_can_be_interrupted(own_kernel: Kernel) -> None:
    own_kernel.run(
        "import socket, os\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "os.environ['https_proxy'] = f'http://127.0.0.1:{server.getsockname()[1]}'\n"
        "import tutor.harness.network as n; n.LIMIT = 60.0",
        op="free",
    )
    tutor = {
        "op": "attempt",
        "step": "one",
        "fresh": True,
        "lesson": own_kernel.lesson,
        "needs": ["network:some.invalid"],
    }
    sent = own_kernel.send("ran = 1", tutor)
    judge = own_kernel.send_judge("assert True")
    timer = threading.Timer(0.5, os.kill, (own_kernel.facts["pid"], signal.SIGINT))
    timer.start()
    assert own_kernel.collect(sent).status == "ok"
    judged = own_kernel.collect(judge).data(JUDGED_MIME)
    timer.join()
    assert judged["error"]["type"] == "KeyboardInterrupt"
    assert own_kernel.eval("'ran' in globals()") == "False"

"""Drives a real kernel with the harness in it, as the runtime does, but with plain jupyter_client."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from tutor.harness import BASH_CODE, FACTS_MIME, JUDGE_CODE, JUDGED_MIME, LATE_MIME, LEAVE_CODE

ROOT = Path(__file__).parents[2]
LIMIT = 30.0
KEPT = 1 << 20
PYTHON = os.environ.get("TUTOR_HARNESS_PYTHON", sys.executable)
"""Another Python with ipykernel, to try the harness there."""


@dataclass
class Answer:
    """What came back for one request."""

    status: str = ""
    stdout: str = ""
    stderr: str = ""
    value: str | None = None
    error: str | None = None
    traceback: str = ""
    displays: list[Mapping[str, Any]] = field(default_factory=list)

    def data(self, mime: str) -> Any:
        return next((display[mime] for display in self.displays if mime in display), None)


class Kernel:
    """A kernel, and one lesson in it."""

    def __init__(self) -> None:
        self.manager = KernelManager()
        self.manager._kernel_spec = KernelSpec(argv=[PYTHON, "-m", "ipykernel_launcher", "-f", "{connection_file}"])
        # Under pytest ipykernel would not read what subprocesses write.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        self.manager.start_kernel(env={**inherited, "PYTHONPATH": str(ROOT)})
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=LIMIT)
        self.late: list[Mapping[str, Any]] = []
        self.lesson: dict[str, str] | None = None
        code = "import tutor.harness, tutor.kit.devices.hardware as a; tutor.harness.install(a); del tutor, a"
        setup = self.send(code, {"op": "setup"}, silent=True)
        self.facts = self.collect(setup).data(FACTS_MIME)

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def send(self, code: str, tutor: Mapping[str, Any] | None, *, silent: bool = False) -> str:
        content = {
            "code": code,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        metadata = {} if tutor is None else {"tutor": dict(tutor)}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def collect(self, message_id: str) -> Answer:
        """Everything until the request is answered and the kernel is idle again."""
        answer = Answer()
        deadline = time.monotonic() + LIMIT
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.01, deadline - time.monotonic()))
            kind, content = message["msg_type"], message["content"]
            if kind == "display_data" and LATE_MIME in content["data"]:
                self.late.append(content["data"][LATE_MIME])
            elif message["parent_header"].get("msg_id") == message_id:
                if kind == "status" and content["execution_state"] == "idle":
                    break
                _add(answer, kind, content)
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.01, deadline - time.monotonic()))
            if reply["parent_header"].get("msg_id") == message_id:
                answer.status = reply["content"]["status"]
                return answer

    def run(self, code: str, op: str = "attempt", **tutor: Any) -> Answer:
        tutor.setdefault("lesson", self.lesson)
        if op == "attempt":
            tutor.setdefault("step", "one")
            tutor.setdefault("fresh", True)
        return self.collect(self.send(code, {"op": op, **tutor}))

    def bash(self, script: str, **tutor: Any) -> Answer:
        return self.run(BASH_CODE, script=script, language="bash", **tutor)

    def judge(self, *fences: str | Mapping[str, Any], **tutor: Any) -> Any:
        return self.collect(self.send_judge(*fences, **tutor)).data(JUDGED_MIME)

    def send_judge(self, *fences: str | Mapping[str, Any], **tutor: Any) -> str:
        checks = [{"code": f, "line": 1, "needs": []} if isinstance(f, str) else dict(f) for f in fences]
        whole = {"op": "judge", "step": "one", "lesson": self.lesson, "checks": checks, "attempted": True, **tutor}
        return self.send(JUDGE_CODE, whole, silent=True)

    def leave(self) -> None:
        self.collect(self.send(LEAVE_CODE, {"op": "leave", "step": "one"}, silent=True))

    def eval(self, code: str) -> str | None:
        """The value of an expression, asked by another front end, so that nothing of the tutor's is touched."""
        return self.collect(self.send(code, None)).value

    def interrupt(self) -> None:
        self.manager.interrupt_kernel()

    def wait_for_late(self, text: str) -> Mapping[str, Any]:
        """The late message in which `text` is."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            for late in self.late:
                if text in late["text"]:
                    return late
            self.collect(self.send("pass", None))
        raise AssertionError(f"nothing late with {text!r}: {self.late}")


def _add(answer: Answer, kind: str, content: Mapping[str, Any]) -> None:
    if kind == "stream":
        known = getattr(answer, content["name"])
        if len(known) < KEPT:
            setattr(answer, content["name"], known + content["text"])
    elif kind == "execute_result":
        answer.value = content["data"].get("text/plain")
    elif kind == "error":
        answer.error = f"{content['ename']}: {content['evalue']}"
        answer.traceback = "\n".join(content["traceback"])
    elif kind == "display_data":
        answer.displays.append(content["data"])


def verdicts(judged: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and verdict of each line."""
    return [(line["label"], line["verdict"]) for line in judged["lines"]]


def only(lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one line there is."""
    assert len(lines) == 1, lines
    return lines[0]

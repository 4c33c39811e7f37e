"""A step as these tests have it run on a server, and what came of it."""

from __future__ import annotations

from tests.runtime.kernels import printed, raised, run
from tutor.harness import JUDGE_CODE
from tutor.runtime.base import Execution, Request, Runtime


def attempt(code: str, check: str = "assert x == 5") -> list[Request]:
    """A step's two requests."""
    lesson = {"key": "lesson", "folder": "~/tutor-work/lesson"}
    checks = [{"code": check, "line": 1, "needs": []}]
    return [
        Request(code, {"op": "attempt", "step": "lesson#step", "fresh": True, "lesson": lesson}),
        Request(JUDGE_CODE, {"op": "judge", "step": "lesson#step", "checks": checks, "lesson": lesson}, silent=True),
    ]


def verdicts(execution: Execution) -> list[str]:
    assert execution.finished is not None
    assert execution.finished.judged is not None
    return [line["verdict"] for line in execution.finished.judged["lines"]]


async def value(runtime: Runtime, code: str) -> str:
    execution, _ = await run(runtime, f"print({code})")
    return printed(execution.output).strip() or "".join(raised(execution.output))

from __future__ import annotations

import pytest

from tests.harness.driver import Kernel, only

pytestmark = pytest.mark.kernel


@pytest.mark.parametrize(
    "code", ["exit", "quit", "exit()", "quit()", "x = 1\nexit(keep_kernel=False)", "get_ipython().ask_exit()"]
)
def test_exit_ends_the_cell_and_never_the_kernel(kernel: Kernel, code: str) -> None:
    answer = kernel.run(code)
    assert answer.status == "error"
    assert "use 'exit'" not in answer.stderr
    line = only(kernel.judge("assert True")["lines"])
    assert (line["kind"], line["verdict"]) == ("code", "not_yet")
    assert line["message"].startswith("SystemExit: exit and quit end only this cell")
    for _ in range(3):  # the kernel would have died during a later request
        assert kernel.eval("1 + 1") == "2"


def test_sys_exit_is_an_error_of_its_step(kernel: Kernel) -> None:
    kernel.run("import sys\nsys.exit(3)")
    assert only(kernel.judge("assert True")["lines"])["message"] == "SystemExit: 3"
    assert kernel.eval("1 + 1") == "2"

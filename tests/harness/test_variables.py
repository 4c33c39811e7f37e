"""Variables that a request brings: there while its code runs, afterwards as they were."""

from __future__ import annotations

import pytest

from tests.harness.driver import Kernel

pytestmark = pytest.mark.kernel

BROUGHT = {"TUTOR_LANG": "zh", "TUTOR_ASKS": ""}
SEEN = "__import__('os').environ.get('TUTOR_LANG'), __import__('os').environ.get('TUTOR_ASKS')"


def test_code_and_bash_and_checks_see_them(kernel: Kernel) -> None:
    assert kernel.run(SEEN, environment=BROUGHT).value == "('zh', '')"
    assert kernel.bash("echo $TUTOR_LANG", environment=BROUGHT).stdout == "zh\n"
    judged = kernel.judge("import os\nassert os.environ['TUTOR_LANG'] == 'zh'", environment=BROUGHT)
    assert [line["verdict"] for line in judged["lines"]] == ["passed"]


def test_afterwards_they_are_as_they_were(kernel: Kernel) -> None:
    before = kernel.eval(SEEN)
    for code in ("1", "1 / 0", "exit()"):
        kernel.run(code, environment=BROUGHT)
        assert kernel.eval(SEEN) == before, code
    kernel.run("import os\nos.environ['TUTOR_LANG'] = 'en'", op="free")
    kernel.run("1", environment=BROUGHT)
    assert kernel.eval(SEEN) == "('en', None)"
    kernel.run("del os.environ['TUTOR_LANG']", op="free")


INTERRUPTED_END = """
import os
def pop(self, *_):
    del type(os.environ).pop
    raise KeyboardInterrupt
type(os.environ).pop = pop
"""


def test_an_interrupt_of_the_end_leaves_them_to_nobody_who_comes_after(kernel: Kernel) -> None:
    before = kernel.eval(SEEN)
    kernel.run(INTERRUPTED_END, environment=BROUGHT)
    assert kernel.run(SEEN).value == before
    kernel.run(INTERRUPTED_END, environment=BROUGHT)
    kernel.run("1", environment=BROUGHT)
    assert kernel.eval(SEEN) == before

"""Names that belong to the code of one attempt only, made by functions elsewhere."""

from __future__ import annotations

import pytest

from tests.harness.driver import Kernel
from tests.harness.test_variables import INTERRUPTED_END

pytestmark = pytest.mark.kernel

LENT = {"by_hand": {"make": "types:SimpleNamespace", "with": {"who": "the person"}}}


def test_a_lent_name_is_there_for_the_code_and_nowhere_else(kernel: Kernel) -> None:
    assert kernel.run("by_hand.who", lend=LENT).value == "'the person'"
    assert kernel.eval("'by_hand' in globals()") == "False"
    (line,) = kernel.judge("assert 'by_hand' not in globals()")["lines"]
    assert line["verdict"] == "passed"


def test_it_is_gone_after_code_that_raised_and_after_a_rewind(kernel: Kernel) -> None:
    kernel.run("by_hand.nobody", lend=LENT)
    assert kernel.eval("'by_hand' in globals()") == "False"
    kernel.run("made = by_hand.who", lend=LENT, fresh=False)
    assert (kernel.eval("made"), kernel.eval("'by_hand' in globals()")) == ("'the person'", "False")


def test_one_that_cannot_be_made_is_an_error_of_the_step(kernel: Kernel) -> None:
    answer = kernel.run("ran = True", lend={"by_hand": {"make": "no_such_module:person", "with": {}}})
    assert "No module named 'no_such_module'" in str(answer.traceback or answer.error)
    assert kernel.eval("'ran' in globals()") == "False"


def test_nothing_is_lent_to_code_that_does_not_run(kernel: Kernel) -> None:
    kernel.run("1", lend=LENT, needs=["module:no_such_module"])
    assert kernel.eval("'by_hand' in globals()") == "False"


def test_an_interrupt_of_the_end_leaves_it_to_nobody_who_comes_after(kernel: Kernel) -> None:
    kernel.run(INTERRUPTED_END, lend=LENT, environment={"TUTOR_LANG": "zh"})
    assert kernel.run("'by_hand' in globals()").value == "False"

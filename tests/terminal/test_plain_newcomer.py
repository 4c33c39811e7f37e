"""Without a screen, through a pipe: from an empty home to the end of both lessons."""

from __future__ import annotations

import json

import pytest

from tests.commands.support import tutor

pytestmark = [pytest.mark.terminal, pytest.mark.kernel]

START_HERE = """
r
n
2
r
n
e
1: hidden = 16

r
n
r
n
n
"""
CHECK_DEVICE = """
n
2
r
n
e
4: if torch.cuda.is_available():

r
n
e
4: if torch.accelerator.is_available():
5: return torch.accelerator.current_accelerator()

r
n
2
r
n
e
5: batch = batch.to(device)

r
n
e
4: device = torch.device("cpu")
+4: if torch.accelerator.is_available():
+5:     device = torch.accelerator.current_accelerator()

r
n
2
n
r
n
r
n
4
n
"""
SIGNS = {
    "en": ("Step 3 of 5: Change one number", "Passed: At least 90% of the points are right", "The next lesson is"),
    "zh": ("第 3 步，共 5 步：改一个数字", "通过：至少 90% 的点答对了", "下一课是"),
}
OPEN_WITHOUT_A_GPU = {"passed": 6, "open": 4, "state": "done_here"}


@pytest.mark.parametrize("language", SIGNS)
def test_both_lessons_can_be_finished_line_by_line(language: str) -> None:
    locale = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language]
    script = START_HERE.lstrip("\n") + CHECK_DEVICE.lstrip("\n") + "q\n"
    done = tutor("--plain", stdin=script, LANG=locale, CUDA_VISIBLE_DEVICES="")
    assert done.code == 0, done.err
    assert done.err == ""
    places = [done.out.find(sign) for sign in SIGNS[language]]
    assert -1 not in places, done.out
    assert places == sorted(places)
    assert "Error" not in done.out
    assert "\x1b" not in done.out
    first, second, *_ = json.loads(tutor("list", "--json").out)
    assert (first["id"], first["state"]) == ("start-here", "passed")
    assert {name: second[name] for name in OPEN_WITHOUT_A_GPU} == OPEN_WITHOUT_A_GPU, done.out

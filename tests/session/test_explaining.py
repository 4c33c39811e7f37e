"""What at the prompt is an error, what of an error is looked at, and how the faults are kept. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.text.test_tracebacks import RECORDED
from tutor.faults.explain import explain
from tutor.i18n import Words
from tutor.runtime.base import Raised
from tutor.session.explaining import (
    MOST_FAULTS,
    as_data,
    as_text,
    error_text,
    is_code,
    is_error,
    looks_like_error,
    runs_programs,
)

TRACEBACK = """Traceback (most recent call last):
  File "train.py", line 3, in <module>
    model.cuda()
AssertionError: Torch not compiled with CUDA enabled
"""
OF_IPYTHON = """---------------------------------------------------------------------------
AssertionError                            Traceback (most recent call last)
Cell In[1], line 2
      1 import torch
----> 2 torch.zeros(1).cuda()

AssertionError: Torch not compiled with CUDA enabled"""


@dataclass(frozen=True, slots=True)
class Known:
    code: str = "driver-too-old"
    cause: str = "The driver is too old."
    mend: str = "Take a build that fits:\n    pip install torch\nThen look:\n    import torch\n"
    line: int = 4
    quoted: str = "RuntimeError: too old"
    lesson: str = "check-device#nvidia-smi"


# -- code or error


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "!pip install torch",
        "%cd /content",
        "files = !ls",
        "%%bash\nnvidia-smi --query",
        "await something()",
        "for i in range(3):\n    print(i)",
        "print('RuntimeError: CUDA out of memory')",
        'log = """\nTraceback (most recent call last):\nRuntimeError: CUDA out of memory\n"""',
        "# RuntimeError: CUDA out of memory",
        "raise RuntimeError('CUDA out of memory')",
        "    indented = 1",
        "RuntimeError",
        "",
    ],
)
def test_what_can_be_run_is_run_whatever_it_speaks_of(text: str) -> None:
    assert is_code(text)
    assert not is_error(text, is_known=True)


@pytest.mark.parametrize(
    "text",
    [
        TRACEBACK,
        OF_IPYTHON,
        "$ python train.py\n" + TRACEBACK,
        "!pip install torch==9\nERROR: No matching distribution found for torch==9",
        "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB",
        "torch.cuda.OutOfMemoryError: CUDA out of memory.",
        "somebody.elses.StrangeError: nobody knows",
        "bash: nvidia-smi: command not found",
        "/usr/bin/bash: line 1: nvidia-smi: command not found",
        "ERROR: No matching distribution found for torch",
        "fatal: Authentication failed for 'https://example.org/x.git/'",
    ],
)
def test_the_shape_of_an_error_is_enough(text: str) -> None:
    assert not is_code(text)
    assert looks_like_error(text)
    assert is_error(text, is_known=False)


@pytest.mark.parametrize(
    "text",
    [
        "CUDA out of memory, what now?",
        "The NVIDIA driver on your system is too old (found version 11040).",
        "libcudart.so.11.0: cannot open shared object file: No such file or directory",
        "import of torchvision fails: operator torchvision::nms does not exist"[10:],
    ],
)
def test_a_sentence_in_which_a_fault_is_known_is_an_error(text: str) -> None:
    assert explain(text)
    assert is_error(text, is_known=True)
    assert not is_error(text, is_known=False)


@pytest.mark.parametrize(
    "text",
    [
        "print('CUDA out of memory'",
        "raise RuntimeError('CUDA out of memory'",
        "import torch\nmodel.cuda(\n# Torch not compiled with CUDA enabled",
        "message = 'Torch not compiled with CUDA enabled",
        "if x:\nprint('No module named torch')",
        "@decorated\nprint('No module named torch'",
    ],
)
def test_code_with_a_slip_is_run_so_that_the_slip_is_named(text: str) -> None:
    assert not is_code(text)
    assert not is_error(text, is_known=True)


@pytest.mark.parametrize("text", ["print('hello'", "what is a tensor?", "什么是隐藏单元？", "pip install torch"])
def test_what_nobody_knows_and_does_not_look_like_an_error_is_run(text: str) -> None:
    assert not is_error(text, is_known=False)


def test_code_that_hands_lines_to_other_programs() -> None:
    assert runs_programs("import os\n!nvidia-smi")
    assert runs_programs("%pip install torch")
    assert runs_programs("names = !ls")
    assert not runs_programs("x = 1\nprint('!')")


# -- the text of an error


def raised(*traceback: str, kind: str = "ValueError", message: str = "it failed") -> Raised:
    return Raised(kind, message, ("\n".join(traceback),))


CELL = ("Cell In[1], line 2", "      1 x = 1")
SHAPES = (
    "RuntimeError                              Traceback (most recent call last)",
    *CELL,
    "----> 2 print('CUDA out of memory') or a @ b",
    "",
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)",
    "",
)
STOPPED = (
    "ValueError                                Traceback (most recent call last)",
    *CELL,
    "----> 2 step()",
    "",
    "ValueError: it failed",
)
BECAUSE = "The above exception was the direct cause of the following exception:"
MEANWHILE = "During handling of the above exception, another exception occurred:"


def test_what_caused_an_error_stands_before_it_and_code_is_no_part_of_it() -> None:
    text = error_text(raised(*SHAPES, BECAUSE, "", *STOPPED))
    assert text.split("\n")[0].startswith("RuntimeError: mat1 and mat2")
    assert text.rstrip().endswith("ValueError: it failed")
    assert "out of memory" not in text
    assert explain(text)[0].code == "shape-mismatch"


def test_an_error_that_was_only_being_handled_is_no_cause() -> None:
    assert error_text(raised(*SHAPES, MEANWHILE, "", *STOPPED)).strip() == "ValueError: it failed"


def test_a_line_that_is_no_python_comes_along_since_it_says_why() -> None:
    error = Raised(
        "SyntaxError",
        "invalid syntax",
        ("  Cell In[3], line 1", "    git clone https://example.org/x", "        ^", "SyntaxError: invalid syntax", ""),
    )
    assert "git clone" in error_text(error)
    assert explain(error_text(error))[0].code == "not-python"


@pytest.mark.parametrize("version", sorted(RECORDED))
def test_errors_as_each_ipython_formats_them(version: str) -> None:
    for name, recorded in RECORDED[version].items():
        error = Raised(recorded["type"], recorded["message"], tuple(recorded["traceback"]))
        text = error_text(error)
        assert recorded["type"].rpartition(".")[2] in text, name
        assert "\x1b" not in text
        assert "-->" not in text


def test_without_a_traceback_there_is_the_message() -> None:
    assert error_text(Raised("CalledProcessError", "exit status 1")) == "CalledProcessError: exit status 1"


# -- as it is kept


def test_the_nearest_faults_are_kept_and_of_a_pasted_text_their_lines() -> None:
    told = as_data([Known(), Known(code="shape-mismatch"), Known(code="nan-loss")])
    assert [fault["code"] for fault in told] == ["driver-too-old", "shape-mismatch"][:MOST_FAULTS]
    assert not told[0]["line"]
    (pasted,) = as_data([Known(quoted="x" * 900)], pasted="one\ntwo\nthree\nfour")
    assert pasted["line"] == 4
    assert len(pasted["quoted"]) < 300
    assert not as_data([Known()], pasted="RuntimeError: too old")[0]["line"]


def test_nobody_is_sent_to_where_they_are() -> None:
    assert as_data([Known()])[0]["lesson"] == "check-device#nvidia-smi"
    assert as_data([Known()], here="check-device#nvidia-smi")[0]["lesson"] == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_real_faults_in_both_languages(language: str) -> None:
    body = as_text(as_data(explain(TRACEBACK, language=language)), Words(language))
    assert "torch.accelerator" in body
    assert ("显卡" in body) is (language == "zh")

"""Cause and mend of what was seen on the machine itself, without a text."""

from __future__ import annotations

import pytest

from tutor.faults.codes import CODES
from tutor.faults.explain import explain, say
from tutor.faults.model import Machine


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_code_can_be_said(code: str, language: str) -> None:
    fault = say(code, language=language, quoted="seen")
    assert (fault.code, fault.line, fault.quoted) == (code, 0, "seen")
    assert fault.cause
    assert fault.mend


def test_it_says_what_a_text_would_have_brought() -> None:
    machine = Machine(system="linux", card=False, torch="2.13.0+cpu", torch_cuda="")
    told = explain("AssertionError: Torch not compiled with CUDA enabled", machine)[0]
    said = say("torch-without-cuda", machine)
    assert (said.cause, said.mend, said.lesson) == (told.cause, told.mend, told.lesson)
    assert said.cause != say("torch-without-cuda", Machine(card=True)).cause


def test_what_was_caught_decides_and_fills() -> None:
    assert "tensorboard" in say("module-missing", caught={"module": "tensorboard"}).mend


def test_a_code_that_is_none() -> None:
    with pytest.raises(KeyError):
        say("no-such-fault")

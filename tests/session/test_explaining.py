"""Errors are explained where the lesson has no hint, pasted errors are no code, and nobody guesses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.session.fakes import FakeExecution, always, judged, line, talk
from tests.session.samples import COUNT, lesson
from tutor.faults.explain import explain
from tutor.i18n import Words
from tutor.lesson.model import Hint
from tutor.runtime.base import Raised
from tutor.session import commands as ask
from tutor.session.events import SaidFinished
from tutor.session.explaining import is_code, looks_like_error, told

TRACEBACK = """Traceback (most recent call last):
  File "train.py", line 3, in <module>
    model.cuda()
AssertionError: Torch not compiled with CUDA enabled
"""


PASSES = always(judged(line("it is there")))
RAISES = always(
    judged(
        line("", "not_yet", "AssertionError: Torch not compiled with CUDA enabled", kind="code"),
        error={"type": "AssertionError", "message": "Torch not compiled with CUDA enabled"},
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    code: str = "driver-too-old"
    cause: str = "The driver is too old."
    mend: str = "Take a build that fits:\n    pip install torch\nThen look:\n    import torch"
    lesson: str = "check-device#nvidia-smi"


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "!pip install torch",
        "%cd /content",
        "files = !ls",
        "await something()",
        "for i in range(3):\n    print(i)",
        "print('RuntimeError: CUDA out of memory')",
        "    indented = 1",
        "",
    ],
)
def test_what_can_be_run_is_code(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize(
    "text",
    [
        TRACEBACK,
        "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB",
        "torch.cuda.OutOfMemoryError: CUDA out of memory.",
        "bash: nvidia-smi: command not found",
        "ERROR: No matching distribution found for torch",
        "KeyboardInterrupt",
    ],
)
def test_the_shape_of_an_error(text: str) -> None:
    assert looks_like_error(text)
    assert not is_code(text) or text == "KeyboardInterrupt"


@pytest.mark.parametrize("text", ["print('hello'", "what is a tensor?", "什么是隐藏单元？", "pip install torch"])
def test_a_slip_is_no_error_of_somebody_else(text: str) -> None:
    assert not looks_like_error(text)


def test_commands_can_be_copied_and_sentences_are_read() -> None:
    words = Words("en")
    body = told([Known()], words)
    assert "The driver is too old." in body
    assert "```bash\npip install torch\n```" in body
    assert "```python\nimport torch\n```" in body
    assert "check-device#nvidia-smi" in body
    assert "/doctor" not in body
    assert "/doctor" in told([Known()], words, again=True)
    assert "/doctor" not in told([Known(code="shape-mismatch")], words, again=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_real_faults_are_told_in_both_languages(language: str) -> None:
    body = told(explain(TRACEBACK, language=language), Words(language))
    assert "torch.accelerator" in body or "pip install" in body
    assert "{" not in body.replace("{python}", "")


def known(text: str, _: str) -> list[Known]:
    return [Known()] if "CUDA" in text else []


async def test_a_pasted_error_is_explained_and_not_run() -> None:
    conversation = await talk(lesson(COUNT), PASSES, explain=known)
    await conversation.idle(ask.Say(TRACEBACK))
    assert conversation.said("answer") == [TRACEBACK]
    assert "The driver is too old." in conversation.said("explanation")[0]
    assert conversation.runtime.sent == []
    await conversation.idle(ask.Say("SomethingError: nobody knows"))
    assert "does not know this error" in conversation.said("explanation")[1]
    await conversation.idle(ask.Say("print('a slip'"))
    assert len(conversation.runtime.sent) == 1


async def test_code_of_a_step_that_raises_is_explained_and_when_it_comes_again_the_computer_is_looked_at() -> None:
    asked: list[str] = []

    def explained(text: str, language: str) -> list[Known]:
        asked.append(text)
        return known(text, language)

    conversation = await talk(lesson(COUNT), RAISES, explain=explained)
    await conversation.verdict(ask.Run())
    assert asked == ["AssertionError: Torch not compiled with CUDA enabled"]
    (first,) = conversation.said("explanation")
    assert "/doctor" not in first
    await conversation.verdict(ask.Run())
    assert "/doctor" in conversation.said("explanation")[1]
    await conversation.session.send(ask.Explain())
    await conversation.until(lambda event: isinstance(event, SaidFinished))
    assert len(conversation.said("explanation")) == 3


async def test_where_the_lesson_has_a_hint_for_it_nothing_else_is_said() -> None:
    hint = Hint("Mind the device.", 1, "not compiled")
    conversation = await talk(lesson(replace(COUNT, hints=(hint,))), RAISES, explain=known)
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.hint == "Mind the device."
    assert conversation.said("explanation") == []


async def test_an_explanation_of_what_is_typed_at_the_prompt() -> None:
    async def script(execution: FakeExecution) -> None:
        execution.output.outputs.append(Raised("AssertionError", "Torch not compiled with CUDA enabled", ()))
        execution.end(None)

    conversation = await talk(lesson(COUNT), script, explain=known)
    await conversation.idle(ask.Say("torch.zeros(1).cuda()"))
    assert len(conversation.said("explanation")) == 1


async def test_without_an_error_there_is_nothing_to_explain() -> None:
    conversation = await talk(lesson(COUNT), PASSES, explain=known)
    await conversation.idle(ask.Explain())
    assert conversation.said("explanation") == []
    await conversation.idle(ask.Explain("CUDA error"))
    assert len(conversation.said("explanation")) == 1


async def test_secrets_in_an_error_are_not_told() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2
    conversation = await talk(lesson(COUNT), PASSES, explain=known)
    await conversation.idle(ask.Say(f"fatal: could not read https://{token}@github.com: CUDA"))
    assert token not in repr(conversation.store.said)


async def test_what_the_lesson_itself_says_of_a_miss_is_no_error() -> None:
    missed = always(judged(line("it moved", "not_yet", "the CUDA device stays idle")))
    conversation = await talk(lesson(COUNT), missed, explain=known)
    await conversation.verdict(ask.Run())
    assert conversation.said("explanation") == []
    raised = always(judged(line("it moved", "not_yet", "RuntimeError: CUDA error: out of memory")))
    conversation = await talk(lesson(COUNT), raised, explain=known)
    await conversation.verdict(ask.Run())
    assert len(conversation.said("explanation")) == 1

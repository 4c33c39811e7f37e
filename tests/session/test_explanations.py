"""Errors are explained where they happen: of a step, at the prompt, pasted, asked for; and nobody guesses."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.session.fakes import FakeExecution, Talk, always, judged, line, talk
from tests.session.samples import COUNT, LOOK, lesson
from tests.session.test_explaining import BECAUSE, SHAPES, STOPPED, TRACEBACK, Known
from tutor.lesson.model import Hint, RunCode
from tutor.runtime.base import Ending, Output, Raised, Text
from tutor.session import commands as ask
from tutor.session.events import Failed, SaidFinished

MESSAGE = "Torch not compiled with CUDA enabled"
PASSES = always(judged(line("it is there")))
RAISES = always(
    judged(
        line("", "not_yet", f"AssertionError: {MESSAGE}", kind="code"),
        error={"type": "AssertionError", "message": MESSAGE},
    )
)
SHELL = replace(COUNT, id="shell", work=RunCode("bash", "nvidia-smi", 1), checks=(), hash="h-shell")
WANTED = replace(
    COUNT, id="wanted", work=RunCode("python", "model.cuda()", 1, raises="not compiled"), checks=(), hash="h-wanted"
)


class Explainer:
    """Knows a few words, and remembers what it was asked and in which thread."""

    def __init__(self, *known: Known, word: str = "CUDA") -> None:
        self.texts: list[str] = []
        self.threads: set[int] = set()
        self._known = known or (Known(),)
        self._word = word

    def __call__(self, text: str, language: str) -> Sequence[Known]:
        self.texts.append(text)
        self.threads.add(threading.get_ident())
        return self._known if self._word in text else ()


def shows(*outputs: Output, ending: Ending = Ending.DONE, status: int | None = None, result: object = None) -> object:
    """A script that brings these outputs."""

    async def script(execution: FakeExecution) -> None:
        execution.output.outputs.extend(outputs)
        execution.end(result, ending, status)  # type: ignore[arg-type]

    return script


def explanations(conversation: Talk) -> list[dict[str, object]]:
    return [dict(entry.data) for entry in conversation.store.said if entry.kind == "explanation"]


# -- of a step


async def test_the_error_of_a_step_is_explained_after_its_verdict_and_in_a_thread() -> None:
    explainer = Explainer()
    conversation = await talk(lesson(COUNT), RAISES, explain=explainer)
    await conversation.verdict(ask.Run())
    assert explainer.texts == [f"AssertionError: {MESSAGE}"]
    assert threading.get_ident() not in explainer.threads
    assert [entry.kind for entry in conversation.store.said][-2:] == ["verdict", "explanation"]
    (told,) = explanations(conversation)
    assert [fault["code"] for fault in told["faults"]] == ["driver-too-old"]  # type: ignore[attr-defined]
    assert told["doctor"] is False


async def test_the_same_fault_of_the_computer_again_leads_to_the_doctor_but_asking_once_more_is_not_again() -> None:
    conversation = await talk(lesson(COUNT), RAISES, explain=Explainer())
    await conversation.verdict(ask.Run())
    await conversation.idle(ask.Explain())
    await conversation.idle(ask.Say(TRACEBACK))
    await conversation.verdict(ask.Run())
    assert [told["doctor"] for told in explanations(conversation)] == [False, False, False, True]


async def test_a_fault_of_the_code_does_not_lead_to_the_doctor() -> None:
    conversation = await talk(lesson(COUNT), RAISES, explain=Explainer(Known(code="shape-mismatch")))
    await conversation.verdict(ask.Run())
    await conversation.verdict(ask.Run())
    assert [told["doctor"] for told in explanations(conversation)] == [False, False]


async def test_another_step_begins_anew() -> None:
    conversation = await talk(lesson(COUNT, replace(COUNT, id="next", hash="h-next")), RAISES, explain=Explainer())
    await conversation.verdict(ask.Run())
    await conversation.idle(ask.Next())
    await conversation.verdict(ask.Run())
    assert [told["doctor"] for told in explanations(conversation)] == [False, False]


async def test_the_hint_of_the_lesson_comes_alone_until_it_was_not_enough() -> None:
    hint = Hint("Mind the device.", 1, "not compiled")
    conversation = await talk(lesson(replace(COUNT, hints=(hint,))), RAISES, explain=Explainer())
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.hint == "Mind the device."
    assert explanations(conversation) == []
    await conversation.verdict(ask.Run())
    (told,) = explanations(conversation)
    assert told["doctor"] is True


async def test_the_error_that_a_step_wants_is_none() -> None:
    explainer = Explainer()
    missed = judged(line("it says so", "not_yet", "look again"), error={"type": "AssertionError", "message": MESSAGE})
    script = shows(Raised("AssertionError", MESSAGE), result=missed)
    conversation = await talk(lesson(WANTED), script, explain=explainer)  # type: ignore[arg-type]
    await conversation.verdict(ask.Run())
    assert explainer.texts == []


async def test_another_error_than_the_wanted_one_is_explained() -> None:
    other = judged(
        line("", "not_yet", "RuntimeError: CUDA", kind="code"), error={"type": "RuntimeError", "message": "CUDA"}
    )
    conversation = await talk(lesson(WANTED), always(other), explain=Explainer())
    await conversation.verdict(ask.Run())
    assert len(explanations(conversation)) == 1


async def test_what_caused_an_error_is_looked_at_first() -> None:
    traceback = ("\n".join([*SHAPES, BECAUSE, "", *STOPPED]),)
    result = judged(
        line("", "not_yet", "ValueError: it failed", kind="code"),
        error={"type": "ValueError", "message": "it failed"},
    )
    explainer = Explainer(word="shapes")
    script = shows(Text("stdout", "CUDA is mentioned\n"), Raised("ValueError", "it failed", traceback), result=result)
    conversation = await talk(lesson(COUNT), script, explain=explainer)  # type: ignore[arg-type]
    await conversation.verdict(ask.Run())
    assert len(explanations(conversation)) == 1
    assert "CUDA is mentioned" not in "".join(explainer.texts)


async def test_what_was_printed_before_an_unknown_error_explains_nothing() -> None:
    result = judged(
        line("", "not_yet", "ZeroDivisionError: division by zero", kind="code"),
        error={"type": "ZeroDivisionError", "message": "division by zero"},
    )
    conversation = await talk(lesson(COUNT), always(result, "Could not find CUDA drivers\n"), explain=Explainer())
    await conversation.verdict(ask.Run())
    assert explanations(conversation) == []


async def test_the_output_of_a_program_that_failed_explains_it() -> None:
    result = judged(line("", "not_yet", "exit status 127", kind="code", expected="0", seen="127"), exit_code=127)
    conversation = await talk(
        lesson(SHELL), always(result, "bash: nvidia-smi: command not found: CUDA\n"), explain=Explainer()
    )
    await conversation.verdict(ask.Run())
    assert len(explanations(conversation)) == 1


async def test_a_program_that_ended_well_is_not_explained_by_what_it_printed() -> None:
    explainer = Explainer()
    result = judged(line("the file is there", "not_yet", "no"), exit_code=0)
    conversation = await talk(lesson(SHELL), always(result, "a warning about CUDA\n"), explain=explainer)
    await conversation.verdict(ask.Run())
    assert explainer.texts == []


async def test_what_the_lesson_itself_says_of_a_miss_is_no_error() -> None:
    missed = always(judged(line("it moved", "not_yet", "the CUDA device stays idle")))
    conversation = await talk(lesson(COUNT), missed, explain=Explainer())
    await conversation.verdict(ask.Run())
    assert explanations(conversation) == []
    raised = always(judged(line("it moved", "not_yet", "RuntimeError: CUDA error: out of memory")))
    conversation = await talk(lesson(COUNT), raised, explain=Explainer())
    await conversation.verdict(ask.Run())
    assert len(explanations(conversation)) == 1


async def test_a_kernel_that_a_signal_has_ended_is_explained() -> None:
    explainer = Explainer(Known(code="kernel-dead"), word="kernel appears to have died")
    script = shows(ending=Ending.DIED, status=-signal.SIGKILL)
    conversation = await talk(lesson(COUNT), script, explain=explainer)  # type: ignore[arg-type]
    await conversation.verdict(ask.Run())
    assert len(explanations(conversation)) == 1


async def test_an_explainer_that_fails_costs_no_verdict() -> None:
    def broken(text: str, language: str) -> Sequence[Known]:
        raise OSError("no machine to look at")

    conversation = await talk(lesson(COUNT), RAISES, explain=broken)
    finished = await conversation.verdict(ask.Run())
    assert str(finished.outcome.verdict) == "not_yet"
    assert not any(isinstance(event, Failed) for event in conversation.events)


async def test_headless_the_explanation_comes_before_the_verdict_is_published() -> None:
    conversation = await talk(lesson(COUNT), RAISES, explain=Explainer(), headless=True)
    await conversation.verdict(ask.Run())
    kinds = [str(event.entry.kind) for event in conversation.events if hasattr(event, "entry")]
    assert kinds[-1] == "explanation"


# -- at the prompt


async def test_a_pasted_error_is_explained_and_not_run() -> None:
    conversation = await talk(lesson(COUNT), PASSES, explain=Explainer())
    await conversation.idle(ask.Say(TRACEBACK))
    assert conversation.said("answer") == [TRACEBACK]
    (told,) = explanations(conversation)
    assert told["faults"][0]["line"] == 4  # type: ignore[index]
    assert conversation.runtime.sent == []


async def test_a_pasted_error_that_nobody_knows_is_said_to_be_unknown() -> None:
    conversation = await talk(lesson(COUNT), PASSES, explain=Explainer())
    await conversation.idle(ask.Say("SomethingError: nobody knows"))
    assert explanations(conversation) == [{"faults": [], "doctor": False}]
    assert "will not guess" in conversation.said("explanation")[0]
    assert conversation.runtime.sent == []


@pytest.mark.parametrize("code", ["print('CUDA')", "print('CUDA'", "pip install torch"])
async def test_code_is_run_with_a_slip_or_without(code: str) -> None:
    conversation = await talk(lesson(COUNT), PASSES, explain=Explainer())
    await conversation.idle(ask.Say(code))
    assert len(conversation.runtime.sent) == 1
    assert conversation.said("answer") == []


async def test_the_error_of_code_from_the_prompt_is_explained() -> None:
    script = shows(Raised("AssertionError", MESSAGE))
    conversation = await talk(lesson(COUNT), script, explain=Explainer())  # type: ignore[arg-type]
    await conversation.idle(ask.Say("torch.zeros(1).cuda()"))
    assert [entry.kind for entry in conversation.store.said][-1] == "explanation"


async def test_programs_started_from_the_prompt_raise_nothing_and_are_explained_by_what_they_print() -> None:
    script = shows(Text("stdout", "ERROR: No matching distribution found for CUDA\n"))
    conversation = await talk(lesson(COUNT), script, explain=Explainer())  # type: ignore[arg-type]
    await conversation.idle(ask.Say("!pip install cuda"))
    assert len(explanations(conversation)) == 1
    await conversation.idle(ask.Say("print(text)"))
    assert len(explanations(conversation)) == 1


async def test_what_was_interrupted_is_not_explained() -> None:
    async def script(execution: FakeExecution) -> None:
        await execution.interrupted.wait()
        execution.output.outputs.append(Raised("KeyboardInterrupt", "CUDA"))
        execution.end(None)

    explainer = Explainer()
    conversation = await talk(lesson(COUNT), script, explain=explainer)
    await conversation.session.send(ask.Say("train()"))
    await conversation.until(lambda event: bool(conversation.runtime.sent))
    await conversation.idle(ask.Interrupt())
    assert explainer.texts == []


# -- asked for


async def test_explain_explains_the_newest_error_or_the_one_that_is_given() -> None:
    conversation = await talk(lesson(COUNT, LOOK), RAISES, explain=Explainer())
    await conversation.idle(ask.Explain())
    assert explanations(conversation) == []
    assert any("no error yet" in note for note in conversation.said("note"))
    await conversation.verdict(ask.Run())
    await conversation.session.send(ask.Next())
    await conversation.session.send(ask.Explain())
    await conversation.until(lambda event: isinstance(event, SaidFinished))
    assert len(explanations(conversation)) == 2
    await conversation.session.send(ask.Explain("any text: CUDA error"))
    await conversation.until(lambda event: isinstance(event, SaidFinished))
    assert len(explanations(conversation)) == 3
    assert conversation.said("answer") == ["any text: CUDA error"]


async def test_the_newest_error_that_nobody_knows_is_said_to_be_unknown() -> None:
    script = shows(Raised("KeyError", "'a'"))
    conversation = await talk(lesson(COUNT), script, explain=Explainer())  # type: ignore[arg-type]
    await conversation.idle(ask.Say("names['a']"))
    assert explanations(conversation) == []
    await conversation.idle(ask.Explain())
    assert explanations(conversation) == [{"faults": [], "doctor": False}]


async def test_secrets_in_an_error_are_not_told() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2
    said = Known(cause=f"No access with {token}.", mend=f"    git clone https://{token}@github.com", quoted=token)
    conversation = await talk(lesson(COUNT), PASSES, explain=Explainer(said))
    await conversation.idle(ask.Say(f"fatal: could not read\nfatal: https://{token}@github.com: CUDA"))
    assert len(explanations(conversation)) == 1
    assert token not in repr(conversation.store.said)

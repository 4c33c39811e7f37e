"""Explains errors in the conversation and in `tutor run`: the rules of faults, with the facts of this machine. Looks once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.commands.machine_facts import look
from tutor.faults.explain import explain
from tutor.faults.model import Fault, Machine
from tutor.i18n import Words
from tutor.settings import is_local, python_of


def fault_lines(cause: str, mend: str, lesson: str, words: Words) -> list[str]:
    """What an error means, what mends it, and where to learn it, for a terminal; code and commands are set apart to be copied."""
    lines = [words("faults.cause", cause=cause), words("faults.mend")]
    lines += [f"  {line}".rstrip() for line in mend.split("\n")]
    return [*lines, words("faults.lesson", lesson=lesson)] if lesson else lines


class Explainer:
    """Called in a thread, by whichever session there is."""

    def __init__(self, runtime_name: str) -> None:
        """Args: `runtime_name`: where the code runs."""
        self.move(runtime_name)

    def move(self, runtime_name: str) -> None:
        """The code runs there from now on. Of another Python's packages nothing is known here, of another machine nothing at all."""
        self._python = python_of(runtime_name)
        self._machine: Machine | None = None if is_local(runtime_name) else Machine()

    def __call__(self, text: str, language: str) -> Sequence[Fault]:
        """The faults in a text, nearest to the cause first."""
        if self._machine is None:
            machine = look()
            if self._python:
                machine = replace(machine, torch="", torch_cuda=None, python=self._python)
            self._machine = machine
        return explain(text, self._machine, language)

"""Which steps a notebook can run and judge, which of its modules their code wants, and what is put into it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tutor.harness.placeholders import bash_script, python_uses
from tutor.lesson.model import FixCode, Lesson, NeedKind, RunCode, Step
from tutor.lesson.python_code import CodeError, parse_cell

KIT = "tutor.kit"
SCHEMAS = "tutor.kit.torchvision_schemas"
"""Mends torchvision where its compiled operators are missing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One lesson in a notebook."""

    lesson: Lesson
    steps: tuple[Step, ...]
    """In their order."""
    is_whole: bool = True
    """All steps of the lesson, so that its opening and sources belong to it."""
    earlier_code: Mapping[str, str] = field(default_factory=dict)
    """By id, for other steps of the lesson: code that passed before and brings the names back that these want."""
    own_code: Mapping[str, str] = field(default_factory=dict)
    """By id: the learner's own code of a step, in place of the lesson's."""


def is_judged(lesson: Lesson, step: Step) -> bool:
    """Whether a notebook can run the step and judge it; all others are there to be read.

    A step that needs an account, the learner's own machine or the value of a form wants the tutor itself.
    """
    if not isinstance(step.work, RunCode | FixCode) or step.on_local:
        return False
    if any(need.kind is NeedKind.ACCOUNT for need in lesson.needs_of(step)):
        return False
    language = step.work.language
    return not any(uses_fields(lesson, code, language) for code in _codes(step)) and not any(
        uses_fields(lesson, check.code, "python") for check in step.checks
    )


def uses_fields(lesson: Lesson, code: str, language: str) -> bool:
    """Whether the code wants the value of a form."""
    names = [field.name for field in lesson.fields]
    if "{{" not in code or not names:
        return False
    return bool(bash_script(code, names)[1] if language == "bash" else python_uses(code, names)[0])


def wants_gpu(parts: Sequence[Part]) -> bool:
    """Whether anything in them can be judged only where there is a GPU."""
    needs = [
        need
        for part in parts
        for step in part.steps
        if is_judged(part.lesson, step)
        for need in (*part.lesson.needs_of(step), *(need for check in step.checks for need in check.needs))
    ]
    return any(need.kind in (NeedKind.GPU, NeedKind.CUDA) for need in needs)


def kit_modules(parts: Sequence[Part]) -> tuple[str, ...]:
    """The modules of the kit that the code of these steps imports, by name, sorted."""
    codes = [code for part in parts for step in part.steps if is_judged(part.lesson, step) for code in _all_code(step)]
    codes += [code for part in parts for code in (*part.own_code.values(), *part.earlier_code.values())]
    found = {name for code in codes for name in _imported(code) if f"{name}.".startswith(f"{KIT}.")}
    if any("torchvision" in code for code in codes) or any(name.startswith(f"{KIT}.data") for name in found):
        found.add(SCHEMAS)
    # `from tutor.kit import live` names the package and the module in it; a package alone would bring all of the kit.
    return tuple(sorted(found - {KIT}))


def _codes(step: Step) -> Iterator[str]:
    match step.work:
        case RunCode(code=code):
            yield code
        case FixCode(starter=starter, solution=solution):
            yield starter
            yield solution
        case _:
            return


def _all_code(step: Step) -> Iterator[str]:
    yield from _codes(step)
    yield from (check.code for check in step.checks)


def _imported(code: str) -> Iterator[str]:
    if code.lstrip().startswith("%%"):
        # `%%writefile train.py`: what stands below is a program that will import it.
        code = code.lstrip().partition("\n")[2]
    try:
        tree = parse_cell(code)
    except CodeError:
        return
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == KIT:
            yield from (f"{KIT}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module

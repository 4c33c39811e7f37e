"""Which names the code of a step binds: a name that is missing later is told with the step that makes it."""

from __future__ import annotations

import ast

from tutor.lesson.model import FixCode, Lesson, RunCode, Step


def binding_step(lesson: Lesson, before: Step, name: str) -> Step | None:
    """The last step ahead of `before` whose code binds that name."""
    found = None
    for step in lesson.steps:
        if step.id == before.id:
            break
        if name in bound_names(step):
            found = step
    return found


def bound_names(step: Step) -> set[str]:
    """The names that the step's code (of a starter, its solution) binds at any level; none where it is no Python."""
    match step.work:
        case RunCode(language="python", code=code):
            source = code
        case FixCode(solution=code):
            source = code
        case _:
            return set()
    plain = "\n".join("" if line.lstrip().startswith(("!", "%")) else line for line in source.splitlines())
    try:
        tree = ast.parse(plain)
    except SyntaxError:
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return names

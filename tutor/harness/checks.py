"""A `python check` fence as statements, and which of them are lines of the verdict. Pure."""

from __future__ import annotations

import ast
from dataclasses import dataclass

_BLOCKS = tuple(kind for name in ("For", "While", "If", "With", "Try", "TryStar") if (kind := getattr(ast, name, None)))
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
LABEL_LIMIT = 500
READ_ONLY = "result"


@dataclass(frozen=True)
class Statement:
    """One top-level statement."""

    node: ast.stmt
    label: str
    line: int
    """1-based, within the fence."""
    is_line: bool
    """A line of the verdict; the others only prepare."""
    binds_result: bool = False
    """It would rebind the read-only name `result`."""


def statements(code: str) -> list[Statement]:
    """The statements of a fence, in order.

    Raises:
        SyntaxError: it is not Python.
    """
    tree = ast.parse(code)
    lines = code.replace("\r\n", "\n").split("\n")
    found = []
    previous_end = 0
    for node in tree.body:
        first = lines[node.lineno - 1].strip()
        is_line = isinstance(node, ast.Assert) or (isinstance(node, _BLOCKS) and _has_assert(node))
        label = first
        if is_line:
            label = _comment_above(lines, node.lineno, previous_end)
            if not label and isinstance(node, ast.Assert):
                label = _source(code, node.test)
        found.append(Statement(node, (label or first)[:LABEL_LIMIT], node.lineno, is_line, _binds(node, READ_ONLY)))
        previous_end = node.end_lineno or node.lineno
    return found


def _comment_above(lines: list[str], line: int, previous_end: int) -> str:
    """The comment lines directly above, joined by a space."""
    comments: list[str] = []
    at = line - 1
    while at > previous_end and lines[at - 1].lstrip().startswith("#"):
        comments.insert(0, lines[at - 1].lstrip().lstrip("#").strip())
        at -= 1
    return " ".join(comment for comment in comments if comment)


def _source(code: str, node: ast.expr) -> str:
    segment = ast.get_source_segment(code, node) or ""
    return " ".join(part.strip() for part in segment.splitlines())


def _has_assert(node: ast.AST) -> bool:
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, ast.Assert):
            return True
        waiting += [child for child in ast.iter_child_nodes(found) if not isinstance(child, _SCOPES)]
    return False


def _binds(node: ast.stmt, name: str) -> bool:
    """Whether it binds or deletes that name at the top level."""
    waiting: list[ast.AST] = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, ast.Name) and found.id == name and not isinstance(found.ctx, ast.Load):
            return True
        if isinstance(found, ast.alias) and (found.asname or found.name) == name:
            return True
        if isinstance(found, _SCOPES):
            if getattr(found, "name", None) == name:
                return True
            continue
        waiting += ast.iter_child_nodes(found)
    return False

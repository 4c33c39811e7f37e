"""Python in a lesson: does it parse, how many verdict lines has it, and what is it apart from what a translator changes?

Nothing here runs any of it.
"""

from __future__ import annotations

import ast
import re
import warnings
from pathlib import PurePath

_MAGIC_LINE = re.compile(r"\s*[!%?,;/]|.*\?\s*$|[\s\w.,()\[\]*]+=\s*[!%]")
_PYTHON_MAGICS = frozenset({"capture", "debug", "prun", "pypy", "python", "python3", "time", "timeit"})
_PARSE_ERRORS = (SyntaxError, ValueError, MemoryError, RecursionError)
"""What `ast.parse` and `compile` raise for code that is too wrong, too nested or holds a null character."""


class CodeError(Exception):
    """Code that is not valid Python."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        """1-based within the code."""
        self.message = message


def parse_plain(code: str) -> ast.Module:
    """Plain Python, complete enough to compile.

    Raises:
        CodeError: it is not.
    """
    tree = _parse(code)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(code, "<lesson>", "exec", dont_inherit=True)
        except _PARSE_ERRORS as error:
            raise _code_error(error) from error
    return tree


def parse_cell(code: str) -> ast.Module | None:
    """An IPython cell: magics count as valid and stand in the tree as calls with their text. None for a cell of another language (`%%`).

    Raises:
        CodeError: what is not a magic is no Python.
    """
    if code.lstrip().startswith("%%"):
        return None
    lines = code.split("\n")
    while True:
        try:
            return _parse("\n".join(lines))
        except CodeError as error:
            # Only the line that Python rejects is taken for a magic: a line that begins with % may continue an expression.
            if not _mask_magic(lines, error.line - 1):
                raise


def _mask_magic(lines: list[str], at: int) -> bool:
    if not (0 <= at < len(lines) and _MAGIC_LINE.match(lines[at])):
        return False
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    text = [lines[at].strip()]
    after = at + 1
    while text[-1].endswith("\\") and after < len(lines):
        text.append(lines[after].strip())
        lines[after] = ""
        after += 1
    lines[at] = f"{indent}__magic__({chr(10).join(text)!a})"
    return True


def _parse(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(code)
        except _PARSE_ERRORS as error:
            raise _code_error(error) from error


def _code_error(error: BaseException) -> CodeError:
    if isinstance(error, SyntaxError):
        return CodeError(error.lineno or 1, error.msg or "a syntax error")
    return CodeError(1, str(error) or type(error).__name__)


def verdict_lines(tree: ast.Module) -> list[ast.stmt]:
    """The top-level statements of a check that are lines of the verdict."""
    return [statement for statement in tree.body if _holds_assert(statement)]


def _holds_assert(node: ast.AST) -> bool:
    """An assert, or a loop, `if`, `with` or `try` with one in it; `def` and `class` bodies do not count."""
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.Assert):
            return True
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            waiting.extend(ast.iter_child_nodes(inner))
    return False


def can_miss(statement: ast.stmt) -> bool:
    """Whether a verdict line can be missed at all: `assert True` cannot."""
    return not (
        isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Constant) and bool(statement.test.value)
    )


def normal_python(code: str) -> str:
    """The code without what a translator may change: comments, assert messages, strings given to `print`.

    Code that does not parse (a starter may be wrong on purpose) is compared line by line.
    """
    heads: list[str] = []
    while (cell := code.lstrip()).startswith("%%"):
        head, _, code = cell.partition("\n")
        heads.append(without_comments(head))
        if not _is_of_python(head):
            return "\n".join([*heads, without_comments(code)])
    try:
        tree = parse_cell(code)
        normal = ast.dump(_Untranslated().visit(tree)) if tree else ""
    except (CodeError, *_PARSE_ERRORS):
        normal = _normal_lines(code)
    return "\n".join([*heads, normal])


def _is_of_python(head: str) -> bool:
    """Whether a cell that begins with this `%%` line goes on in Python."""
    name, *arguments = head[2:].split() or [""]
    if name in {"writefile", "file"}:
        return bool(arguments) and PurePath(arguments[-1].strip("\"'")).suffix in {"", ".py", ".ipy"}
    return name in _PYTHON_MAGICS


class _Untranslated(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        node.msg = None
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="__magic__"), args=[ast.Constant(value=str() as magic)]):
                node.args = [ast.Constant(without_comments(magic))]
        if isinstance(node.func, ast.Name) and node.func.id == "print":
            node.args = [_without_text(argument) for argument in node.args]
            for keyword in node.keywords:
                keyword.value = _without_text(keyword.value)
        return node


def _without_text(node: ast.expr) -> ast.expr:
    """A printed expression with its own strings emptied; values within it stay."""
    match node:
        case ast.Constant(value=str()):
            return ast.Constant("")
        case ast.JoinedStr(values=values):
            return ast.JoinedStr([value for value in values if not isinstance(value, ast.Constant)])
        case ast.BinOp():
            node.left, node.right = _without_text(node.left), _without_text(node.right)
        case ast.IfExp():
            node.body, node.orelse = _without_text(node.body), _without_text(node.orelse)
        case ast.Call(func=ast.Attribute() as method):
            method.value = _without_text(method.value)
    return node


_STRING = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|' + r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'")
_COMMENT = re.compile(r"""(\\.|"(?:[^"\\]|\\.)*"|'[^']*')|(?:^|(?<=[\s;]))#.*""")


def without_comments(code: str) -> str:
    """The lines of code in any language, as far as text alone tells what a comment is: none begins in a string of one line."""
    kept = (_COMMENT.sub(lambda match: match[1] or "", line).rstrip() for line in code.split("\n"))
    return "\n".join(line for line in kept if line)


def _normal_lines(code: str) -> str:
    """Python that does not parse, without comments, printed strings and assert messages."""
    kept = []
    for line in code.split("\n"):
        is_assert = line.lstrip().startswith("assert ")
        text = _STRING.sub('""', line) if is_assert or "print(" in line else line
        kept.append(re.sub(r",[^,]*$", "", text) if is_assert else text)
    return without_comments("\n".join(kept))

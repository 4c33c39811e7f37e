"""Where `{{name}}` of a form stands for its value, in Python and in bash, and how the value gets there.

Pure, also used for linting. A value never becomes source: in Python the parsed constant is replaced, in bash a variable is read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from tutor.harness.bash_words import BashWords

PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_CELL_MAGIC = re.compile(r"\s*%%")
_GENERATED = ("run_line_magic", "run_cell_magic", "system", "getoutput")
_TOKEN = re.compile(
    r"""(?P<quote>\"{3}|'{3}|"|')|(?P<comment>\#[^\n]*)|(?P<joined>\\\n)|(?P<newline>\n)|(?P<bracket>[()\[\]{}])"""
    r"""|(?P<assign>(?<![=!<>:+\-*/%@&|^])=(?!=))|(?P<help>\?)"""
)
_MAGIC_START = re.compile(r"[ \t]*[%!?,;/]")
_MAGIC_VALUE = re.compile(r"[ \t]*(?:!|%[ \t]*[^\W\d])")
_MAGIC_END = re.compile(r"(?:\\\n|[^\n])*")
_TEMPLATES = tuple(kind for name in ("JoinedStr", "TemplateStr") if (kind := getattr(ast, name, None)))


class Use(NamedTuple):
    """One `{{name}}` in a text."""

    name: str
    line: int
    """1-based."""


def python_uses(code: str, names: Collection[str]) -> tuple[list[Use], list[Use]]:
    """Which placeholders of `names` an IPython cell replaces, and which it leaves alone."""
    code = code.replace("\r\n", "\n")
    found = [match for match in PLACEHOLDER.finditer(code) if match[1] in names]
    plain, _ = _parse(code)
    spans = [_span(node) for node, text in _plain_strings(plain) if PLACEHOLDER.search(text)] if plain else []
    replaced: list[Use] = []
    left_alone: list[Use] = []
    for match in found:
        line = code.count("\n", 0, match.start()) + 1
        column = len(code[code.rfind("\n", 0, match.start()) + 1 : match.start()].encode())
        is_inside = any(start <= (line, column) < end for start, end in spans)
        (replaced if is_inside else left_alone).append(Use(match[1], line))
    return replaced, left_alone


def bash_script(script: str, names: Collection[str]) -> tuple[str, list[Use], list[Use]]:
    """The script that reads each replaced placeholder from its `variable`; which are replaced, and which left alone."""
    words = BashWords(script, {name: variable(name) for name in names})
    rewritten = words.rewrite()
    replaced: list[Use] = []
    left_alone: list[Use] = []
    for match in PLACEHOLDER.finditer(script):
        if match[1] in names:
            use = Use(match[1], script.count("\n", 0, match.start()) + 1)
            (replaced if match.start() in words.replaced_at else left_alone).append(use)
    return rewritten, replaced, left_alone


def variable(name: str) -> str:
    """The environment variable that carries the value of a field in bash, which knows only ASCII names."""
    return "TUTOR_VALUE_" + (name if name.isascii() else "x" + name.encode().hex())


def replace_values(tree: ast.AST, values: Mapping[str, str]) -> None:
    """Replace the placeholders in the plain strings below `tree`, in place."""
    for node, text in _plain_strings(tree):
        if "{{" in text:
            # One pass, so that a value that looks like a placeholder stays what it is.
            node.value = PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


class CellValues:
    """An AST transformer for IPython that replaces placeholders in one cell, judged by the text before IPython's own transforms."""

    def __init__(self, raw_code: str, values: Mapping[str, str]) -> None:
        self._raw_code = raw_code.replace("\r\n", "\n")
        self._values = values
        self._is_done = False

    def visit(self, tree: ast.AST) -> ast.AST:
        if self._is_done or _CELL_MAGIC.match(self._raw_code):  # not the cells that the cell itself runs
            return tree
        self._is_done = True
        plain, magic_lines = _parse(self._raw_code)
        statements = _statements(tree)
        originals = _statements(plain) if plain else []
        if len(originals) == len(statements):
            magics = {id(s) for s, o in zip(statements, originals, strict=True) if o.lineno in magic_lines}
        else:  # prompts or an indented cell: only its shape after the transforms is known
            magics = {id(statement) for statement in statements if _is_generated(statement)}
        for node, _ in _plain_strings(tree, without=magics):
            replace_values(node, self._values)
        return tree


def _parse(code: str) -> tuple[ast.Module | None, set[int]]:
    """The cell without its magics (None if it is one `%%` cell or no Python), and the lines where those stood."""
    if _CELL_MAGIC.match(code):
        return None, set()
    plain, magic_lines = _without_magics(code)
    try:
        return ast.parse(plain), magic_lines
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None, magic_lines


def _without_magics(code: str) -> tuple[str, set[int]]:
    """The code with each line or assignment of IPython's own as a harmless statement on the same line."""
    pieces: list[str] = []
    magic_lines: set[int] = set()
    start = 0
    while start < len(code):
        end, cut, statement = _logical_line(code, start)
        if statement:
            magic_lines.add(code.count("\n", 0, start) + 1)
            pieces += [code[start:cut], statement, "\n" * code.count("\n", cut, end)]
        else:
            pieces.append(code[start:end])
        start = end
    return "".join(pieces), magic_lines


def _logical_line(code: str, start: int) -> tuple[int, int, str]:
    """Where the logical line at `start` ends; if it is a magic, from where on it is replaced, and by what."""
    indent = re.compile(r"[ \t]*").match(code, start)
    body = indent.end() if indent else start
    if _MAGIC_START.match(code, start):
        return _end_of_magic(code, body), body, "pass"
    depth, at, is_first_assignment, is_help = 0, body, True, False
    while token := _TOKEN.search(code, at):
        at = token.end()
        if token["quote"]:
            at = _end_of_string(code, at, token["quote"])
        elif token["bracket"]:
            depth += 1 if token["bracket"] in "([{" else -1
        elif depth > 0:
            continue
        elif token["newline"]:
            break
        elif token["help"]:
            is_help = True
        elif token["assign"] and is_first_assignment:
            is_first_assignment = False
            if _MAGIC_VALUE.match(code, at):
                return _end_of_magic(code, at), at, " None"
    else:
        at = len(code)
    return (at, body, "pass") if is_help else (at, start, "")


def _end_of_magic(code: str, at: int) -> int:
    match = _MAGIC_END.match(code, at)
    end = match.end() if match else at
    return min(end + 1, len(code))


def _end_of_string(code: str, at: int, quote: str) -> int:
    closing = re.compile(r"\\.|" + quote + ("" if len(quote) == 3 else r"|\n"), re.DOTALL)
    while match := closing.search(code, at):
        at = match.end()
        if not match[0].startswith("\\"):
            return at - 1 if match[0] == "\n" else at
    return len(code)


def _plain_strings(tree: ast.AST, without: Collection[int] = ()) -> Iterator[tuple[ast.Constant, str]]:
    """String constants that are not part of an f-string or t-string, nor below a node of that id."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _TEMPLATES) or id(node) in without:
            continue
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node, node.value
        else:
            waiting.extend(ast.iter_child_nodes(node))


def _statements(tree: ast.AST) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def _is_generated(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        if value.func.attr in _GENERATED:
            inner = value.func.value
            return isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "get_ipython"
        value = value.func.value
    return False


def _span(node: ast.Constant) -> tuple[tuple[int, int], tuple[int, int]]:
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return (node.lineno, node.col_offset), (end_line, end_column)

"""What a comparison in an assert looked at: each side evaluated once, kept until its line is judged, shown briefly."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

NAME = "__tutor__"
"""The name under which a `Recorder` is among the globals while checks run."""
SHOWN = 200
_MANY = 2000
_FEW = 100


class Recorder:
    """Keeps the sides of the last comparison of the assert that runs."""

    __slots__ = ("_is_negated", "_literals", "_result", "_sides")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._sides: list[object] = []
        self._result: object = None
        self._is_negated = False
        self._literals: tuple[bool, ...] = ()

    def first(self, value: object) -> object:
        self._sides = [value]
        return value

    def next(self, value: object) -> object:
        self._sides.append(value)
        return value

    def compared(self, result: object, is_negated: bool, literals: tuple[bool, ...]) -> object:
        self._result, self._is_negated, self._literals = result, is_negated, literals
        return result

    def other(self, value: object) -> object:
        """A condition that is no comparison: nothing is expected, nothing seen."""
        self.clear()
        return value

    def expected_and_seen(self) -> tuple[str | None, str | None]:
        """Of the comparison that did not hold, if there is one."""
        if len(self._sides) < 2 or not self._literals or _truth(self._result) is not self._is_negated:
            return None, None
        seen, expected = self._sides[-2:]
        place = len(self._sides) - 2
        if len(self._literals) > 2 and self._literals[place] and not self._literals[place + 1]:
            seen, expected = expected, seen  # in `0 < x < 9` it is x that was seen, whichever side failed
        text = show(expected)
        return (f"not {text}"[:SHOWN] if self._is_negated else text), show(seen)


class Instrument(ast.NodeTransformer):
    """Makes the asserts of a statement report to the recorder; those in functions and classes do not count."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        clear = ast.Expr(_call("clear"))
        node.test = _condition(node.test)
        return [ast.fix_missing_locations(ast.copy_location(clear, node)), ast.fix_missing_locations(node)]


def _condition(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Compare):
        return _comparison(node, is_negated=False)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Compare):
        node.operand = _comparison(node.operand, is_negated=True)
        return node
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        node.values = [_condition(value) for value in node.values]
        return node
    return _call("other", node)


def _comparison(node: ast.Compare, *, is_negated: bool) -> ast.expr:
    literals = [_is_literal(side) for side in (node.left, *node.comparators)]
    node.left = _call("first", node.left)
    node.comparators = [_call("next", side) for side in node.comparators]
    flags = ast.Tuple([ast.Constant(flag) for flag in literals], ast.Load())
    return _call("compared", node, ast.Constant(is_negated), flags)


def _call(method: str, *arguments: ast.expr) -> ast.expr:
    call = ast.Call(ast.Attribute(ast.Name(NAME, ast.Load()), method, ast.Load()), list(arguments), [])
    return ast.copy_location(call, arguments[0]) if arguments else call


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant))


def show(value: object, limit: int = SHOWN) -> str:
    """Its `repr`, at most `limit` characters, whatever the object does when asked for it."""
    try:
        text = repr(value) if _is_small(value, [_MANY]) else _show_large(value)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 (the learner's `__repr__` may raise anything)
        text = f"<{type(value).__name__}: its repr raised {type(error).__name__}>"
    return clip(text, limit)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters that every encoder takes."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")[:limit]


def message_of(error: BaseException, limit: int = 2000) -> str:
    """`str(error)`, whatever that does."""
    try:
        return clip(str(error), limit)
    except KeyboardInterrupt:
        raise
    except BaseException as inner:  # noqa: BLE001 (the learner's `__str__` may raise anything)
        return f"<its text raised {type(inner).__name__}>"


def describe(error: BaseException) -> str:
    """`Type: message`, as Python prints it."""
    message = message_of(error)
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _truth(value: object) -> bool | None:
    try:
        return bool(value)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 (an array has no truth value, and a learner's class may do anything)
        return None


def _is_small(value: object, budget: list[int], depth: int = 20) -> bool:
    """Whether the plain containers in it hold so little that `repr` is quick."""
    budget[0] -= 1
    if isinstance(value, str | bytes | bytearray):
        budget[0] -= len(value) // 10
    elif type(value) in (list, tuple, set, frozenset, dict):
        if depth == 0 or len(value) > budget[0]:  # type: ignore[arg-type]
            return False
        items = value.items() if isinstance(value, dict) else value
        return all(_is_small(item, budget, depth - 1) for item in items)  # type: ignore[attr-defined]
    return budget[0] > 0


def _show_large(value: object, depth: int = 3) -> str:
    if isinstance(value, str | bytes | bytearray):
        return repr(value[: SHOWN + 1])
    if depth == 0:
        return "…"
    if isinstance(value, Mapping):
        pairs = (f"{_show_large(k, depth - 1)}: {_show_large(v, depth - 1)}" for k, v in islice(value.items(), _FEW))
        return "{" + ", ".join(pairs) + ", …}"
    if isinstance(value, Sequence | AbstractSet):
        brackets = {list: "[]", tuple: "()"}.get(type(value), "{}")
        shown = (_show_large(item, depth - 1) for item in islice(value, _FEW))
        return brackets[0] + ", ".join(shown) + ", …" + brackets[1]
    return repr(value)

"""Hosts, files and programs that code names, as far as its text tells."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator

from tutor.lesson.python_code import CodeError, parse_cell

_URL_HOST = re.compile(
    r"\b[a-zA-Z][a-zA-Z0-9+.-]{0,20}://(?:[^\s/@'\"]{1,200}@)?([a-zA-Z0-9_.-]{1,253}(?::[0-9]{1,5})?)"
)
_AT_HOST = re.compile(r"\b[\w.+-]{1,64}@([a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63}){1,8})")
_BARE_HOST = re.compile(
    r"(?<![\w./@-])((?:[a-zA-Z0-9-]{1,63}\.){1,8}(?:com|org|net|io|ai|co|dev|cn|edu|gov|app|cloud|me|info)(?::[0-9]{1,5})?)(?![\w.-])"
)
_ADDRESS = re.compile(r"(?<![\w.])((?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]{1,5})?)(?![\w.])")
_PATH = re.compile(r"(?:~|\.{0,2}/|[A-Za-z]:\\)\S*|[\w.-]+(?:/[\w.-]+)+/?")
_BETWEEN_COMMANDS = re.compile(r"\|\||&&|[;|&\n]|\$\(|`")
_ASSIGNMENT = re.compile(r"\w+=.*")
_SHELL_WORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "elif",
        "fi",
        "for",
        "in",
        "do",
        "done",
        "while",
        "until",
        "case",
        "esac",
        "function",
        "{",
        "}",
        "(",
        ")",
        "!",
        "[",
        "[[",
        "time",
    ]
)
_WRAPPERS = frozenset(["sudo", "env", "nohup", "exec", "command", "xargs", "nice", "timeout"])
_OPENERS = frozenset({"open", "Path", "load", "save", "read_csv", "read_text", "write_text"})
_STARTERS = frozenset(
    {
        "system",
        "popen",
        "run",
        "call",
        "check_call",
        "check_output",
        "Popen",
        "create_subprocess_exec",
        "create_subprocess_shell",
    }
)


def hosts_in(code: str, language: str) -> Iterator[str]:
    """Hosts in addresses and in strings, with the port where one is given."""
    for text in [code] if language == "bash" else [*_strings(code), *_shell(code)]:
        for pattern in (_URL_HOST, _AT_HOST, _BARE_HOST, _ADDRESS):
            yield from pattern.findall(text)


def files_in(code: str, language: str) -> Iterator[str]:
    """Paths in strings, names of files that are opened, and paths in shell commands."""
    for text in [code] if language == "bash" else _shell(code):
        yield from (word for part in _BETWEEN_COMMANDS.split(text) for word in _words(part) if _is_path(word))
    if language != "bash":
        yield from (text for text in _strings(code) if len(text) < 300 and _is_path(text))
        yield from _arguments(code, _OPENERS)


def commands_in(code: str, language: str) -> Iterator[str]:
    """Programs that a shell or `subprocess` would start."""
    for text in [code] if language == "bash" else [*_shell(code), *_arguments(code, _STARTERS)]:
        for part in _BETWEEN_COMMANDS.split(text):
            yield from _first_word(part)


def _is_path(text: str) -> bool:
    return "://" not in text and bool(_PATH.fullmatch(text)) and any(character.isalnum() for character in text)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()


def _first_word(command: str) -> Iterator[str]:
    for word in _words(command):
        if word in _SHELL_WORDS or word.startswith("-") or _ASSIGNMENT.fullmatch(word):
            continue
        if word in _WRAPPERS:
            yield word
            continue
        yield word
        return


def _tree(code: str) -> ast.Module | None:
    try:
        return parse_cell(code)
    except CodeError:
        return None


def _strings(code: str) -> Iterator[str]:
    """The strings of Python code; all of its text where it does not parse."""
    tree = _tree(code)
    if tree is None:
        yield code
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            yield node.value.decode("latin-1")


def _shell(code: str) -> Iterator[str]:
    """What an IPython cell hands to a shell: `!` lines, and cells of bash."""
    lines = code.lstrip().split("\n")
    if lines[0].startswith(("%%bash", "%%sh", "%%!", "%%script", "%%system")):
        yield "\n".join(lines[1:])
        return
    for line in lines:
        mark = re.match(r"\s*(?:[\w, ]+=\s*)?(?:!{1,2}|%(?=(?:pip|conda|sx|system)\b))(.*)", line)
        if mark:
            yield mark[1]


def _arguments(code: str, functions: frozenset[str]) -> Iterator[str]:
    """The first string that these functions are called with, or that begins their first list."""
    tree = _tree(code)
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if isinstance(first, (ast.List, ast.Tuple)) and first.elts:
            first = first.elts[0]
        if name in functions and isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
            yield first.value

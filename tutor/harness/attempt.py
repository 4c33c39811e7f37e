"""One attempt of a step: what it left behind, and the names it started from.

The copy is shallow and is kept no longer than needed: a kept name keeps its model and its GPU tensors alive.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import types
from dataclasses import dataclass, field
from typing import Any

from tutor.harness.compare import clip, message_of
from tutor.harness.streams import Source

ERROR_LIMIT = 10_000
_CACHED = re.compile(r"_(?:_{0,2}|i{1,3}|i?\d+)")
"""IPython's names for earlier inputs and results; never kept."""
_IMMUTABLE = frozenset(
    {
        *(type(None), type(...), bool, int, float, complex, str, bytes, range, types.ModuleType, types.MethodType),
        *(types.FunctionType, types.BuiltinFunctionType, types.MethodWrapperType, types.WrapperDescriptorType),
    }
)


@dataclass(frozen=True)
class Error:
    """An exception as text; the exception itself would keep its frames alive."""

    type: str
    message: str
    unbound: str | None = None
    """The name that a NameError missed."""
    line: int | None = None
    """Of the code as IPython ran it (without the empty lines it began with), where it raised."""

    @classmethod
    def of(cls, error: BaseException) -> Error:
        message = message_of(error, ERROR_LIMIT)
        return cls(clip(type(error).__name__, 200), message, unbound_name(error), line_of(error))

    def __str__(self) -> str:
        return f"{self.type}: {self.message}" if self.message else self.type


@dataclass
class Attempt:
    """The last run of a step."""

    step: str
    source: Source
    unmet: list[dict[str, str]] = field(default_factory=list)
    error: Error | None = None
    exit_code: int | None = None
    seconds: float = 0.0
    value: object = None
    """Of the last expression."""
    is_mutable: bool = False
    """It started from names put back, some of which refer to objects that may have been changed in place."""

    def drop(self) -> None:
        """A newer attempt takes its place."""
        self.source.capture = None
        self.value = None


class Kept:
    """The names and the current folder at the first attempt since the learner came to the step."""

    def __init__(self, step: str, names: dict[str, Any]) -> None:
        self.step = step
        self._names = _kept(names)
        self._folder = current_folder()

    def rewind(self, names: dict[str, Any], pristine: dict[str, Any]) -> bool:
        """Put them back; whether some refer to objects that may have been changed in place."""
        for name in [name for name in names if name not in self._names and not _is_cached(name)]:
            del names[name]
        names.update(self._names)
        if self._folder is not None and self._folder != current_folder():
            go_to(self._folder)
        own = (value for name, value in self._names.items() if name not in pristine)
        return any(_is_mutable(value) for value in own)

    def follow(self, before: Before, names: dict[str, Any]) -> None:
        """What code at the prompt bound, rebound or deleted survives the next rewind, and so does a change of folder."""
        for name, value in _kept(names).items():
            if name not in before.names or before.names[name] is not value:
                self._names[name] = value
        for name in before.names:
            if name not in names:
                self._names.pop(name, None)
        if current_folder() != before.folder:
            self._folder = current_folder()


class Before:
    """What was there when code at the prompt began."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = _kept(names)
        self.folder = current_folder()


def leave() -> None:
    """The step was passed, skipped or left: nothing is kept for it any longer."""
    from tutor.harness import kernel

    kernel.current().leave()


def tidy(*, remove: bool = False) -> None:
    """Empty the lesson's folder. Args: `remove`: and take it away, since nobody will come back to it."""
    from tutor.harness import kernel

    harness = kernel.current()
    harness.empty_folder(remove=remove)
    harness.end_silent()


def forget_results(shell: Any) -> None:
    """Drop IPython's references to results and exceptions, so that what they hold can be freed."""
    hook = shell.displayhook
    for names in (shell.user_ns, shell.user_ns_hidden):  # the names that `%who` leaves out are kept with their values
        for name in [name for name in names if _is_cached(name) and name.lstrip("_").isdigit()]:
            del names[name]
        names.update({"_": "", "__": "", "___": ""})
    hook._, hook.__, hook.___ = "", "", ""
    results = shell.user_ns.get("_oh")
    if isinstance(results, dict):
        results.clear()
    getattr(shell.history_manager, "outputs", {}).clear()
    forget_errors(shell)


def forget_errors(shell: Any) -> None:
    """Drop kept tracebacks: their frames hold what the failed code made."""
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)
    shell.last_execution_result = None
    for formatter in ("InteractiveTB", "SyntaxTB"):
        if getattr(getattr(shell, formatter, None), "tb", None) is not None:
            getattr(shell, formatter).tb = None


def fresh_names(shell: Any, pristine: dict[str, Any]) -> None:
    """The namespace as it was at set-up, with nothing in `In` and `Out`."""
    names: dict[str, Any] = shell.user_ns
    forget_results(shell)
    for name in [name for name in names if name not in pristine]:
        del names[name]
    names.update(pristine)
    names.update({"_": "", "__": "", "___": ""})
    history = shell.history_manager
    for inputs in (history.input_hist_parsed, history.input_hist_raw):
        inputs[:] = [""] * len(inputs)  # not shortened: positions are execution counts


def forget_modules(folder: str) -> None:
    """Modules that a lesson wrote into its folder: another lesson may have some of the same name."""
    if folder:
        inside = tuple(os.path.join(path, "") for path in {folder, os.path.realpath(folder)})  # noqa: PTH118
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__dict__", {}).get(
                "__file__"
            )  # asked for as an attribute, a lazy module would load
            if isinstance(file, str) and file.startswith(inside):
                del sys.modules[name]


def unbound_name(error: BaseException) -> str | None:
    """The name that was looked up in vain, if an earlier step could have bound it."""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        name = getattr(error, "name", None)
        return name if isinstance(name, str) else None
    return None


def line_of(error: BaseException) -> int | None:
    """The line of the learner's code at which an error came: the innermost frame of the code that ran just now.

    Functions of earlier steps have files of their own in IPython, and are not taken for it.
    """
    file, line = None, None
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if file is None and trace.tb_frame.f_globals.get("__name__") == "__main__":
            file = code.co_filename
        if code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    if file is None and isinstance(error, SyntaxError):
        line = error.lineno
    return line


def current_folder() -> str | None:
    """None when it has been deleted."""
    try:
        return os.getcwd()  # noqa: PTH109 (a text is what is compared and put back)
    except OSError:
        return None


def go_to(folder: str) -> None:
    """Make it the current folder; made again if it is gone."""
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    os.chdir(folder)


def empty(folder: str) -> None:
    """Remove what is in it, links as links; what cannot be removed stays."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108


def _kept(names: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in names.items() if name[:1] != "_" or not _is_cached(name)}


def _is_cached(name: str) -> bool:
    return name[:1] == "_" and _CACHED.fullmatch(name) is not None


def _is_mutable(value: object) -> bool:
    kind = type(value)
    if kind in (tuple, frozenset):
        return any(_is_mutable(item) for item in value)  # type: ignore[attr-defined]
    return kind not in _IMMUTABLE and not issubclass(kind, type)

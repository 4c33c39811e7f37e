"""The hooks into IPython: what happens before and after the code of each request.

A request is recognised by its metadata as soon as IPython transforms its code, which is the first thing that happens to it (also to
silent requests and to empty cells), and acted upon once, whatever the learner's code runs inside itself.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tutor.harness import FACTS_MIME, needs
from tutor.harness.attempt import (
    ERROR_LIMIT,
    Attempt,
    Before,
    Error,
    Kept,
    empty,
    forget_errors,
    forget_modules,
    forget_results,
    fresh_names,
    go_to,
)
from tutor.harness.compare import message_of
from tutor.harness.facts import facts
from tutor.harness.placeholders import CellValues
from tutor.harness.signals import wake_loop
from tutor.harness.streams import Capture, Source, Streams
from tutor.harness.variables import Variables

RECURSION_LIMIT = 1000


class LendError(Exception):
    """A name that was promised to the code could not be made."""


@dataclass
class Request:
    """The request that the kernel works on."""

    op: str
    tutor: dict[str, Any]
    """The metadata as it came; see `tutor.harness`."""
    code: str
    source: Source
    started: float = 0.0
    before: Before | None = None
    is_blocked: bool = False
    """Its code must not run."""
    failure: BaseException | None = None
    """Why it could not be prepared."""
    is_over: bool = False

    @property
    def values(self) -> dict[str, str]:
        """Form values by name."""
        values = self.tutor.get("values") or {}
        return {name: str(entry["value"]) for name, entry in values.items()}


class Harness:
    """What is known of this kernel."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.names: dict[str, Any] = shell.user_ns
        self.pristine = dict(shell.user_ns)
        self.request: Request | None = None
        self.attempt: Attempt | None = None
        self.kept: Kept | None = None
        self.streams = Streams(self._publish_for)
        self._builtins = builtins.__dict__
        self._kept_builtins = {
            name: value
            for name, value in self._builtins.items()
            if name not in shell.builtin_trap.auto_builtins and name != "_"
        }
        self._recursion_limit = sys.getrecursionlimit()
        self.wakers: object = None
        """Kept alive here."""
        self.asked_by: Callable[[str], dict[str, Any]] | None = None
        """In a notebook, whose requests bring nothing with them: what the code of a cell asks for, as `tutor.harness` describes it."""
        self.blocked_code = "pass\n"
        """Runs in place of code that must not run."""
        self._message_id = ""
        self._lesson: str | None = None
        self._names_are_practice: bool | None = None
        """Some of the present names may be signed in at the stand-ins of practice, or for real; None: nothing was signed in."""
        self._ran: dict[str, None] = {}
        """Steps whose code has run with the present names, in the order of their first time."""
        self._folder = ""
        self._cell_values: CellValues | None = None
        self._variables: Variables | None = None
        self._lent: list[str] = []
        """Names that belong to the code of this request only."""

    def mend_builtins(self) -> None:
        """Put back what the learner's code deleted or rebound there; needs no builtin itself."""
        self._builtins.update(self._kept_builtins)

    def transform(self, lines: list[str]) -> list[str]:
        """The first of IPython's input transforms: begins a request, changes nothing unless the code must not run."""
        parent = self.shell.get_parent()
        header = parent.get("header") or {}
        message_id = str(header.get("msg_id"))
        if header.get("msg_type") == "execute_request" and message_id != self._message_id:
            self._message_id = message_id
            self.begin(parent)
        request = self.request
        if request is not None and request.failure is not None and request.op not in ("judge", "leave"):
            raise request.failure  # each time: the kernel transforms twice, and runs what the second one gives
        if request is None:
            return lines
        if request.is_blocked:
            return [self.blocked_code]
        instead = request.tutor.get("instead")
        # Not for the cells that it runs inside itself, as `%%time` does.
        is_itself = instead is not None and "".join(lines).rstrip("\n") == request.code.rstrip("\n")
        return str(instead).splitlines(keepends=True) if is_itself else lines

    # IPython calls transforms with side effects only for code that runs, not to see whether it is complete.
    transform.has_side_effects = True  # type: ignore[attr-defined]

    def publish(self, mime: str, data: object) -> None:
        """Send a display message for the present request."""
        self._publish_for(mime, data, self.shell.get_parent())

    def _publish_for(self, mime: str, data: object, parent: dict[str, Any]) -> None:
        # Not by `display`: that goes through stdout and hooks, which are the learner's to break.
        publisher = self.shell.display_pub
        content = {"data": {mime: data}, "metadata": {}, "transient": {}}
        publisher.session.send(publisher.pub_socket, "display_data", content, parent=parent, ident=publisher.topic)

    def begin(self, parent: dict[str, Any]) -> None:
        """A request begins, and with it ends the one before."""
        if self.request is not None and not self.request.is_over:
            self._end(None)
        tutor = (parent.get("metadata") or {}).get("tutor")
        if tutor is None and self.asked_by is not None:
            tutor = self.asked_by(parent["content"]["code"])
        if not isinstance(tutor, dict) or tutor.get("op") == "setup":
            self._take_back()
            self.request = None
            self.streams.begin(Source("", parent, is_tutored=False))
            return
        op = tutor.get("op", "")
        source = Source(str(tutor.get("step") or ""), parent, is_muted=op == "judge")
        request = self.request = Request(op, tutor, parent["content"]["code"], source)
        self.streams.begin(source)
        try:
            self._prepare(request)
        except KeyboardInterrupt as error:  # the kernel would not answer one that comes from a transform
            request.is_blocked = op != "judge"
            if op == "attempt" and self.attempt is not None:
                self.attempt.error = Error.of(error)
        except (OSError, LendError) as error:
            request.failure = hide_traceback(error)
        request.started = time.perf_counter()

    def _prepare(self, request: Request) -> None:
        self._take_back()  # what is left of an earlier one, whose end was interrupted
        self._variables = Variables(request.tutor.get("environment") or {})
        self._variables.set()
        if request.op == "attempt":
            if self.attempt is not None:
                self.attempt.drop()
            self.attempt = Attempt(request.source.step, request.source)
            request.source.capture = Capture()
        elif request.op == "judge" and self.attempt is not None:
            request.source.capture = self.attempt.source.capture  # a thread of the step may still print
        self._enter(request)
        if request.op == "attempt":
            self._prepare_attempt(request)
        elif request.op in ("free", "replay") and self.kept is not None:
            request.before = Before(self.names)
        values = request.values
        if values and request.op != "judge" and request.tutor.get("language", "python") == "python":
            self._cell_values = CellValues(request.code, values)
            self.shell.ast_transformers.append(self._cell_values)

    def _prepare_attempt(self, request: Request) -> None:
        tutor, attempt = request.tutor, self.attempt
        assert attempt is not None
        is_first, rewinds = bool(tutor.get("fresh")), tutor.get("rewind", True)
        if not is_first:
            forget_results(self.shell)
        if not rewinds:
            self.kept = None
        elif is_first:
            self.kept = Kept(attempt.step, self.names)
        elif self.kept is not None and self.kept.step == attempt.step:
            attempt.is_mutable = self.kept.rewind(self.names, self.pristine)
        attempt.unmet = needs.unmet(tutor.get("needs") or [])
        request.is_blocked = bool(attempt.unmet)
        if not request.is_blocked:
            self._lend(tutor.get("lend") or {})

    def _lend(self, wanted: dict[str, Any]) -> None:
        for name, how in wanted.items():
            module, _, function = str(how["make"]).partition(":")
            self._lent.append(name)
            try:
                self.names[name] = getattr(import_module(module), function)(**how["with"])
            except Exception as error:  # whatever a client's library raises, the code cannot run
                raise LendError(f"{name}: {message_of(error, ERROR_LIMIT)}") from error

    def stay(self, lesson: str, folder: str) -> None:
        """From now on this is the lesson; the names stay as they are, those that came before it included."""
        self._lesson, self._folder = lesson, folder
        go_to(folder)

    def _enter(self, request: Request) -> None:
        """Another lesson begins with the names of set-up, in its own folder; and so does practice after steps that were signed in for real, and
        the other way round: a client that was made in one must not do the work of a step in the other.
        """
        lesson = request.tutor.get("lesson")
        if not isinstance(lesson, dict):
            return
        is_practice = bool(lesson.get("practice"))
        if lesson.get("key") != self._lesson or self._names_are_practice not in (None, is_practice):
            self._begin_anew(request, lesson)
        if lesson.get("signed"):
            self._names_are_practice = is_practice

    def _begin_anew(self, request: Request, lesson: dict[str, Any]) -> None:
        self._names_are_practice = None
        self.kept = None
        if self.attempt is not None and self.attempt.source is not request.source:
            self.attempt.drop()
            self.attempt = None
        fresh_names(self.shell, self.pristine)
        self._ran.clear()
        forget_modules(self._folder)
        # `~` is the home of whoever the kernel runs as.
        self._folder = os.path.expanduser(str(lesson.get("folder") or ""))  # noqa: PTH111
        if self._folder:
            go_to(self._folder)
        self._lesson = lesson.get("key")

    def end_cell(self, result: Any) -> None:
        """IPython's `post_run_cell`; cells that the learner's code runs inside its own are passed over."""
        request = self.request
        if request is not None and (result is None or result.info.raw_cell == request.code):
            self._end(result)

    def _end(self, result: Any) -> None:
        request = self.request
        assert request is not None
        seconds = time.perf_counter() - request.started
        request.is_over = True
        self.streams.end()
        self._take_back()
        if sys.getrecursionlimit() < RECURSION_LIMIT:
            sys.setrecursionlimit(self._recursion_limit)
        if request.op == "attempt" and self.attempt is not None and not request.is_blocked:
            self._finish(self.attempt, result, seconds)
        if request.op in ("attempt", "replay") and request.source.step and not request.is_blocked:
            self._ran[request.source.step] = None
        if request.before is not None and self.kept is not None:
            self.kept.follow(request.before, self.names)
            request.before = None

    def _take_back(self) -> None:
        """What belonged to one request only; after an interrupt of this, once more."""
        if self._variables is not None:
            self._variables.put_back()
            self._variables = None
        while self._lent:
            self.names.pop(self._lent[-1], None)
            self._lent.pop()
        if self._cell_values is not None:
            with contextlib.suppress(ValueError):  # IPython removes a transformer that failed
                self.shell.ast_transformers.remove(self._cell_values)
            self._cell_values = None

    def _finish(self, attempt: Attempt, result: Any, seconds: float) -> None:
        attempt.seconds = seconds
        # No result: IPython was interrupted itself, so that not even its own hook ran to the end.
        error = KeyboardInterrupt() if result is None else result.error_before_exec or result.error_in_exec
        attempt.error = None if error is None else Error.of(error)
        attempt.value = getattr(result, "result", None)

    def end_silent(self) -> None:
        """The end of a request for which IPython calls no `post_run_cell`."""
        if self.request is not None and not self.request.is_over:
            self._end(None)

    def leave(self) -> None:
        self.kept = None
        if self.attempt is not None:
            self.attempt.value = None
        forget_errors(self.shell)
        self.end_silent()

    def facts(self) -> dict[str, object]:
        """The `FACTS_MIME` object."""
        return facts() | {"lesson": self._lesson, "ran": list(self._ran)}

    def empty_folder(self, *, remove: bool) -> None:
        """Remove what is in the lesson's folder, and with `remove` the folder as well; what cannot be removed stays."""
        if self._folder:
            empty(self._folder)
        if self._folder and remove:
            with contextlib.suppress(OSError):
                os.chdir(os.path.dirname(self._folder))  # noqa: PTH120
                os.rmdir(self._folder)  # noqa: PTH106


_harness: Harness | None = None


def current() -> Harness:
    """The harness of this kernel."""
    assert _harness is not None, "install() has not been called in this kernel"
    return _harness


def hook(*, is_announced: bool = True) -> None:
    """Hook into the running kernel and, if wanted, say what it is."""
    global _harness  # noqa: PLW0603 (one kernel, one harness)
    if _harness is not None:
        return
    from IPython import get_ipython

    from tutor.harness import bash, judge  # noqa: F401 (now, while nobody has touched `sys.path`)

    shell: Any = get_ipython()
    _harness = harness = Harness(shell)
    shell.input_transformers_cleanup.insert(0, harness.transform)
    shell.events.register("post_run_cell", harness.end_cell)
    _mend_after_code(harness)
    _keep_alive(shell)
    harness.wakers = wake_loop()
    if hasattr(shell, "_tee"):  # IPython 9 keeps all that is printed for its history, without a limit
        shell._tee = lambda channel: contextlib.nullcontext()  # noqa: SLF001
    if shell.history_manager.hist_file != ":memory:":
        shell.history_manager.enabled = False  # kernels would lock each other's history file
    if hasattr(shell.kernel, "_execute_sleep"):  # 0.5 ms in each request, for front ends that do not wait for idle
        shell.kernel._execute_sleep = 0.0  # noqa: SLF001
    if is_announced:
        tell()


def tell() -> None:
    """Say what this kernel is and what has run in it."""
    harness = current()
    harness.publish(FACTS_MIME, harness.facts())


def _keep_alive(shell: Any) -> None:
    """`exit` and `quit` end the cell that calls them; ipykernel would end the kernel, and that only during a later step."""

    def ask_exit() -> None:
        raise SystemExit("exit and quit end only this cell; the kernel goes on")

    shell.ask_exit = ask_exit
    # What IPython says after each SystemExit is not true here.
    warnings.filterwarnings("ignore", "To exit: use", UserWarning)


def _mend_after_code(harness: Harness) -> None:
    """IPython itself, which goes on right after the learner's code, would fail without the builtins, and send no answer."""
    run_code = harness.shell.run_code

    async def run_and_mend(*arguments: Any, **options: Any) -> Any:
        try:
            return await run_code(*arguments, **options)
        finally:
            harness.mend_builtins()

    harness.shell.run_code = run_and_mend


def hide_traceback(error: BaseException) -> BaseException:
    """IPython shows one line for it, not the frames of the harness."""
    setattr(error, "_render_traceback_", lambda: [str(Error.of(error))])  # noqa: B010 (IPython looks for this name)
    return error

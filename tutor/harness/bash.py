"""A bash step: a fresh `bash -c` in the working folder, streamed as it prints, ended by an interrupt with all it started."""

from __future__ import annotations

import codecs
import contextlib
import contextvars
import os
import selectors
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import IO, Any

from tutor.harness import kernel
from tutor.harness.placeholders import bash_script, variable
from tutor.harness.signals import HeldBack

CHUNK = 1 << 16
DRAIN = 0.2
"""Seconds to wait for more output once bash has ended and something it left behind still holds its output open."""
POLL = 0.05
ORPHAN_LIMIT = 0.15
LADDER = ((signal.SIGINT, 1.0), (signal.SIGTERM, 0.7), (signal.SIGKILL, 0.5))
"""How a group is ended, and how many seconds each signal is given."""


def run() -> None:
    """Run the script of the present request."""
    __tracebackhide__ = True
    harness = kernel.current()
    request = harness.request
    assert request is not None
    program = shutil.which("bash")
    if program is None:
        raise kernel.hide_traceback(FileNotFoundError("bash is not installed here, or not on the PATH"))
    values = request.values
    script, _, _ = bash_script(str(request.tutor.get("script") or ""), values)
    environment = {
        "PYTHONUNBUFFERED": "1",  # programs would keep what they print until they end
        **os.environ,
        **{variable(name): value for name, value in values.items()},
    }
    # An interrupt while bash is being started would leave it behind: nobody would have its number yet.
    interrupts = HeldBack()
    try:
        process = _start(program, script, environment)
        output = _Output(process, harness.streams.stdout, harness.streams.stderr)
    except BaseException as error:
        interrupts.let_through()
        if isinstance(error, OSError | ValueError):
            raise kernel.hide_traceback(error) from None
        raise
    try:
        interrupts.let_through()
        output.pump_to_end()
    except KeyboardInterrupt as error:
        with contextlib.suppress(KeyboardInterrupt):  # asked for twice
            _end_group(process, output)
        _signal_group(process.pid, signal.SIGKILL)
        raise kernel.hide_traceback(error) from None
    finally:
        output.hand_over()
    if request.op == "attempt" and harness.attempt is not None:
        status = process.wait()
        harness.attempt.exit_code = status if status >= 0 else 128 - status


def _start(program: str, script: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A group of its own for interrupts, but the kernel's session, by which the watchdog finds it.
    group: dict[str, Any] = {"process_group": 0} if sys.version_info >= (3, 11) else {"preexec_fn": os.setpgrp}
    return subprocess.Popen(
        [program, "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=environment,
        **group,
    )


class _Output:
    """Both streams of the process, decoded piece by piece and passed on as they come."""

    def __init__(self, process: subprocess.Popen[bytes], stdout: Any, stderr: Any) -> None:
        self._process = process
        self._selector = selectors.DefaultSelector()
        for pipe, stream in ((process.stdout, stdout), (process.stderr, stderr)):
            assert pipe is not None
            decoder = codecs.getincrementaldecoder("utf-8")("replace")
            self._selector.register(pipe, selectors.EVENT_READ, (decoder, stream))
        self._wake = self._wake_at_exit()

    def _wake_at_exit(self) -> int | None:
        """A descriptor that is ready once the process has ended, where the system has one."""
        if not hasattr(os, "pidfd_open"):
            return None
        try:
            descriptor = os.pidfd_open(self._process.pid)
        except OSError:
            return None
        self._selector.register(descriptor, selectors.EVENT_READ, None)
        return descriptor

    @property
    def _is_open(self) -> bool:
        return any(key.data is not None for key in self._selector.get_map().values())

    def pump(self, seconds: float) -> bool:
        """Pass on what comes within that time; whether anything came."""
        came = False
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                self._forget_exit()
            else:
                self._pass_on(key)
                came = True
        return came

    def pump_to_end(self) -> None:
        """Until bash has ended and all it printed was passed on."""
        while self._process.poll() is None:
            if self._is_open or self._wake is not None:
                self.pump(POLL if self._wake is None else 1.0)
            else:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(1.0)
        self._forget_exit()
        deadline = time.monotonic() + DRAIN
        while self._is_open and (left := deadline - time.monotonic()) > 0:
            self.pump(left)

    def hand_over(self) -> None:
        """What was left in the background may print later; reading on keeps it from breaking on a closed pipe."""
        self._forget_exit()
        if not self._is_open:
            self._selector.close()
            return
        context = contextvars.copy_context()  # by which the streams know the step
        threading.Thread(target=context.run, args=(self._read_on,), name="tutor-bash", daemon=True).start()

    def _read_on(self) -> None:
        while self._is_open:
            self.pump(60.0)
        self._selector.close()

    def _pass_on(self, key: selectors.SelectorKey) -> None:
        decoder, stream = key.data
        data = os.read(key.fd, CHUNK)
        text = decoder.decode(data, final=not data)
        if text:
            stream.write(text)
        if not data:
            self._selector.unregister(key.fileobj)
            pipe: IO[bytes] = key.fileobj  # type: ignore[assignment]
            pipe.close()

    def _forget_exit(self) -> None:
        if self._wake is not None:
            self._selector.unregister(self._wake)
            os.close(self._wake)
            self._wake = None


def _end_group(process: subprocess.Popen[bytes], output: _Output) -> None:
    for number, seconds in LADDER:
        _signal_group(process.pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            output.pump(0.02)
            if process.poll() is None:
                continue
            if not _group_is_alive(process.pid):
                return
            # Only what bash left behind: background jobs are deaf to SIGINT.
            deadline = min(deadline, time.monotonic() + ORPHAN_LIMIT)


def _group_is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)

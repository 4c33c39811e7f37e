"""Opens an address, or a file to look at, outside of the terminal: never in a browser of the terminal, which would take the screen.

Like `webbrowser`, but whatever is started gets none of our file descriptors, and it is said beforehand when there is nothing to start.
"""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

IN_THE_TERMINAL = frozenset({"browsh", "elinks", "links", "links2", "lynx", "w3m", "www-browser"})
OF_THE_DESKTOP = (("xdg-open",), ("gio", "open"), ("x-www-browser",), ("firefox",))
PATIENCE_SECONDS = 3.0
"""A program that goes on for longer has opened what it was asked to."""

Which = Callable[[str], str | None]


def opener(variables: Mapping[str, str], platform: str, which: Which = shutil.which) -> tuple[str, ...]:
    """The command that opens an address, `%s` in it or at its end; empty when none reaches the learner's own desktop."""
    for choice in variables.get("BROWSER", "").split(os.pathsep):
        command = tuple(shlex.split(choice)) if choice.count('"') % 2 == choice.count("'") % 2 == 0 else ()
        if command and command[0].rpartition("/")[2] not in IN_THE_TERMINAL and which(command[0]):
            # Also over SSH: an editor's terminal puts a command here that opens it at the other end.
            return command
    if variables.get("WSL_DISTRO_NAME"):
        candidates: tuple[tuple[str, ...], ...] = (("wslview",), ("explorer.exe",))
    elif platform == "darwin":
        candidates = () if variables.get("SSH_CONNECTION") else (("open",),)
    else:
        candidates = OF_THE_DESKTOP if variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY") else ()
    return next((command for command in candidates if which(command[0])), ())


def open_outside(command: tuple[str, ...], address: str) -> bool:
    """Start it and see whether it complains; blocks for a moment, so that it is called in a thread."""
    words = [word.replace("%s", address) for word in command]
    try:
        program = subprocess.Popen(
            words if "%s" in " ".join(command) else [*command, address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        log.info("%s did not start: %s", command[0], error)
        return False
    try:
        code = program.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    if code:
        log.info("%s ended with %s", command[0], code)
    # explorer.exe says 1 whatever it did.
    return code == 0 or command[0] == "explorer.exe"

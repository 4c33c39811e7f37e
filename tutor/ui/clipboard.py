"""Where copied text goes: through the terminal to the learner's own computer (OSC 52), and to the clipboard of this one.

Neither can be asked whether it worked, so that both are always tried. The programs are the ones that pyperclip starts too; here they
get a time limit and none of our file descriptors, since a forwarded display that is gone must not hold up the end of tutor, nor a
program that complains write over the screen.
"""

from __future__ import annotations

import base64
import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

log = logging.getLogger(__name__)

MOST_BYTES = 74_000
"""Terminals drop longer sequences (xterm's limit is the smallest of the usual ones), and the connection may be slow."""
SCREEN_PIECE = 240
"""GNU screen takes control strings of 256 bytes at most; several in a row reach the terminal as one."""
PATIENCE_SECONDS = 5.0

Which = Callable[[str], str | None]


def sequences(text: str, variables: Mapping[str, str]) -> list[str]:
    """What to write to the terminal so that it copies the text; nothing if it is too long. Inside tmux and screen it is wrapped, too."""
    raw = text.encode("utf-8", "replace")
    if len(raw) > MOST_BYTES:
        return []
    plain = f"\x1b]52;c;{base64.b64encode(raw).decode('ascii')}\a"
    if variables.get("TMUX"):
        # tmux takes the plain one where it may set the clipboard, and hands the wrapped one on where it lets things through.
        return [plain, f"\x1bPtmux;{plain.replace(chr(27), chr(27) * 2)}\x1b\\"]
    if variables.get("STY"):
        pieces = [plain[at : at + SCREEN_PIECE] for at in range(0, len(plain), SCREEN_PIECE)]
        return ["".join(f"\x1bP{piece}\x1b\\" for piece in pieces)]
    return [plain]


def programs(variables: Mapping[str, str], platform: str, which: Which = shutil.which) -> list[tuple[str, ...]]:
    """The commands that take the text on their standard input: tmux's own, and the best one that reaches the learner's desktop."""
    tmux = [("tmux", "load-buffer", "-w", "-")] if variables.get("TMUX") and which("tmux") else []
    desktop = (command for command in _desktop(variables, platform) if which(command[0]))
    return [*tmux, *islice(desktop, 1)]


def _desktop(variables: Mapping[str, str], platform: str) -> Iterator[tuple[str, ...]]:
    """The best first."""
    if not (variables.get("SSH_CONNECTION") or variables.get("SSH_TTY")):
        if platform == "darwin":
            yield ("pbcopy",)
        if variables.get("WSL_DISTRO_NAME"):
            yield ("clip.exe",)
        if variables.get("WAYLAND_DISPLAY"):
            yield ("wl-copy",)
        if variables.get("TERMUX_VERSION"):
            yield ("termux-clipboard-set",)
    if variables.get("DISPLAY"):
        # Over SSH as well: a forwarded display is the learner's own.
        yield ("xclip", "-selection", "clipboard")
        yield ("xsel", "--clipboard", "--input")


def hand_over(text: str, commands: Sequence[tuple[str, ...]]) -> None:
    """Give the text to these programs; blocks, so that it is called in a thread. What fails is in the log and nowhere else."""
    for command in commands:
        # Only clip.exe wants to be told what it reads; it is told by the byte order mark.
        encoding = "utf-16" if command[0] == "clip.exe" else "utf-8"
        try:
            subprocess.run(
                command,
                input=text.encode(encoding, "replace"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE_SECONDS,
                check=True,
                start_new_session=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            log.info("%s did not copy: %s", command[0], error)

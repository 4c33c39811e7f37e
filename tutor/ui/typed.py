"""What a line typed at the prompt means: a command for the session, a request to the screen, or code. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from tutor.session import commands
from tutor.session.commands import Command
from tutor.session.events import Action
from tutor.settings import THEMES
from tutor.text.fullwidth import narrow
from tutor.ui.keys import WAYS
from tutor.ui.wishes import NEVER_TYPED, Wish


@dataclass(frozen=True, slots=True)
class Requested:
    """A request to the screen with its argument."""

    wish: Wish
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """The line began with `/` and is no command."""

    key: str
    """Of the words that say so."""
    name: str
    near: str = ""
    """The most similar command, if any."""


Meaning = Command | Requested | Misunderstood

COMMANDS: dict[Action, Command] = {
    Action.RUN: commands.Run(),
    Action.CHECK: commands.Check(),
    Action.NEXT: commands.Next(),
    Action.HINT: commands.Hint(),
    Action.SOLUTION: commands.Solution(),
    Action.FILL: commands.Solution(fill=True),
    Action.RECALL: commands.Recall(),
    Action.REFILL: commands.Refill(),
    Action.PRACTISE: commands.Practise(),
    Action.SKIP: commands.Skip(),
    Action.BACK: commands.Back(),
    Action.BRING_BACK: commands.BringBack(),
    Action.RESTART: commands.Restart(),
    Action.INTERRUPT: commands.Interrupt(),
}
"""What an action sends; editing and answering begin on the screen and send something when they end."""
ACTIONS = {way.typed: Action(way.action) for way in WAYS}
WISHES = {wish.value: wish for wish in Wish if wish not in NEVER_TYPED} | {"home": Wish.LESSONS}
NAMES = tuple(dict.fromkeys([*ACTIONS, "goto", *WISHES]))
LANGUAGES = ("en", "zh")
_RECEIPT = re.compile(r"(?m)^\s*TUTOR\d{1,6}:[A-Za-z0-9_-]{8}")
_SLASH = re.compile(r"[／、](?=[A-Za-zＡ-Ｚａ-ｚ])")
"""What a Chinese input method types in the place of a slash; before a letter no code begins so."""


def meaning_of(line: str) -> Meaning:
    """A line that begins with a slash is a command, one that begins like a receipt is one; all else is code for the kernel."""
    if is_receipt(line):
        return commands.Receipt(line)
    if not is_command(line):
        return commands.Say(line)
    if "\n" in line:
        # Only an error has several lines behind a command; all else that begins so is code for the kernel to complain about.
        name, _, error = line[1:].partition("\n")
        first, _, rest = name.strip().replace("\u3000", " ").partition(" ")
        is_error = narrow(first).lower() == Wish.EXPLAIN
        return Requested(Wish.EXPLAIN, f"{rest}\n{error}".strip("\n")) if is_error else commands.Say(line)
    name, _, argument = line[1:].strip().replace("\u3000", " ").partition(" ")
    name, argument = narrow(name).lower(), argument.strip()
    return _with_argument(name, argument) or _alone(name, argument)


def is_command(line: str) -> bool:
    """Whether the line begins with a slash, or with what an input method makes of it."""
    return line.startswith("/") or _SLASH.match(line) is not None


def is_receipt(line: str) -> bool:
    """Whether one of its lines begins as receipts do (`tutor.harness.receipt`), of whichever version; no code does.

    The line above it in the notebook says that it should be copied, and is easily copied along.
    """
    return _RECEIPT.search(line) is not None


def _with_argument(name: str, argument: str) -> Meaning | None:
    """Commands for which the argument matters."""
    match name:
        case "goto":
            return commands.Goto(argument) if argument else Misunderstood("ui.needs_step", name)
        case "answer" if argument:
            return commands.Answer(
                tuple(part.strip() for part in argument.replace("、", ",").replace("，", ",").split(","))
            )
        case "restart" if argument in ("empty", "清空"):
            return commands.Restart(empty_folder=True)
        case "lang" if argument not in LANGUAGES:
            return Misunderstood("ui.needs_language", name)
        case "theme" if argument and argument.lower() not in THEMES:
            return Misunderstood("ui.needs_theme", name)
        case "lesson" if not argument:
            return Requested(Wish.LESSONS)
        case _:
            return None


def _alone(name: str, argument: str) -> Meaning:
    if name in WISHES:
        return Requested(WISHES[name], argument)
    if name in ACTIONS:
        return COMMANDS[ACTIONS[name]]
    near = difflib.get_close_matches(name, NAMES, 1)
    return Misunderstood("ui.unknown_command", name, near[0] if near else "")

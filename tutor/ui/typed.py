"""What a line typed at the prompt means: a command for the session, a request to the screen, or code. Pure."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum

from tutor.session import commands
from tutor.session.commands import Command
from tutor.ui.keys import COMMANDS, WAYS


class Wish(StrEnum):
    """What the screen does by itself."""

    EDIT = "edit"
    ANSWER = "answer"
    COPY = "copy"
    RESET = "reset"
    """Back to the lesson's own code."""
    HELP = "help"
    LESSONS = "lessons"
    QUIT = "quit"
    LESSON = "lesson"
    LANGUAGE = "lang"
    LEAVE = "leave"
    SEND = "send"
    NEW_LINE = "new_line"
    READ_ON = "read_on"
    SUGGESTED = "suggested"
    """Whatever is lit."""
    WAIT = "wait"


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

ACTIONS = {way.typed: action for action, way in WAYS.items()}
BY_MOUSE_ONLY = frozenset({Wish.LEAVE, Wish.SEND, Wish.NEW_LINE, Wish.READ_ON, Wish.SUGGESTED, Wish.WAIT})
"""They stand in the action row; typed, they would mean nothing."""
WISHES = {wish.value: wish for wish in Wish if wish not in BY_MOUSE_ONLY}
NAMES = tuple(dict.fromkeys([*ACTIONS, "goto", *WISHES]))
LANGUAGES = ("en", "zh")


def meaning_of(line: str) -> Meaning:
    """A line that begins with `/` is a command; all else is code for the kernel."""
    if not line.startswith("/") or "\n" in line:
        return commands.Say(line)
    name, _, argument = line[1:].strip().partition(" ")
    name, argument = name.lower(), argument.strip()
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
        case "lesson" if not argument:
            return Requested(Wish.LESSONS)
    if name in WISHES:
        return Requested(WISHES[name], argument)
    if name in ACTIONS:
        return COMMANDS[ACTIONS[name]]
    near = difflib.get_close_matches(name, NAMES, 1)
    return Misunderstood("ui.unknown_command", name, near[0] if near else "")

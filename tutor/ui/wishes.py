"""What the screen does by itself, without asking the session. Imports nothing of tutor: the first paint needs it."""

from __future__ import annotations

from enum import StrEnum


class Wish(StrEnum):
    """A request to the screen."""

    EDIT = "edit"
    EDITOR = "editor"
    """In the learner's own editor."""
    ANSWER = "answer"
    COPY = "copy"
    RESET = "reset"
    """Back to the lesson's own code."""
    HELP = "help"
    LESSONS = "lessons"
    """Where to go on, what changed, open steps, all lessons."""
    SEARCH = "search"
    """The same, with a search begun."""
    LIST = "list"
    """The list of lessons beside the conversation."""
    PALETTE = "palette"
    """Everything that can be done, to choose from."""
    EXPLAIN = "explain"
    """What the newest error means, or the one that is given."""
    DOCTOR = "doctor"
    """What this machine has and what is broken in it."""
    RUNTIME = "runtime"
    """Where lessons run, to choose from."""
    ACCOUNTS = "accounts"
    """GitHub, Google Drive and Kaggle: what is connected, and connecting one."""
    REPORT = "report"
    """A file of diagnostics."""
    SETTINGS = "settings"
    QUIT = "quit"
    LESSON = "lesson"
    LANGUAGE = "lang"
    THEME = "theme"
    LEAVE = "leave"
    SEND = "send"
    NEW_LINE = "new_line"
    OPEN_LARGE = "open"
    """The newest output or the block under the cursor, on the whole screen."""
    OPEN = "open_chosen"
    """The lesson or step under the cursor of the list."""
    READ_ON = "read_on"
    END = "end"
    """To the end of the conversation."""
    EARLIER = "earlier"
    """To the block of the conversation before this one."""
    LATER = "later"
    FOLLOW = "follow"
    """The link under the cursor."""
    TO_PROMPT = "to_prompt"
    """The code under the cursor, to try it there."""
    BACK = "back_to_step"
    """From a block of the conversation to the step, which stands at its end."""
    SUGGESTED = "suggested"
    """Whatever is lit."""
    WAIT = "wait"
    """A chip of the snapshot: it can be read, and chosen as soon as there is a session."""


NEVER_TYPED = frozenset(
    {
        Wish.LEAVE,
        Wish.SEND,
        Wish.NEW_LINE,
        Wish.OPEN,
        Wish.READ_ON,
        Wish.FOLLOW,
        Wish.TO_PROMPT,
        Wish.BACK,
        Wish.SUGGESTED,
        Wish.WAIT,
    }
)
"""They stand in the action row; typed, they would mean nothing."""

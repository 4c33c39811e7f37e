"""What a front end may ask of a session; frozen, and nothing but data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """Run the step's code: the given text, else the draft, else the lesson's own. On a checklist step in practice mode, rehearse it."""

    code: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Judge the step's checks again without running its code."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer what is asked now: `input()` while code runs, else a prediction, quiz, form or paste."""

    values: tuple[str, ...]
    """Quiz: numbers (1-based) or texts of choices, or one number or text. Form: one value a field, in order. Otherwise one text."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Tick or untick one item of the checklist; its checks run once all are ticked."""

    item: int
    """0-based."""
    done: bool = True


@dataclass(frozen=True, slots=True)
class Edit:
    """The text of the editor, saved as it is typed."""

    text: str | None
    """None: back to the lesson's own code."""
    at_once: bool = False
    """It was not typed here but comes as a whole: what stood there before can be had back with `Recall`."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Put back what the learner wrote here last and is not in the editor now; again: what was there before that."""


@dataclass(frozen=True, slots=True)
class Refill:
    """Fill in the step's form once more, with what it has now."""


@dataclass(frozen=True, slots=True)
class Practise:
    """Rehearse steps that need an account or hands, at stand-ins on this computer; again: do them for real."""


@dataclass(frozen=True, slots=True)
class Hint:
    """The next hint, the one that fits the failure first."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Show the solution; with `fill`, put it into the editor as well."""

    fill: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave the step unfinished and go on."""


@dataclass(frozen=True, slots=True)
class Next:
    """Go on: passes a step without work; one that was not tried or not passed counts as skipped."""


@dataclass(frozen=True, slots=True)
class Back:
    """The step before."""


@dataclass(frozen=True, slots=True)
class Goto:
    """A step of this lesson by id."""

    step_id: str


@dataclass(frozen=True, slots=True)
class Restart:
    """A fresh runtime; with `empty_folder`, an empty working folder too."""

    empty_folder: bool = False


@dataclass(frozen=True, slots=True)
class BringBack:
    """Run the last passed code of the earlier steps again, unjudged."""


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Stop what runs."""


@dataclass(frozen=True, slots=True)
class Say:
    """Code from the prompt, run between steps; nothing is judged."""

    text: str


@dataclass(frozen=True, slots=True)
class Explain:
    """Say what an error means and what mends it: the given text, else the newest error."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Record what a receipt says; a text with one in it."""

    text: str


Command = (
    Run
    | Check
    | Answer
    | Tick
    | Edit
    | Recall
    | Refill
    | Practise
    | Hint
    | Solution
    | Skip
    | Next
    | Back
    | Goto
    | Restart
    | BringBack
    | Interrupt
    | Say
    | Explain
    | Receipt
)

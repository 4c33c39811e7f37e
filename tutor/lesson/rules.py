"""Every rule of a lesson: one code, one sentence that says what is expected. Also how a breach of it is worded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from pathlib import Path

from tutor.lesson.model import Problem


class Rule(Enum):
    """`E…` stops a lesson from loading, `E08x` and later are told by `tutor check` alone, `W…` are advice."""

    READABLE = ("E001", "A lesson file can be read.")
    UTF8 = ("E002", "A lesson file is UTF-8 text.")
    FILE_NAME = ("E003", "A lesson file is called en.md or zh.md.")
    LESSON_ID = (
        "E004",
        "A lesson's folder is named in lower-case letters, digits and hyphens, and not like a command of tutor.",
    )

    FRONT_MATTER = ("E010", "A lesson begins with front matter between two lines of `---`.")
    YAML = ("E011", "The front matter is a YAML mapping.")
    FRONT_KEY = ("E012", "The front matter has only known keys.")
    FRONT_TWICE = ("E013", "A key stands once in the front matter.")
    FRONT_MISSING = ("E014", "The front matter has `format`, `title`, `summary` and `minutes`.")
    FORMAT = ("E015", "`format` is 1.")
    FRONT_TEXT = ("E016", "`title` and `summary` are text.")
    FRONT_NUMBER = ("E017", "`minutes` and `order` are whole numbers.")
    AFTER = ("E018", "`after` is a list of lesson ids.")
    SOURCES = ("E019", "`sources` is a list of `title`, `url` and `read` (a date like 2026-11-20).")
    NEEDS = (
        "E020",
        (
            "`needs` says only gpu, cuda, torch, module:NAME, command:NAME, network:HOST, network:HOST:PORT, account:github, "
            "account:google, account:kaggle, env:colab, env:kaggle, posix, ram:GIB or disk:GIB, separated by spaces."
        ),
    )

    NO_STEP = ("E030", "A lesson has at least one step, a heading like `## Title {#id}`.")
    STEP_ID = ("E031", "A `## ` heading ends with its id and attributes, like `{#id minutes=2}`.")
    STEP_ID_FORM = ("E032", "A step's id is made of letters, digits, hyphens and underscores.")
    STEP_ID_TWICE = ("E033", "A step's id is unique in its lesson.")
    STEP_ATTRIBUTE = ("E034", "A step's attributes are minutes, needs, timeout, retry, on, replay and rewind.")
    ATTRIBUTE_FORM = ("E035", 'Attributes are written `name=value` or `name="value"`, separated by spaces.')
    ATTRIBUTE_TWICE = ("E036", "An attribute is given once.")
    STEP_NUMBER = ("E037", "`minutes`, `timeout` and `retry` are whole numbers, and `timeout` is not 0.")
    STEP_WORD = ("E038", '`on` is "local"; `replay` and `rewind` are no.')

    FENCE_CLOSED = ("E040", "A fence is closed by a line of as many of its marks as opened it.")
    ROLE = (
        "E041",
        "A fence's second word is its role: run, starter, solution, check, quiz, predict, form, paste, hint or practice.",
    )
    ROLE_LANGUAGE = (
        "E042",
        (
            "A run is python or bash; starter, solution, check and practice are python; quiz, predict, form and paste are toml; "
            "a hint is md."
        ),
    )
    FENCE_ATTRIBUTE = ("E043", "A fence has only the attribute of its role: raises, exit, needs or when.")
    FENCE_PLACE = ("E044", "A fence with a role stands on its own, in no list and no quotation.")
    WORK_PLACE = ("E045", "Fences with a role and task lists belong to a step, so they stand after its `## ` heading.")
    REGEX = ("E046", "A regular expression is one that Python's `re` accepts.")
    EXIT = ("E047", "`exit` is a whole number from 0 to 255.")
    PYTHON = ("E048", "Given code, solutions, checks and practice are valid Python.")

    ONE_WORK = (
        "E050",
        "A step has at most one piece of work: a run, a starter with its solution, a quiz, a form, a paste or a task list.",
    )
    PREDICT = ("E051", "A step has at most one predict, and it stands before a run.")
    STARTER = ("E052", "A starter has a solution.")
    SOLUTION = ("E053", "A solution stands after its starter, once.")
    CHECK_PLACE = ("E054", "A check stands after the work of its step.")
    HINT_PLACE = ("E055", "A hint stands after the work of its step.")
    PRACTICE = ("E056", "A practice fence stands in a step with a task list, once.")
    TASK = ("E057", "Every item of a task list begins with `- [ ]`.")

    TOML = ("E060", "A quiz, predict, form or paste is valid TOML.")
    TOML_KEY = ("E061", "A quiz, predict, form or paste has only the keys of its kind.")
    TOML_MISSING = (
        "E062",
        (
            "A quiz or predict has a `question`; a choice `text`; a form `[[field]]` with `name`, `label`, `example`; "
            "a paste `prompt`, `pattern`, `example`."
        ),
    )
    TOML_VALUE = ("E063", "A value has the type that its key asks for.")
    QUIZ_KIND = ("E064", "A quiz or predict has one kind of answer: `[[choice]]`, or `answer`.")
    QUIZ_RIGHT = ("E065", "At least one choice has `right = true`.")
    FIELD_NAME = ("E066", "A field's `name` is an identifier, once in its form.")

    SAME_STEPS = ("E080", "en.md and zh.md have the same step ids in the same order.")
    SAME_ATTRIBUTES = ("E081", "A step has the same attributes in en.md and zh.md.")
    SAME_ROLES = ("E082", "A step has the same fences with a role in en.md and zh.md.")
    SAME_CODE = (
        "E083",
        "Code is the same in en.md and zh.md, apart from comments, assert messages and strings given to `print`.",
    )
    SAME_LINES = ("E084", "A step's checks have as many verdict lines in en.md as in zh.md.")
    SAME_FIELDS = ("E085", "A form has the same field names in en.md and zh.md.")
    SAME_ANSWERS = ("E086", "Right answers are the same in en.md and zh.md.")
    SAME_PATTERNS = ("E087", "Patterns are the same in en.md and zh.md; those of hints may differ.")
    LINK_INSIDE = ("E090", "Links to files stay inside the lesson's folder.")
    LINK_FILE = ("E091", "A linked file exists.")
    BOTH_LANGUAGES = ("E092", "A lesson shipped with tutor has both en.md and zh.md.")

    ONLY_RUNS = ("W001", "At most two steps in a row only run given code.")
    LONG_STEP = ("W002", "A step has at most 120 English words or 220 Chinese characters.")
    NO_HINT = ("W003", "A step with a verdict line that can miss has a hint.")
    PASSIVE = ("W004", "A lesson has a starter, a quiz or a predict.")
    PLACEHOLDER = ("W005", "`{{name}}` of a field stands where its value can be put.")
    UNKNOWN_AFTER = ("W006", "`after` names lessons that exist.")
    LESSON_TWICE = ("W007", "A lesson id stands for one lesson; the first found wins.")
    FOLDER = ("W008", "A folder that TUTOR_LESSONS names can be read.")

    @property
    def code(self) -> str:
        code: str = self.value[0]
        return code

    @property
    def sentence(self) -> str:
        sentence: str = self.value[1]
        return sentence


def _printable(text: str, limit: int) -> str:
    kept = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in kept)


def shown(text: str, limit: int = 60) -> str:
    """Text from a lesson as a message can carry it: on one line, short, and without live control characters."""
    return f"`{_printable(text, limit)}`"


def meant(word: str, known: Iterable[str]) -> str:
    """A remark that names the nearest known word, or nothing."""
    near = get_close_matches(word[:80], list(known), n=1)
    return f"; did you mean {shown(near[0])}?" if near else ""


@dataclass(slots=True)
class Report:
    """Gathers the problems of one file, so that all of them are told at once."""

    path: Path
    problems: list[Problem] = field(default_factory=list)

    def add(self, rule: Rule, line: int, found: str) -> None:
        """The sentence of the rule says what was expected; `found` what stands there instead."""
        # Words of other parsers (YAML, TOML, re) quote the lesson as it is.
        found = _printable(found, 240)
        mark = "" if found.endswith("?") else "."
        self.problems.append(Problem(self.path, line, rule.code, f"{rule.sentence} Found {found}{mark}"))

    def count(self) -> int:
        return len(self.problems)

    def sorted(self) -> tuple[Problem, ...]:
        """In the order of the file."""
        return tuple(sorted(dict.fromkeys(self.problems), key=lambda problem: (problem.line, problem.code)))

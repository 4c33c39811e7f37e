"""From a step and the learner's code to the requests that the kernel gets. Pure; the protocol is told in `tutor.harness`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tutor.harness import BASH_CODE, JUDGE_CODE, LEAVE_CODE, REMOVE_CODE, TIDY_CODE
from tutor.harness.placeholders import bash_script, python_uses
from tutor.lesson.model import Checklist, Field, FixCode, Lesson, Need, NeedKind, RunCode, Step
from tutor.runtime.base import Request
from tutor.session.accounts import Signed

PERSON = "tutor.kit.services.person:person"
"""Makes `by_hand`, the client of a practice fence."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all requests of a lesson share."""

    lesson_key: str
    """Names the namespace: another key means a fresh one."""
    folder: str
    values: Mapping[str, str]
    """Form values known so far, by field name."""
    fields: Sequence[Field]
    language: str
    """What the learner reads."""
    is_attended: bool
    """Somebody is there who could answer a question."""
    signed: Mapping[str, Signed] = field(default_factory=dict)
    """What signs the code in, by service."""
    practice: bool = False
    """What signs in leads to the stand-ins."""

    def metadata(self, op: str, *, asks: bool = False, signs: bool = False, **more: Any) -> dict[str, Any]:
        """The `tutor` object of a request. Args: `asks`: what runs may ask for input; `signs`: it is signed in."""
        secret = {field.name for field in self.fields if field.secret}
        values = {name: {"value": value, "secret": name in secret} for name, value in self.values.items()}
        environment = {"TUTOR_LANG": self.language, "TUTOR_ASKS": "1" if asks and self.is_attended else ""}
        for signed in self.signed.values() if signs else ():
            environment |= signed.environment
        lesson = {
            "key": self.lesson_key,
            "folder": self.folder,
            "practice": self.practice,
            "signed": signs and bool(self.signed),
        }
        return {"op": op, "lesson": lesson, "values": values, "environment": environment, **more}

    @property
    def lent(self) -> dict[str, Any]:
        """Names that a practice fence finds bound; see `tutor.harness`."""
        by_hand = next((signed.by_hand for signed in self.signed.values() if signed.by_hand), None)
        return {"by_hand": {"make": PERSON, "with": dict(by_hand)}} if by_hand else {}

    def needs(self, needs: Sequence[Need]) -> list[str]:
        """Those that are judged where the step runs: whether an account is there was found out before anything is sent."""
        return [str(need) for need in needs if need.kind is not NeedKind.ACCOUNT or need.argument not in self.signed]


def language_of(step: Step) -> str:
    """`python` or `bash`, of the step's code."""
    return step.work.language if isinstance(step.work, RunCode | FixCode) else "python"


def lesson_code(step: Step) -> str:
    """The code that the lesson puts in front of the learner, or empty text."""
    match step.work:
        case RunCode(code=code):
            return code
        case FixCode(starter=starter):
            return starter
        case _:
            return ""


def fields_used(code: str, language: str, fields: Sequence[Field]) -> tuple[str, ...]:
    """Names of the fields whose values the code needs, in the order of the form."""
    names = [field.name for field in fields]
    if "{{" not in code:
        return ()
    used = bash_script(code, names)[1] if language == "bash" else python_uses(code, names)[0]
    found = {use.name for use in used}
    return tuple(name for name in names if name in found)


def step_key(lesson: Lesson, step: Step) -> str:
    """Names a step across lessons, as `LESSON#STEP`."""
    return f"{lesson.id}#{step.id}"


def attempt(lesson: Lesson, step: Step, code: str, ground: Ground, *, fresh: bool) -> list[Request]:
    """The learner's code, then its judging: two requests, the second sent without waiting for the first."""
    key = step_key(lesson, step)
    is_bash = language_of(step) == "bash"
    metadata = ground.metadata(
        "attempt",
        asks=True,
        signs=True,
        step=key,
        fresh=fresh,
        rewind=step.rewind,
        needs=ground.needs(lesson.needs_of(step)),
        **({"lend": ground.lent} if isinstance(step.work, Checklist) else {}),
        language="bash" if is_bash else "python",
        **({"script": code} if is_bash else {}),
    )
    return [Request(BASH_CODE if is_bash else code, metadata), judge(lesson, step, ground, attempted=True)]


def judge(
    lesson: Lesson, step: Step, ground: Ground, *, attempted: bool, names: Mapping[str, str] | None = None
) -> Request:
    """Judge the step's checks; `names` are those of a paste."""
    work = step.work
    return Request(
        JUDGE_CODE,
        ground.metadata(
            "judge",
            signs=True,
            step=step_key(lesson, step),
            attempted=attempted,
            checks=[
                {"code": check.code, "line": check.line, "needs": ground.needs(check.needs)} for check in step.checks
            ],
            raises=work.raises if isinstance(work, RunCode) else None,
            exit=work.exit if isinstance(work, RunCode) else 0,
            retry=step.retry,
            names=dict(names or {}),
            needs=ground.needs(lesson.needs_of(step)),
        ),
        silent=True,
        allow_stdin=False,
    )


def free(text: str, ground: Ground) -> Request:
    """Code from the prompt."""
    return Request(text, ground.metadata("free", asks=True, signs=True))


def replay(lesson: Lesson, step: Step, code: str, ground: Ground) -> Request:
    """Code of an earlier step, run again without judging."""
    key, language = step_key(lesson, step), language_of(step)
    if language == "bash":
        metadata = ground.metadata("replay", signs=True, step=key, language="bash", script=code)
        return Request(BASH_CODE, metadata, allow_stdin=False)
    return Request(code, ground.metadata("replay", signs=True, step=key, language="python"), allow_stdin=False)


def tidy(ground: Ground, *, remove: bool) -> Request:
    """Empty the lesson's folder where the code runs. Args: `remove`: and take it away."""
    return Request(REMOVE_CODE if remove else TIDY_CODE, ground.metadata("tidy"), silent=True, allow_stdin=False)


def leave(ground: Ground) -> Request:
    """Drop what was kept for rewinding."""
    return Request(LEAVE_CODE, ground.metadata("leave"), silent=True, allow_stdin=False)

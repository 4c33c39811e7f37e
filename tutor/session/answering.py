"""What the learner answers: quizzes, forms, pastes and ticks; and what is said when nobody is there to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor import log
from tutor.i18n import Words
from tutor.lesson.model import Checklist, Field, FixCode, Form, Paste, Quiz, Step
from tutor.progress.model import Verdict
from tutor.session import verdict
from tutor.session.answers import Judged, judge_paste, judge_quiz, misfit, taken
from tutor.session.desk import Desk
from tutor.session.events import Line, Outcome
from tutor.session.judging import Judging
from tutor.text.fullwidth import Odd, odd_in_answer

MOST_TOLD = 3
"""Odd characters named at once; more would bury the first."""


def told(odd: Odd, words: Words) -> str:
    """One odd character of an input method, named."""
    return words(f"session.odd_{odd.kind}", found=odd.found, meant=odd.meant, name=odd.name)


class Answering:
    """Takes answers to the current step."""

    def __init__(self, desk: Desk, judging: Judging) -> None:
        self._desk = desk
        self._judging = judging

    async def quiz(self, quiz: Quiz, given: Sequence[str]) -> None:
        """Judge a quiz; its checks, if it has any, run once the answer is right."""
        step = self._desk.step
        judged = judge_quiz(quiz, given)
        if not judged.understood and not self._desk.options.headless:
            await self.slip(quiz, given)
            return
        if not await self._begin(step, unmarked(judged.seen) or ", ".join(given), quiz.question):
            return
        line = self._quiz_line(quiz, judged)
        if judged.right:
            await self._judging.checks(step, lines=(line,))
        else:
            await self._judging.finish(step, Outcome(line.verdict, (line,)))

    async def slip(self, quiz: Quiz, given: Sequence[str]) -> None:
        """What was given is no answer to this question at all: that is said, counts as no attempt, and the question stays."""
        desk = self._desk
        if typed := ", ".join(given):
            await desk.say([desk.scribe.answer(desk.step, typed, quiz.question)])
        await desk.note(self._not_understood(quiz))

    async def form(self, form: Form, given: Sequence[str]) -> None:
        """Take the values that fit; the step goes on to its checks when all do."""
        step = self._desk.step
        padded = [*given, *[""] * (len(form.fields) - len(given))]
        pairs = [(field, taken(field, value)) for field, value in zip(form.fields, padded, strict=False)]
        told = self._desk.words
        shown = [told("session.filled", label=one.label, value=_shown(one, value)) for one, value in pairs if value]
        if not await self._begin(step, "\n".join(shown)):
            return
        lines = tuple([await self._take(field, value) for field, value in pairs])
        if verdict.verdict_of(lines) is Verdict.PASSED:
            await self._judging.checks(step, lines=lines)
        else:
            plain = {field.name: value for field, value in pairs if value and not field.secret}
            self._desk.visit = replace(self._desk.visit, refused=plain)
            await self._judging.finish(step, Outcome(Verdict.NOT_YET, lines))

    async def paste(self, paste: Paste, text: str) -> None:
        """Search the pasted text; its named groups go to the checks."""
        desk, step = self._desk, self._desk.step
        if not await self._begin(step, desk.scrubber.scrub(text), paste.prompt):
            return
        names = judge_paste(paste, text)
        if names is not None:
            line = Line(desk.words("session.paste_fits"), Verdict.PASSED)
            await self._judging.checks(step, lines=(line,), names=names)
            return
        message = " ".join([desk.words("session.paste_not_found", example=paste.example), *self._oddities(text)])
        line = Line(desk.words("session.paste_fits"), Verdict.NOT_YET, message)
        await self._judging.finish(step, Outcome(Verdict.NOT_YET, (line,)))

    async def tick(self, item: int, *, done: bool) -> bool:
        """Tick one item; whether all of them are ticked now."""
        desk, step = self._desk, self._desk.step
        if not isinstance(step.work, Checklist) or not 0 <= item < len(step.work.items):
            return False
        ticked = set(desk.visit.ticked) | {item} if done else set(desk.visit.ticked) - {item}
        desk.visit = replace(desk.visit, ticked=tuple(sorted(ticked)))
        await desk.keeper.set_tick(step.id, item, done=done)
        return done and len(ticked) == len(step.work.items)

    async def ticked(self) -> None:
        """All is done: judge it."""
        step = self._desk.step
        if await self._begin(step, ""):
            await self._judging.checks(step)

    async def nobody(self) -> None:
        """A step that needs a person, and none is there."""
        desk, step = self._desk, self._desk.step
        if not await self._begin(step, ""):
            return
        words = desk.words
        match step.work:
            case Form(fields=fields):
                missing = [field.name for field in fields if field.name not in desk.values]
                if not missing:
                    await self._judging.checks(step)
                    return
                reason = words("session.value_missing", names=", ".join(missing))
            case Checklist():
                reason = words("session.wants_hands")
            case FixCode():
                reason = words("session.wants_code")
            case _:
                reason = words("session.wants_answer", step=step.id)
        await self._judging.finish(step, Outcome(Verdict.COULD_NOT_CHECK, reason=reason))

    def again(self) -> None:
        """A form that was filled in shall be filled in once more."""
        self._desk.visit = replace(self._desk.visit, again=True, outcome=None)
        self._desk.show()

    async def _begin(self, step: Step, answer: str, question: str = "") -> bool:
        """Begin the attempt, unless something that the step needs is not there: then that is its verdict."""
        desk = self._desk
        await self._judging.begin(step, "")
        if answer:
            await desk.say([desk.scribe.answer(step, answer, question)])
        missing = await self._judging.sign_in(step) or await self._judging.unmet(step)
        if missing:
            await self._judging.finish(step, missing)
        return not missing

    def _quiz_line(self, quiz: Quiz, judged: Judged) -> Line:
        words = self._desk.words
        message = judged.why
        if not judged.understood:
            message = self._not_understood(quiz)
        elif judged.incomplete:
            message = words("session.quiz_incomplete")
        elif not judged.right and not message:
            message = words("session.quiz_wrong")
        told = Verdict.PASSED if judged.right else Verdict.NOT_YET
        return Line(quiz.question, told, unmarked(message), seen=unmarked(judged.seen))

    def _not_understood(self, quiz: Quiz) -> str:
        several = sum(choice.right for choice in quiz.choices) > 1
        key = "several" if several else "choice" if quiz.choices else "number" if quiz.number is not None else "text"
        return self._desk.words(f"session.not_understood_{key}", count=len(quiz.choices))

    async def _take(self, field: Field, value: str) -> Line:
        """Keep a value that fits: a secret in memory, any other by its name."""
        desk = self._desk
        shown = _shown(field, value) or None
        problem = misfit(field, value)
        if problem is not None:
            message = desk.words(f"session.field_{problem.problem}", example=field.example)
            odd = [] if field.secret else self._oddities(value)
            return Line(field.label, Verdict.NOT_YET, " ".join([message, *odd]), seen=shown)
        if field.secret:
            desk.secrets[f"{desk.options.scope}:{field.name}"] = value
            log.hide(desk.scrubber)
        else:
            desk.plain_values[field.name] = value
            await desk.keeper.set_form_value(desk.options.scope, field.name, value)
        return Line(field.label, Verdict.PASSED, seen=shown)

    def _oddities(self, text: str) -> list[str]:
        return [told(odd, self._desk.words) for odd in odd_in_answer(text)[:MOST_TOLD]]


def unmarked(markdown: str) -> str:
    """Without the marks of code and emphasis, for lines that are plain text."""
    return markdown.replace("`", "").replace("**", "")


def _shown(field: Field, value: str) -> str:
    return f"{{{{{field.name}}}}}" if field.secret and value else value

"""The parts of a lesson that are read in a notebook: prose, questions, hints, and what is done elsewhere."""

from __future__ import annotations

from tutor.i18n import Words
from tutor.lesson.model import Checklist, FixCode, Form, Hint, Lesson, NeedKind, Paste, Quiz, RunCode, Step
from tutor.lesson.notebook.cells import fenced


def question(quiz: Quiz, words: Words, *, is_predicted: bool, solutions: bool) -> str:
    """A question to think about; its answer only where solutions are asked for."""
    lines = [f"**{words('export.predict' if is_predicted else 'export.quiz')}** {quiz.question.strip()}"]
    if quiz.choices:
        lines.append("\n".join(f"{number}. {choice.text}" for number, choice in enumerate(quiz.choices, 1)))
    if solutions:
        lines.append(details(words("export.answer"), _answer(quiz)))
    return "\n\n".join(lines)


def _answer(quiz: Quiz) -> str:
    told = [f"{choice.text}\n\n{choice.why}".strip() for choice in quiz.choices if choice.right]
    if quiz.number is not None:
        told.append(f"{quiz.number:g} {quiz.unit}".strip())
    if quiz.text is not None:
        told.append(quiz.text)
    return "\n\n".join([*told, quiz.why]).strip()


def hints(found: tuple[Hint, ...], words: Words) -> str:
    """Each hint behind its own line, to be opened one at a time."""
    return "\n\n".join(
        details(words("export.hint", number=number), hint.markdown) for number, hint in enumerate(found, 1)
    )


def details(summary: str, body: str) -> str:
    """Markdown that is folded away."""
    return f"<details><summary>{summary}</summary>\n\n{body.strip()}\n\n</details>"


def only_read(lesson: Lesson, step: Step, words: Words, *, solutions: bool) -> str:
    """The work of a step that a notebook cannot judge, as text, with where it is done."""
    where = words("export.only_in_tutor", place=f"{lesson.id}#{step.id}")
    match step.work:
        case RunCode(language=language, code=code):
            return "\n\n".join([_why(lesson, step, words), fenced(code, language)])
        case FixCode(starter=starter, solution=solution, language=language):
            shown = solution if solutions else starter
            return "\n\n".join([_why(lesson, step, words), fenced(shown, language)])
        case Quiz() as quiz:
            return "\n\n".join([question(quiz, words, is_predicted=False, solutions=solutions), where])
        case Form(fields=fields):
            asked = "\n".join(f"- {field.label} (`{field.example}`)" for field in fields)
            return "\n\n".join([asked, where])
        case Paste(prompt=prompt, example=example):
            return "\n\n".join([prompt, fenced(example), where])
        case Checklist(items=items):
            listed = "\n".join("- [ ] " + item.strip().replace("\n", "\n  ") for item in items)
            return "\n\n".join([listed, words("export.ticked", place=f"{lesson.id}#{step.id}")])
        case None:
            return where if step.checks else ""


def _why(lesson: Lesson, step: Step, words: Words) -> str:
    """Why code is not run here."""
    place = f"{lesson.id}#{step.id}"
    accounts = [need.argument for need in lesson.needs_of(step) if need.kind is NeedKind.ACCOUNT]
    if accounts:
        return words("export.needs_account", accounts=", ".join(accounts), place=place)
    return words("export.on_local" if step.on_local else "export.needs_value", place=place)


def sources(lesson: Lesson, words: Words) -> str:
    """Where the lesson's facts come from."""
    if not lesson.front.sources:
        return ""
    listed = [f"- [{source.title}]({source.url}), {source.read.isoformat()}" for source in lesson.front.sources]
    return "\n".join([f"### {words('export.sources')}", "", *listed])

from __future__ import annotations

import pytest

from tests.lesson.build import FRONT, codes, lesson_of, parse, step
from tutor.lesson.model import Form, Paste, Quiz
from tutor.lesson.toml_lines import TomlLines

QUESTION = 'question = "?"\n'
FIELD = '[[field]]\nname = "a"\nlabel = "A"\nexample = "x"\n'
PASTE = 'prompt = "P"\npattern = "x"\nexample = "x"\n'

WRONG = [
    ("quiz", "question = ", "E060", 1),
    ("quiz", QUESTION + "answer = 1\nanswer = 2", "E060", 3),
    ("quiz", QUESTION + 'answer = """\nnever closed', "E060", 3),
    ("quiz", QUESTION + "answer = " + "[" * 5000, "E060", 1),
    ("quiz", QUESTION + "answer = " + "9" * 5000, "E060", 1),
    ("quiz", QUESTION + "answer = 1\nunits = 'GB'", "E061", 3),
    ("quiz", QUESTION + "answer = 1\naccept = ['x']", "E061", 3),
    ("quiz", QUESTION + "answer = 'x'\ntolerance = 1", "E061", 3),
    ("quiz", QUESTION + "unit = 'x'\n[[choice]]\ntext = 'a'\nright = true", "E061", 2),
    ("quiz", QUESTION + "[[choice]]\ntext = 'a'\nright = true\n\n[[choice]]\ntext = 'b'\nwrong = true", "E061", 8),
    ("quiz", "answer = 1", "E062", 1),
    ("quiz", "\n\n" + "question = 3\nanswer = 1", "E063", 3),
    ("quiz", "question = ' '\nanswer = 1", "E063", 1),
    ("quiz", QUESTION + "[[choice]]\nright = true", "E062", 2),
    ("quiz", QUESTION + "[[choice]]\ntext = 'a'\nright = 'yes'", "E063", 4),
    ("quiz", QUESTION + "[[choice]]\ntext = 'a'\nright = true\nwhy = 1", "E063", 5),
    ("quiz", QUESTION + "choice = 'a'", "E063", 2),
    ("quiz", QUESTION + "[choice]\ntext = 'a'", "E063", 1),
    ("quiz", QUESTION + "answer = true", "E063", 2),
    ("quiz", QUESTION + "answer = nan", "E063", 2),
    ("quiz", QUESTION + "answer = inf", "E063", 2),
    ("quiz", QUESTION + "answer = 2026-11-20", "E063", 2),
    ("quiz", QUESTION + "answer = " + "9" * 400, "E063", 2),
    ("quiz", QUESTION + "answer = ''", "E063", 2),
    ("quiz", QUESTION + "answer = 1\ntolerance = -1", "E063", 3),
    ("quiz", QUESTION + "answer = 1\ntolerance = 'x'", "E063", 3),
    ("quiz", QUESTION + "answer = 1\nunit = 1", "E063", 3),
    ("quiz", QUESTION + "answer = 'x'\naccept = 'y'", "E063", 3),
    ("quiz", QUESTION + "answer = 'x'\naccept = [1]", "E063", 3),
    ("quiz", QUESTION, "E064", 1),
    ("quiz", QUESTION + "answer = 1\n[[choice]]\ntext = 'a'\nright = true", "E064", 1),
    ("quiz", QUESTION + "[[choice]]\ntext = 'a'", "E065", 1),
    ("form", "", "E062", 1),
    ("form", "title = 'x'\n" + FIELD, "E061", 1),
    ("form", "field = 3", "E063", 1),
    ("form", "field = []", "E063", 1),
    ("form", FIELD + "hidden = true", "E061", 5),
    ("form", FIELD.replace("label", "lable"), "E062", 1),
    ("form", FIELD + "secret = 1", "E063", 5),
    ("form", FIELD + "pattern = '('", "E046", 5),
    ("form", FIELD.replace('"a"', '"a-b"'), "E066", 2),
    ("form", FIELD.replace('"a"', '"1a"'), "E066", 2),
    ("form", FIELD + "\n" + FIELD, "E066", 7),
    ("paste", PASTE + "form = 1", "E061", 4),
    ("paste", PASTE.replace("pattern", "patern"), "E062", 1),
    ("paste", PASTE.replace('pattern = "x"', "pattern = '['"), "E046", 2),
    ("paste", PASTE.replace('prompt = "P"', "prompt = []"), "E063", 1),
]


@pytest.mark.parametrize(("role", "text", "code", "line"), WRONG)
def test_toml_rule(role: str, text: str, code: str, line: int) -> None:
    assert (code, 9 + line) in codes(parse(FRONT + step(f"```toml {role}\n{text}\n```")))


def test_predict_has_the_grammar_of_a_quiz() -> None:
    assert codes(parse(FRONT + step(f"```toml predict\n{QUESTION}```\n```python run\n1\n```"))) == [("E064", 10)]


def test_several_right_choices() -> None:
    quiz = (
        lesson_of(
            step(
                "```toml quiz\nquestion = '?'\n[[choice]]\ntext = 'a'\nright = true\n[[choice]]\ntext = 'b'\nright = true\n```"
            )
        )
        .steps[0]
        .work
    )
    assert isinstance(quiz, Quiz)
    assert [choice.right for choice in quiz.choices] == [True, True]


def test_fields_of_a_form() -> None:
    form = lesson_of(step(f"```toml form\n{FIELD}secret = true\n```")).steps[0].work
    assert isinstance(form, Form)
    assert (form.fields[0].name, form.fields[0].pattern, form.fields[0].secret) == ("a", None, True)
    assert form.line == 9


def test_paste() -> None:
    paste = lesson_of(step(f"```toml paste\n{PASTE}```")).steps[0].work
    assert isinstance(paste, Paste)
    assert (paste.prompt, paste.pattern, paste.example) == ("P", "x", "x")


def test_lines_of_keys_are_not_fooled_by_text() -> None:
    text = 'question = """\nanswer = 3\n[[choice]]\n"""\nanswer = 4\n[[choice]]\n# """\ntext = \'\'\'\nwhy = 1\'\'\'\nwhy = 2\n[[choice]]\ntext = "b"'
    lines = TomlLines(text)
    assert lines.of("answer") == 5
    assert lines.of("text", "choice", 0) == 8
    assert lines.of("why", "choice", 0) == 10
    assert lines.of("text", "choice", 1) == 12
    assert lines.of("why", "choice", 1) == 11
    assert lines.of("nothing") == 1

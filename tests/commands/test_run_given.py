"""`tutor run` and what it is given: form values, secrets, names of lessons and runtimes, trust, practice."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.commands.support import step, trusted, tutor, write_lesson

pytestmark = pytest.mark.kernel

FORM = """\
## Fill in {#fill-in}

```toml form
[[field]]
name = "repo"
label = "Repository"
example = "me/work"
pattern = '\\w+/\\w+'

[[field]]
name = "token"
label = "Token"
example = "ghp_0123456789"
secret = true
```

"""


def test_form_values_reach_the_code_and_a_secret_is_never_shown(lessons: Path, tmp_path: Path) -> None:
    secret = "sesame-open-12345"
    code = """
        import base64
        print("{{repo}}", "{{token}}", base64.b64encode("{{token}}".encode()).decode())
        for letter in "{{token}}": print(letter, end="", flush=True)
    """
    write_lesson(lessons, "form", FORM + step("use", code, "assert '{{repo}}'.count('/') == 1"))
    trusted(lessons)
    file = tmp_path / "token"
    file.write_text(secret + "\n")
    ran = tutor("run", "form", "--set", "repo=you/yours", "--set", f"token=@{file}", "--json")
    assert ran.code == 0, ran.out
    assert "you/yours" in ran.printed("use")
    stored = b"".join(path.read_bytes() for path in Path(os.environ["TUTOR_HOME"]).rglob("*") if path.is_file())
    for form in (secret, "c2VzYW1lLW9wZW4tMTIzNDU"):
        assert form not in ran.out + ran.err
        assert form.encode() not in stored


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["repo=nonsense"], "repo"),
        (["token=short"], "token"),
        (["nobody=1"], "nobody"),
        (["repo"], "NAME=VALUE"),
        (["token=@/no/such/file"], "/no/such/file"),
    ],
)
def test_a_set_that_does_not_fit_is_refused_before_anything_runs(lessons: Path, given: list[str], told: str) -> None:
    write_lesson(lessons, "form", FORM + step("use", "print('{{repo}}')"))
    trusted(lessons)
    ran = tutor("run", "form", "--json", *[word for pair in given for word in ("--set", pair)])
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert "short" not in ran.err.replace("short_secret", "")


def test_unknown_broken_and_untrusted_lessons_are_refused_by_name_and_passed_over_with_all(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1", "assert x"))
    write_lesson(lessons, "stranger", step("one", "x = 1", "assert x"))
    broken = write_lesson(lessons, "broken", "## No id\n")
    trusted(lessons / "good")
    for name in ("nowhere", "broken", "stranger", "good#nowhere"):
        ran = tutor("run", name, "--json")
        assert (ran.code, ran.out) == (2, ""), name
        assert name.partition("#")[2] or name in ran.err
    assert "tutor trust" in tutor("run", "stranger").err
    (broken / "en.md").unlink()
    ran = tutor("run", "--all", "--json", "--solutions", shipped=False)
    assert ran.code == 3
    assert "stranger" in ran.err
    assert ran.finished("one")["lesson"] == "good"


def test_a_changed_lesson_asks_for_trust_again(lessons: Path) -> None:
    folder = write_lesson(lessons, "mine", step("one", "x = 1", "assert x"))
    trusted(lessons)
    assert tutor("run", "mine").code == 0
    write_lesson(lessons, "mine", step("one", "x = 2", "assert x"))
    assert tutor("run", "mine").code == 2
    trusted(folder)
    assert tutor("run", "mine").code == 0


@pytest.mark.parametrize("runtime", ["colab", "kaggle:NvidiaTeslaT4", "http:/127.0.0.1?token=x", "moon"])
def test_runtimes_of_later_versions_are_refused_in_one_sentence(runtime: str) -> None:
    ran = tutor("run", "check-device", "--runtime", runtime, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "token=x" not in ran.err


def test_a_python_that_is_not_there_is_the_tutors_own_failure(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1", "assert x"))
    trusted(lessons)
    ran = tutor("run", "good", "--runtime", "local:/no/such/python", "--json")
    assert ran.code in (2, 4)
    assert "/no/such/python" in ran.err


def test_practice_rehearses_what_is_done_by_hand(lessons: Path) -> None:
    body = """\
## By hand {#by-hand}

- [ ] make the file

```python practice
open("made.txt", "w").write("made")
```

```python check
# The file is there
assert open("made.txt").read() == "made"
```
"""
    write_lesson(lessons, "hands", body)
    trusted(lessons)
    assert tutor("run", "hands", "--json").finished("by-hand")["verdict"] == "could_not_check"
    finished = tutor("run", "hands", "--practice", "--json").finished("by-hand")
    assert (finished["verdict"], finished["practice"]) == ("passed", True)
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "hands")
    assert (row["passed"], row["open"]) == (0, 1)


def test_a_check_whose_value_is_not_known_names_it(lessons: Path) -> None:
    write_lesson(lessons, "form", FORM + step("use", "x = 1", "assert '{{repo}}' == 'me/work'"))
    trusted(lessons)
    finished = tutor("run", "form", "--json").finished("use")
    assert finished["verdict"] == "could_not_check"
    assert "repo" in finished["reason"]


def test_a_given_value_needs_no_run_of_its_form(lessons: Path) -> None:
    write_lesson(lessons, "form", FORM + step("use", "print('{{repo}}')", "assert '{{repo}}' == 'you/yours'"))
    trusted(lessons)
    ran = tutor("run", "form#use", "--json", "--set", "repo=you/yours")
    assert ran.finished("use")["verdict"] == "passed"

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.driver import Kernel, only

pytestmark = pytest.mark.kernel


def names(kernel: Kernel, *wanted: str) -> str | None:
    return kernel.eval(f"[n for n in {wanted!r} if n in globals()]")


def test_a_second_attempt_starts_from_the_names_of_the_first(kernel: Kernel) -> None:
    kernel.run("kept = 1; changed = 1; deleted = 1", op="replay")
    kernel.run("changed = 2; new = 2; del deleted; 1/0")
    kernel.run("seen = (kept, changed, deleted, 'new' in globals())", fresh=False)
    assert kernel.eval("seen") == "(1, 1, 1, False)"


def test_what_was_typed_at_the_prompt_survives(kernel: Kernel) -> None:
    kernel.run("a = b = c = 1", op="replay")
    kernel.run("b = 2; mine = 2")
    kernel.run("typed = 3; c = 3; del a", op="free")
    kernel.run("seen = (b, c, typed, 'a' in globals(), 'mine' in globals())", fresh=False)
    assert kernel.eval("seen") == "(1, 3, 3, False, False)"


def test_the_current_folder_goes_back_too(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run("import os; os.mkdir('sub'); os.chdir('sub')")
    kernel.run("import os; here = os.getcwd()", fresh=False)
    assert kernel.eval("here") == repr(str(tmp_path))


def test_a_deleted_folder_is_survived(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run("import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')")
    assert only(kernel.judge("assert True")["lines"])["verdict"] == "passed"
    kernel.run("import os; here = os.getcwd()", fresh=False)
    assert kernel.eval("here") == repr(str(tmp_path))


@pytest.mark.parametrize(
    ("given", "mutable"), [("n = 1; import sys; t = (1, 'a')", False), ("n = [1]", True), ("t = (1, [])", True)]
)
def test_it_is_told_when_objects_may_have_been_changed_in_place(kernel: Kernel, given: str, mutable: bool) -> None:
    kernel.run(given, op="replay")
    kernel.run("1")
    assert kernel.judge()["mutable"] is False
    kernel.run("1", fresh=False)
    assert kernel.judge()["mutable"] is mutable


def test_results_and_tracebacks_of_the_last_attempt_are_let_go(kernel: Kernel) -> None:
    kernel.run("import weakref\nclass Thing: pass", op="replay")
    kernel.run("def f():\n    t = Thing()\n    global ref\n    ref = weakref.ref(t)\n    return t\nf()")
    kernel.run("kept = ref", op="free")
    assert kernel.eval("kept() is None") == "False"
    kernel.run("dead = kept() is None", fresh=False)
    assert kernel.eval("dead") == "True"

    kernel.run("def f():\n    t = Thing()\n    global ref\n    ref = weakref.ref(t)\n    1/0\nf()")
    kernel.run("kept = ref", op="free")
    assert kernel.eval("kept() is None") == "False"
    kernel.run("import gc; gc.collect(); dead = kept() is None", fresh=False)
    assert kernel.eval("dead") == "True"


def test_without_rewind_nothing_is_kept_and_nothing_put_back(kernel: Kernel) -> None:
    kernel.run("import weakref\nclass Thing: pass\nthing = Thing(); ref = weakref.ref(thing)", op="replay")
    kernel.run("del thing; new = 1; dead = ref() is None", rewind=False)
    assert kernel.eval("dead") == "True"
    kernel.run("still = new", fresh=False, rewind=False)
    assert kernel.eval("still") == "1"


def test_leaving_the_step_drops_what_was_kept(kernel: Kernel) -> None:
    kernel.run("import weakref\nclass Thing: pass\nthing = Thing(); ref = weakref.ref(thing)", op="replay")
    kernel.run("del thing")
    assert kernel.eval("ref() is None") == "False"
    kernel.leave()
    assert kernel.eval("ref() is None") == "True"


def test_another_lesson_has_a_fresh_namespace_in_its_own_folder(kernel: Kernel, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("x = 1")
    kernel.run("import helper\nname = 1\nname")
    kernel.run("_ + 1", op="free", lesson={"key": "other", "folder": str(tmp_path / "new")})
    assert kernel.eval("'name' in globals(), len(Out), In[-2]") == "(False, 0, '_ + 1')"
    assert kernel.eval("__import__('os').getcwd()") == repr(str(tmp_path / "new"))
    assert kernel.eval("'helper' in __import__('sys').modules") == "False"


def test_a_lesson_folder_that_cannot_be_made_is_an_error_of_the_attempt(kernel: Kernel, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    kernel.lesson = {"key": "blocked", "folder": str(tmp_path / "file" / "sub")}
    answer = kernel.run("ran = 1")
    assert "NotADirectoryError" in (answer.error or "")
    assert "harness" not in answer.traceback
    assert only(kernel.judge("assert 1")["lines"])["kind"] == "code"
    assert names(kernel, "ran") == "[]"


def test_an_empty_cell_is_an_attempt(kernel: Kernel) -> None:
    kernel.run("x = 1")
    kernel.run("", fresh=False)
    assert kernel.judge("assert 'x' not in globals()")["lines"][0]["verdict"] == "passed"


def test_names_of_practice_and_of_what_is_real_never_meet(kernel: Kernel) -> None:
    assert kernel.lesson is not None
    live, practice = ({**kernel.lesson, "practice": side} for side in (False, True))
    kernel.run("plain = 1", lesson=live)
    kernel.run("client = 'practice'", lesson={**practice, "signed": True}, step="two")
    assert names(kernel, "plain", "client") == "['plain', 'client']", "nothing real was signed in before"
    assert kernel.judge("assert client == 'practice'", lesson={**practice, "signed": True}, step="two")["lines"]
    kernel.run("1", op="free", lesson=live)
    assert names(kernel, "plain", "client") == "[]"
    kernel.run("client = 'real'", lesson={**live, "signed": True})
    kernel.run("1", lesson=live, step="two")
    assert names(kernel, "client") == "['client']"
    kernel.run("1", lesson={**practice, "signed": True}, step="two")
    assert names(kernel, "client") == "[]"

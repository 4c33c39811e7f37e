from __future__ import annotations

import ast
import os
import shutil
import subprocess

import pytest

from tutor.harness.placeholders import CellValues, Use, bash_script, python_uses, replace_values, variable

REPLACED = [
    "print('{{name}}')",
    'x = "before {{name}} after"',
    "x = r'{{name}}'",
    "x = '''\n{{name}}\n'''",
    "x = ('a'\n     'b {{name}}')",
    "f('é', '{{name}}')",
    "if True:\n    d = {'{{name}}': 1}",
    "await f('{{name}}')",
    "x = a == '{{name}}'",
    "x = f'{a}' + '{{name}}'",
    "get_ipython().system('{{name}}')",
]
LEFT_ALONE = [
    "print(f'{{name}}')",
    "x = rf'a {{name}}'",
    "x = 'a' f'{{name}}'",
    "x = b'{{name}}'",
    "x = 1  # {{name}}",
    "!echo '{{name}}'",
    "  !echo '{{name}}'",
    "%env X='{{name}}'",
    "!echo a \\\n  '{{name}}'",
    "x = !echo '{{name}}'",
    "x, y = %time f('{{name}}')",
    "%%time\nprint('{{name}}')",
    "\n\n%%bash\necho '{{name}}'",
    "'{{name}}'.upper?",
    "x = {{name}}",
    "this is no Python: '{{name}}'",
]


@pytest.mark.parametrize("code", REPLACED)
def test_a_plain_string_is_replaced(code: str) -> None:
    replaced, left_alone = python_uses(code, ["name"])
    assert [use.name for use in replaced] == ["name"]
    assert left_alone == []


@pytest.mark.parametrize("code", LEFT_ALONE)
def test_everything_else_in_a_cell_is_left_alone(code: str) -> None:
    replaced, left_alone = python_uses(code, ["name"])
    assert replaced == []
    assert [use.name for use in left_alone] == ["name"]


def test_uses_have_their_lines_and_unknown_names_are_passed_over() -> None:
    code = "a = '{{one}}'\n!echo {{two}}\nb = '''\n{{two}} {{other}}'''\n"
    assert python_uses(code, ["one", "two"]) == ([Use("one", 1), Use("two", 4)], [Use("two", 2)])


def test_a_magic_inside_a_string_is_no_magic() -> None:
    assert python_uses("x = '''\n!echo {{name}}\n'''", ["name"])[0] == [Use("name", 2)]


def test_the_constant_is_replaced_and_not_the_source() -> None:
    tree = ast.parse("x = '{{a}} {{b}} {{c}}'")
    replace_values(tree, {"a": "'); evil('", "b": "{{a}}"})
    names: dict[str, str] = {}
    exec(compile(tree, "cell", "exec"), names)
    assert names["x"] == "'); evil(' {{a}} {{c}}"


def test_a_cell_is_judged_by_its_text_before_ipython_transforms_it() -> None:
    raw = "x = !echo '{{name}}'\nget_ipython().system('{{name}}')\n!echo '{{name}}'\n"
    transformed = (
        "x = get_ipython().getoutput('{{name}}')\nget_ipython().system('{{name}}')\nget_ipython().system('{{name}}')\n"
    )
    tree = CellValues(raw, {"name": "V"}).visit(ast.parse(transformed))
    assert ast.unparse(tree).split("\n") == [
        "x = get_ipython().getoutput('{{name}}')",
        "get_ipython().system('V')",
        "get_ipython().system('{{name}}')",
    ]


def test_only_the_cell_itself_is_replaced_and_not_what_it_runs() -> None:
    values = CellValues("print('{{name}}')", {"name": "V"})
    assert "V" in ast.unparse(values.visit(ast.parse("print('{{name}}')")))
    assert "V" not in ast.unparse(values.visit(ast.parse("print('{{name}}')")))


def test_a_cell_with_prompts_still_leaves_magics_alone() -> None:
    tree = CellValues(">>> x = '{{name}}'\n>>> !ls {{name}}\n", {"name": "V"}).visit(
        ast.parse("x = '{{name}}'\nget_ipython().system('ls {{name}}')\n")
    )
    assert ast.unparse(tree).split("\n") == ["x = 'V'", "get_ipython().system('ls {{name}}')"]


AWKWARD = "a  b'c\"d $HOME `x` \\ *"

BASH = [
    ("printf %s {{name}}", AWKWARD),
    ("printf %s a{{name}}b", f"a{AWKWARD}b"),
    ('printf %s "x {{name}}y"', f"x {AWKWARD}y"),
    ("printf %s 'x {{name}} $y'", f"x {AWKWARD} $y"),
    ('printf %s "$(printf %s "{{name}}")"', AWKWARD),
    ('printf %s "$(printf %s {{name}})"', AWKWARD),
    ('x={{name}}; printf %s "$x"', AWKWARD),
    ("printf %s \"`printf %s '{{name}}'`\"", AWKWARD),
    ("cat <<< {{name}} | tr -d '\\n'", AWKWARD),
    ("printf %s \\{{name}}", "{{name}}"),
    ("cat <<EOF\n{{name}} 'x\nEOF\nprintf %s {{name}}", "{{name}} 'x\n" + AWKWARD),
    ("cat <<'E F' - # {{name}} '\n{{name}}\nE F\n", "{{name}}\n"),
    ("printf %s a#{{name}} # it's {{name}}", f"a#{AWKWARD}"),
    ("printf %s $'{{name}}'", "{{name}}"),
    ('printf %s "${x:-{{name}}}"', None),
    ("printf %s $((1 << 2))\nprintf %s {{name}}", "4" + AWKWARD),
    ("if (( 3 > 1 )); then printf %s {{name}}; fi", AWKWARD),
]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(("script", "printed"), BASH)
def test_bash_reads_the_value_from_a_variable(script: str, printed: str | None) -> None:
    rewritten, _, _ = bash_script(script, ["name"])
    environment = {**os.environ, variable("name"): AWKWARD}
    done = subprocess.run(["bash", "-c", rewritten], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    if printed is not None:
        assert done.stdout == printed


def test_a_value_is_never_evaluated_by_bash_arithmetic() -> None:
    assert bash_script("echo $(( {{name}} + 1 ))", ["name"])[1] == []


def test_bash_uses_have_their_lines() -> None:
    _, replaced, left_alone = bash_script("echo {{a}}\n# {{a}}\necho '{{b}}' {{other}}\n", ["a", "b"])
    assert replaced == [Use("a", 1), Use("b", 3)]
    assert left_alone == [Use("a", 2)]


def test_a_name_that_is_not_ascii_gets_a_variable_that_bash_knows() -> None:
    assert variable("名").isascii()
    assert variable("名") != variable("字")


@pytest.mark.parametrize(
    "script", ["echo '", 'echo "', "echo $(", "echo `", "cat <<EOF", "${", "$((", "\\", "'{{a}}", "<<"]
)
def test_an_unfinished_script_is_read_to_its_end(script: str) -> None:
    assert "TUTOR" not in bash_script(script, [])[0]
    assert bash_script(script, [])[0] == script

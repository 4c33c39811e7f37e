from __future__ import annotations

import ast

import pytest

from tutor.lesson.python_code import (
    CodeError,
    can_miss,
    normal_python,
    parse_cell,
    parse_plain,
    verdict_lines,
    without_comments,
)


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("x = 1", 0),
        ("assert 1\nx = 2\nassert x", 2),
        ("for a in b:\n    assert a\n    assert b", 1),
        ("if a:\n    pass\nelif b:\n    pass\nelse:\n    assert c", 1),
        ("with a:\n    assert a", 1),
        ("try:\n    pass\nexcept E:\n    assert a", 1),
        ("try:\n    pass\nfinally:\n    assert a", 1),
        ("while a:\n    if b:\n        assert c", 1),
        ("match a:\n    case 1:\n        assert b", 1),
        ("def f():\n    assert a", 0),
        ("class C:\n    assert a", 0),
        ("if a:\n    def f():\n        assert a", 0),
        ("for a in b:\n    pass", 0),
    ],
)
def test_verdict_lines(code: str, lines: int) -> None:
    assert len(verdict_lines(parse_plain(code))) == lines


def test_deep_chain_of_elif_is_no_recursion() -> None:
    chain = "if a:\n    pass\n" + "elif a:\n    pass\n" * 60 + "else:\n    assert a\n"
    assert len(verdict_lines(parse_plain(chain))) == 1


@pytest.mark.parametrize(
    ("code", "can"),
    [
        ("assert True", False),
        ("assert 1, 'x'", False),
        ("assert x", True),
        ("assert 0", True),
        ("if 1: assert 1", True),
    ],
)
def test_line_that_can_miss(code: str, can: bool) -> None:
    assert can_miss(ast.parse(code).body[0]) is can


@pytest.mark.parametrize(
    "code",
    [
        "(",
        "return",
        "x = ",
        "\0",
        "(" * 500,
        "-" * 100_000 + "1",
        "'\\N{no such name}'",
        "a" + ".b" * 20_000 + "(",
        "await x",
    ],
)
def test_broken_code_is_a_code_error(code: str) -> None:
    with pytest.raises(CodeError):
        parse_plain(code)


def test_line_of_an_error_behind_a_magic() -> None:
    with pytest.raises(CodeError) as caught:
        parse_cell("%matplotlib inline\n!pip install \\\n    x\ny = = 1")
    assert caught.value.line == 4


def test_warnings_of_the_compiler_are_not_ours() -> None:
    parse_plain("assert (x, 'always true')")
    parse_cell("'\\d'")


SAME = [
    ("x = 1  # one", "x = 1 # eins"),
    ("assert x, 'a'", "assert x"),
    ("print('a')", "print('b')"),
    ("print('a' + x, sep=',')", "print('b' + x, sep='，')"),
    ("print(f'a {x} b')", "print(f'{x} c')"),
    ("print('a %s' % x)", "print('b %s' % x)"),
    ("print('a {}'.format(x))", "print('b {}'.format(x))"),
    ("print('a' if x else 'b')", "print('c' if x else 'd')"),
    ("for i in x:\n    print('a')", "for i in x:\n    print('b')"),
    ("!ls # x\nprint('a')", "!ls # x\nprint('b')"),
    ("print('a'\nx = 'open'", "print('b' # c\nx = 'open'"),
    ("assert (x, 'message'", "assert (x, 'other'"),
    ("%%bash\nls # a", "%%bash\nls # b"),
    ("!echo hi # c", "!echo hi # d"),
    ("x = !echo hi # c\nx", "x = !echo hi\nx"),
    ("!echo hi \\\n  you # c", "!echo hi \\\n  you # d"),
    ("%timeit f()  # c", "%timeit f()  # d"),
    ("%%writefile a.py\n# c\nprint('a', x)", "%%writefile a.py\n# d\nprint('b', x)"),
    ("%%writefile -a 'a.py'\nassert x, 'a'", "%%writefile -a 'a.py'\nassert x, 'b'"),
    ("%%writefile script\nprint('a')", "%%writefile script\nprint('b')"),
    ("%%writefile a.py\nprint('a'\n", "%%writefile a.py\nprint('b'\n"),
    ("%%time\nprint('a')", "%%time\nprint('b')"),
    ("%%time\n%%writefile a.py\nprint('a')", "%%time\n%%writefile a.py\nprint('b')"),
    ("%%time # c\nx", "%%time\nx"),
    ("%%writefile a.sh\nls # c", "%%writefile a.sh\nls # d"),
]
DIFFERENT = [
    ("x = 1", "x = 2"),
    ("x = 'a'", "x = 'b'"),
    ("assert x", "assert y"),
    ("print(x)", "print(y)"),
    ("print(d['a'])", "print(d['b'])"),
    ("print(f'{x}')", "print(f'{y}')"),
    ("print(f('a'))", "print(f('b'))"),
    ("p.print('a')", "p.print('b')"),
    ("!ls", "!rm"),
    ("%%bash\nls", "%%bash\nrm"),
    ("%%bash\nls -l", "%%bash\nls - l"),
    ("!echo '# c'", "!echo '# d'"),
    ("%%writefile a.py\nx = 1", "%%writefile b.py\nx = 1"),
    ("%%writefile a.py\nx = '# a'", "%%writefile a.py\nx = '# b'"),
    ("%%writefile a.sh\nls -l", "%%writefile a.sh\nls - l"),
    ("%%writefile\nx", "%%writefile\ny"),
    ("%%\nx", "%%\ny"),
    ("%%time\nx", "%%timeit\nx"),
    ("print('a', 'b # c'", "print('a', x # c"),
    ("x = (", "y = ("),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_what_a_translator_may_change(first: str, second: str) -> None:
    assert normal_python(first) == normal_python(second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_what_a_translator_may_not_change(first: str, second: str) -> None:
    assert normal_python(first) != normal_python(second)


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("# a\nls $# # b\n\necho ${x#y}\n", "ls $#\necho ${x#y}"),
        ("echo 'a # b' \"c # d\" # e", "echo 'a # b' \"c # d\""),
        ('echo "a\\" # b" \\\' # c', 'echo "a\\" # b" \\\''),
        ("ls;# a", "ls;"),
        ("# it's\nls # don't", "ls"),
    ],
)
def test_comments_of_bash(code: str, kept: str) -> None:
    assert without_comments(code) == kept

"""The lesson `drive-in-colab` under the hands of a learner, and its Colab steps on a pretended Colab, seen to pass and to miss."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from tests.commands.slips import Slips, all_odd_slips, english_hint, ignore, shipped, step_of, task_of
from tests.runtime.kernels import make_runtime
from tutor.commands.driver import Driver
from tutor.i18n import Words
from tutor.lesson.model import RunCode
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.events import Outcome
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
Do = Callable[[str, ask.Command], Coroutine[None, None, Outcome]]

_IMPORT = "        from google.colab import drive\n"
_ELSEWHERE = '    except ModuleNotFoundError:\n        return Path(".")\n'
_MOUNT = '    drive.mount("/content/drive")\n'
OUTSIDE: Slips = {
    ("", ""): "If it stops with `ModuleNotFoundError`",
    (
        f"{_IMPORT}{_ELSEWHERE}{_MOUNT}",
        f'{_IMPORT}        drive.mount("/content/drive")\n    except Exception:\n        return Path(".")\n',
    ): "If the failure was swallowed",
    ('return Path(".")', "pass"): "",
    ('        return Path(".")', '        print("no Colab")\n        return'): "",
    (_MOUNT, ""): "If it does not mount in Colab",
    ('mount("/content/drive")', 'mount("/content/gdrive")'): "If it does not mount in Colab",
    ("drive/MyDrive", "drive"): "If it returns no folder here|If it does not mount",
    ("except ModuleNotFoundError:", "except ModuleNotFoundError"): "If Python stops",
}
_LOOP = "    while not os.path.ismount(path):\n        path = path.parent\n"
WHERE: Slips = {
    ("%%writefile where.py", ""): "If `where.py` is not there",
    ("", ""): "If it names the wrong place",
    ("os.path.ismount", "os.path.exists"): "If it names the wrong place",
    (_LOOP, "    path = path.parent\n"): "If it names the wrong place",
    ("while not", "while"): "If it names the wrong place",
    (_LOOP + "    return path", '    return "/"'): "If it names the wrong place",
    ("mount_of", "mounted"): "If the module cannot be used",
    ("import os\n", ""): "If the module cannot be used",
}
_CODES = """["".join(cell["source"]) for cell in cells
             if cell["cell_type"] == "code"]"""
CONVERT: Slips = {
    ("", ""): "the file is JSON still",
    (' if cell["cell_type"] == "code"', ""): "If Python cannot read the module",
    ("\\n\\n", ""): "If Python cannot read the module",
    (_CODES, '["".join(cells[-1]["source"])]'): "If only the other notebook fails",
    # It stops at the other notebook only, whose first cell is code.
    (_CODES, '["".join(cells[1]["source"])] + [cells[0]["sources"] for _ in cells[2:]]'): "If `convert` stops",
    ("Path(notebook).read_text())", 'Path("measures.ipynb").read_text())'): "If only the other notebook fails",
    ('"".join(cell["source"])', 'cell["source"]'): "If `convert` stops",
    ('cell["source"]', 'cell["text"]'): "If `convert` stops",
}
RELOAD: Slips = {
    ("", ""): "If it has the old number",
    ("importlib.reload(rates)", "rates"): "If it has the old number",
    ("importlib.reload(rates)", 'importlib.reload("rates")'): "If `reload` stops",
    ("importlib.reload(rates)", "reload(rates)"): "If `reload` stops",
}
ARCHIVE: Slips = {
    ("", ""): "If Drive has more than the archive",
    ("    shutil.unpack_archive(copy, target)\n", ""): "If files are missing",
    ("unpack_archive(copy, target)", "unpack_archive(copy, archive.parent)"): "If Drive has more|If files are missing",
    ("shutil.copy(", "shutil.move("): "If the archive is gone",
    ("    return target\n", ""): "If it returns no folder",
    ("unpack_archive(copy, target)", "unpack_archive(copie, target)"): "If `fetch` stops",
    ("copy = shutil.copy(archive, disk)", 'copy = shutil.copy("drive/pictures.zip", disk)'): "If files are missing",
    # It stops in the check only, whose archive has another name.
    ("copy = shutil.copy(archive, disk)", 'copy = shutil.copy(archive.with_name("pictures.zip"), disk)'): (
        "If `fetch` stops"
    ),
}
SLIPS = {"outside": OUTSIDE, "where": WHERE, "convert": CONVERT, "reload": RELOAD, "archive": ARCHIVE}

RIGHT: Mapping[str, Mapping[str, str]] = {
    "outside": {
        "ModuleNotFoundError": "ImportError",
        f"    try:\n{_IMPORT}{_ELSEWHERE}": (
            "    import importlib.util, sys\n"
            '    if "google" not in sys.modules and importlib.util.find_spec("google") is None:\n        return Path.cwd()\n'
            '    if importlib.util.find_spec("google.colab") is None:\n        return Path.cwd()\n'
            "    import google.colab.drive as drive\n"
        ),
    },
    "where": {
        _LOOP: "    if not os.path.ismount(path):\n        return mount_of(path.parent)\n",
        "os.path.ismount(path)": "path.is_mount()",
        f"{_LOOP}    return path": (
            "    return next(str(place) for place in [path, *path.parents] if os.path.ismount(place))"
        ),
    },
    "convert": {
        '    Path(module).write_text("\\n\\n".join(codes) + "\\n")': (
            "    import sys\n    !{sys.executable} -m nbconvert --to script {notebook}"
        ),
    },
    "reload": {
        "import rates\n    return importlib.reload(rates)": (
            'import sys\n    sys.modules.pop("rates", None)\n    return importlib.import_module("rates")'
        ),
        "    import rates\n    return importlib.reload(rates)": (
            "    from importlib import reload\n    import rates as r\n    return reload(r)"
        ),
    },
    "archive": {
        "    copy = shutil.copy(archive, disk)\n    shutil.unpack_archive(copy, target)": (
            "    shutil.unpack_archive(archive, target)"
        ),
        "shutil.unpack_archive(copy, target)\n    return target": (
            "zipfile.ZipFile(copy).extractall(disk)\n    return str(disk)"
        ),
    },
}


@asynccontextmanager
async def learner(language: str, folder: Path) -> AsyncIterator[Do]:
    """Somebody in the lesson, whose commands end in an outcome."""
    runtimes = Runtimes("local", lambda name: make_runtime(folder))
    try:
        lesson = shipped("drive-in-colab", language)
        async with Driver(lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            yield driver.step
    finally:
        await runtimes.aclose()


def told(lesson_language: str, step_id: str, outcome: Outcome) -> str:
    return english_hint(shipped("drive-in-colab", lesson_language), step_id, outcome.hint)


@LANGUAGES
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path) -> None:
    odd = await all_odd_slips(shipped("drive-in-colab", language), SLIPS, tmp_path)
    assert odd == {step: [] for step in SLIPS}


async def test_right_answers_of_other_shapes_pass_and_the_colab_step_stays_open(tmp_path: Path) -> None:
    """The notebook is converted by nbconvert too, which jupyter_server brings."""
    lesson = shipped("drive-in-colab", "en")
    async with learner("en", tmp_path) as step:
        for step_id, shapes in RIGHT.items():
            for piece, instead in shapes.items():
                solution = task_of(lesson, step_id).solution
                assert piece in solution, piece
                outcome = await step(step_id, ask.Run(solution.replace(piece, instead)))
                assert outcome.verdict is Verdict.PASSED, (step_id, instead, outcome)
        elsewhere = await step("there", ask.Run())
        assert elsewhere.verdict is Verdict.COULD_NOT_CHECK
        assert elsewhere.lines == ()


@LANGUAGES
def test_a_loop_that_stands_still_has_its_hint(language: str) -> None:
    found = step_of(shipped("drive-in-colab", language), "where")
    assert found.timeout is not None
    said = Words(language)("session.timeout", seconds=found.timeout)
    hint = next(hint for hint in found.hints if hint.when and re.search(hint.when, said))
    assert "If it never ends" in english_hint(shipped("drive-in-colab", language), "where", hint.markdown)


TABLE = "proc on /proc type proc (rw)\ndrive on {point} type fuse.drive (rw,nosuid,nodev)\n"
PASTED = {
    '{"colab": true, "mount": "drive on /content/drive type fuse.drive", "MyDrive": true}': None,
    '  "colab": true, "mount": "/dev/fuse on /content/drive type fuse.drive", "MyDrive": true ': None,
    '{"colab": false, "mount": "drive on /content/drive type fuse.drive", "MyDrive": true}': "If another computer",
    '{"colab": true, "mount": "", "MyDrive": false}': "If the mount is missing",
    '{"colab": true, "mount": "drive on /content/gdrive type fuse.drive", "MyDrive": false}': "If the mount is missing",
    '{"colab": true, "mount": "drive on /content/drive type fuse.drive", "MyDrive": false}': "If MyDrive is missing",
    '"colab": true': "The whole line belongs here",
    'Mounted at /content/drive {"colab": "yes"}': "The whole line belongs here",
}


@LANGUAGES
async def test_the_line_from_colab_is_told_from_others(language: str, tmp_path: Path) -> None:
    async with learner(language, tmp_path) as step:
        for line, hint in PASTED.items():
            outcome = await step("button", ask.Answer((line,)))
            assert outcome.verdict is (Verdict.PASSED if hint is None else Verdict.NOT_YET), line
            assert hint is None or hint in told(language, "button", outcome), line


async def test_the_cell_prints_the_line_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as it stands in the lesson, beside a `mount` that says what the one of Colab says."""
    fence = re.search(
        r"```python\n(import json, os\n.+?)```", step_of(shipped("drive-in-colab", "zh"), "button").body, re.DOTALL
    )
    assert fence is not None
    with_command(tmp_path, monkeypatch, TABLE.format(point="/content/drive"))
    cell = await asyncio.create_subprocess_exec(sys.executable, "-c", fence[1], stdout=subprocess.PIPE)
    printed = (await cell.communicate())[0].decode()
    assert '"mount": "drive on /content/drive type fuse.drive"' in printed
    async with learner("zh", tmp_path) as step:
        outcome = await step("button", ask.Answer((printed,)))
        assert [line.verdict for line in outcome.lines][:2] == [Verdict.PASSED, Verdict.NOT_YET], "this is not Colab"
        inside = printed.replace("false", "true")
        assert (await step("button", ask.Answer((inside,)))).verdict is Verdict.PASSED


def with_command(folder: Path, monkeypatch: pytest.MonkeyPatch, table: str) -> Path:
    """A `mount` that shows the file that is returned."""
    shown, command = folder / "table", folder / "bin" / "mount"
    shown.write_text(table, encoding="utf-8")
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\ncat "{shown}"\n', encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    return shown


PRETENDED = """
import os, shutil
from pathlib import Path

ROOM = Path(__file__).parents[2]
TABLE, MODE = ROOM / "table", ROOM / "mode"
is_mount = os.path.ismount

def mount(point):
    mode = MODE.read_text()
    if mode.startswith("Error: "):
        raise ValueError(mode[7:])
    Path(point, "MyDrive").mkdir(parents=True, exist_ok=True)
    if mode != "plain":
        TABLE.write_text({table!r}.format(point=point))
        os.path.ismount = lambda path: str(path) == point or is_mount(path)

def flush_and_unmount():
    mode = MODE.read_text()
    if mode == "failed":
        raise ValueError("flush_and_unmount failed")
    if mode == "whole":
        TABLE.write_text("")
        os.path.ismount = is_mount
        shutil.rmtree(Path({point!r}))
"""
MODES = {
    "whole": None,
    "plain": "If a plain folder is in the way",
    "stays": "If it will not unmount",
    "failed": "If it will not unmount",
    "Error: mount failed: timeout during initial read of root folder": "If the mounting fails or times out",
    "Error: Mountpoint must not already contain files": "If a plain folder is in the way",
    "Error: credential propagation was unsuccessful": "If it says `credential propagation",
    "Error: drive.mount is unsupported in this environment.": "If mounting is not supported",
}


@LANGUAGES
async def test_in_colab_drive_must_be_mounted_while_it_writes_and_gone_after(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The messages are those of colabtools' `drive.py`; the place is another, since nobody may make /content here."""
    point = str(tmp_path / "content" / "drive")
    package = tmp_path / "google" / "colab"
    package.mkdir(parents=True)
    for init in (package.parent, package):
        (init / "__init__.py").touch()
    (package / "drive.py").write_text(dedent(PRETENDED).format(table=TABLE, point=point), encoding="utf-8")
    shown = with_command(tmp_path, monkeypatch, "")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab_20261120")
    work = step_of(shipped("drive-in-colab", language), "there").work
    assert isinstance(work, RunCode)
    code = work.code.replace("/content/drive", point)
    async with learner(language, tmp_path) as step:
        for mode, hint in MODES.items():
            (tmp_path / "mode").write_text(mode, encoding="utf-8")
            outcome = await step("there", ask.Run(code))
            assert outcome.verdict is (Verdict.PASSED if hint is None else Verdict.NOT_YET), (mode, outcome)
            assert hint is None or hint in told(language, "there", outcome), mode
            shown.write_text("", encoding="utf-8")
            await step("reload", ask.Run(f"import os, shutil\nshutil.rmtree({point!r}, ignore_errors=True)"))

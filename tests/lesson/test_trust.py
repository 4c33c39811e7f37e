from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lesson.build import FRONT, lesson_of, step, write_lesson
from tutor.lesson.parse import parse_lesson
from tutor.lesson.trust import content_digest, describe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_lesson(tmp_path, "some", FRONT + step("```python run\n1\n```\n"))
    (folder / "assets").mkdir()
    (folder / "assets" / "data.bin").write_bytes(b"data")
    (folder / "assets" / "link").symlink_to("data.bin")
    return folder


def add_file(folder: Path) -> None:
    (folder / ".hidden").write_text("")


def retarget(folder: Path) -> None:
    (folder / "assets" / "link").unlink()
    (folder / "assets" / "link").symlink_to("../assets/data.bin")


CHANGES: list[Callable[[Path], object]] = [
    lambda folder: (folder / "en.md").write_text("x"),
    lambda folder: (folder / "assets" / "data.bin").write_bytes(b"other"),
    lambda folder: (folder / "assets" / "data.bin").rename(folder / "assets" / "data2.bin"),
    lambda folder: (folder / "assets" / "empty").mkdir(),
    add_file,
    retarget,
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_content_changes_the_digest(folder: Path, change: Callable[[Path], object]) -> None:
    before = content_digest(folder)
    change(folder)
    assert content_digest(folder) != before


def test_digest_is_of_the_content_alone(folder: Path, tmp_path: Path) -> None:
    before = content_digest(folder)
    os.utime(folder / "en.md", (1, 1))
    assert content_digest(folder.rename(tmp_path / "moved")) == before


def test_pipe_does_not_hold_up_the_digest(folder: Path) -> None:
    before = content_digest(folder)
    os.mkfifo(folder / "pipe")
    assert content_digest(folder) != before


def test_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        content_digest(tmp_path / "nothing")


CODE = """\
```python run
import os, subprocess
url = "https://huggingface.co/x"
host = ("api.example.com:8080", "10.0.0.1", b"https://bytes.example.net/")
!curl -s https://curl.example.org/a > out/file.txt
os.system("wget http://wget.example.io")
subprocess.run(["nvidia-smi", "-L"])
open("secrets.json"); path = "~/.ssh/id_rsa"
torch.cuda.is_available()
```

```python check
assert open("/etc/passwd")
```
"""


def test_report_names_what_code_names() -> None:
    bash = step(
        "```bash run\nFOO=1 git clone git@github.com:a/b && cat ./notes.md | sudo tee /tmp/x; for i in a; do echo $i; done\n```",
        step_id="two",
    )
    report = describe([lesson_of(step(CODE, 'needs="network:files.example.org command:jq account:github"'), bash)])
    assert report.hosts == (
        "10.0.0.1", "api.example.com:8080", "bytes.example.net", "curl.example.org", "files.example.org", "github.com", "huggingface.co", "wget.example.io",
    )  # fmt: skip
    assert set(report.commands) >= {"curl", "wget", "nvidia-smi", "git", "cat", "sudo", "tee", "jq"}
    assert set(report.files) >= {"out/file.txt", "secrets.json", "~/.ssh/id_rsa", "/etc/passwd", "./notes.md", "/tmp/x"}
    assert report.accounts == ("github",)
    assert [(each.role, each.step_id) for each in report.code] == [("run", "one"), ("check", "one"), ("run", "two")]


def test_report_of_every_role() -> None:
    folder = Path(__file__).parent / "fixtures" / "every-role"
    lessons = [lesson for language in ("en", "zh") if (lesson := parse_lesson(folder / f"{language}.md").lesson)]
    report = describe(lessons)
    assert report.secrets == ("token",)
    assert "assets/device.txt" in report.files
    assert report.accounts == ("github", "google")
    roles = [each.role for each in report.code]
    assert sorted(set(roles)) == ["check", "practice", "run", "solution", "starter"]
    # What is the same in both languages is shown once.
    assert roles.count("solution") == 1


def test_code_that_does_not_parse_is_searched_as_text() -> None:
    report = describe(
        [lesson_of(step("```python starter\nget('https://a.example.org'\n```\n```python solution\n1\n```\n"))]
    )
    assert report.hosts == ("a.example.org",)


def test_cell_of_bash() -> None:
    report = describe([lesson_of(step("```python run\n%%bash\npip install x\n```\n"))])
    assert report.commands == ("pip",)

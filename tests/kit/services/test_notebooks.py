from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tutor.kit.services.errors import ServiceError
from tutor.kit.services.notebooks import clean_notebook, find_secrets

PAT = "github_pat_" + "1A" * 11 + "_" + "b3" * 29


def notebook(source: str = "1 + 1", outputs: list[Any] | None = None) -> dict[str, Any]:
    cell = nbformat.v4.new_code_cell(source, execution_count=7, outputs=outputs or [])
    cells = [nbformat.v4.new_markdown_cell("# Title"), cell]
    made: dict[str, Any] = json.loads(
        nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata={"widgets": {"a": 1}}))
    )
    return made


def printed(text: str) -> Any:
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def test_outputs_go_and_what_was_written_stays() -> None:
    read = notebook(outputs=[printed("2\n")])
    clean = json.loads(clean_notebook(read))
    assert clean["cells"][1]["outputs"] == []
    assert clean["cells"][1]["execution_count"] is None
    assert "".join(clean["cells"][1]["source"]) == "1 + 1"
    nbformat.validate(clean)
    assert read["cells"][1]["outputs"], "what it was made of stays as it is"


def test_it_does_what_the_command_does(tmp_path: Path) -> None:
    file = tmp_path / "run.ipynb"
    file.write_text(json.dumps(notebook("print('你好')", [printed("你好\n")])), "utf-8")
    clean = clean_notebook(file)
    assert clean_notebook(file.read_text("utf-8")) == clean
    subprocess.run([sys.executable, "-m", "nbstripout", str(file)], check=True, timeout=60)
    assert file.read_text("utf-8") == clean
    assert clean_notebook(clean) == clean


@pytest.mark.parametrize(
    ("kind", "secret"),
    [
        ("GitHub", PAT),
        ("GitHub", "ghp_" + "a1B2" * 9),
        ("Google", "ya29." + "a0_Z" * 10),
        ("Google", "GOCSPX-" + "a0_Z" * 6),
        ("Google", "1//0" + "a0_Z" * 10),
        ("Kaggle", "KGAT_" + "a1" * 16),
        ("Kaggle", '{"username": "me", "key": "' + "0f" * 16 + '"}'),
        ("Kaggle", 'os.environ["KAGGLE_KEY"] = "' + "0f" * 16 + '"'),
        ("Hugging Face", "hf_" + "a1B2" * 9),
        ("OpenAI", "sk-proj-" + "a1B2" * 9),
        ("AWS", "AKIA" + "A1B2" * 4),
        ("AWS", 'aws_secret_access_key = "' + "a1B/" * 10 + '"'),
        ("Slack", "xoxb-" + "1234-" * 4),
        ("key", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        ("URL", "https://me:hunter2hunter2@github.com/me/x.git"),
    ],
)
@pytest.mark.parametrize("part", ["source", "output"])
def test_secrets_are_found_where_they_are_typed_and_printed(kind: str, secret: str, part: str) -> None:
    text = f"first line\nsecond: {secret}\n"
    read = notebook(text) if part == "source" else notebook(outputs=[printed("1\n"), printed(text)])
    places = find_secrets(read)
    assert [(place.cell, place.line, place.part, place.kind) for place in places] == [(2, 2, part, kind)]
    assert secret not in f"{places} {places[0]}"
    assert "cell 2" in str(places[0])


def test_stripping_takes_printed_secrets_and_not_typed_ones() -> None:
    read = notebook(f"token = '{PAT}'\nprint(token)", [printed(PAT)])
    assert [place.part for place in find_secrets(read)] == ["source", "output"]
    assert [place.part for place in find_secrets(clean_notebook(read))] == ["source"]


def test_errors_and_rich_outputs_are_looked_through() -> None:
    error = nbformat.v4.new_output("error", ename="E", evalue="no", traceback=["one", f"  {PAT}"])
    page = nbformat.v4.new_output(
        "display_data", data={"text/html": ["<b>", PAT, "</b>"], "application/json": {"a": [PAT]}}
    )
    assert len(find_secrets(notebook(outputs=[error]))) == 1
    assert find_secrets(notebook(outputs=[page]))


@pytest.mark.parametrize(
    "text",
    [
        "git_hub_pat",
        "sk-toggleable__label-arrow",
        "0f" * 16,
        "ghp_short",
        "https://example.org:8888/a@b",
        "import torch",
    ],
)
def test_what_only_looks_alike_is_none(text: str) -> None:
    assert not find_secrets(notebook(text))


def test_the_learners_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_LANG", "zh")
    assert str(find_secrets(notebook(PAT))[0]) == "第 2 个单元格第 1 行：像是写在代码里的 GitHub 密钥"


@pytest.mark.parametrize("text", ["print('renamed .py')", "[]", '{"cells": 1}', '{"cells": [1]}'])
def test_a_file_with_another_name_is_no_notebook(tmp_path: Path, text: str) -> None:
    file = tmp_path / "renamed.ipynb"
    file.write_text(text)
    for call in (clean_notebook, find_secrets):
        with pytest.raises(ServiceError, match="This is no notebook"):
            call(file)

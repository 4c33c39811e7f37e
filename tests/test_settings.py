from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from tutor.errors import ConfigError, ExitCode
from tutor.settings import Settings, described, load, locale_language


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_defaults(file: Path) -> None:
    assert load(file, {}) == Settings(language="en", lessons=(), runtime="local", log="info")


def test_file_then_environment_then_flag(file: Path) -> None:
    file.write_text('\ufefflanguage = "zh"\nlog = "debug"\nruntime = "local:/usr/bin/python3"\n', encoding="utf-8")
    assert load(file, {}).language == "zh"
    assert load(file, {"TUTOR_LANG": "en"}).language == "en"
    settings = load(file, {"TUTOR_LANG": "en", "TUTOR_LOG": "ERROR"}, flags={"language": "zh", "runtime": None})
    assert (settings.language, settings.log, settings.runtime) == ("zh", "error", "local:/usr/bin/python3")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "zh_HK.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "C"}, "zh"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_locale_picks_the_language(environment: dict[str, str], language: str) -> None:
    assert locale_language(environment) == language


def test_tutor_lang_goes_before_the_locale(file: Path) -> None:
    assert load(file, {"TUTOR_LANG": "zh-Hant", "LANG": "en_US.UTF-8"}).language == "zh"
    assert load(file, {"TUTOR_LANG": "", "LANG": "zh_CN"}).language == "zh"


def test_lesson_folders(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    variable = os.pathsep.join(["/a", "", "b"])
    assert load(file, {"TUTOR_LESSONS": variable}).lessons == (Path("/a"), tmp_path / "b")
    file.write_text('lessons = ["/a", "mine"]')
    assert load(file, {}).lessons == (Path("/a"), tmp_path / "mine")


def test_an_unknown_key_names_the_file_and_the_nearest(file: Path) -> None:
    file.write_text('langauge = "zh"')
    with pytest.raises(ConfigError, match="langauge") as caught:
        load(file, {})
    assert str(file) in caught.value.message
    assert "language" in caught.value.hint
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_key_like_no_other_lists_them_all(file: Path) -> None:
    file.write_text("qqq = 1")
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert all(one.name in caught.value.hint for one in fields(Settings))


@pytest.mark.parametrize(
    "text",
    [
        "language = 1",
        'language = "fr"',
        'lessons = "/a"',
        "lessons = [1]",
        'log = "loud"',
        'runtime = ""',
        "not toml",
        "\x00",
    ],
)
def test_a_value_that_does_not_fit_is_named(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert str(file) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(("variable", "value"), [("TUTOR_LANG", "french"), ("TUTOR_LOG", "loud")])
def test_a_variable_that_does_not_fit_is_named(file: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        load(file, {variable: value})


def test_other_programs_variables_are_ignored(file: Path) -> None:
    assert load(file, {"TUTOR_ROOT": "/x", "TUTOR_LMS_HOST": "y"}) == load(file, {})


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load(file, {})


def test_every_setting_is_described() -> None:
    descriptions = described()
    assert [one.key for one in descriptions] == [one.name for one in fields(Settings)]
    assert all(one.meaning and one.variable.startswith("TUTOR_") and one.default for one in descriptions)


def test_the_import_does_not_load_a_toml_parser() -> None:
    code = "import sys, tutor.settings; sys.exit('tomllib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

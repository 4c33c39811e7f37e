"""What the screen is given before the first paint, and what is kept for the next one."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import threading
from pathlib import Path

import pytest

from tests.support.pythons import answering, made
from tutor.commands.environment import Environment
from tutor.commands.host import ChatHost
from tutor.commands.signing_in import SigningIn
from tutor.errors import ConfigError
from tutor.paths import Paths


def host(language: str | None = None) -> ChatHost:
    return ChatHost.of(argparse.Namespace(lesson=None, practice=False, lang=language, runtime=None))


def test_flag_then_environment_then_what_was_kept_then_locale_decide_the_language(
    tutor_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert host().language == "en"
    host("zh").keep_snapshot({})
    assert host().language == "en", "a flag counts for one sitting"
    (tutor_home / "config.toml").write_text('log = "info"  # mine\n')
    asyncio.run(host().keep_setting("language", "zh"))
    assert host().language == "zh"
    assert "# mine" in (tutor_home / "config.toml").read_text()
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    asyncio.run(host().keep_setting("language", "en"))
    assert host().language == "en"
    monkeypatch.setenv("TUTOR_LANG", "zh")
    assert host().language == "zh"
    assert host("en").language == "en"


def test_the_snapshot_is_for_its_owner_only_and_whole_however_many_write_it(tutor_home: Path) -> None:
    chat = host()

    def keep(letter: str) -> None:
        for _ in range(5):
            chat.keep_snapshot({"text": letter * 100_000})

    writers = [threading.Thread(target=keep, args=[letter]) for letter in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    (kept,) = (tutor_home / "cache").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(kept.read_text("utf-8"))["text"]) in ({"a"}, {"b"})


async def test_no_secret_is_in_the_snapshot(tutor_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = host()
    typed = f"token = 'ghp_{'a1B2' * 9}'"
    chat.keep_snapshot({"code": ["x = 1", typed]})
    assert json.loads((tutor_home / "cache" / "screen.json").read_text()) == {
        "code": ["x = 1", "token = '[secret]'"],
        "language": "en",
    }
    backstage = await chat._behind()
    backstage._secrets["shipped:key"] = "of a form"
    monkeypatch.setattr(SigningIn, "secrets", [("KAGGLE_KEY", "of an account")])
    chat.keep_snapshot({"code": "with 'of a form' and 'of an account'"})
    kept = (tutor_home / "cache" / "screen.json").read_text()
    assert "with '{{key}}' and '{{KAGGLE_KEY}}'" in kept
    await chat.aclose()


def test_a_cache_that_cannot_be_made_does_not_stop_the_quit(tutor_home: Path) -> None:
    tutor_home.mkdir()
    chat = host()
    cache = tutor_home / "cache"
    if cache.exists():
        cache.rmdir()
    cache.write_text("not a folder")
    chat.keep_snapshot({})
    assert cache.read_text() == "not a folder"


def test_what_ended_the_screen_is_in_the_log(tutor_home: Path) -> None:
    from tutor import log

    try:
        host().log_failure(ZeroDivisionError("made"))
    finally:
        log.stop()
    assert "ZeroDivisionError: made" in (tutor_home / "logs" / "tutor.log").read_text("utf-8")


def test_a_newcomer_is_asked_what_nothing_else_says(tutor_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert host().questions() == ["language", "python", "start"]
    assert host("zh").questions() == ["python", "start"]
    monkeypatch.setenv("TUTOR_RUNTIME", "local")
    assert host().questions() == ["language", "start"]
    (tutor_home).mkdir(exist_ok=True)
    (tutor_home / "config.toml").write_text('language = "en"\n')
    assert host().questions() == ["start"]


def test_nobody_else_is_asked(tutor_home: Path) -> None:
    named = argparse.Namespace(lesson="check-device", practice=False, lang=None, runtime=None)
    assert ChatHost.of(named).questions() == ()
    host().keep_snapshot({})
    assert host().questions() == ()
    (tutor_home / "cache" / "screen.json").unlink()
    assert host().questions() != ()
    (tutor_home / "tutor.db").write_text("")
    assert host().questions() == ()


def test_the_answers_are_in_force_at_once_and_kept(tutor_home: Path) -> None:
    chat = host()
    asyncio.run(chat.keep_answers({"language": "zh", "runtime": "local:/usr/bin/python3"}, "check-device"))
    assert (chat.language, chat.target) == ("zh", ("check-device", ""))
    again = host()
    assert again.language == "zh"
    by_key = {setting.key: setting for setting in asyncio.run(again.settings())}
    assert (by_key["runtime"].value, by_key["runtime"].origin) == ("local:/usr/bin/python3", "file")
    assert by_key["runtime"].decided_by == str(tutor_home / "config.toml")


def test_answers_that_cannot_be_kept_hold_for_this_sitting(tutor_home: Path) -> None:
    tutor_home.mkdir()
    chat = ChatHost(Environment(Paths(tutor_home / "elsewhere"), {}), ("", ""), practice=False)
    (tutor_home / "elsewhere").write_text("not a folder")
    with pytest.raises(ConfigError):
        asyncio.run(chat.keep_answers({"language": "zh"}, ""))
    assert chat.language == "zh"


def test_each_setting_says_who_decides_it(tutor_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tutor_home.mkdir()
    (tutor_home / "config.toml").write_text('lessons = ["/a", "mine"]\nlog = "debug"\n')
    monkeypatch.setenv("TUTOR_LOG", "error")
    settings = {setting.key: setting for setting in asyncio.run(host("zh").settings())}
    assert (settings["language"].origin, settings["language"].decided_by) == ("flag", "--lang")
    assert (settings["log"].value, settings["log"].origin, settings["log"].decided_by) == (
        "error",
        "variable",
        "TUTOR_LOG",
    )
    assert settings["lessons"].value == f"/a\n{tutor_home / 'mine'}"
    assert (settings["runtime"].value, settings["runtime"].origin, settings["runtime"].decided_by) == (
        "local",
        "default",
        "",
    )


async def test_the_pythons_begin_with_tutors_own_and_leave_out_what_is_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path.home()
    for name, version, has in (
        ("old", "3.9.1", '"ipykernel"'),
        ("bare", "3.12.1", '"pip"'),
        ("full", "3.13.0", '"ipykernel"'),
    ):
        prefix = home / name
        made(prefix / "bin" / "python3", answering(prefix, version=version, has=has))
    monkeypatch.setenv("PATH", os.pathsep.join(str(home / name / "bin") for name in ("old", "bare", "full")))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    own, *others = [python async for python in host().pythons()]
    assert (own.runtime, own.place, own.mend) == ("local", "", "")
    assert own.torch
    assert [python.version for python in others] == ["3.12.1", "3.13.0"]
    bare, full = others
    assert bare.place == "~/bare/bin/python"
    assert bare.mend == f"{home}/bare/bin/python -m pip install ipykernel"
    assert (full.runtime, full.mend) == (f"local:{home}/full/bin/python", "")

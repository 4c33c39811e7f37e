"""What the screen is given before the first paint, and what is kept for the next one."""

from __future__ import annotations

import argparse
import json
import threading
from pathlib import Path

import pytest

from tutor.commands.host import ChatHost


def host(language: str | None = None) -> ChatHost:
    return ChatHost.of(argparse.Namespace(lesson=None, practice=False, lang=language, runtime=None))


def test_flag_then_environment_then_file_then_last_choice_then_locale_decide_the_language(
    tutor_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert host().language == "en"
    host("zh").keep_snapshot({})
    assert host().language == "zh"
    (tutor_home / "config.toml").write_text('log = "info"\n')
    assert host().language == "zh"
    (tutor_home / "config.toml").write_text('language = "en"\n')
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

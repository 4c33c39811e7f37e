from __future__ import annotations

from pathlib import Path

import pytest

from tutor.runtime.living import Pending, Register

SERVER = "http://127.0.0.1:8888/"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path)


def test_what_is_left_is_found_as_it_was_written(register: Register) -> None:
    entry = register.new(SERVER)
    pending = Pending(("1", "2"), "lesson#step", "x = 1")
    entry.change(kernel_id="k", session="s", bundle="b", facts={"pid": 7}, pending=pending)
    life = entry.life
    assert register.left(SERVER) is None  # it is in use
    assert register.all() == [(life, True)]
    entry.release()
    assert register.all() == [(life, False)]
    again = register.left(SERVER)
    assert again is not None
    assert again.life == life
    assert register.left("http://127.0.0.1:9999/") is None


def test_the_newest_one_is_taken_first(register: Register) -> None:
    entries = [register.new(SERVER) for _ in range(3)]
    for number, entry in enumerate(entries):
        entry.change(kernel_id=str(number))
        entry.release()
    newest = register.left(SERVER)
    assert newest is not None
    assert newest.life.kernel_id == "2"
    second = register.left(SERVER)
    assert second is not None
    assert second.life.kernel_id == "1"


def test_what_is_removed_leaves_nothing(register: Register, tmp_path: Path) -> None:
    entry = register.new(SERVER)
    entry.change(kernel_id="k")
    entry.remove()
    assert not list(tmp_path.iterdir())


def test_a_kernel_of_this_computer_ends_with_its_tutor(register: Register, tmp_path: Path) -> None:
    entry = register.new("local")
    entry.change(pid=1)
    assert [is_used for _, is_used in register.all()] == [True]
    entry.release()
    assert register.all() == []
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"key": "x"}', '{"key": "x", "runtime": "y", "started": "z"}'])
def test_a_file_that_is_none_is_passed_over(register: Register, tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.json").write_text(text)
    assert register.all() == []
    assert register.left(SERVER) is None


def test_a_field_of_a_newer_tutor_is_passed_over(register: Register, tmp_path: Path) -> None:
    entry = register.new(SERVER)
    entry.change(kernel_id="k")
    entry.release()
    (file,) = tmp_path.glob("*.json")
    file.write_text(file.read_text().replace("{", '{"newer": 1, ', 1))
    left = register.left(SERVER)
    assert left is not None
    assert left.life.kernel_id == "k"

"""What the learner chose for every run: default < file < environment < flag. Reads; never writes."""

from __future__ import annotations

import ast
import difflib
import inspect
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from tutor.errors import ConfigError

LANGUAGES = ("en", "zh")
THEMES = ("auto", "dark", "light", "contrast", "ansi")
LOG_LEVELS = ("debug", "info", "warning", "error")
LOCAL = "local"
"""The runtime of the Python that tutor runs in."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. The keys of `config.toml` are the names of the fields."""

    language: str = field(default="en", metadata={"variable": "TUTOR_LANG", "shown": "as the locale says, else en"})
    """The language that the tutor speaks and lessons are shown in: `en` or `zh`."""
    lessons: tuple[Path, ...] = field(default=(), metadata={"variable": "TUTOR_LESSONS", "shown": "none"})
    """Further folders that hold lesson folders: a list in the file, separated as in `PATH` in the environment."""
    runtime: str = field(default=LOCAL, metadata={"variable": "TUTOR_RUNTIME"})
    """Where steps run when no `--runtime` is given: `local`, `local:PYTHON` for another Python of this machine, or the address or name of a Jupyter server."""
    theme: str = field(default="auto", metadata={"variable": "TUTOR_THEME"})
    """The colours of the conversation: `auto` (as the terminal says, else dark), `dark`, `light`, `contrast`, or `ansi` (the terminal's own 16)."""
    log: str = field(default="info", metadata={"variable": "TUTOR_LOG"})
    """The least that is written to the log file: `debug`, `info`, `warning` or `error`."""


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as the README tells it."""

    key: str
    variable: str
    default: str
    meaning: str


class Origin(StrEnum):
    """Who decides a setting; of those that say something the last one does."""

    DEFAULT = "default"
    FILE = "file"
    VARIABLE = "variable"
    FLAG = "flag"


def is_local(runtime: str) -> bool:
    """Whether a runtime, as `--runtime` names it, is a Python of this computer, and no server."""
    return runtime.partition(":")[0] == LOCAL


def python_of(runtime: str) -> str:
    """The Python that `local:PYTHON` names; empty for tutor's own, and for a server."""
    return runtime.partition(":")[2] if is_local(runtime) else ""


def load(
    file: Path, environment: Mapping[str, str] = os.environ, *, flags: Mapping[str, str | None] | None = None
) -> Settings:
    """The settings in force. A flag that is None was not given; a file that is not there says nothing.

    Raises:
        ConfigError: an unknown key, or a value that does not fit.
    """
    settings = Settings(language=locale_language(environment))
    for key, value in _in_file(file).items():
        settings = _with(settings, key, _file_value(key, value, file), f"{key} in {file}")
    for one in fields(Settings):
        variable = one.metadata["variable"]
        if environment.get(variable):
            settings = _with(settings, one.name, _text_value(one.name, environment[variable]), variable)
    for key, text in (flags or {}).items():
        if text is not None:
            settings = _with(settings, key, _text_value(key, text), flag_of(key))
    return settings


def origins(
    file: Path, environment: Mapping[str, str] = os.environ, *, flags: Mapping[str, str | None] | None = None
) -> dict[str, Origin]:
    """Who decides each setting that `load` gives for the same arguments.

    Raises:
        ConfigError: as `load`.
    """
    found = {one.name: Origin.DEFAULT for one in fields(Settings)}
    found |= dict.fromkeys(_in_file(file), Origin.FILE)
    found |= {key: Origin.VARIABLE for key in found if environment.get(variable_of(key))}
    return found | {key: Origin.FLAG for key, text in (flags or {}).items() if text is not None}


def variable_of(key: str) -> str:
    """The environment variable of a setting."""
    variable: str = next(one.metadata["variable"] for one in fields(Settings) if one.name == key)
    return variable


def flag_of(key: str) -> str:
    """The command line's word for a setting, for those that have one."""
    return "--lang" if key == "language" else f"--{key}"


def locale_language(environment: Mapping[str, str] = os.environ) -> str:
    """What the locale asks for: Chinese of any place or script, else English."""
    locale = next(filter(None, (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def described() -> list[Described]:
    """All settings, for the README and for the test that compares it."""
    body = ast.parse(inspect.getsource(Settings)).body[0]
    assert isinstance(body, ast.ClassDef)
    meanings = {
        setting.target.id: text.value.value
        for setting, text in zip(body.body, body.body[1:], strict=False)
        if isinstance(setting, ast.AnnAssign)
        and isinstance(setting.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
    return [
        Described(one.name, one.metadata["variable"], one.metadata.get("shown", str(one.default)), meanings[one.name])
        for one in fields(Settings)
    ]


def _in_file(file: Path) -> dict[str, Any]:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}", "Make it readable, or move it away.") from error
    import tomllib  # noqa: PLC0415 - most have no file

    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not TOML: {error}", "Mend that place, or move the file away.") from error
    known = [one.name for one in fields(Settings)]
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]}?" if near else f"The keys are {', '.join(known)}."
            raise ConfigError(f"{file} has the unknown key {key}", hint)
    return found


def _file_value(key: str, value: object, file: Path) -> Any:
    if key == "lessons":
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ConfigError(f"lessons in {file} is not a list of texts", 'Write lessons = ["/a/folder"].')
        return _folders(value, file.parent)
    if not isinstance(value, str):
        raise ConfigError(f"{key} in {file} is {value!r}", f'Write a text: {key} = "…".')
    return value


def _text_value(key: str, text: str) -> Any:
    return _folders(text.split(os.pathsep), Path.cwd()) if key == "lessons" else text


def _folders(names: Iterable[str], base: Path) -> tuple[Path, ...]:
    """Absolute folders; an empty name is none, and relative ones start at `base`."""
    return tuple(base.absolute() / Path(name).expanduser() for name in names if name)


def _with(settings: Settings, key: str, value: Any, where: str) -> Settings:
    if key == "language":
        # `zh_CN.UTF-8` and `en-GB` mean what they begin with.
        value = _one_of(value[:2].lower() if value[2:3] in ("", "-", "_") else value, LANGUAGES, where)
    elif key == "log":
        value = _one_of(value.lower(), LOG_LEVELS, where)
    elif key == "theme":
        value = _one_of(value.lower(), THEMES, where)
    elif key == "runtime" and not value.strip():
        raise ConfigError(f"{where} is empty", "Write local, or local:PYTHON.")
    return replace(settings, **{key: value})


def _one_of(value: str, known: tuple[str, ...], where: str) -> str:
    if value not in known:
        raise ConfigError(f"{where} is {value!r}", f"It can be {', '.join(known[:-1])} or {known[-1]}.")
    return value

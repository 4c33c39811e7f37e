"""Writes the settings file: only the keys that were changed, and everything else in it, comments and order included, stays as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tutor import atomic
from tutor.errors import ConfigError
from tutor.paths import make_private


def save(path: Path, key: str, value: str | Sequence[str] | None) -> None:
    """Keep one setting in the file: see `save_all`."""
    save_all(path, {key: value})


def save_all(path: Path, values: Mapping[str, str | Sequence[str] | None]) -> None:
    """Keep these settings in the file, all of them or none; None takes one out, so that its default holds again.

    The file is replaced in one go and keeps its mode; a new one is for its owner only. A link stays a link: what it names is written.

    Raises:
        ConfigError: the file is there and is no TOML that can be read, so it was left alone; or it cannot be written.
    """
    # Loaded here: nobody writes a setting before the first paint.
    import tomlkit  # noqa: PLC0415
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    real = path.resolve()
    try:
        before = _text_of(real)
        document = tomlkit.parse(before)
        for key, value in values.items():
            if value is not None:
                document[key] = value if isinstance(value, str) else list(value)
            elif key in document:
                del document[key]
        text = tomlkit.dumps(document)
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} is not TOML: {error}", "Nothing was written. Mend that place, or move the file away."
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}", "Nothing was written. Make it readable, or move it away."
        ) from error
    if text == before:
        return
    try:
        make_private(real.parent)
        mode = real.stat().st_mode & 0o777 if real.exists() else atomic.OWNER_ONLY
        atomic.write(real, text.encode(), mode=mode, synced=True)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}", "Make the file and its folder writable."
        ) from error


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""

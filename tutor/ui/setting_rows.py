"""What the page of settings says of each setting: its value in words, its meaning, who decides it and when a change counts. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.i18n import Words
from tutor.settings import LANGUAGES, LOG_LEVELS, THEMES, Origin
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.host import PythonChoice, SettingNow
from tutor.ui.pythons import item_of
from tutor.ui.widgets.menu import Item

ORDER = ("language", "runtime", "theme", "log", "lessons")
VALUES = {"language": LANGUAGES, "theme": THEMES, "log": LOG_LEVELS}
"""Settings with a few values, each with words of its own."""
AT_ONCE = ("language", "theme")
OWN = "local"


def setting_items(settings: Sequence[SettingNow], file: str, words: Words) -> list[Item]:
    """The list of all settings."""
    by_key = {setting.key: setting for setting in settings}
    return [
        Item(key, words(f"settings.{key}"), value_in_words(by_key[key], words), _about(by_key[key], file, words))
        for key in ORDER
    ]


def value_in_words(setting: SettingNow, words: Words) -> str:
    """As the learner knows it."""
    match setting.key:
        case "runtime":
            return words("welcome.own") if setting.value == OWN else setting.value.removeprefix(f"{OWN}:")
        case "lessons":
            return setting.value or words("settings.lessons_none")
        case key:
            return words(f"settings.{key}_{setting.value}")


def is_locked(setting: SettingNow) -> bool:
    """Whether a change here would change nothing."""
    return setting.key == "lessons" or setting.origin in (Origin.VARIABLE, Origin.FLAG)


def decided_by(setting: SettingNow, words: Words) -> str:
    """Who decides it, as a sentence."""
    return words(f"settings.by_{setting.origin}", name=setting.decided_by)


def _about(setting: SettingNow, file: str, words: Words) -> tuple[Block, ...]:
    meaning = text(words(f"settings.{setting.key}_meaning", file=file))
    if setting.key == "lessons":
        line = Block(BlockKind.TEXT, (('lessons = ["~/my-lessons"]', "code"),), first="  ", rest="  ", gap=False)
        return meaning, line, text(decided_by(setting, words), "muted", gap=False)
    if is_locked(setting):
        return meaning, text(decided_by(setting, words), "could_not_check", gap=False)
    when = words("settings.at_once" if setting.key in AT_ONCE else "settings.next_start")
    return meaning, text(decided_by(setting, words), "muted", gap=False), text(when, "muted", gap=False)


def value_items(setting: SettingNow, pythons: Sequence[PythonChoice], words: Words) -> list[Item]:
    """What the setting can be; the value in force is always among it."""
    if setting.key != "runtime":
        return [Item(value, words(f"settings.{setting.key}_{value}")) for value in VALUES[setting.key]]
    items = [item_of(python, words) for python in pythons]
    if setting.value not in [item.value for item in items]:
        items.append(Item(setting.value, value_in_words(setting, words)))
    return items

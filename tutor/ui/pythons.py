"""A Python of this machine, as the welcome and the settings offer it."""

from __future__ import annotations

from tutor.i18n import Words
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.host import PythonChoice
from tutor.ui.widgets.menu import Item


def item_of(python: PythonChoice, words: Words) -> Item:
    """Its place, what it has, and what it lacks with the command that adds it."""
    label = python.place or words("welcome.own")
    return Item(python.runtime, label, _has(python, words), _about(python, words))


def _has(python: PythonChoice, words: Words) -> str:
    version = ".".join(python.version.split(".")[:2])
    if python.torch is None:
        key = "welcome.python_no_torch_no_ipykernel" if python.mend else "welcome.python_no_torch"
    else:
        key = "welcome.python_torch_no_ipykernel" if python.mend else "welcome.python_torch"
    torch = ".".join((python.torch or "").partition("+")[0].split(".")[:2])
    return words(key, version=version, torch=f"PyTorch {torch}".rstrip())


def _about(python: PythonChoice, words: Words) -> tuple[Block, ...]:
    if python.mend:
        command = Block(BlockKind.TEXT, ((python.mend, "code"),), first="  ", rest="  ", gap=False)
        return text(words("welcome.add_ipykernel"), "hint"), command
    if python.torch is None:
        return (text(words("welcome.no_torch"), "hint"),)
    return (text(words("welcome.own_has_all" if not python.place else "welcome.has_all"), "muted"),)

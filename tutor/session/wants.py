"""What open steps lack, in words: for the end of a lesson and for the page that gathers them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.harness.telling import NAMES
from tutor.i18n import Words
from tutor.lesson.model import NeedKind

YOU = "you"
"""Nothing of the computer's was missing: a person's answer or value was."""
SERVER = "server"
"""The Jupyter server that was chosen did not answer, or its answer was lost."""
ACCELERATORS = (str(NeedKind.GPU), str(NeedKind.CUDA))
_NAMES = {
    "torch": "PyTorch",
    "torchvision": "torchvision",
    "tensorflow": "TensorFlow",
    **NAMES,
}


def lacking(unmet: Iterable[str]) -> tuple[str, ...]:
    """What closes a step that is open with these unmet needs."""
    return tuple(unmet) or (YOU,)


def accounts_in(unmet: Iterable[str]) -> list[str]:
    """The services of which an account is all that is lacking; empty when something else is."""
    parts = [need.partition(":") for need in unmet]
    is_all = all(kind == NeedKind.ACCOUNT for kind, _, _ in parts)
    return list(dict.fromkeys(service for _, _, service in parts)) if is_all else []


def need_in_words(need: str, words: Words) -> str:
    """One need as a noun phrase: `an NVIDIA GPU`."""
    kind, _, argument = need.partition(":")
    if kind not in (YOU, SERVER, *NeedKind):
        return need
    if need == "module:torch":
        return _NAMES["torch"]
    return words(f"session.need_{kind}", argument=named(kind, argument))


def named(kind: str, argument: str) -> str:
    """A need's argument as those who make it write it."""
    if kind == NeedKind.NETWORK:
        return argument.removesuffix(":443")
    return argument if kind == NeedKind.COMMAND else _NAMES.get(argument, argument)

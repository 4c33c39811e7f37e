"""The closed vocabulary of `needs`."""

from __future__ import annotations

import re

from tutor.lesson.model import Need, NeedKind
from tutor.lesson.rules import Report, Rule, meant, shown

_ARGUMENTS: dict[NeedKind, re.Pattern[str]] = {
    NeedKind.GPU: re.compile(""),
    NeedKind.CUDA: re.compile(""),
    NeedKind.POSIX: re.compile(""),
    NeedKind.MODULE: re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"),
    NeedKind.COMMAND: re.compile(r"[\w.+-]+"),
    NeedKind.NETWORK: re.compile(r"[A-Za-z0-9_.-]+(?::[0-9]{1,5})?"),
    NeedKind.ACCOUNT: re.compile("github|google|kaggle"),
    NeedKind.ENV: re.compile("colab|kaggle"),
    NeedKind.RAM: re.compile("[0-9]{1,6}"),
    NeedKind.DISK: re.compile("[0-9]{1,6}"),
}
_WORDS = (
    *(str(kind) for kind in NeedKind),
    "torch",
    "account:github",
    "account:google",
    "account:kaggle",
    "env:colab",
    "env:kaggle",
)


def parse_need(word: str) -> Need | None:
    """One word of `needs`, or None if the vocabulary lacks it. `torch` and a network without a port are written out."""
    if word == "torch":
        return Need(NeedKind.MODULE, "torch")
    name, colon, argument = word.partition(":")
    if name not in tuple(NeedKind):
        return None
    kind = NeedKind(name)
    pattern = _ARGUMENTS[kind]
    if not pattern.fullmatch(argument) or bool(colon) != bool(pattern.pattern):
        return None
    if kind is NeedKind.NETWORK:
        host, _, port = argument.partition(":")
        if not 0 < int(port or 443) < 65536:
            return None
        argument = f"{host}:{int(port or 443)}"
    return Need(kind, argument)


def read_needs(text: str, line: int, report: Report) -> tuple[Need, ...]:
    """All words of `needs`; what is not in the vocabulary is reported."""
    needs = []
    for word in text.split():
        need = parse_need(word)
        if need is None:
            report.add(Rule.NEEDS, line, shown(word) + meant(word, _WORDS))
        else:
            needs.append(need)
    return tuple(dict.fromkeys(needs))

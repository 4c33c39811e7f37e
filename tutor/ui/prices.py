"""A price per hour as people type it: `0.53`, `$0.53/h`, `3.8 元`. Pure."""

from __future__ import annotations

import re
import unicodedata

_SIGN = r"(?:[A-Z]{2}\$|[$€£¥])"
_NAME = r"(?:USD|EUR|GBP|CNY|RMB|CHF|JPY|HKD|TWD|SGD|INR|CAD|AUD|元|块钱?|人民币|美元|美金|欧元|英镑|日元|港币|新台币)"
_PER = r"(?:/\s*(?:h|hr|hour|时|小时)|(?:per|an|a)\s+hour|每小时|一小时|每个小时)"
_PRICE = re.compile(
    rf"(?:{_PER}\s*)?(?P<before>{_SIGN}|{_NAME})?\s*(?P<amount>\d{{1,9}}(?:\.\d{{1,6}}|,\d{{1,2}})?|\.\d{{1,6}})"
    rf"\s*(?P<after>{_SIGN}|{_NAME})?\s*(?:{_PER})?",
    re.IGNORECASE,
)


def price_of(typed: str) -> tuple[float, str] | None:
    """The price and what it is counted in (empty where nothing says that); None for what is no price."""
    bare = unicodedata.normalize("NFKC", typed).strip()
    match = _PRICE.fullmatch(bare)
    if match is None or (match["before"] and match["after"]):
        return None
    currency = match["before"] or match["after"] or ""
    return float(match["amount"].replace(",", ".")), currency.upper() if currency.isascii() else currency

"""Words of reading and copying what was said."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "reading.more_below": "more below",
    "reading.new": "{count} new",
    "reading.to_end": "to the end",
    "reading.open_large": "open large",
    "reading.others": "other blocks",
    "reading.back": "back",
    "reading.copy_address": "copy the address",
    "reading.follow": "open the link",
    "reading.to_prompt": "try it",
    "reading.no_link": "There is no link here",
    "reading.opened": "Opened outside the terminal",
    "reading.no_browser": "This terminal cannot open it. The address is copied:",
    "reading.too_long": "Too long to copy through this terminal",
}

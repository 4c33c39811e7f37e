"""Bytes from the terminal that are no UTF-8 do not end the program.

A terminal that speaks another encoding sends them for the first letter outside ASCII, and an old mouse report has them beyond column 95.
Textual decodes strictly, in a thread whose failure ends the app.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import partial

from textual.drivers import linux_driver


def forgiving_decoder(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    """Makes decoders that put U+FFFD in the place of what cannot be read, which shows the learner that something is wrong."""
    return partial(codecs.getincrementaldecoder(encoding), "replace")


def forgive() -> None:
    """Have the driver decode with it from now on; it offers no other way in."""
    vars(linux_driver)["getincrementaldecoder"] = forgiving_decoder

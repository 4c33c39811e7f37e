"""The log: a file of bounded size, one line a record, scrubbed. Nothing of it ever reaches the terminal.

What is logged before `start` is dropped, a log that cannot be written is done without, and nothing here ever raises.
"""

from __future__ import annotations

import logging
import os
import sys
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tutor.paths import make_private
from tutor.text.plain import strip
from tutor.text.scrub import Scrubber

MOST_BYTES = 1 << 20
"""Of one file; as many again are kept in the one before."""

_LIBRARIES = logging.WARNING
"""The least that other packages write."""


class _Line(logging.Formatter):
    """A record on one line, with the exception's text, without secrets and control characters."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
        self.scrubber = Scrubber()

    def format(self, record: logging.LogRecord) -> str:
        # The exception's text is kept in the record for other handlers; a copy leaves theirs alone.
        text = super().format(logging.makeLogRecord(record.__dict__))
        return strip(self.scrubber.scrub(text)).replace("\n", "\\n")


class _File(RotatingFileHandler):
    """Opens at the first record, makes its folder, and is silent when it cannot."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8", errors="replace", delay=True)

    def _open(self) -> TextIOWrapper:
        make_private(Path(self.baseFilename).parent)
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return open(descriptor, "a", encoding=self.encoding, errors=self.errors)  # noqa: PTH123 - the handler closes it

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """There is no better place to say it than the log that failed."""


class _Running:
    """What `start` put in place."""

    handler: _File | None = None
    line = _Line()


def start(path: Path, level: str = "info", scrubber: Scrubber | None = None) -> None:
    """Write to this file from now on; a second call moves the log there.

    The root logger gets it, so that what libraries log and warn does not paint over the screen either.
    """
    stop()
    _Running.line = _Line()
    if scrubber:
        _Running.line.scrubber = scrubber
    _Running.handler = _File(path)
    _Running.handler.setFormatter(_Running.line)
    root = logging.getLogger()
    root.addHandler(_Running.handler)
    root.setLevel(_LIBRARIES)
    logging.getLogger("tutor").setLevel(level.upper())
    if not sys.warnoptions:
        logging.captureWarnings(capture=True)


def hide(scrubber: Scrubber) -> None:
    """From now on take out what this scrubber knows too, such as values that the learner just gave."""
    _Running.line.scrubber = scrubber


def stop() -> None:
    """Close the file; nothing is logged from now on."""
    if _Running.handler:
        logging.captureWarnings(capture=False)
        logging.getLogger().removeHandler(_Running.handler)
        _Running.handler.close()
        _Running.handler = None

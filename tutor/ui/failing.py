"""A worker of a screen that failed: the log has it all, the learner is told, the screen goes on."""

from __future__ import annotations

import logging
from typing import Any

from textual.screen import Screen
from textual.worker import Worker, WorkerState

from tutor.i18n import Words

log = logging.getLogger(__name__)


def tell_failure(screen: Screen[Any], words: Words, event: Worker.StateChanged) -> bool:
    """Returns whether it was a failure; other changes of state are none of anybody's business."""
    if event.state is not WorkerState.ERROR:
        return False
    error = event.worker.error
    log.error("worker %s failed", event.worker.name, exc_info=error)
    screen.notify(words("ui.failed", message=repr(error)), severity="error", markup=False)
    return True

"""What can be wrong with a checkpoint."""

from __future__ import annotations


class CheckpointError(RuntimeError):
    """It cannot be written, read or gone on from; the message says what is wrong where, and what mends it. What was kept still is."""

"""What can be wrong with data that the learner gave or asked for."""

from __future__ import annotations


class DataError(RuntimeError):
    """The set cannot be had as it was asked for; the message says what is wrong with which file, and what mends it."""

"""Kaggle's stand-in for tests: serving, with its variables set, and with time that does not pass."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tutor.kit.services.trying import Patience
from tutor.practice import handler
from tutor.practice.kaggle.service import Kaggle

SMALL = "practice-data/weather-table"
GARMENTS = "practice-data/tiny-garments"
DATASETS = "datasets.DatasetApiService"


def hurried(said: list[str] | None = None, slept: list[float] | None = None) -> Patience:
    """Tries as often as usual, and waits for nothing."""
    told: list[str] = [] if said is None else said
    waits: list[float] = [] if slept is None else slept
    return Patience(attempts=4, sleep=waits.append, say=told.append)


@contextmanager
def serving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    """The stand-in, whose slow answers are not that slow; nobody's variables are set."""
    monkeypatch.setattr(handler, "PIECE_SECONDS", 0.005)
    service = Kaggle(folder)
    try:
        yield service
    finally:
        service.close()


@contextmanager
def signed_in(service: Kaggle, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With the variables of practice."""
    with monkeypatch.context() as patch:
        for name, value in service.lent().environment.items():
            patch.setenv(name, value)
        yield


class Overheard:
    """All that is logged, by whichever library, at every level."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @contextmanager
    def listening(self) -> Iterator[Overheard]:
        root, listener = logging.getLogger(), logging.Handler()
        listener.emit = lambda record: self.lines.append(record.getMessage())  # type: ignore[method-assign]
        level = root.level
        root.addHandler(listener)
        root.setLevel(logging.DEBUG)
        try:
            yield self
        finally:
            root.removeHandler(listener)
            root.setLevel(level)


def everything_of(error: BaseException) -> str:
    """All that an exception can show of itself."""
    return "".join([str(error), repr(error), *traceback.format_exception(error)])

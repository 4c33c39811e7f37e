"""A data loader that can begin in the middle of an epoch, and tells whether it is still the same epoch."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import torch
from torch.utils.data import DataLoader, IterableDataset

from tutor.kit.checkpoint import randomness

Reached = Callable[[int | None], None]
"""Is called between the batches that were done and the first one to do, with the mark of the order so far; None if it cannot be told."""


class Replayed:
    """The batches of a data loader, of which those that were done are passed over without being loaded."""

    def __init__(self, loader: DataLoader[Any]) -> None:
        self.loader = loader
        """As it was given."""
        self.generators = _generators(loader)
        self._order = None if isinstance(loader.dataset, IterableDataset) else _Order(_indices_of(loader))
        self._ours = loader if self._order is None else _with(self._order, loader)

    def batches(self, done: int, reached: Reached) -> Iterator[Any]:
        """What is left of an epoch that begins now, with the random states of now. Args: `done`: batches of it that are not wanted."""
        before = randomness.captured(self.generators) if self.loader.num_workers else None

        def begun() -> None:
            # With worker processes a loader draws more in the first epoch of a program than in later ones.
            if before is not None:
                randomness.restore(before, self.generators)

        if self._order is None:
            yield from _read_over(self._ours, done, begun, reached)
            return
        self._order.begin_after(done, begun, reached)
        try:
            yield from self._ours
        finally:
            # Else loader and training would hold each other, and worker processes would be ended late and slowly.
            self._order.begin_after(0, _nothing, _nothing)

    def mark(self, done: int) -> int | None:
        """What tells the order of the first batches of this epoch from other ones; None for data that has no indices."""
        return None if self._order is None else self._order.marks[done]


class _Order:
    """Stands in for the loader's sampler: the same indices in the same order."""

    def __init__(self, inner: Iterable[Any]) -> None:
        self._inner = inner
        self._done = 0
        self._begun: Callable[[], None] = _nothing
        self._reached: Reached = _nothing
        self.marks = [0]
        """After each batch: a sum over all indices so far. With worker processes it runs ahead of the training."""

    def __len__(self) -> int:
        return len(self._inner)  # type: ignore[arg-type]  # a sampler that cannot tell raises TypeError, as it does without us

    def begin_after(self, done: int, begun: Callable[[], None], reached: Reached) -> None:
        """Concerns every pass until it is called again. Args: `begun`: is called before the sampler can draw."""
        self._done, self._begun, self._reached = done, begun, reached

    def __iter__(self) -> Iterator[Any]:
        # Nothing happens before the first batch is asked for: of two passes that a loader with worker processes begins, it uses one.
        self._begun()
        self.marks = [0]
        indices = iter(self._inner)
        for batch in islice(indices, self._done):
            self._note(batch)
        self._reached(self.marks[-1])
        for batch in indices:
            self._note(batch)
            yield batch

    def _note(self, batch: Any) -> None:
        self.marks.append(zlib.crc32(repr(batch).encode(), self.marks[-1]))


def _nothing(mark: int | None = None) -> None: ...


def _read_over(loader: DataLoader[Any], done: int, begun: Callable[[], None], reached: Reached) -> Iterator[Any]:
    batches = iter(loader)
    begun()
    for _ in islice(batches, done):
        pass
    reached(None)
    yield from batches


def _indices_of(loader: DataLoader[Any]) -> Iterable[Any]:
    batches: Iterable[Any] | None = loader.batch_sampler
    return loader.sampler if batches is None else batches


def _with(order: Any, loader: DataLoader[Any]) -> DataLoader[Any]:
    """The same loader with other indices, which a `DataLoader` does not allow to be set later."""
    indices: dict[str, Any] = {"batch_sampler": order}
    if loader.batch_sampler is None:
        indices = {"sampler": order, "batch_size": None}
    return DataLoader(
        loader.dataset,
        num_workers=loader.num_workers,
        collate_fn=loader.collate_fn,
        pin_memory=loader.pin_memory,
        timeout=loader.timeout,
        worker_init_fn=loader.worker_init_fn,
        multiprocessing_context=loader.multiprocessing_context,
        generator=loader.generator,
        prefetch_factor=loader.prefetch_factor,
        persistent_workers=loader.persistent_workers,
        **indices,
    )


def _generators(loader: DataLoader[Any]) -> list[torch.Generator]:
    """Those that decide the order, each once."""
    owners: list[Any] = [loader, loader.sampler, loader.batch_sampler, getattr(loader.batch_sampler, "sampler", None)]
    found = (getattr(owner, "generator", None) for owner in owners)
    return list({id(one): one for one in found if isinstance(one, torch.Generator)}.values())

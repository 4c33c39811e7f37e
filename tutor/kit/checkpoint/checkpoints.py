"""A folder with the checkpoints of one training: the last one, the one before it, and the best."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.kit.checkpoint import files
from tutor.kit.checkpoint.errors import CheckpointError
from tutor.kit.words import speak

if TYPE_CHECKING:
    from torch import nn

    from tutor.kit.checkpoint.training import Training

LAST, PREVIOUS, BEST = "last.pt", "previous.pt", "best.pt"
SHARE = 0.02
"""Of the time, for the checkpoints within an epoch, at most."""

_DAMAGED = {
    "en": "{path} is damaged and was not used.",
    "zh": "{path} 已损坏，没有使用。",
}
_ALL_DAMAGED = {
    "en": "None of the checkpoints in {folder} is whole. Look whether a copy of that folder exists; to begin anew, delete it.",
    "zh": "{folder} 里的检查点没有一个是完整的。看看这个文件夹有没有备份；想从头开始，就删掉它。",
}
_NOT_WRITTEN = {
    "en": "The checkpoint could not be written to {folder}: {reason}. {kept} Make room there or take another folder, and run it again.",
    "zh": "检查点没能写进 {folder}：{reason}。{kept}请腾出空间，或者换一个文件夹，然后再运行一次。",
}
_KEPT = {
    "en": "The one before is whole, so little is lost.",
    "zh": "前一个检查点完好，所以损失不大。",
}
_NOT_KEPT = {"en": "None has been written so far.", "zh": "到目前为止一个也没有写成。"}
_ANOTHER = {
    "en": "Another program has written to {folder} meanwhile. Two trainings need two folders: end one of them, or name another folder.",
    "zh": "期间有别的程序写过 {folder}。两次训练要用两个文件夹：结束其中一个，或者换一个文件夹名。",
}
_UNREADABLE = {
    "en": "{path} could not be read: {reason}. Mend that, or take another folder.",
    "zh": "读不了 {path}：{reason}。请先解决这个问题，或者换一个文件夹。",
}
_NO_BEST = {
    "en": "{folder} has no best.pt yet: it is written at the end of an epoch that was judged.",
    "zh": "{folder} 里还没有 best.pt：一轮结束、评过分之后才会写。",
}
_NOT_READ_BACK = {
    "en": "What {folder} was to keep cannot be read back without running code from the file: {reason} Hand in parts whose state_dict() "
    "holds tensors, numbers and texts only.",
    "zh": "要存进 {folder} 的内容，不运行文件里的代码就读不回来：{reason}请只交给它 state_dict() 里只有张量、数字和文字的对象。",
}


class Checkpoints:
    """Where a training is kept, and how often. Nothing is written before it trains."""

    def __init__(self, folder: str | Path, *, every: float = 30.0) -> None:
        """Say where.

        Args:
            folder: made if it is not there; one training each.
            every: seconds between two checkpoints within an epoch; more where writing takes long, so that it costs at most 2% of the
                time. 0 writes after every batch, whatever that costs, `math.inf` only at the end of each epoch.
        """
        self.folder = Path(folder)
        self.every = every
        self._writing = self.folder / f".writing-{os.getpid()}"
        self._ours: object = None
        """What `last.pt` is, as this program found or wrote it."""
        self._last_is_whole = False
        """A damaged one must not push out the one before it."""
        self._wrote = time.monotonic()
        self._cost = 0.0
        """Seconds that the newest one took."""
        self._tried = False

    def resume(self, **parts: Any) -> Training:
        """Begin, or go on where it was killed.

        Args:
            parts: what makes up the training, each under a name: model, optimizer, scheduler, scaler, anything with `state_dict()` and
                `load_state_dict()`. They get what was kept.

        Raises:
            CheckpointError: what was kept is of another training, or cannot be read.
            ValueError: a part has no state.
        """
        from tutor.kit.checkpoint.training import Training

        return Training(self, parts)

    def load_best(self, model: nn.Module) -> None:
        """Give the model the weights of the best epoch.

        Raises:
            CheckpointError: there is none, or it is damaged.
        """
        path = self.folder / BEST
        if not path.exists():
            raise CheckpointError(speak(_NO_BEST, folder=self.folder))
        try:
            model.load_state_dict(files.read(path)["model"])
        except files.Damaged as error:
            raise CheckpointError(speak(_DAMAGED, path=path)) from error

    def newest(self) -> tuple[Path, dict[str, Any]] | None:
        """The newest checkpoint that is whole; None if there is none yet. A damaged one is named and passed over.

        Raises:
            CheckpointError: all are damaged, or one cannot be read.
        """
        for left in self.folder.glob(".writing-*"):
            left.unlink(missing_ok=True)
        damaged = False
        for name in (LAST, PREVIOUS, BEST):
            path = self.folder / name
            try:
                content = files.read(path)
            except FileNotFoundError:
                continue
            except files.Damaged:
                damaged = True
                print(speak(_DAMAGED, path=path))
                continue
            except OSError as error:
                reason = error.strerror or error
                raise CheckpointError(speak(_UNREADABLE, path=path, reason=reason)) from error
            self._last_is_whole = name == LAST
            self._ours = self._identity()
            return path, content
        if damaged:
            raise CheckpointError(speak(_ALL_DAMAGED, folder=self.folder))
        return None

    @property
    def due(self) -> bool:
        """Whether it is time for another one, within an epoch."""
        wait = self.every and max(self.every, self._cost / SHARE)
        return time.monotonic() - self._wrote >= wait

    def write(self, content: Mapping[str, Any], *, best: bool) -> None:
        """Keep it as the last one, the one that was last as the one before.

        Args:
            best: it is also the best so far.

        Raises:
            CheckpointError: it could not be written; the ones before are as they were.
        """
        began = time.monotonic()
        with self._told():
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._identity() != self._ours:
                raise CheckpointError(speak(_ANOTHER, folder=self.folder))
            files.write(self._writing, content)
            self._try_once()
            if best:
                files.put_copy(self._writing, self.folder / BEST, self.folder / f"{self._writing.name}-best")
            if self._last_is_whole:
                files.put(self.folder / LAST, self.folder / PREVIOUS)
            files.put(self._writing, self.folder / LAST)
            self._ours, self._last_is_whole = self._identity(), True
        self._wrote = time.monotonic()
        self._cost = self._wrote - began

    def _try_once(self) -> None:
        """The first one is read back, so that what cannot be is known before it is needed."""
        if self._tried:
            return
        try:
            files.loaded(self._writing)
        except files.Damaged as error:
            reason = str(error).partition("\n")[0]
            raise CheckpointError(speak(_NOT_READ_BACK, folder=self.folder, reason=reason)) from error
        self._tried = True

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:  # taken away between two of our own acts
            raise CheckpointError(speak(_ANOTHER, folder=self.folder)) from error
        except OSError as error:
            kept = speak(_NOT_KEPT if self._ours is None else _KEPT)
            reason = error.strerror or error
            raise CheckpointError(speak(_NOT_WRITTEN, folder=self.folder, reason=reason, kept=kept)) from error
        finally:
            self._writing.unlink(missing_ok=True)

    def _identity(self) -> object:
        """Which file `last.pt` is; None if it is not there."""
        try:
            status = (self.folder / LAST).stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size


def better(score: float, best: float | None) -> bool:
    """Whether that is a new best. Scores are losses: the lower, the better; one that is no number never is."""
    return not math.isnan(score) and (best is None or score < best)

"""All output of one execution: in memory while it is small, whole in a file once it is large.

A cursor counts characters of text; any other output counts as one. Outputs are gathered into blocks, the newest of which stay in
memory. The file holds the text as it was printed, and a line of JSON for what is no text; where each piece lies is kept here.
"""

from __future__ import annotations

import logging
import os
import sys
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tutor.runtime.base import Cleared, Output, Rich, Text
from tutor.runtime.records import decode, encode, weight

log = logging.getLogger(__name__)

IN_MEMORY = 1 << 20
"""About so many characters are kept in memory before there is a file, and of the newest after that."""
BLOCK = 1 << 16
"""Characters of a block; the text that a killed tutor can lose."""
PIECES = 1024
"""Outputs of a block at most."""
OTHERS = 1 << 24
"""Of the beginning and of the end of an output, each: characters of what is no text. Thousands of figures must not be loaded at once."""
DISK_FULL = "\n[The disk takes no more of this output: {reason}. Only its beginning and its end are kept.]\n"


class _Block:
    """Neighbouring outputs: in memory, in the file, in both, or (after a failed write) in neither."""

    __slots__ = ("cost", "has_note", "length", "offset", "outputs", "pieces", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.length = 0
        self.cost = 0
        self.has_note = False
        """It says that the disk is full, and is never forgotten."""
        self.outputs: list[Output] | None = []
        self.offset = -1
        """Where it begins in the file; -1 if it is not there."""
        self.pieces = array("Q")
        """Of each output in the file: its bytes, shifted left by two, and its kind."""


class SpooledLog:
    """The `OutputLog` of every runtime. For one event loop; readers neither wait nor keep the writer waiting."""

    def __init__(self, folder: Path, name: str) -> None:
        """Args: `folder` and `name` of the file, if one will be needed."""
        self._wanted_path = folder / name
        self._path: Path | None = None
        self._file = -1
        self._written = 0
        self._failed = False
        self._open = _Block(0)
        self._blocks: list[_Block] = []
        self._starts = array("Q")
        self._resident: deque[_Block] = deque()
        self._resident_cost = 0
        self._stream = ""
        self._texts: list[str] = []
        """The newest text, not yet an output: joining it at each append would take quadratic time."""
        self._texts_length = 0
        self._size = 0
        self._displays: dict[str, int] = {}
        """Where the newest state of each display stands."""
        self._loaded: tuple[_Block, list[Output]] | None = None

    @property
    def end(self) -> int:
        return self._open.start + self._open.length

    @property
    def size(self) -> int:
        return self._size

    @property
    def path(self) -> Path | None:
        return self._path

    def append(self, output: Output) -> None:
        """Add the newest output."""
        if not isinstance(output, Text):
            self._gather()
            if isinstance(output, Rich) and output.display_id is not None:
                self._displays[output.display_id] = self.end
            self._add(output, 1, weight(output))
            return
        self._size += len(output.text)
        for start in range(0, len(output.text), BLOCK):
            self._append_text(output.stream, output.text[start : start + BLOCK] if start else output.text[:BLOCK])

    def seal(self) -> None:
        """Nothing more will come: what is to be in the file is put there now, and the file is closed; reading opens it."""
        self._gather()
        if self._open.length and (self._path is not None or self._failed):
            self._close_block()
        if self._file < 0:
            return
        try:
            os.close(self._file)
        except OSError as error:
            # File systems of a network may only now say that they are full.
            log.warning("output may not be whole in %s: %s", self._path, error)
        self._file = -1

    def read(self, cursor: int = 0, limit: int = IN_MEMORY) -> tuple[Sequence[Output], int]:
        self._gather()
        outputs: list[Output] = []
        taken = 0
        position = max(cursor, 0)
        for start, output in self._outputs_from(position):
            skipped = max(position - start, 0)
            if isinstance(output, Text):
                text = output.text[skipped : skipped + max(limit - taken, 1)]
                outputs.append(Text(output.stream, text) if len(text) < len(output.text) else output)
                taken += len(text)
                position = start + skipped + len(text)
            else:
                outputs.append(output)
                taken += weight(output)
                position = start + 1
            if taken >= limit:
                return outputs, position
        return outputs, self.end

    def ends(self, characters: int = IN_MEMORY) -> tuple[Sequence[Output], int, Sequence[Output]]:
        self._gather()
        shown: set[str] = set()
        first, cursor = self._read_shown(0, characters, OTHERS, shown)
        if cursor == self.end:
            return first, 0, ()
        tail = max(self.end - characters, cursor, self._tail_of_others())
        last, _ = self._read_shown(tail, sys.maxsize, sys.maxsize, shown)
        return first, tail - cursor, last

    def _tail_of_others(self) -> int:
        """From where on what is no text is little enough to be loaded at once."""
        cost = self._open.cost
        for block in reversed(self._blocks):
            cost += block.cost
            if cost > OTHERS + BLOCK:
                return block.start + block.length
        return 0

    def _read_shown(
        self, cursor: int, limit: int, limit_of_others: int, shown: set[str]
    ) -> tuple[Sequence[Output], int]:
        """As `read`, but a display stands once, with its newest state; those already `shown` are passed over, at no cost."""
        outputs: list[Output] = []
        taken = others = 0
        position = cursor
        for start, output in self._outputs_from(cursor):
            match output:
                case Text(stream, text):
                    skipped = max(position - start, 0)
                    piece = text[skipped : skipped + limit - taken]
                    outputs.append(Text(stream, piece) if len(piece) < len(text) else output)
                    taken += len(piece)
                    position = start + skipped + len(piece)
                case Rich(display_id=str(display_id)) if display_id in shown:
                    position = start + 1
                case _:
                    current = self._newest(output)
                    outputs.append(current)
                    taken, others, position = taken + 1, others + weight(current), start + 1
            if isinstance(output, Rich) and output.display_id is not None:
                shown.add(output.display_id)
            elif isinstance(output, Cleared):
                shown.clear()
            if taken >= limit or others >= limit_of_others:
                return outputs, position
        return outputs, self.end

    def _newest(self, output: Output) -> Output:
        """What a display shows now; anything else as it is, and also a display whose newest state was lost with a full disk."""
        if not isinstance(output, Rich) or output.display_id is None:
            return output
        cursor = self._displays[output.display_id]
        start, found = next(self._outputs_from(cursor), (-1, output))
        return replace(found, update=False) if start == cursor and isinstance(found, Rich) else output

    def _append_text(self, stream: str, text: str) -> None:
        if stream != self._stream:
            self._gather()
            self._stream = stream
        self._texts.append(text)
        self._texts_length += len(text)
        self._open.length += len(text)
        self._open.cost += len(text)
        if self._texts_length >= BLOCK:
            self._gather()
        self._close_block_if_full()

    def _gather(self) -> None:
        """Make the newest pieces of text an output, one with the output before if that is of the same stream."""
        if not self._texts:
            return
        outputs = self._open.outputs
        assert outputs is not None
        if outputs and isinstance(before := outputs[-1], Text) and before.stream == self._stream:
            self._texts.insert(0, before.text)
            outputs.pop()
        outputs.append(Text(self._stream, "".join(self._texts)))
        self._texts = []
        self._texts_length = 0
        self._close_block_if_full()

    def _add(self, output: Output, length: int, cost: int) -> None:
        assert self._open.outputs is not None
        self._open.outputs.append(output)
        self._open.length += length
        self._open.cost += cost
        self._close_block_if_full()

    def _close_block_if_full(self) -> None:
        assert self._open.outputs is not None
        if not self._texts and (self._open.cost >= BLOCK or len(self._open.outputs) >= PIECES):
            self._close_block()

    def _close_block(self) -> None:
        block = self._open
        self._open = _Block(block.start + block.length)
        self._blocks.append(block)
        self._starts.append(block.start)
        self._resident.append(block)
        self._resident_cost += block.cost
        if self._path is not None:
            self._write(block)
        elif self._resident_cost > IN_MEMORY and not self._failed:
            self._start_file()
        self._drop_old()

    def _drop_old(self) -> None:
        """Forget the older blocks; those that no file took are lost, the first ones excepted."""
        while self._resident_cost > IN_MEMORY and len(self._resident) > 1:
            block = self._resident.popleft()
            self._resident_cost -= block.cost
            is_beginning = self._failed and self._path is None and block.start < IN_MEMORY
            if not (is_beginning or block.has_note):
                block.outputs = None

    def _start_file(self) -> None:
        try:
            self._wanted_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._wanted_path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            self._fail(error)
            return
        self._path = self._wanted_path
        for block in self._blocks:
            self._write(block)

    def _write(self, block: _Block) -> None:
        if self._failed or self._file < 0 or block.outputs is None:
            return
        records = [encode(output) for output in block.outputs]
        data = b"".join(data for data, _ in records)
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError as error:
            self._fail(error)
            return
        block.offset = self._written
        block.pieces = array("Q", (len(data) << 2 | kind for data, kind in records))
        self._written += len(data)

    def _fail(self, error: OSError) -> None:
        """Go on in memory and say so once."""
        self._failed = True
        reason = error.strerror or str(error)
        log.warning("output cannot be written to %s: %s", self._wanted_path, reason)
        if self._file >= 0 and not self._written:
            os.close(self._file)
            self._file, self._path = -1, None
            self._wanted_path.unlink(missing_ok=True)
        self._open.has_note = True
        note = Text("stderr", DISK_FULL.format(reason=reason))
        self._size += len(note.text)
        self._add(note, len(note.text), len(note.text))

    def _outputs_from(self, cursor: int) -> Iterator[tuple[int, Output]]:
        """Outputs that end after the cursor, each with where it starts."""
        first = max(bisect_right(self._starts, cursor) - 1, 0)
        for block in (*self._blocks[first:], self._open):
            start = block.start
            for output in self._load(block):
                length = len(output.text) if isinstance(output, Text) else 1
                if start + length > cursor:
                    yield start, output
                start += length

    def _load(self, block: _Block) -> Sequence[Output]:
        if block.outputs is not None:
            return block.outputs
        if block.offset < 0:
            return ()
        if self._loaded is None or self._loaded[0] is not block:
            self._loaded = block, self._read_block(block)
        return self._loaded[1]

    def _read_block(self, block: _Block) -> list[Output]:
        sizes = [piece >> 2 for piece in block.pieces]
        try:
            data = self._read_at(block.offset, sum(sizes))
        except OSError as error:
            log.warning("output cannot be read from %s: %s", self._path, error)
            return []
        outputs = []
        start = 0
        for piece, size in zip(block.pieces, sizes, strict=True):
            outputs.append(decode(data[start : start + size], piece & 3))
            start += size
        return outputs

    def _read_at(self, offset: int, count: int) -> bytes:
        if self._file >= 0:
            return os.pread(self._file, count, offset)
        assert self._path is not None
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(count)

"""One execution: from the messages of its requests to output, a prompt and an end. Knows no socket and no process."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tutor.runtime.base import Ending, Finished, InputRequest, Json, Late, Output, Raised, Rich, Text
from tutor.runtime.exchange import Exchange
from tutor.runtime.messages import Judged, Meaning, Reply
from tutor.runtime.output_log import SpooledLog
from tutor.text.scrub import Scrubber, StreamScrubber

log = logging.getLogger(__name__)

Answer = Callable[[str, Mapping[str, Any]], None]
"""Sends a line as the answer to the request with that header."""


class KernelExecution:
    """The `Execution` of a runtime that speaks Jupyter's messages."""

    def __init__(
        self, message_ids: Sequence[str], output: SpooledLog, scrubber: Scrubber | None, send_answer: Answer
    ) -> None:
        self.exchange = Exchange(message_ids)
        self.ending = Ending.DONE
        """How it ends once all is answered."""
        self.judge_ids: frozenset[str] = frozenset()
        """Requests that can fail only where somebody has restarted the kernel, so that the harness is not in it."""
        self.is_bare = False
        """One of them did."""
        self.is_followed = False
        self.withheld_note = ""
        """Said in place of all output, and of what the judgement repeats of it."""
        self.gap_note = ""
        """Said in the output where something of it was lost on the way."""
        self.timer: asyncio.TimerHandle | None = None
        """Of its time limit."""
        self._output = output
        self._scrubber = scrubber
        self._streams: dict[str, StreamScrubber] = {}
        self._send_answer = send_answer
        self._input_request: InputRequest | None = None
        self._input_header: Mapping[str, Any] = {}
        self._has_raised = False
        """An error is in the output."""
        self._judged: Mapping[str, Json] | None = None
        self._finished: Finished | None = None
        self._started = time.monotonic()
        self._version = 0
        self._seen_version = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._end = asyncio.Event()

    @property
    def output(self) -> SpooledLog:
        return self._output

    @property
    def input_request(self) -> InputRequest | None:
        return self._input_request

    @property
    def finished(self) -> Finished | None:
        return self._finished

    async def changed(self) -> None:
        while self._version == self._seen_version:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting
        self._seen_version = self._version

    async def wait(self) -> Finished:
        await self._end.wait()
        assert self._finished is not None
        return self._finished

    def answer(self, line: str) -> None:
        if self._input_request is None:
            log.warning("an answer came that nothing had asked for")
            return
        self._input_request = None
        self._send_answer(line, self._input_header)
        self.note_change()

    def take(self, parent_id: str, meaning: Meaning, message: Mapping[str, Any]) -> None:
        """A message that belongs to one of the requests."""
        answered, had_gaps = self.exchange.answered_count, self.exchange.has_gaps
        self.exchange.take(parent_id, meaning)
        if self.gap_note and self.exchange.has_gaps and not had_gaps:
            self.add(Text("stderr", f"{self.gap_note}\n"))
        if self.exchange.answered_count > answered and self._input_request is not None:
            self._input_request = None  # it was interrupted while it asked
            self.note_change()
        if isinstance(meaning, Reply) and parent_id in self.judge_ids and meaning.error is not None:
            self.is_bare = self.is_bare or meaning.error.type != "KeyboardInterrupt"
        match meaning:
            case Raised() if parent_id in self.judge_ids:
                pass  # nothing of the learner's
            case Text() | Rich() | Raised() | Late():
                self.add(meaning)
            case InputRequest(prompt, password):
                self._flush_streams()
                self._input_header = message.get("header") or {}
                self._input_request = InputRequest(self._scrub(prompt), password)
                self.note_change()
            case Judged(data):
                self._judged = self._told(data)
            case Reply(judgement={"request": str(request), "judged": Mapping() as data}) if request in self.exchange:
                # Its display may have been dropped on the way.
                self._judged = self._judged or self._told(data)
            case _ if not isinstance(meaning, Output):
                pass
            case _:
                self.add(meaning)
        if isinstance(meaning, Raised):
            self._has_raised = True
        if self.exchange.is_over:
            if not self.is_bare:
                self._add_untold_error()
            # A judgement that was lost may have been any.
            is_lost = (self.exchange.has_gaps or self.is_bare) and self._judged is None
            self.finish(Ending.LOST if is_lost else self.ending)

    def add(self, output: Output) -> None:
        """Keep an output, without the secrets in it."""
        if self._finished is not None:
            return
        clean = self._clean(output)
        if self.withheld_note:
            clean = None if self._output.size else Text("stdout", f"{self.withheld_note}\n")
        if clean is not None:
            self._output.append(clean)
            self.note_change()

    def finish(self, ending: Ending, exit_status: int | None = None) -> None:
        """It is over; the first one to say so is right."""
        if self._finished is not None:
            return
        if self.timer is not None:
            self.timer.cancel()
        self._flush_streams()
        self._output.seal()
        self._input_request = None
        self._finished = Finished(ending, self._judged, time.monotonic() - self._started, exit_status)
        self._end.set()
        self.note_change()

    def _add_untold_error(self) -> None:
        """A kernel that is out of memory may fail to show an error, but still answers with it."""
        error = self.exchange.error
        if error is not None and not self._has_raised:
            self.add(error)

    def _clean(self, output: Output) -> Output | None:
        if self._scrubber is None:
            return output
        match output:
            case Text(stream, text):
                streams = self._streams.setdefault(stream, self._scrubber.stream())
                shown = streams.feed(text)
                return Text(stream, shown) if shown else None
            case Late(step, stream, text):
                return Late(step, stream, self._scrubber.scrub_part(text))
            case Rich(data):
                return replace(output, data=self._scrub_json(data))
            case Raised(name, message, traceback):
                return Raised(self._scrub(name), self._scrub(message), self._scrub_lines(traceback))
            case _:
                return output

    def _scrub_lines(self, lines: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self._scrub, lines))

    def _scrub(self, text: str) -> str:
        return self._scrubber.scrub(text) if self._scrubber else text

    def _scrub_json(self, value: Mapping[str, Json]) -> Mapping[str, Json]:
        if self._scrubber is None:
            return value
        clean: Mapping[str, Json] = self._scrubber.scrub_json(value)
        return clean

    def _told(self, judged: Mapping[str, Json]) -> Mapping[str, Json]:
        """The judgement as it may be kept."""
        if not self.withheld_note:
            return self._scrub_json(judged)
        lines = [dict(line) | {"message": "", "expected": None, "seen": None} for line in judged.get("lines") or ()]
        return {**judged, "lines": lines, "error": None}

    def _flush_streams(self) -> None:
        for stream, scrubber in self._streams.items():
            if text := scrubber.flush():
                self._output.append(Text(stream, text))
                self.note_change()

    def note_change(self) -> None:
        """Wake whoever waits in `changed`."""
        self._version += 1
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

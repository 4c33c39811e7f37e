"""Requests under way: which of them began, went idle and were answered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.runtime.base import Raised
from tutor.runtime.messages import Meaning, Reply, Status


@dataclass(slots=True)
class _Sent:
    """What is known of one request."""

    message_id: str
    is_busy: bool = False
    is_idle: bool = False
    reply: Reply | None = None


class Exchange:
    """Requests sent in order without waiting. Over once each was answered and the kernel was idle after it: the reply can overtake
    output, and the idle status the reply."""

    def __init__(self, message_ids: Sequence[str]) -> None:
        self._sent = [_Sent(message_id) for message_id in message_ids]
        self.has_gaps = False
        """Something was lost on the way."""

    def __contains__(self, message_id: str) -> bool:
        return any(sent.message_id == message_id for sent in self._sent)

    @property
    def message_ids(self) -> tuple[str, ...]:
        """Of all requests, in order."""
        return tuple(sent.message_id for sent in self._sent)

    @property
    def has_begun(self) -> bool:
        """The kernel works on it, or has."""
        return any(sent.is_busy or sent.reply is not None for sent in self._sent)

    @property
    def is_answered(self) -> bool:
        """All replies are here; output may not be."""
        return all(sent.reply is not None for sent in self._sent)

    @property
    def is_over(self) -> bool:
        return all(sent.reply is not None and sent.is_idle for sent in self._sent)

    @property
    def answered_count(self) -> int:
        return sum(sent.reply is not None for sent in self._sent)

    @property
    def error(self) -> Raised | None:
        """Of the first request whose code raised."""
        return next((sent.reply.error for sent in self._sent if sent.reply and sent.reply.error), None)

    def add(self, message_id: str) -> None:
        """One more request, sent after the others."""
        self._sent.append(_Sent(message_id))

    def take(self, parent_id: str, meaning: Meaning) -> None:
        """Note a message that belongs to one of the requests."""
        for position, sent in enumerate(self._sent):
            if sent.message_id != parent_id:
                continue
            match meaning:
                case Reply():
                    sent.reply = meaning
                    # The kernel answers one after the other: an answer that is not here by now was lost on the way.
                    for earlier in self._sent[:position]:
                        if earlier.reply is None:
                            earlier.reply, self.has_gaps = Reply("lost"), True
                case Status("busy"):
                    sent.is_busy = True
                case Status("idle"):
                    # The kernel takes one after the other, and what it says comes in order: the ones before are over as well.
                    for earlier in self._sent[: position + 1]:
                        earlier.is_idle = True

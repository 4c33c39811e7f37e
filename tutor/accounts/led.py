"""A guide for those who must not wait: its methods ask the network, so each runs in a thread beside the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from threading import Thread

from tutor.accounts.beside import in_thread
from tutor.accounts.model import AccountTrouble, Checked, Guide, GuideStep
from tutor.text.sentences import in_a_row

PATIENCE_SECONDS = 5.0
"""For which an answer that nobody wants any more is waited for."""

Stand = tuple[GuideStep | None, tuple[int, int]]


class Led:
    """One way to a credential. One answer at a time; `back` also while something elsewhere is waited for, `close` at any time."""

    def __init__(self, service: str, guide: Guide, ended: Callable[[], None]) -> None:
        """For use in a thread: the first step may ask the network already. Args: `ended`: called once the account is connected."""
        self.service = service
        self._guide = guide
        self._ended = ended
        self.step: GuideStep | None = guide.step
        """Where it stands; None when the account is connected."""
        self.place: tuple[int, int] = guide.place
        """Number of this step, from 1, and of all as far as is known."""
        self._answering: asyncio.Task[Checked] | None = None

    async def answer(self, value: str) -> Checked:
        """Take the learner's answer, look whether it is right, and go on if it is."""
        self._answering = asyncio.create_task(in_thread(partial(_answered, self._guide, value)))
        self._answering.add_done_callback(_seen)
        # Whoever waits for it may go: then `back` still knows that the guide is busy.
        checked = await asyncio.shield(self._answering)
        self.step, self.place = await in_thread(partial(_stand, self._guide))
        if self.step is None:
            self._ended()
        return checked

    async def back(self) -> None:
        """To the step before; stays at the first."""
        left, busy = self.step, self._answering is not None and not self._answering.done()
        self.step, self.place = await in_thread(partial(_back, self._guide))
        if self._answering is not None and busy:
            await asyncio.wait([self._answering], timeout=PATIENCE_SECONDS)
            self.step, self.place = await in_thread(partial(_stand, self._guide))
            if left is not None and self.step is not None and self.step.id == left.id:
                # What waited took the end of its wait for a reason to begin anew.
                self.step, self.place = await in_thread(partial(_back, self._guide))

    def close(self) -> None:
        """Nobody goes on with it. Returns at once."""
        Thread(target=self._guide.close, name="tutor-account-close", daemon=True).start()


def _seen(answering: asyncio.Task[Checked]) -> None:
    """What fails after everybody has gone is nobody's business."""
    if not answering.cancelled():
        answering.exception()


def _answered(guide: Guide, value: str) -> Checked:
    try:
        return guide.answer(value)
    except AccountTrouble as trouble:
        return Checked(done=False, said=((False, in_a_row(trouble.message, trouble.hint)),))


def _back(guide: Guide) -> Stand:
    guide.back()
    return _stand(guide)


def _stand(guide: Guide) -> Stand:
    return guide.step, guide.place

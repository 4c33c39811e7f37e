"""A guide for those who must not wait: its methods ask the network, so each runs in a thread beside the screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread

from tutor.accounts.beside import in_thread
from tutor.accounts.model import AccountTrouble, Checked, Guide, GuideStep


class Led:
    """One way to a credential. One call at a time; `close` at any time."""

    def __init__(self, service: str, guide: Guide, ended: Callable[[], None]) -> None:
        """For use in a thread: the first step may ask the network already. Args: `ended`: called once the account is connected."""
        self.service = service
        self._guide = guide
        self._ended = ended
        self.step: GuideStep | None = guide.step
        """Where it stands; None when the account is connected."""
        self.place: tuple[int, int] = guide.place
        """Number of this step, from 1, and of all as far as is known."""

    async def answer(self, value: str) -> Checked:
        """Take the learner's answer, look whether it is right, and go on if it is."""
        checked, self.step, self.place = await in_thread(partial(_answered, self._guide, value))
        if self.step is None:
            self._ended()
        return checked

    async def back(self) -> None:
        """To the step before; stays at the first."""
        self.step, self.place = await in_thread(partial(_back, self._guide))

    def close(self) -> None:
        """Nobody goes on with it. Returns at once."""
        Thread(target=self._guide.close, name="tutor-account-close", daemon=True).start()


def _answered(guide: Guide, value: str) -> tuple[Checked, GuideStep | None, tuple[int, int]]:
    try:
        checked = guide.answer(value)
    except AccountTrouble as trouble:
        checked = Checked(done=False, said=((False, f"{trouble.message} {trouble.hint}".strip()),))
    return checked, guide.step, guide.place


def _back(guide: Guide) -> tuple[GuideStep | None, tuple[int, int]]:
    guide.back()
    return guide.step, guide.place

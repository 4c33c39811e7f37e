"""Takes receipts in: from a text to what the store keeps and what is said. For `tutor receipt` and for the conversation."""

from __future__ import annotations

import contextlib

from tutor.commands.environment import Environment
from tutor.commands.selection import read_lesson
from tutor.i18n import Words
from tutor.lesson.receipts import read
from tutor.progress.store import Store
from tutor.session import receipts
from tutor.session.taking import Received


class Receiver:
    """Called in a thread, with a store of its own: it is needed once in a while."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __call__(self, text: str, language: str, here: str = "") -> Received:
        """Record what the receipts in a text say.

        Args:
            here: the lesson that is open; what is said goes into its transcript by the one who asks.

        Raises:
            ReceiptError: there is none that can be taken.
            StoreError: nothing was recorded.
        """
        words = Words(language)
        said, weighed = [], []
        with contextlib.closing(Store(self._environment.paths.database())) as store:
            for receipt in read(text, words):
                found = receipts.weigh(receipt, lambda id_: read_lesson(self._environment, id_), store.all_steps())
                entries = [
                    receipts.entry(one.claim.id, receipts.told(receipt, [one], words))
                    for one in found
                    if one.lesson is not None and one.fates and one.claim.id != here
                ]
                store.record_receipt(receipts.attempts(receipt, found), entries)
                said.append(receipts.told(receipt, found, words))
                weighed += found
        return Received("\n\n".join(said), receipts.exit_code(weighed))

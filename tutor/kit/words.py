"""The language that the learner reads, for the few sentences that the kit says."""

from __future__ import annotations

import os
from collections.abc import Mapping


def speak(sentence: Mapping[str, str], **values: object) -> str:
    """The sentence in the learner's language, which tutor names in `TUTOR_LANG`; English anywhere else.

    Args: `sentence`: by language, `en` and `zh`; `values`: for its braces.
    """
    chosen = sentence["zh" if os.environ.get("TUTOR_LANG", "").startswith("zh") else "en"]
    return chosen.format(**values)

"""GitHub's own program, if the learner has it: it keeps a login, and gives its token to whoever asks on this computer."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Mapping

COMMAND = "gh auth token"
SECONDS = 5.0
"""For which it is waited: it asks a keyring, which may ask somebody who is not there."""

log = logging.getLogger(__name__)


class Gh:
    """The program of one environment."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    @property
    def program(self) -> str | None:
        """Where it is; None where it is not installed."""
        return shutil.which("gh", path=self._environment.get("PATH"))

    def token(self, host: str) -> str | None:
        """The token of its login at that host; None when there is no program, no login, or no answer. Args: `host`: never another one's token is given."""
        program = self.program
        if program is None:
            return None
        quiet = {"GH_PROMPT_DISABLED": "1", "GH_NO_UPDATE_NOTIFIER": "1"}
        try:
            done = subprocess.run(
                [program, "auth", "token", "--hostname", host],
                capture_output=True,
                text=True,
                errors="replace",
                stdin=subprocess.DEVNULL,
                timeout=SECONDS,
                env={**self._environment, **quiet},
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.info("gh did not answer: %s", type(error).__name__)
            return None
        token = done.stdout.strip()
        return token if done.returncode == 0 and token else None

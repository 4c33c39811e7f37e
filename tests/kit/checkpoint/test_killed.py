"""Real processes, killed by SIGKILL at random moments: whoever runs them again gets what nobody would have interrupted."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

from tests.support.sources import ROOT

KILLS = 50


def test_killed_at_fifty_random_moments_it_ends_with_the_same_losses(tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    command = [sys.executable, "-m", "tests.kit.checkpoint.killing", str(tmp_path), str(KILLS), str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert len(report["killed"]) == KILLS
    odd = [one for one in report["killed"] if one["results"] != report["expected"][one["kind"]]]
    assert odd == [], f"seed {seed}"
    assert [one for one in report["killed"] if "damaged" in one["said"]] == []
    went_on = [re.search(r"epochs done: (\d), batches after that: (\d)", one["said"]) for one in report["killed"]]
    within_an_epoch = [found for found in went_on if found and found[2] != "0"]
    assert len(within_an_epoch) > KILLS // 5, went_on

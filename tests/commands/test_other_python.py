"""The shipped lesson in another Python of this machine: one with ipykernel alone, and one that has PyTorch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.support import tutor
from tests.support.environments import make_environment

pytestmark = pytest.mark.kernel


def test_without_torch_its_steps_could_not_be_checked_and_say_why(tmp_path: Path) -> None:
    python = make_environment(tmp_path / "bare", "ipykernel")
    ran = tutor("run", "check-device", "--solutions", "--json", "--runtime", f"local:{python}")
    assert ran.code == 3, ran.err
    assert ran.finished("which-python")["verdict"] == "passed"
    assert str(tmp_path / "bare") in ran.printed("which-python")
    torch = ran.finished("always-yes")
    assert torch["verdict"] == "could_not_check"
    assert "PyTorch" in torch["reason"]
    assert f"{python} -m pip install torch" in torch["reason"]


def test_with_torch_nothing_is_missing_but_a_gpu(tmp_path: Path) -> None:
    python = make_environment(tmp_path / "full", "ipykernel", "torch")
    ran = tutor("run", "check-device", "--solutions", "--json", "--runtime", f"local:{python}")
    assert ran.code in (0, 3), ran.out
    assert ran.finished("always-yes")["verdict"] == "passed"
    assert ran.finished("always-yes")["runtime"] == f"local:{python}"

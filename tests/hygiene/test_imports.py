"""What each room loads, seen from a running interpreter: a graph of imports does not show those inside functions or those of others."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "IPython",
    "googleapiclient",
    "ipykernel",
    "jupyter_client",
    "kaggle",
    "textual",
    "torch",
    "torchvision",
    "zmq",
}

FORBIDDEN: dict[str, set[str]] = {
    "tutor.version": HEAVY | {"tutor.cli", "argparse", "asyncio", "sqlite3", "yaml"},
    "tutor.cli": HEAVY | {"asyncio", "markdown_it", "sqlite3", "yaml"},
    "tutor.text": HEAVY | {"asyncio", "markdown_it", "sqlite3", "yaml", "tutor.lesson"},
    "tutor.lesson": HEAVY | {"sqlite3", "tutor.progress", "tutor.runtime", "tutor.session"},
    "tutor.progress": HEAVY | {"markdown_it", "yaml", "tutor.lesson", "tutor.runtime", "tutor.session"},
    "tutor.faults.explain": HEAVY
    | {"asyncio", "markdown_it", "sqlite3", "yaml", "tutor.lesson", "tutor.runtime", "tutor.session"},
    "tutor.runtime.base": HEAVY | {"tutor.lesson", "tutor.progress", "tutor.session"},
    "tutor.session": HEAVY | {"tutor.ui", "tutor.commands"},
    "tutor.ui": HEAVY - {"textual"} | {"tutor.commands"},
    "tutor.harness": HEAVY | {"markdown_it", "yaml", "tutor.errors", "tutor.kit", "tutor.text"},
}

PROGRAM = "import json, sys, {0}; print(json.dumps(sorted(sys.modules)))"


def loaded_by(module: str) -> set[str]:
    """Modules of a new interpreter after it imported that one."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM.format(module)], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", sorted(FORBIDDEN))
def test_room_loads_nothing_that_belongs_to_another(module: str) -> None:
    assert not loaded_by(module) & FORBIDDEN[module]


@pytest.mark.parametrize("module", ["tutor.harness", "tutor.kit"])
def test_what_travels_into_kernels_loads_only_itself_and_the_standard_library(module: str) -> None:
    strangers = {
        name for name in loaded_by(module) - loaded_by("sys") if name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert {name for name in strangers if name != "tutor" and not name.startswith(module)} == set()

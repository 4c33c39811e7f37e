"""Exported notebooks, run as Jupyter runs them: by nbclient, in a Python that has only torch, torchvision and ipykernel.

By hand, for all shipped lessons (minutes): python -m tests.commands.notebooks [LESSON…]
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from tests.commands.support import Ran, tutor
from tests.support.environments import make_environment
from tutor.i18n import Words
from tutor.lesson.receipts import Receipt, StepClaim, read

LIMIT = 600.0
Notebook = Any
"""An `nbformat.NotebookNode`, which has no types."""


def clean_python(folder: Path) -> Path:
    """A Python with what a notebook may count on, and without tutor."""
    return make_environment(folder, "torch", "torchvision", "ipykernel", "pip")


def exported(file: Path, *arguments: str) -> Notebook:
    """The notebook that `tutor export` writes, found valid."""
    done = tutor("export", *arguments, "-o", str(file))
    assert done.code == 0, done.err
    return loaded(file)


def loaded(file: Path) -> Notebook:
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    return notebook


async def executed(notebook: Notebook, python: Path | str, folder: Path) -> Notebook:
    """The notebook after a run of all its cells, its working folder being `folder`; still valid."""

    class Manager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=[str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"])

    # Under pytest ipykernel would not read what subprocesses write.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    client = NotebookClient(
        notebook,
        timeout=int(LIMIT),
        kernel_manager_class=Manager,
        resources={"metadata": {"path": str(folder)}},
    )
    await client.async_execute(env=inherited)
    nbformat.validate(notebook)
    return notebook


def printed(cell: Mapping[str, Any]) -> str:
    """What a cell printed."""
    return "".join(output["text"] for output in cell["outputs"] if output["output_type"] == "stream")


def cell_of(notebook: Notebook, beginning: str) -> Any:
    """The code cell that begins so."""
    (found,) = (cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith(beginning))
    return found


def receipt_of(notebook: Notebook) -> Receipt:
    """What the last cell printed."""
    (receipt,) = read(printed(notebook.cells[-1]), Words("en"))
    return receipt


def lines_of(step: StepClaim) -> list[dict[str, Any]]:
    """The lines of a verdict as `tutor run --json` gives them."""
    names = ("label", "verdict", "message", "expected", "seen")
    return [{name: getattr(line, name) for name in names} for line in step.lines]


def differing(ran: Ran, receipt: Receipt, python: Path | str) -> list[str]:
    """Where a notebook says something else than `tutor run` did. Args: `python`: the notebook's, which a sentence may name."""
    found = []
    for claim in (claim for lesson in receipt.lessons for claim in lesson.steps):
        told = ran.finished(claim.id)
        here = (told["verdict"], told["checks"], told["reason"] or "")
        there = (claim.verdict, lines_of(claim), claim.reason.replace(str(python), sys.executable))
        if here != there:
            found.append(f"{claim.id}: {here} is not {there}")
    return found


async def _prove(lesson_ids: Iterable[str]) -> int:
    misses = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TUTOR_HOME"] = str(folder / "home")
        python = clean_python(folder / "clean")
        for lesson_id in lesson_ids:
            began = time.monotonic()
            ran = tutor("run", lesson_id, "--solutions", "--json", timeout=LIMIT)
            half = time.monotonic()
            notebook = exported(folder / f"{lesson_id}.ipynb", lesson_id, "--solutions")
            (folder / f"in-{lesson_id}").mkdir()
            receipt = receipt_of(await executed(notebook, python, folder / f"in-{lesson_id}"))
            different = differing(ran, receipt, python)
            steps = receipt.lessons[0].steps
            told = tutor("receipt", "-", stdin=printed(notebook.cells[-1]))
            misses += len(different)
            print(
                f"{lesson_id}: {len(steps)} steps in the notebook, {len(different)} differ; tutor run {half - began:.1f} s,"
                f" notebook {time.monotonic() - half:.1f} s, {(folder / f'{lesson_id}.ipynb').stat().st_size / 1024:.0f} KiB,"
                f" receipt {len(printed(notebook.cells[-1]))} characters, exit code {told.code}",
                *different,
                sep="\n  ",
                flush=True,
            )
    return misses


if __name__ == "__main__":
    shipped = [path.name for path in sorted((Path(__file__).parents[2] / "lessons").iterdir())]
    sys.exit(min(1, asyncio.run(_prove(sys.argv[1:] or shipped))))

"""Kernels of a Python on this machine: the `local` and `local:PYTHON` runtimes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from tutor.runtime.base import Json, RuntimeInfo
from tutor.runtime.interpreter import find_python
from tutor.runtime.kernel import LocalKernel
from tutor.runtime.kernel_runtime import Kernel, KernelRuntime
from tutor.runtime.living import Entry, Register

START_SECONDS = 60.0


class LocalRuntime(KernelRuntime):
    """The `Runtime` of this machine: its kernels end with the tutor."""

    def __init__(
        self,
        python: str | None,
        *,
        bundles: Path,
        output_folder: Path,
        log_path: Path,
        working_folder: Path,
        register: Register | None = None,
    ) -> None:
        """Makes it without starting anything.

        Args: `python`: None for the one that tutor runs in; `bundles`: the cache for the zip of harness and kit; `output_folder`: for
            long outputs; `log_path`: takes the kernel's own stdout and stderr; `register`: where it is written down that it runs.
        """
        super().__init__("local" if python is None else f"local:{python}", output_folder=output_folder)
        self._python = python
        self._bundles = bundles
        self._log_path = log_path
        self._working_folder = working_folder
        self._register = register
        self._entry: Entry | None = None

    async def _open(self) -> tuple[Kernel, RuntimeInfo, bool]:
        kernel = LocalKernel(find_python(self._python), self._receive)
        facts = await kernel.start(self._bundles, self._log_path, self._working_folder, START_SECONDS)
        if self._register is not None:
            self._entry = self._entry or self._register.new(self._name)
            self._entry.change(pid=int(facts.get("pid") or 0), started=datetime.now(UTC), facts=facts)
        return kernel, info_of(self._name, facts, kernel.python), True

    async def aclose(self) -> None:
        try:
            await super().aclose()
        finally:
            if self._entry is not None:
                self._entry.remove()
                self._entry = None


def info_of(name: str, facts: Mapping[str, Json], python: str = "") -> RuntimeInfo:
    """What a runtime is, from what its harness has told. Args: `python`: the program, if the harness does not know it."""
    return RuntimeInfo(
        name,
        python=str(facts.get("python") or ""),
        executable=str(facts.get("executable") or python),
        device=str(facts.get("device") or ""),
        facts=facts,
    )

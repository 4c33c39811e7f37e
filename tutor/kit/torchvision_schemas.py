"""Lets torchvision be imported beside a PyTorch that its compiled operators do not fit.

On Linux PyPI has torchvision only with CUDA. Beside PyTorch's CPU build its operators cannot be loaded, and then the import itself stops:
"operator torchvision::nms does not exist". Data sets, transforms and models need none of them, only that two of them are declared.
`tutor doctor` says what mends the pair.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from tutor.kit.words import speak

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.abc import Loader

MODULE = "torchvision.extension"
"""Loads the operators. Its next sisters register more for them, and stop where they are missing."""
SCHEMAS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
"""As torchvision 0.28 declares them (torchvision/csrc/ops/nms.cpp, quantized/cpu/qnms_kernel.cpp)."""

_NOTICE = {
    "en": """\
(tutor: this torchvision is built for another PyTorch than {torch}.
Data sets, transforms and models work, operators on boxes do not.
`tutor doctor` says what mends it.)""",
    "zh": """\
（tutor：这个 torchvision 不是为 PyTorch {torch} 编译的。
数据集、变换和模型都能用，只有处理检测框的算子不能用。
修复方法见 `tutor doctor`。）""",
}
"""In lines, since output is not wrapped between words."""


def watch() -> None:
    """From now on, when code of the learner imports torchvision, declare what is missing and say so. Imports nothing by itself."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Sees the one module being imported, and leaves once it was."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != MODULE:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _Loader(spec.loader, self))
        return spec


class _Loader:
    """The module's own loader, and what comes after it."""

    def __init__(self, loader: Any, finder: _Finder) -> None:
        self._loader = loader
        self._finder = finder

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        found: ModuleType | None = self._loader.create_module(spec)
        return found

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        _declare_missing()


def _declare_missing() -> None:
    import torch  # the module that was just loaded has imported it

    missing = [name for name in SCHEMAS if not hasattr(torch.ops.torchvision, name)]
    for name in missing:
        torch.library.define(f"torchvision::{name}", SCHEMAS[name])
    if missing:
        print(speak(_NOTICE, torch=torch.__version__))

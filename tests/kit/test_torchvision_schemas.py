"""The mend of a torchvision that does not fit its PyTorch: in interpreters of their own, with packages made for it and with the real one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = {
    "__init__.py": "import torch\nfrom . import extension\nfrom . import late\n",
    "late.py": "import torch\ntorch.library.register_fake('torchvision::nms')(lambda *a: a[0])\n",
}
BROKEN = {**PACKAGE, "extension.py": "import torch\n"}
FITTING = {
    **PACKAGE,
    "extension.py": "import torch\nfor name in ('nms', 'qnms'):\n    torch.library.define(f'torchvision::{name}', "
    "'(Tensor dets, Tensor scores, float iou_threshold) -> Tensor')\n",
}


def run(code: str, folder: Path, package: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the code where that package, or the installed one, is torchvision."""
    if package is not None:
        (folder / "torchvision").mkdir()
        for name, text in package.items():
            (folder / "torchvision" / name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


WATCH = "from tutor.kit import torchvision_schemas\ntorchvision_schemas.watch()\n"
IMPORT = "import torchvision\n"


def test_without_it_the_import_stops(tmp_path: Path) -> None:
    found = run(IMPORT, tmp_path, BROKEN)
    assert "operator torchvision::nms does not exist" in found.stderr


def test_with_it_the_import_works_and_says_so_once(tmp_path: Path) -> None:
    found = run(f"{WATCH}{WATCH}{IMPORT}{IMPORT}import torchvision.extension\n", tmp_path, BROKEN)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.count("built for another PyTorch") == 1


def test_a_pair_that_fits_is_left_alone(tmp_path: Path) -> None:
    found = run(WATCH + IMPORT, tmp_path, FITTING)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_it_imports_nothing_by_itself(tmp_path: Path) -> None:
    found = run(
        f"{WATCH}import json, sys\nprint([n for n in sys.modules if n.startswith('torch')])\n", tmp_path, BROKEN
    )
    assert found.stdout == "[]\n"


def test_it_leaves_no_trace_on_the_module(tmp_path: Path) -> None:
    code = (
        "import sys, torchvision.extension as e\nprint(type(e.__loader__).__name__, type(e.__spec__.loader).__name__)\n"
    )
    end = "print([type(f).__name__ for f in sys.meta_path if 'Finder' in type(f).__name__ and type(f).__module__.startswith('tutor')])"
    found = run(WATCH + code + end, tmp_path, BROKEN)
    assert found.stdout.splitlines()[-2:] == ["SourceFileLoader SourceFileLoader", "[]"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Data sets, transforms and models work"), ("zh", "数据集、变换和模型都能用")]
)
def test_it_speaks_the_learners_language(language: str, said: str, tmp_path: Path) -> None:
    found = run(f"import os\nos.environ['TUTOR_LANG'] = {language!r}\n{WATCH}{IMPORT}", tmp_path, BROKEN)
    assert said in found.stdout


def test_the_installed_torchvision_can_be_imported_and_used(tmp_path: Path) -> None:
    found = run(
        f"{WATCH}from torchvision import datasets, transforms, models\nprint(models.resnet18(num_classes=10).fc.out_features)\n",
        tmp_path,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines()[-1] == "10"

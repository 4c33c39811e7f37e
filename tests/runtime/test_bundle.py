from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tutor.runtime import bundle
from tutor.runtime.bundle import make_bundle, setup_code


def test_same_sources_make_the_same_bytes(tmp_path: Path) -> None:
    first, second = make_bundle(tmp_path / "a"), make_bundle(tmp_path / "b")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_what_travels_is_harness_and_kit_only(tmp_path: Path) -> None:
    with zipfile.ZipFile(make_bundle(tmp_path)) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {"tutor/__init__.py", "tutor/harness/__init__.py", "tutor/kit/__init__.py"} <= set(names)
        assert all(name == "tutor/__init__.py" or name.startswith(("tutor/harness/", "tutor/kit/")) for name in names)
        assert all(name.endswith(".py") for name in names)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_it_is_made_once(tmp_path: Path) -> None:
    path = make_bundle(tmp_path)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert make_bundle(tmp_path) == path
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    assert list(tmp_path.iterdir()) == [path]


def test_other_sources_make_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_bundle(tmp_path)
    monkeypatch.setattr(bundle, "_files", lambda: iter([("tutor/__init__.py", b"")]))
    assert make_bundle(tmp_path) != before


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        make_bundle(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_setup_puts_the_bundle_in_place_of_another_tutor(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tutor/__init__.py", "")
        archive.writestr("tutor/harness/__init__.py", "def install(machine): print('installed', machine.__name__)")
        for name in ("kit/__init__.py", "kit/devices/__init__.py", "kit/devices/hardware.py"):
            archive.writestr(f"tutor/{name}", "")
        archive.writestr("tutor/kit/torchvision_schemas.py", "def watch(): print('watching')")
    other = tmp_path / "other" / "tutor"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    program = (
        f"import sys; sys.path.insert(0, {str(other.parent)!r}); import tutor; names = set(globals())\n"
        f"{setup_code(path)}\nassert set(globals()) == names | {{'names'}}\n"
        "import tutor; print(tutor.__file__, sys.path.count(sys.path[0]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "installed",
        "tutor.kit.devices.hardware",
        "watching",
        f"{path}/tutor/__init__.py",
        "1",
    ]

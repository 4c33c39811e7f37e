"""Harness and kit as one zip that is the same wherever it is made: the way they reach every kernel."""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import tutor
from tutor import atomic

TRAVELS = ("harness", "kit")
"""The packages of tutor that lesson code meets in its kernel."""

_SET_UP = Path(__file__).with_name("set_up.py")
_ARRIVE = Path(__file__).parent / "server" / "arrive.py"


def make_bundle(cache_folder: Path) -> Path:
    """The zip in that folder, named by the hash of what is in it; made if it is not there yet.

    Raises:
        OSError: it cannot be read or written.
    """
    files = list(_files())
    digest = hashlib.sha256()
    for name, source in files:
        digest.update(f"{name}\0{len(source)}\0".encode())
        digest.update(source)
    path = cache_folder / f"tutor-{digest.hexdigest()[:20]}.zip"
    if not path.exists():
        cache_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.write(path, _zip(files))
    return path


def make_part(modules: Iterable[str], others: Mapping[str, bytes]) -> bytes:
    """A zip of only these modules of the bundle and what they import, for those to whom every byte is in the way.

    Args:
        modules: dotted names; of a package all of it.
        others: further files by their names in the zip.

    Raises:
        KeyError: a module that does not travel.
    """
    files = dict(_files())
    waiting = [name for module in modules for name in _all_of(module, files)]
    taken: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in taken:
            taken.add(name)
            waiting += [_home(above, files) for above in _above(name)]
            waiting += _imports(files[name], files)
    return _zip(sorted([*((name, files[name]) for name in taken), *others.items()]))


def setup_code(bundle: Path) -> str:
    """What a kernel runs once; it leaves no name behind."""
    source = _SET_UP.read_text(encoding="utf-8")
    return f"(lambda names: (exec({source!r}, names), names['set_up']({str(bundle)!r})))({{'__name__': 'tutor_set_up'}}) and None"


def arrival_code(bundle: Path, *, with_it: bool) -> str:
    """The same for a kernel of another machine. Args: `with_it`: the bundle is sent along, because it was missing there."""
    data = bundle.read_bytes()
    packed = base64.b64encode(zlib.compress(data)).decode() if with_it else ""
    sources = [source.read_text(encoding="utf-8") for source in (_ARRIVE, _SET_UP)]
    arguments = f"{bundle.name!r}, {hashlib.sha256(data).hexdigest()!r}, {packed!r}"
    # Two namespaces: each file begins with its own imports.
    begun = ", ".join(f"exec({source!r}, {name})" for source, name in zip(sources, ("there", "here"), strict=True))
    names = "{'__name__': 'tutor_arrive'}, {'__name__': 'tutor_set_up'}"
    return f"(lambda there, here: ({begun}, here['set_up'](there['arrive']({arguments}))))({names}) and None"


def _files() -> Iterator[tuple[str, bytes]]:
    root = Path(tutor.__file__).parent
    found = [root / "__init__.py", *(path for package in TRAVELS for path in (root / package).rglob("*.py"))]
    for name, path in sorted((path.relative_to(root.parent).as_posix(), path) for path in found):
        yield name, path.read_bytes()


def _all_of(module: str, files: Mapping[str, bytes]) -> list[str]:
    inside = module.replace(".", "/") + "/"
    return [_home(module, files), *(name for name in files if name.startswith(inside))]


def _home(module: str, files: Mapping[str, bytes]) -> str:
    """The file of a module."""
    name = module.replace(".", "/")
    found = next((file for file in (f"{name}.py", f"{name}/__init__.py") if file in files), None)
    if found is None:
        raise KeyError(module)
    return found


def _above(file: str) -> list[str]:
    """The packages in which a file lies."""
    parts = file.split("/")[:-1]
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _imports(source: bytes, files: Mapping[str, bytes]) -> list[str]:
    """The files of what a module imports of tutor, wherever in it that stands; for type checkers alone does not count."""
    waiting: list[ast.AST] = [ast.parse(source)]
    wanted: list[str] = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            wanted += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            wanted += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        waiting += ast.iter_child_nodes(node)
    homes = (name.replace(".", "/") for name in wanted if name.partition(".")[0] == "tutor")
    return [file for home in homes for file in (f"{home}.py", f"{home}/__init__.py") if file in files]


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    # Stored: builds of zlib differ in how they compress.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, source in files:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, source)
    return buffer.getvalue()

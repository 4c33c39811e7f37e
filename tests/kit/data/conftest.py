"""A host of archives on this machine, and a FashionMNIST and a CIFAR-10 of a few images in torchvision's own formats."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tutor.kit import torchvision_schemas
from tutor.kit.data import choosing

torchvision_schemas.watch()  # on machines where the pair does not fit, as in a kernel


@dataclass
class Host:
    """Serves files, as well or as badly as it is told."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    """By path, without the leading `/`."""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Paths, each with its Range."""
    ranges: bool = True
    cut_after: int | None = None
    """Bytes, after which the next connection ends."""
    stall_after: int | None = None
    """Bytes, after which the next connection says nothing more."""
    silent: bool = False
    """Headers come, and nothing else."""
    over: threading.Event = field(default_factory=threading.Event)


def _handler(host: Host) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, asked = self.path.lstrip("/"), self.headers.get("Range")
            host.asked.append((path, asked))
            if path not in host.files:
                self.send_error(404)
                return
            data = host.files[path]
            begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked and host.ranges else 0
            if begin >= len(data) > 0:
                self.send_error(416)
                return
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(data) - begin))
            self.end_headers()
            if host.silent:
                host.over.wait()
                return
            end, stalls = host.cut_after or host.stall_after, host.stall_after is not None
            host.cut_after = host.stall_after = None
            self.wfile.write(data[begin:] if end is None else data[begin : begin + end])
            if stalls:
                host.over.wait()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture
def host() -> Iterator[Host]:
    """On loopback."""
    made = Host()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@dataclass
class Small:
    """A set of a few images: its archives by name, packed."""

    archives: dict[str, bytes]

    def put(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.archives.items():
            (folder / name).write_bytes(data)


@pytest.fixture
def fashion(monkeypatch: pytest.MonkeyPatch) -> Small:
    """FashionMNIST of 20 and 10 images; torchvision takes it for the real one, at `http://127.0.0.1:9`, where nobody is."""
    from torchvision.datasets import FashionMNIST

    archives = {}
    for prefix, count in (("train", 20), ("t10k", 10)):
        images = np.arange(count * 784, dtype=np.uint8).tobytes()
        header = b"".join(n.to_bytes(4, "big") for n in (0x803, count, 28, 28))
        archives[f"{prefix}-images-idx3-ubyte.gz"] = gzip.compress(header + images)
        labels = bytes(i % 10 for i in range(count))
        header = b"".join(n.to_bytes(4, "big") for n in (0x801, count))
        archives[f"{prefix}-labels-idx1-ubyte.gz"] = gzip.compress(header + labels)
    monkeypatch.setattr(FashionMNIST, "resources", [(name, md5(data)) for name, data in archives.items()])
    monkeypatch.setattr(FashionMNIST, "mirrors", ["http://127.0.0.1:9/"])
    return Small(archives)


@pytest.fixture
def cifar(monkeypatch: pytest.MonkeyPatch) -> Small:
    """CIFAR-10 of ten images in each file."""
    from torchvision.datasets import CIFAR10

    files = {"batches.meta": pickle.dumps({"label_names": [f"class {i}" for i in range(10)]})}
    for name in [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]:
        data = np.arange(10 * 3072, dtype=np.uint8).reshape(10, 3072)
        files[name] = pickle.dumps({"data": data, "labels": list(range(10))})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    monkeypatch.setattr(CIFAR10, "url", "http://127.0.0.1:9/cifar-10-python.tar.gz")
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(packed.getvalue()))
    for listed in ("train_list", "test_list"):
        monkeypatch.setattr(CIFAR10, listed, [[name, md5(files[name])] for name, _ in getattr(CIFAR10, listed)])
    monkeypatch.setattr(CIFAR10, "meta", {**CIFAR10.meta, "md5": md5(files["batches.meta"])})
    return Small({"cifar-10-python.tar.gz": packed.getvalue()})


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody declined anything, and nothing was told."""
    for name in ("_declined", "_told"):
        monkeypatch.setattr(choosing, name, set())

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.sources import ROOT
from tutor.network.index import package_index
from tutor.network.targets import site_of, targets


def test_variables_move_the_services() -> None:
    moved = {
        "GITHUB_API_URL": "http://127.0.0.1:8001/api",
        "TUTOR_DRIVE_API_URL": "http://127.0.0.1:8002",
        "TUTOR_KAGGLE_API_URL": "http://127.0.0.1:8003",
        "PIP_INDEX_URL": "https://learner:secret@mirror.example/simple",
    }
    urls = {target.service: target.url for target in targets(moved)}
    assert urls["github"] == "http://127.0.0.1:8001/api"
    assert urls["google"] == "http://127.0.0.1:8002"
    assert urls["kaggle"] == "http://127.0.0.1:8003"
    assert urls["index"] == "https://mirror.example/simple"


def test_the_port_is_that_of_the_scheme_unless_it_is_said() -> None:
    ports = {target.service: target.port for target in targets({"GITHUB_API_URL": "http://127.0.0.1:8001"})}
    assert ports["github"] == 8001
    assert ports["google"] == 443


def test_packages_come_from_where_pip_gets_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert package_index({"UV_DEFAULT_INDEX": "https://mirror.example/simple"}) == "https://mirror.example/simple"
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://campus.example/simple\n")
    assert package_index({}) == "https://campus.example/simple"
    (tmp_path / "pip.conf").write_text("")
    assert urlsplit(package_index({})).scheme in ("http", "https")


def test_without_pip_nobody_can_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip._internal.configuration", None)
    assert package_index({}) == ""
    assert "index" not in {target.service for target in targets({})}


@pytest.mark.parametrize(
    ("host", "site"),
    [("api.github.com", "github.com"), ("github.com.", "github.com"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1")],
)
def test_the_site_of_a_host(host: str, site: str) -> None:
    assert site_of(host) == site


def test_the_data_hosts_are_those_that_torchvision_fetches_from() -> None:
    spec = importlib.util.find_spec("torchvision")  # read, not imported: it may not fit the torch of this machine
    assert spec is not None
    assert spec.origin is not None
    datasets = Path(spec.origin).parent / "datasets"
    fashion = (datasets / "mnist.py").read_text("utf-8").partition("class FashionMNIST")[2]
    mirrors = re.findall(r"https?://[^\"']+", fashion.partition("mirrors = [")[2].partition("]")[0])
    urls = re.findall(r'url = "([^"]+)"', (datasets / "cifar.py").read_text("utf-8"))
    known = {target.host for target in targets({}) if target.service == "data"}
    assert mirrors
    assert urls
    assert {urlsplit(url).hostname for url in (*mirrors, *urls)} == known


def test_this_room_knows_no_other() -> None:
    for file in Path(ROOT, "tutor", "network").glob("*.py"):
        own = [line for line in file.read_text("utf-8").splitlines() if line.startswith(("from tutor", "import tutor"))]
        assert all(line.startswith("from tutor.network") for line in own), file

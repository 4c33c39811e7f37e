"""Each call that `fetch` makes, with each fault that can happen to it: nothing lost, nothing doubled, plain words, no secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.kaggle import SMALL, Overheard, everything_of, hurried, serving
from tutor.kit.services.datasets import KEPT, fetch
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.kaggle_client import signed_in_with
from tutor.practice.faults import Fault, Kind
from tutor.practice.kaggle.service import Kaggle

CALLS = ["GetDataset", "ListDatasetFiles", "DownloadDataset", "kaggle-data-sets"]
PASSING = {
    "429": Fault(Kind.STATUS, 429, headers={"Retry-After": "3"}),
    "500": Fault(Kind.STATUS, 500),
    "502": Fault(Kind.STATUS, 502),
    "reset": Fault(Kind.RESET),
    "lost": Fault(Kind.LOST),
    "cut": Fault(Kind.CUT),
    "slow": Fault(Kind.SLOW),
}
LASTING = {
    "401": (Fault(Kind.STATUS, 401), "accepts no token", "认可的令牌"),
    "403": (Fault(Kind.STATUS, 403), "private", "私有"),
    "404": (Fault(Kind.STATUS, 404), "has no practice-data/weather-table", "没有 practice-data/weather-table"),
    "429": (Fault(Kind.STATUS, 429, headers={"Retry-After": "999"}), "Wait 17 min", "等 17 分钟"),
    "500": (Fault(Kind.STATUS, 500), r"fault of its own just now \(500\)", "暂时出了故障（500）"),
    "502": (Fault(Kind.STATUS, 502), "502", "502"),
    "reset": (Fault(Kind.RESET), "cannot be reached", "连不上"),
    "page": (Fault(Kind.PAGE), "web page", "网页"),
}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    with serving(tmp_path / "practice", monkeypatch) as running:
        yield running


@pytest.fixture
def api(service: Kaggle) -> Any:
    return signed_in_with(service.root, service.tokens.access)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("call", CALLS)
def test_a_fault_that_passes_is_waited_out(service: Kaggle, api: Any, tmp_path: Path, call: str, fault: str) -> None:
    slept: list[float] = []
    service.faults.plan(PASSING[fault], path=f"{call}$|{call}/", times=2)
    fetch(api, SMALL, tmp_path / "data", patience=hurried(slept=slept))
    assert len(service.faults.met) >= 1
    assert names(tmp_path / "data") == [KEPT, "measurements.csv"]
    assert (tmp_path / "data/measurements.csv").read_bytes() == service.shelf[SMALL].files["measurements.csv"]
    if fault == "429":
        assert len(slept) == 2
        assert min(slept) >= 3


@pytest.mark.parametrize("fault", LASTING)
@pytest.mark.parametrize("call", CALLS)
def test_a_fault_that_stays_is_said_plainly_and_costs_nothing(
    service: Kaggle,
    api: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    call: str,
    fault: str,
) -> None:
    planned, english, chinese = LASTING[fault]
    (tmp_path / "data").mkdir()
    (tmp_path / "data/own.txt").write_text("mine", encoding="utf-8")
    service.faults.plan(planned, path=f"{call}$|{call}/", times=99)
    heard = Overheard()
    for language, words in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("TUTOR_LANG", language)
        with heard.listening(), pytest.raises(ServiceError, match=words) as told:
            fetch(api, SMALL, tmp_path / "data", patience=hurried())
        shown = everything_of(told.value) + "".join(capfd.readouterr()) + "".join(heard.lines)
        for secret in (service.tokens.access, service.tokens.key):
            assert secret not in shown
        assert "<" not in str(told.value)
        assert "http" not in str(told.value)
    assert (tmp_path / "data/own.txt").read_text(encoding="utf-8") == "mine"
    service.faults.clear()
    fetch(api, SMALL, tmp_path / "data", patience=hurried())
    assert names(tmp_path / "data") == [KEPT, "measurements.csv", "own.txt"]

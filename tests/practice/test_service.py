"""What is the same for all stand-ins: nobody comes in under another name."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tutor.practice.practice import Practice

OPEN = {"github": "/practice-learner/gpu-notes", "google": "/device", "kaggle": "/account/api/oauth/token?code=x"}
"""A page of each that everybody may see."""


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("service", OPEN)
def test_nothing_is_served_under_a_name_that_only_leads_here(practice: Practice, service: str) -> None:
    """So comes a page of somebody else's, in a browser on this computer, whose own name has been led here meanwhile."""
    port = urlsplit(practice.service(service).root).port

    def status(host: str) -> int:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", OPEN[service], headers={"Host": host})
            return connection.getresponse().status
        finally:
            connection.close()

    assert [status(f"{name}:{port}") for name in ("127.0.0.1", "localhost")] == [200, 200]
    assert [status(name) for name in (f"evil.example:{port}", "127.0.0.1.evil.example")] == [404, 404]

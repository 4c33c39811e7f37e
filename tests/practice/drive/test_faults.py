"""Failures on demand come in Google's own words, so that its client takes them for Google's."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from tests.practice.drive.test_files import put
from tutor.practice.drive.service import Drive
from tutor.practice.faults import Fault, Kind


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        (400, "", "badRequest"),
        (401, "", "authError"),
        (403, "userRateLimitExceeded", "userRateLimitExceeded"),
        (403, "rateLimitExceeded", "rateLimitExceeded"),
        (403, "storageQuotaExceeded", "storageQuotaExceeded"),
        (403, "insufficientFilePermissions", "insufficientFilePermissions"),
        (403, "", "forbidden"),
        (404, "", "notFound"),
        (409, "", "fileIdInUse"),
        (429, "", "rateLimitExceeded"),
        (500, "", "backendError"),
        (502, "", "backendError"),
        (503, "", "backendError"),
    ],
)
def test_a_status_comes_with_its_reason(service: Drive, drive: Any, status: int, reason: str, expected: str) -> None:
    service.faults.plan(Fault(Kind.STATUS, status, reason, {"Retry-After": "7"}))
    with pytest.raises(HttpError) as caught:
        drive.files().list().execute()
    assert caught.value.resp.status == status
    assert caught.value.resp["retry-after"] == "7"
    detail = json.loads(caught.value.content)["error"]["errors"][0]
    assert detail["reason"] == expected
    assert detail["domain"] == ("usageLimits" if "ateLimit" in expected else "global")
    assert caught.value.reason == detail["message"]
    drive.files().list().execute()


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Basic eDp5"])
def test_without_a_token_nobody_comes_in(service: Drive, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    for path in ("about?fields=user", "files", "files/generateIds", "files/x", "files/x/permissions"):
        answer = requests.get(f"{service.root}/drive/v3/{path}", headers=headers)
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_a_refusal_of_the_sign_in_has_its_own_shape(service: Drive) -> None:
    service.faults.plan(Fault(Kind.STATUS, 503))
    answer = requests.post(f"{service.root}/token")
    assert (answer.status_code, answer.json()["error"]) == (503, "internal_failure")


def test_a_lost_answer_has_taken_effect_and_a_reset_has_not(service: Drive, drive: Any) -> None:
    for kind, count in ((Kind.RESET, 0), (Kind.LOST, 1)):
        service.faults.plan(Fault(kind), method="POST")
        with pytest.raises(ConnectionError):
            put(drive)
        assert len(drive.files().list().execute()["files"]) == count


def test_a_slow_answer_comes_whole(service: Drive, drive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.practice.handler.PIECE_SECONDS", 0.01)
    file_id = put(drive, content=b"x" * 1000)["id"]
    service.faults.plan(Fault(Kind.SLOW))
    begun = time.monotonic()
    assert drive.files().get_media(fileId=file_id).execute() == b"x" * 1000
    assert time.monotonic() - begun > 0.05

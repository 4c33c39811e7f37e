"""The stand-in is asked by Kaggle's own client and program parts, in one process."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from PIL import Image
from requests.exceptions import HTTPError

from tests.support.kaggle import GARMENTS, SMALL, serving
from tutor.kit.services.kaggle_client import bare_client, bearer, signed_in_with, unsigned_session
from tutor.practice.handler import PRACTICE_HEADER
from tutor.practice.kaggle.service import CODE_PAGE, Kaggle
from tutor.practice.service import LEARNER


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    with serving(tmp_path / "practice", monkeypatch) as running:
        yield running


@pytest.fixture
def api(service: Kaggle) -> Any:
    return signed_in_with(service.root, service.tokens.access)


def status_of(error: pytest.ExceptionInfo[HTTPError]) -> int:
    response = error.value.response
    assert response is not None
    return int(response.status_code)


# -- datasets


def test_datasets_are_found_by_words_and_told_page_by_page(api: Any) -> None:
    assert [found.ref for found in api.dataset_list(search="GARMENTS")] == [GARMENTS]
    first = api.dataset_list_with_response(page_size=10)
    rest = api.dataset_list_with_response(page_size=200, page_token=first.next_page_token)
    refs = [found.ref for found in (*first.datasets, *rest.datasets)]
    assert len(first.datasets) == 10
    assert len(refs) == len(set(refs)) == 26
    assert rest.next_page_token == ""
    assert api.dataset_list(page=2)[0].ref == refs[20]


def test_private_datasets_are_their_owners(api: Any) -> None:
    assert [found.ref for found in api.dataset_list(mine=True)] == [f"{LEARNER}/my-first-run"]
    assert all(not found.is_private for found in api.dataset_list(user="practice-data"))
    with pytest.raises(HTTPError) as refused:
        api.dataset_list_files("practice-data/private-scans")
    assert status_of(refused) == 403


def test_what_does_not_exist_is_refused_like_what_is_private(api: Any) -> None:
    with pytest.raises(HTTPError) as refused:
        api.dataset_status("practice-data/nothing-of-this-name")
    assert status_of(refused) == 403


def test_a_dataset_tells_size_licence_state_and_files(api: Any, tmp_path: Path) -> None:
    assert api.dataset_status(GARMENTS) == "ready"
    assert '"current_version_number": 1' in api.dataset_status(GARMENTS, format="json")
    (card,) = api.dataset_list(search="garments")
    files = api.dataset_list_files(GARMENTS, page_size=200)
    more = api.dataset_list_files(GARMENTS, page_size=200, page_token=files.next_page_token)
    assert len(files.files) + len(more.files) == 321
    assert sum(file.total_bytes for file in (*files.files, *more.files)) == card.total_bytes
    assert "CC0-1.0" in Path(api.dataset_metadata(GARMENTS, str(tmp_path))).read_text(encoding="utf-8")


def test_the_garments_are_pictures_that_can_be_told_apart(service: Kaggle) -> None:
    files = service.shelf[GARMENTS].files
    pictures = {name: Image.open(io.BytesIO(content)) for name, content in files.items() if name.endswith(".png")}
    assert {(picture.size, picture.mode) for picture in pictures.values()} == {((28, 28), "L")}
    assert len(pictures) == 320
    rows = files["labels.csv"].decode().splitlines()[1:]
    assert {row.split(",")[0] for row in rows} == set(pictures)
    # The nearest mean picture of the training part names the label of most of the others.
    means: dict[str, list[float]] = {}
    for label in ("bag", "boot", "shirt", "trousers"):
        training = [pictures[name].tobytes() for name in pictures if name.startswith(f"train/{label}/")]
        means[label] = [sum(column) / len(training) for column in zip(*training, strict=True)]
    right = sum(
        name.split("/")[1]
        == min(means, key=lambda label: sum((a - b) ** 2 for a, b in zip(means[label], dots, strict=True)))
        for name, dots in ((name, pictures[name].tobytes()) for name in pictures if name.startswith("test/"))
    )
    assert right > 70


def test_the_program_s_own_download_brings_the_archive_or_one_file(api: Any, tmp_path: Path) -> None:
    api.dataset_download_files(GARMENTS, path=str(tmp_path), quiet=True)
    with zipfile.ZipFile(tmp_path / "tiny-garments.zip") as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 321
    api.dataset_download_file(GARMENTS, "labels.csv", path=str(tmp_path), quiet=True)
    assert (tmp_path / "labels.csv").read_text(encoding="utf-8").startswith("file,label,split\n")


def test_the_large_dataset_is_told_and_never_given(api: Any, tmp_path: Path) -> None:
    (card,) = api.dataset_list(search="8K")
    assert card.total_bytes == 9_000_000_000_000
    with pytest.raises(HTTPError):
        api.dataset_download_files(card.ref, path=str(tmp_path), quiet=True)


def test_another_version_does_not_exist(api: Any, tmp_path: Path) -> None:
    with pytest.raises(HTTPError) as refused:
        api.dataset_download_files(f"{SMALL}/7", path=str(tmp_path), quiet=True)
    assert status_of(refused) == 404


# -- the storage


def signed_address(service: Kaggle) -> str:
    return service.signer.address(service.shelf[GARMENTS].number)


def test_a_part_is_given_of_the_same_thing_only(service: Kaggle) -> None:
    whole = service.shelf[GARMENTS].archive
    with unsigned_session() as session:
        first = session.get(signed_address(service))
        assert first.content == whole
        assert base64.b64decode(first.headers["x-goog-hash"].removeprefix("md5=")) == hashlib.md5(whole).digest()
        rest = {"Range": "bytes=1000-", "If-Range": first.headers["ETag"]}
        part = session.get(signed_address(service), headers=rest)
        assert (part.status_code, part.content) == (206, whole[1000:])
        assert part.headers["Content-Range"] == f"bytes 1000-{len(whole) - 1}/{len(whole)}"
        other = session.get(signed_address(service), headers=rest | {"If-Range": '"another"'})
        assert (other.status_code, other.content) == (200, whole)
        assert session.get(signed_address(service), headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
        assert int(session.head(signed_address(service)).headers["Content-Length"]) == len(whole)


@pytest.mark.parametrize("change", [("Signature=", "Signature=0"), ("Date=2", "Date=1"), ("/101/", "/103/")])
def test_an_address_that_was_changed_is_worth_nothing(service: Kaggle, change: tuple[str, str]) -> None:
    with unsigned_session() as session:
        refused = session.get(signed_address(service).replace(*change))
    assert refused.status_code == 403
    assert "SignatureDoesNotMatch" in refused.text


# -- signing in


def test_nobody_and_strangers_are_refused_in_kaggle_s_words(service: Kaggle) -> None:
    url = f"{service.root}/v1/datasets.DatasetApiService/ListDatasets"
    with unsigned_session() as session:
        nobody = session.post(url, json={})
        stranger = session.post(url, json={}, headers={"Authorization": "Bearer KGAT_wrong"})
        wrong_key = session.post(url, json={}, auth=(LEARNER, "0" * 32))
        unknown = session.post(f"{service.root}/v1/datasets.DatasetApiService/Sing", json={})
    for refused in (nobody, stranger, wrong_key):
        assert refused.status_code == 401
        assert refused.json()["error"] == {"code": 401, "message": "Unauthenticated", "status": "UNAUTHENTICATED"}
        assert refused.headers[PRACTICE_HEADER] == "1"
    assert unknown.status_code == 404


def test_name_and_key_sign_in_too(service: Kaggle) -> None:
    with bare_client(service.root, (LEARNER, service.tokens.key)) as client:
        assert client.datasets.dataset_api_client.list_datasets().datasets


def login(service: Kaggle, **changes: str) -> requests.Response:
    verifier = "v" * 64
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    query = {
        "response_type": "code",
        "client_id": "kagglesdk",
        "redirect_uri": f"{service.root}{CODE_PAGE}",
        "scope": "resources.admin:*",
        "state": "s" * 36,
        "code_challenge": digest,
        "code_challenge_method": "S256",
        "response_mode": "query",
    }
    with unsigned_session() as session:
        return session.get(
            f"{service.root}/api/v1/oauth2/authorize", params=query | changes, allow_redirects=False, timeout=5
        )


def exchange(service: Kaggle, code: str, verifier: str = "v" * 64) -> requests.Response:
    body = {"code": code, "codeVerifier": verifier, "grantType": "authorization_code"}
    with unsigned_session() as session:
        return session.post(f"{service.root}/v1/security.OAuthService/ExchangeOAuthToken", json=body)


def code_of(answer: requests.Response) -> str:
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == ["s" * 36]
    return query["code"][0]


def test_a_code_is_good_once_and_with_its_verifier(service: Kaggle) -> None:
    code = code_of(login(service))
    assert exchange(service, code, "w" * 64).status_code == 400
    code = code_of(login(service, redirect_uri="http://localhost:8123"))
    assert exchange(service, code).json()["username"] == LEARNER
    assert exchange(service, code).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"redirect_uri": "http://example.org/"},
        {"redirect_uri": "https://localhost:8123"},
        {"scope": ""},
        {"state": ""},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
    ],
)
def test_a_login_that_is_asked_for_wrongly_is_refused(service: Kaggle, changes: dict[str, str]) -> None:
    assert login(service, **changes).status_code == 400


def test_a_login_that_was_not_agreed_to_brings_no_code(service: Kaggle) -> None:
    service.consents = False
    query = parse_qs(urlsplit(login(service).headers["Location"]).query)
    assert query == {"error": ["access_denied"], "state": ["s" * 36]}


def test_a_login_lives_by_its_refresh_token_and_ends_with_it(service: Kaggle) -> None:
    from kagglesdk import KaggleCredentials

    made = exchange(service, code_of(login(service))).json()
    with bare_client(service.root, None) as client:
        credentials = KaggleCredentials(client, refresh_token=made["refreshToken"])
        renewed = credentials.generate_access_token(timedelta(hours=6))
    assert renewed.expires_in == 6 * 3600
    with bare_client(service.root, bearer(renewed.token)) as client:
        held = KaggleCredentials(client, refresh_token=made["refreshToken"], access_token=renewed.token)
        assert held.introspect() == LEARNER
        held.revoke_token("over")
        with pytest.raises(HTTPError):
            held.introspect()
        with pytest.raises(HTTPError) as refused:
            held.generate_access_token()
    assert status_of(refused) == 401


def test_a_refresh_token_signs_nobody_in(service: Kaggle) -> None:
    made = exchange(service, code_of(login(service))).json()
    with bare_client(service.root, bearer(made["refreshToken"])) as client, pytest.raises(HTTPError) as refused:
        client.datasets.dataset_api_client.list_datasets()
    assert status_of(refused) == 401


def test_tokens_and_what_was_revoked_outlive_the_server(
    service: Kaggle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = exchange(service, code_of(login(service))).json()
    service.tokens.end(made["refreshToken"])
    service.close()
    again = Kaggle(tmp_path / "practice")
    try:
        assert again.tokens.access == service.tokens.access
        assert again.tokens.record(made["accessToken"]) is None
        again.tokens.end(again.tokens.access)
    finally:
        again.close()
    with serving(tmp_path / "practice", monkeypatch) as third:
        assert third.tokens.access != service.tokens.access
        assert third.tokens.record(third.tokens.access)


# -- quota


def test_the_quota_is_this_week_s(api: Any) -> None:
    told = api.quota_view()
    assert told.gpu_quota.total_time_allowed == timedelta(hours=30)
    assert told.gpu_quota.time_used == timedelta(hours=4.5)
    left = told.quota_refresh_time.replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(0) < left <= timedelta(days=7)
    assert told.quota_refresh_time.weekday() == 5

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tutor.practice.drive.service import Drive

SCOPE = "https://www.googleapis.com/auth/drive.file"
BACK = "http://127.0.0.1:8765/"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def authorize(service: Drive, **changes: str) -> requests.Response:
    asked = {
        "client_id": service.grants.clients["desktop"],
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": SCOPE,
        "state": "xyz",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return requests.get(f"{service.root}/o/oauth2/v2/auth?{urlencode(asked)}", allow_redirects=False)


def came_back(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def token(service: Drive, kind: str = "desktop", **form: str) -> requests.Response:
    client = {"client_id": service.grants.clients[kind], "client_secret": service.grants.secret}
    return requests.post(f"{service.root}/token", data={**client, **form})


def exchange(service: Drive, got: str, **changes: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "code": got, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return token(service, **{**form, **changes})


def signed_in(service: Drive) -> dict[str, Any]:
    got: dict[str, Any] = exchange(service, came_back(authorize(service))["code"]).json()
    return got


def about(service: Drive, access: str) -> int:
    headers = {"Authorization": f"Bearer {access}"}
    return requests.get(f"{service.root}/drive/v3/about?fields=user", headers=headers).status_code


def error(answer: requests.Response) -> tuple[int, str]:
    said = answer.json()
    assert set(said) == {"error", "error_description"}
    return answer.status_code, said["error"]


def test_a_code_becomes_tokens_once(service: Drive) -> None:
    back = came_back(authorize(service))
    assert (back["state"], back["scope"]) == ("xyz", SCOPE)
    got = exchange(service, back["code"])
    assert got.headers["Cache-Control"] == "no-store"
    tokens = got.json()
    assert tokens["access_token"].startswith("ya29.")
    assert tokens["refresh_token"].startswith("1//")
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 3599, SCOPE)
    assert about(service, tokens["access_token"]) == 200
    assert error(exchange(service, back["code"])) == (400, "invalid_grant")


def test_a_client_may_show_itself_in_a_header(service: Drive) -> None:
    code = came_back(authorize(service))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    client = (service.grants.clients["desktop"], service.grants.secret)
    assert requests.post(f"{service.root}/token", data=form, auth=client).status_code == 200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": "4/none"}, (400, "invalid_grant")),
        ({"redirect_uri": "http://127.0.0.1:1/"}, (400, "redirect_uri_mismatch")),
        ({"code_verifier": "w" * 64}, (400, "invalid_grant")),
        ({"code_verifier": ""}, (400, "invalid_grant")),
        ({"client_id": "other.apps.googleusercontent.com"}, (401, "invalid_client")),
        ({"client_secret": "GOCSPX-other"}, (401, "invalid_client")),
        ({"client_secret": ""}, (400, "invalid_request")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
def test_a_code_that_does_not_fit_is_refused(
    service: Drive, changes: dict[str, str], expected: tuple[int, str]
) -> None:
    code = came_back(authorize(service))["code"]
    assert error(exchange(service, code, **changes)) == expected


@pytest.mark.parametrize(
    ("changes", "page"),
    [
        ({"client_id": "other"}, "invalid_client"),
        ({"redirect_uri": "https://example.com/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}, "redirect_uri_mismatch"),
        ({"scope": "https://www.googleapis.com/auth/gmail"}, "invalid_scope"),
        ({"scope": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_a_wrong_question_ends_on_a_page(service: Drive, changes: dict[str, str], page: str) -> None:
    answer = authorize(service, **changes)
    assert answer.status_code >= 400
    assert "Practice, not Google" in answer.text
    assert page in answer.text


def test_the_person_may_refuse_or_untick_or_be_shown_a_page(service: Drive) -> None:
    service.person.refuses = True
    assert came_back(authorize(service)) == {"state": "xyz", "error": "access_denied"}
    service.person.refuses, service.person.unticks_drive = False, True
    back = came_back(authorize(service))
    tokens = exchange(service, back["code"]).json()
    assert tokens["scope"] == back["scope"] == "openid"
    assert about(service, tokens["access_token"]) == 403
    service.person.page = "org_internal"
    assert "org_internal" in authorize(service).text


def test_a_token_is_renewed_until_it_is_revoked(service: Drive) -> None:
    tokens = signed_in(service)
    renewed = token(service, grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()
    assert renewed["access_token"] != tokens["access_token"]
    assert "refresh_token" not in renewed
    revoke = f"{service.root}/revoke"
    assert requests.post(revoke, data={"token": tokens["refresh_token"]}).json() == {}
    assert about(service, renewed["access_token"]) == 401
    again = token(service, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert error(again) == (400, "invalid_grant")
    assert error(requests.post(revoke, data={"token": tokens["refresh_token"]})) == (400, "invalid_token")


def test_a_sign_in_ends_by_itself(service: Drive) -> None:
    tokens = signed_in(service)
    service.expire_sign_ins()
    assert about(service, tokens["access_token"]) == 401
    again = token(service, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert error(again) == (400, "invalid_grant")


def test_an_access_token_says_what_it_is(service: Drive) -> None:
    tokens = signed_in(service)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    said = requests.post(f"{service.root}/tokeninfo", headers=headers).json()
    assert (said["aud"], said["scope"]) == (service.grants.clients["desktop"], SCOPE)
    assert 0 < int(said["expires_in"]) <= 3599
    assert error(requests.post(f"{service.root}/tokeninfo")) == (400, "invalid_token")
    assert requests.get(f"{service.root}/oauth2/v3/userinfo", headers=headers).status_code == 403
    assert requests.get(f"{service.root}/oauth2/v3/userinfo").status_code == 401
    person = {"Authorization": f"Bearer {service.lent().by_hand['token']}"}
    known = requests.get(f"{service.root}/oauth2/v3/userinfo", headers=person).json()
    assert (known["name"], known["email"]) == ("practice-learner", "practice-learner@example.com")


def ask_for_code(service: Drive, kind: str = "device", scope: str = SCOPE) -> requests.Response:
    form = {"client_id": service.grants.clients.get(kind, kind), "scope": scope}
    return requests.post(f"{service.root}/device/code", data=form)


def poll(service: Drive, code: str) -> requests.Response:
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    return token(service, "device", grant_type=grant, device_code=code)


def test_a_device_waits_until_the_person_has_answered(service: Drive) -> None:
    service.person.interval, service.person.polls_before = 0, 2
    given = ask_for_code(service).json()
    assert set(given) == {"device_code", "user_code", "expires_in", "interval", "verification_url"}
    assert "Practice, not Google" in requests.get(given["verification_url"]).text
    code = given["device_code"]
    assert error(poll(service, code)) == (428, "authorization_pending")
    service.person.interval = 60
    assert error(poll(service, code)) == (403, "slow_down")
    service.person.interval = 0
    assert error(poll(service, code)) == (428, "authorization_pending")
    tokens = poll(service, code).json()
    assert about(service, tokens["access_token"]) == 200
    assert error(poll(service, code)) == (400, "invalid_grant")


def test_a_device_is_refused_or_too_late(service: Drive) -> None:
    service.person.interval, service.person.refuses = 0, True
    assert error(poll(service, ask_for_code(service).json()["device_code"])) == (403, "access_denied")
    late = ask_for_code(service).json()["device_code"]
    service.person.device_seconds = -1
    assert error(poll(service, late)) == (400, "expired_token")


@pytest.mark.parametrize(
    ("kind", "scope", "expected"),
    [
        ("desktop", SCOPE, (401, "invalid_client")),
        ("nobody", SCOPE, (401, "invalid_client")),
        ("device", "https://www.googleapis.com/auth/drive", (400, "invalid_scope")),
        ("device", "", (400, "invalid_request")),
    ],
)
def test_not_everybody_gets_a_code(service: Drive, kind: str, scope: str, expected: tuple[int, str]) -> None:
    assert error(ask_for_code(service, kind, scope)) == expected


def test_the_file_of_a_client_is_as_googles_console_gives_it(service: Drive) -> None:
    for kind in ("desktop", "device"):
        client = service.client_json(kind)["installed"]
        assert client["client_id"].endswith(".apps.googleusercontent.com")
        assert client["client_secret"].startswith("GOCSPX-")
        assert client["redirect_uris"] == ["http://localhost"]
        assert {"project_id", "auth_uri", "token_uri", "auth_provider_x509_cert_url"} <= set(client)


def test_an_access_token_lasts_an_hour(service: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, now = signed_in(service), time.time()
    monkeypatch.setattr("tutor.practice.drive.grants.time.time", lambda: now + 3700)
    assert about(service, tokens["access_token"]) == 401
    renewed = token(service, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert about(service, renewed.json()["access_token"]) == 200

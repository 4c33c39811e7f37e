"""The stand-in for Google, put together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tutor.practice.drive import files, permissions, signin
from tutor.practice.drive.grants import PROJECT, Grants, Person
from tutor.practice.drive.pages import Page
from tutor.practice.drive.sessions import Sessions
from tutor.practice.drive.store import Store
from tutor.practice.drive.uploads import Uploads
from tutor.practice.service import Lent, Route, Service

_ID = "([A-Za-z0-9_-]+)"


class Drive(Service):
    """Google Drive and Google's sign-in, on one port."""

    name = "google"

    def __init__(self, folder: Path) -> None:
        self.store: Store
        self.grants: Grants
        self.sessions: Sessions
        super().__init__(folder)

    @property
    def person(self) -> Person:
        """How the person answers when a client asks for rights; to be changed."""
        return self.grants.person

    def client_json(self, kind: str = "desktop") -> dict[str, Any]:
        """The file that Google's console gives for a client. Args: `kind`: `desktop` or `device`; both files look alike."""
        return {
            "installed": {
                "client_id": self.grants.clients[kind],
                "project_id": PROJECT,
                "auth_uri": f"{self.root}/o/oauth2/auth",
                "token_uri": f"{self.root}/token",
                "auth_provider_x509_cert_url": f"{self.root}/oauth2/v1/certs",
                "client_secret": self.grants.secret,
                "redirect_uris": ["http://localhost"],
            }
        }

    def set_quota(self, size: int) -> None:
        """How many bytes the Drive holds."""
        self.store.quota = size

    def enable_api(self, enabled: bool) -> None:
        """Whether Drive's API is switched on in the project."""
        self.grants.api_enabled = enabled

    def expire_uploads(self) -> None:
        """Let all resumable uploads have lapsed, as after a week."""
        self._server.call(self.sessions.forget)

    def expire_sign_ins(self) -> None:
        """Let all that was given out by sign-ins have expired, as after a week."""
        self._server.call(self.grants.forget)

    def lent(self) -> Lent:
        environment = {"TUTOR_DRIVE_TOKEN": self.token("application", "ya29.a0"), "TUTOR_DRIVE_API_URL": self.root}
        by_hand = {"service": "google", "root": self.root, "token": self.token("person", "ya29.a0")}
        return Lent(environment, by_hand)

    def routes(self, root: str) -> Sequence[Route]:
        del root  # known too early to be asked for: `Service.root` has it by the time of the first request
        lent, person = self.token("application", "ya29.a0"), self.token("person", "ya29.a0")
        with_faults = {"faults": self.faults}
        self.grants = Grants(self.kept, lent, person, self.token("secret", "GOCSPX-"))
        self.store = Store(self.kept, self.folder / "content")
        self.sessions = Sessions(self.kept, self.folder / "content")
        drive: list[tuple[str, Any]] = [
            ("about", files.About),
            ("files", files.Files),
            ("files/generateIds", files.GenerateIds),
            ("files/trash", files.Trash),
            (f"files/{_ID}", files.OneFile),
            (f"files/{_ID}/copy", files.Copy),
            (f"files/{_ID}/export", files.Export),
            (f"files/{_ID}/permissions", permissions.Permissions),
            (f"files/{_ID}/permissions/{_ID}", permissions.OnePermission),
        ]
        sign_in: list[tuple[str, Any]] = [
            ("o/oauth2/(?:v2/)?auth", signin.Authorize),
            ("token", signin.Token),
            ("device/code", signin.DeviceCode),
            ("device", signin.DevicePage),
            ("revoke", signin.Revoke),
            ("tokeninfo", signin.TokenInfo),
            ("oauth2/v3/userinfo", signin.UserInfo),
        ]
        return [
            *((f"/drive/v3/{path}", handler, with_faults) for path, handler in drive),
            *((f"/{path}", handler, with_faults) for path, handler in sign_in),
            (r"/(?:resumable/)?upload/drive/v3/files", Uploads, with_faults),
            (rf"/(?:resumable/)?upload/drive/v3/files/{_ID}", Uploads, with_faults),
            (rf"/(?:file/d|drive/folders)/{_ID}(?:/view)?", Page, {}),
        ]

"""Where Google's sign-in and Drive are: at Google, or all of it at the one address that is in force in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tutor.kit.loopback import is_loopback

VARIABLE = "TUTOR_DRIVE_API_URL"
SCOPE = "https://www.googleapis.com/auth/drive.file"
"""Only what this application makes itself."""
CONSOLE = "https://console.cloud.google.com"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Of one Google, the real one or another."""

    root: str
    """The address in force, without a slash at the end; empty for Google itself."""
    authorize: str
    token: str
    device: str
    revoke: str
    token_info: str
    about: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Addresses:
        """Those that the environment asks for."""
        root = environment.get(VARIABLE, "").rstrip("/")
        if root:
            paths = ("/o/oauth2/v2/auth", "/token", "/device/code", "/revoke", "/tokeninfo", "/drive/v3/about")
            return cls(root, *(f"{root}{path}" for path in paths))
        sign_in = "https://oauth2.googleapis.com"
        return cls(
            "",
            "https://accounts.google.com/o/oauth2/v2/auth",
            f"{sign_in}/token",
            f"{sign_in}/device/code",
            f"{sign_in}/revoke",
            f"{sign_in}/tokeninfo",
            "https://www.googleapis.com/drive/v3/about",
        )

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this computer, where no proxy leads."""
        return is_loopback(self.root)

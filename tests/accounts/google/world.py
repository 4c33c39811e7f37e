"""A practice Google for the account's tests, and the learner's browser."""

from __future__ import annotations

import json
import threading
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
import requests

from tests.kit.services.drive_world import watch
from tutor.accounts.google import Google
from tutor.accounts.google.guide import GoogleGuide
from tutor.accounts.model import Checked
from tutor.accounts.reaching import PATIENCE
from tutor.i18n import Words
from tutor.practice.drive.service import Drive


class World:
    """One Google, one learner."""

    def __init__(self, folder: Path) -> None:
        self.service = Drive(folder / "service")
        self.asked: list[str] = []
        watch(self.service, self.asked)
        self.folder = folder / "accounts"
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        for kind in ("desktop", "device"):
            self.client_file(kind).write_text(json.dumps(self.service.client_json(kind)))
            self.client_file(kind).chmod(0o600)

    @property
    def file(self) -> Path:
        return self.folder / "google.json"

    def client_file(self, kind: str = "desktop") -> Path:
        return self.downloads / f"client_secret_{kind}.json"

    def google(self, language: str = "en", environment: Mapping[str, str] | None = None) -> Google:
        address = {"TUTOR_DRIVE_API_URL": self.service.root}
        return Google(self.folder, Words(language), {**address, **(environment or {})})

    def signed_in(self, language: str = "en") -> Google:
        """The account, connected by a browser."""
        google = self.google(language)
        guide = self.at_sign_in(google)
        assert self.browse(guide).done
        return google

    def at_sign_in(self, google: Google, way: str = "browser") -> GoogleGuide:
        """A guide whose next step is the sign-in itself."""
        guide = google.guide()
        kind = "desktop" if way == "browser" else "device"
        for answer in (way, "file", str(self.client_file(kind))):
            checked = guide.answer(answer)
            assert checked.done, checked.said
        return guide

    def browse(self, guide: GoogleGuide, *before: str) -> Checked:
        """Open the page in a browser while the guide waits. Args: `before`: paths that the browser asks for first."""
        step = guide.step
        assert step is not None
        url = step.url
        back = unquote(url.partition("redirect_uri=")[2].partition("&")[0])

        def open_page() -> None:
            with requests.Session() as session:
                session.trust_env = False
                for path in before:
                    assert session.get(f"{back}{path}").status_code == 404
                session.get(url)

        browser = threading.Thread(target=open_page)
        browser.start()
        try:
            return guide.answer("")
        finally:
            browser.join()

    @property
    def secrets(self) -> list[str]:
        """All that must be seen nowhere."""
        kept = json.loads((self.service.folder / "state.json").read_text())
        tokens = [*kept["access"], *kept["refresh"], self.service.grants.secret]
        lent = self.service.lent()
        return [*tokens, lent.environment["TUTOR_DRIVE_TOKEN"], lent.by_hand["token"]]

    def close(self) -> None:
        self.service.close()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Nobody waits between tries, and devices ask fast."""
    made = World(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tutor.accounts.google.asking.PATIENCE", replace(PATIENCE, sleep=lambda _: None))
        patch.setattr("google.auth._exponential_backoff.time", types.SimpleNamespace(sleep=lambda _: None))
        patch.setattr("tutor.accounts.google.device.SLOWER_SECONDS", 0.01)
        patch.setattr("tutor.accounts.google.loopback._LOOK_SECONDS", 0.01)
        made.service.person.interval = 0.01
        yield made
        assert not any(secret in address for secret in made.secrets for address in made.asked)
    made.close()

"""What the handlers of Drive's API share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tutor.practice.drive import fields, resource
from tutor.practice.drive.grants import DRIVE, DRIVE_FILE, PROJECT, Grant, Grants
from tutor.practice.drive.store import Record, Store
from tutor.practice.drive.words import DriveRefusal, drive_error
from tutor.practice.faults import Faults
from tutor.practice.handler import Handler

if TYPE_CHECKING:
    from tutor.practice.drive.service import Drive


class DriveHandler(Handler):
    """Whoever asks needs a token with one of Drive's scopes."""

    def initialize(self, faults: Faults) -> None:
        super().initialize(faults)
        self.practice: Drive = self.settings["service"]
        self.store: Store = self.practice.store
        self.grants: Grants = self.practice.grants
        self.grant: Grant
        """What the request's token may do."""
        self._refused: DriveRefusal | None = None

    def authorize(self) -> None:
        grant = self.grants.of(self.bearer)
        if grant is None:
            raise DriveRefusal(401, "authError")
        if not {DRIVE, DRIVE_FILE} & set(grant.scopes):
            raise DriveRefusal(403, "insufficientPermissions")
        if not self.grants.api_enabled:
            raise DriveRefusal(403, "accessNotConfigured")
        self.grant = grant

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        self._refused = error if isinstance(error, DriveRefusal) else None
        super().write_error(status_code, **kwargs)

    def refusal(self, status: int, why: str) -> Any:
        refused = self._refused
        message, parameter = (refused.message, refused.parameter) if refused else ("", "")
        return drive_error(status, why, message, parameter, PROJECT)

    @property
    def json(self) -> Any:
        return self.parsed(self.request.body)

    @staticmethod
    def parsed(body: bytes) -> Any:
        """Raises: DriveRefusal: it is no JSON."""
        try:
            return json.loads(body) if body else {}
        except ValueError:
            raise DriveRefusal(400, "parseError", "Parse Error") from None

    async def answer_file(self, record: Record, wanted: str = "") -> None:
        """End with this file. Args: `wanted`: the fields, if they are not this request's."""
        tree = fields.read(wanted or self.get_query_argument("fields", "") or resource.DEFAULT["File"], "File")
        await self.answer(fields.select(resource.file(record, self.store, self.grant, self.practice.root), tree))

    def whole_number(self, name: str, otherwise: int, most: int) -> int:
        """A parameter from 1 to `most`.

        Raises:
            DriveRefusal: it is none.
        """
        text = self.get_argument(name, str(otherwise))
        if not text.isdigit() or not 1 <= int(text) <= most:
            message = f"Invalid value '{text}'. Values must be within the range: [1, {most}]"
            raise DriveRefusal(400, "invalidParameter", message, parameter=name)
        return int(text)

    def listed(self, name: str) -> list[str]:
        """A parameter with several values, separated by commas."""
        return [each.strip() for each in self.get_query_argument(name, "").split(",") if each.strip()]

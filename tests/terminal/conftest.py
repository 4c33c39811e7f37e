"""The same folder of lessons as for the commands."""

from __future__ import annotations

from tests.commands.conftest import lessons

__all__ = ["lessons"]

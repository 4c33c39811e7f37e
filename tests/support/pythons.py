"""Programs that answer as Pythons do."""

from __future__ import annotations

from pathlib import Path


def made(path: Path, script: str = "exit 1") -> Path:
    """A program that is a Python in name only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def answering(prefix: Path, *, version: str = "3.12.4", torch: str = "null", has: str = "") -> str:
    """A script that answers as a Python would."""
    return (
        "echo hello from my start-up file\n"
        f"""echo 'this python: {{"executable": "{prefix}/bin/python", "version": "{version}", "prefix": "{prefix}", """
        f""""is_environment": true, "torch": {torch}, "has": [{has}]}}'"""
    )

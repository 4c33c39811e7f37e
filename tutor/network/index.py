"""Where packages come from here: as pip is configured, else pip's own default."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module


def package_index(environment: Mapping[str, str]) -> str:
    """The address of the package index; empty if nobody can say. What pip knows is asked of pip itself, which may not be there."""
    named = environment.get("PIP_INDEX_URL") or environment.get("UV_DEFAULT_INDEX")
    return named or _of_pip()


def _of_pip() -> str:
    """Inside of pip nothing is promised to stay as it is: what is not found there is not known."""
    try:
        configuration = import_module("pip._internal.configuration").Configuration(isolated=False)
        configuration.load()
        try:
            return str(configuration.get_value("global.index-url"))
        except import_module("pip._internal.exceptions").ConfigurationError:
            return str(import_module("pip._internal.models.index").PyPI.simple_url)
    except (ImportError, AttributeError, OSError, ValueError):
        return ""

"""What goes wrong with a service, in words for the learner."""

from __future__ import annotations


class ServiceError(Exception):
    """A service did not do what was asked; the text says why, and what mends it."""


class NotSignedIn(ServiceError):
    """There is no token, or none that is accepted."""

"""What an exception of an official client says of the service's answer, whichever client it is."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any


@dataclass(frozen=True)
class Answer:
    """The service did answer, with a refusal."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names in small letters."""
    reason: str = ""
    """In the service's own words; never shown to the learner as it stands."""


def answer_of(error: BaseException) -> Answer | None:
    """The answer in PyGithub's, googleapiclient's, requests' or Kaggle's exception; None when there was no answer, or not that kind of trouble."""
    found: Any = error
    if isinstance(getattr(found, "status", None), int) and hasattr(found, "data"):  # PyGithub
        data = found.data
        reason = data.get("message") if isinstance(data, Mapping) else data
        return Answer(found.status, _small(found.headers), str(reason or ""))
    if hasattr(found, "resp") and hasattr(found, "content"):  # googleapiclient
        reason = " ".join([*google_reasons(found), str(found.reason or "")])
        return Answer(int(found.resp.status), _small(found.resp), reason)
    response = getattr(found, "response", None)
    if response is not None and hasattr(response, "status_code"):  # requests, and Kaggle's client with it
        return Answer(response.status_code, _small(response.headers), str(response.reason or ""))
    return None


def google_reasons(error: Any) -> list[str]:
    """Google's words for why, of both kinds that it has side by side: `rateLimitExceeded` of Drive, `RATE_LIMIT_EXCEEDED` of what stands before it.

    Its own client looks at one of them only.
    """
    try:
        said = json.loads(getattr(error, "content", b""))["error"]
        listed = [each for name in ("errors", "details") for each in said.get(name) or ()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return [str(each["reason"]) for each in listed if isinstance(each, Mapping) and each.get("reason")]


def seconds_asked(answer: Answer) -> float | None:
    """How long the service asks to wait: by `Retry-After`, in seconds or as a date, or by GitHub's own header; None when it does not say."""
    after = answer.headers.get("retry-after", "").strip()
    if after.isdigit():
        return float(after)
    if after:
        until = _moment(after)
        return None if until is None else max(0.0, until - _now(answer))
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(0.0, float(reset) - _now(answer))
    return None


def _now(answer: Answer) -> float:
    """By the service's own clock, since this computer's may be wrong."""
    return _moment(answer.headers.get("date", "")) or time.time()


def _moment(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None


def _small(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in dict(headers or {}).items()}

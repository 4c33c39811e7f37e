"""What each of Kaggle's methods answers here: functions of who asks and of the request's JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tutor.practice.handler import Refusal
from tutor.practice.kaggle.shelf import READY, Dataset
from tutor.practice.kaggle.tokens import USER_ID, Tokens
from tutor.practice.service import LEARNER

PAGE = 20
MOST_PAGE = 200
RENEWED_SECONDS = 12 * 3600
WEEK_HOURS = {"gpuQuota": (30, 4.5), "tpuQuota": (20, 0)}
"""Allowed and used."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One call."""

    body: Mapping[str, Any]
    caller: str | None
    tokens: Tokens
    shelf: Mapping[str, Dataset]

    def text(self, name: str) -> str:
        return str(self.body.get(name) or "")

    def number(self, name: str, default: int) -> int:
        """
        Raises:
            Refusal: it is none.
        """
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refusal(400)
        return value

    def signed(self) -> str:
        """Who asks.

        Raises:
            Refusal: nobody signs it.
        """
        if self.caller is None:
            raise Refusal(401)
        return self.caller

    def dataset(self) -> Dataset:
        """The one that is asked for.

        Raises:
            Refusal: of 403, as Kaggle refuses both what is another's and what does not exist; of 404 for another version.
        """
        found = self.shelf.get(f"{self.text('ownerSlug')}/{self.text('datasetSlug')}")
        if self.caller is None or found is None or (found.is_private and found.owner != self.caller):
            raise Refusal(403, "private")
        if self.number("datasetVersionNumber", 1) != 1:
            raise Refusal(404)
        return found


# -- signing in


def introspect(asked: Asked) -> dict[str, Any]:
    record = asked.tokens.record(asked.text("token"))
    if record is None:
        return {"active": False}
    answer = {"active": True, "username": LEARNER, "userId": USER_ID, "scope": record["scope"]}
    return answer | ({"exp": int(record["expires"])} if "expires" in record else {})


def exchange(asked: Asked) -> dict[str, Any]:
    if asked.text("grantType") != "authorization_code":
        raise Refusal(400)
    made = asked.tokens.exchange(asked.text("code"), asked.text("codeVerifier"))
    if made is None:
        raise Refusal(400)
    return made


def generate(asked: Asked) -> dict[str, Any]:
    seconds = _seconds(asked.text("expirationDuration"))
    # Without one, Kaggle would make a token for whoever asks; nothing here needs that.
    token = asked.tokens.renew(asked.text("refreshToken"), seconds)
    if token is None:
        raise Refusal(401)
    return {"token": token, "expiresIn": seconds, "userName": LEARNER, "userId": USER_ID}


def expire(asked: Asked) -> dict[str, Any]:
    asked.signed()
    if not asked.tokens.end(asked.text("token")):
        raise Refusal(404)
    return {}


def _seconds(duration: str) -> int:
    try:
        return int(float(duration.removesuffix("s"))) if duration else RENEWED_SECONDS
    except ValueError:
        raise Refusal(400) from None


# -- datasets


def list_datasets(asked: Asked) -> dict[str, Any]:
    asked.signed()
    found = [each.card() for each in _chosen(asked)]
    if asked.text("sortBy").endswith("VOTES"):
        found.sort(key=lambda card: -int(card["voteCount"]))
    first, size = _page(asked)
    page = found[first : first + size]
    return {"datasets": page, "nextPageToken": _token(first + size) if first + size < len(found) else ""}


def _chosen(asked: Asked) -> Iterator[Dataset]:
    group, wanted = asked.text("group"), asked.text("search").casefold()
    least, most = asked.number("minSize", 0), asked.number("maxSize", 0)
    for each in asked.shelf.values():
        if group.endswith("GROUP_MY"):
            is_meant = each.owner == asked.caller
        elif group.endswith("GROUP_USER"):
            is_meant = each.owner == asked.text("user") and (not each.is_private or each.owner == asked.caller)
        else:
            is_meant = not each.is_private
        size = sum(each.sizes.values()) if least or most else 0
        if (
            is_meant
            and wanted in f"{each.ref} {each.title} {each.subtitle}".casefold()
            and least <= size <= (most or size)
        ):
            yield each


def list_files(asked: Asked) -> dict[str, Any]:
    dataset = asked.dataset()
    names = sorted(dataset.sizes)
    first, size = _page(asked)
    answer: dict[str, Any] = {"datasetFiles": [dataset.entry(name) for name in names[first : first + size]]}
    return answer | ({"nextPageToken": _token(first + size)} if first + size < len(names) else {})


def _page(asked: Asked) -> tuple[int, int]:
    """The first one and how many."""
    size = max(1, min(asked.number("pageSize", PAGE), MOST_PAGE))
    if token := asked.text("pageToken"):
        if not token.startswith("from-") or not token.removeprefix("from-").isdigit():
            raise Refusal(400)
        return int(token.removeprefix("from-")), size
    return (max(1, asked.number("page", 1)) - 1) * size, size


def _token(first: int) -> str:
    return f"from-{first}"


# -- accelerators


def quota(asked: Asked) -> dict[str, Any]:
    asked.signed()
    now = datetime.now(UTC)
    saturday = now.date() + timedelta(days=(5 - now.weekday()) % 7 or 7)
    answer: dict[str, Any] = {"quotaRefreshTime": f"{saturday}T00:00:00Z"}
    for name, (allowed, used) in WEEK_HOURS.items():
        answer[name] = {
            "timeUsed": f"{int(used * 3600)}s",
            "timeReserved": "0s",
            "totalTimeAllowed": f"{allowed * 3600}s",
            "hasEverRun": used > 0,
        }
    return answer


_DATASETS, _OAUTH, _ACCOUNT = "datasets.DatasetApiService", "security.OAuthService", "users.AccountService"
INTROSPECT = f"{_OAUTH}/IntrospectToken"
DOWNLOADS = (f"{_DATASETS}/DownloadDataset", f"{_DATASETS}/DownloadDatasetRaw")
"""They answer with another address, and no JSON."""

CALLS: Mapping[str, Callable[[Asked], dict[str, Any]]] = {
    INTROSPECT: introspect,
    f"{_OAUTH}/ExchangeOAuthToken": exchange,
    f"{_ACCOUNT}/GenerateAccessToken": generate,
    f"{_ACCOUNT}/ExpireApiToken": expire,
    f"{_DATASETS}/ListDatasets": list_datasets,
    f"{_DATASETS}/GetDataset": lambda asked: asked.dataset().card(),
    f"{_DATASETS}/GetDatasetMetadata": lambda asked: {"info": asked.dataset().settings()},
    f"{_DATASETS}/GetDatasetStatus": lambda asked: {"status": READY if asked.dataset() else ""},
    f"{_DATASETS}/ListDatasetFiles": list_files,
    "kernels.KernelsApiService/GetAcceleratorQuotaStatistics": quota,
}

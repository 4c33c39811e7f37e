"""The hosts that learners need, and where a company or a test has moved them to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from tutor.network.index import package_index


@dataclass(frozen=True, slots=True)
class Target:
    """One address that is asked for."""

    service: str
    """`google`, `colab`, `github`, `kaggle`, `index` (packages), `pytorch` (its builds) or `data` (data sets)."""
    url: str
    own: tuple[str, ...] = ()
    """Sites to which it may redirect by itself; its own is one of them."""

    @property
    def host(self) -> str:
        """Without user name and port."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """As the address says, else that of its scheme."""
        parts = urlsplit(self.url)
        return parts.port or (80 if parts.scheme == "http" else 443)

    def is_own(self, host: str) -> bool:
        """Whether an answer that leads to that host is the service's own."""
        return any(site_of(host) == site_of(own) for own in (self.host, *self.own))


def site_of(host: str) -> str:
    """The last two parts of a name, which mostly belong to one owner; an address is its own site."""
    host = host.rstrip(".").lower()
    if ":" in host or host.replace(".", "").isdigit():
        return host
    return ".".join(host.split(".")[-2:])


def targets(environment: Mapping[str, str]) -> list[Target]:
    """All of them, as the variables of the environment place them."""
    drive = environment.get("TUTOR_DRIVE_API_URL") or "https://www.googleapis.com"
    github = environment.get("GITHUB_API_URL") or "https://api.github.com"
    kaggle = environment.get("TUTOR_KAGGLE_API_URL") or "https://api.kaggle.com"
    index = package_index(environment)
    return [
        Target("google", _plain(drive), ("google.com",)),
        Target("colab", "https://colab.research.google.com/"),
        Target("github", _plain(github), ("github.com",)),
        Target("kaggle", _plain(kaggle), ("kaggle.com",)),
        *([Target("index", _plain(index))] if index else []),
        Target("pytorch", "https://download.pytorch.org/whl/"),
        # Where torchvision fetches FashionMNIST and CIFAR-10 from; `tests/network` holds them against torchvision's own words.
        Target("data", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
        Target("data", "https://www.cs.toronto.edu/~kriz/", ("toronto.edu",)),
    ]


def _plain(url: str) -> str:
    """Without a user name and password, which an index may have."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if parts.scheme else f"https://{url}"

"""Gists, made once.

from tutor.kit.services import github
from tutor.kit.services.gists import save_gist

gist = save_gist(github(), {"run.ipynb": text}, "My first run")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from github import InputFileContent

from tutor.kit.services.errors import ServiceError
from tutor.kit.services.github_words import Trouble, in_words
from tutor.kit.services.trying import Patience, keep_trying, write_once
from tutor.kit.services.unreached import Unreached
from tutor.kit.words import speak

if TYPE_CHECKING:
    from github import Github
    from github.Gist import Gist

_LOOKED_THROUGH = 100
"""Of one's own gists, the newest: a twin of the one that is to be made is among them."""


@dataclass(frozen=True)
class SavedGist:
    """What became of it."""

    id: str
    url: str
    state: str
    """`created`, or `same`: there was one with this description and these files, and nothing was written."""


def save_gist(
    client: Github,
    files: Mapping[str, str],
    description: str,
    *,
    public: bool = False,
    patience: Patience | None = None,
) -> SavedGist:
    """Make a gist. One that is not public is in no list, and open to everybody who has its address.

    GitHub makes another one each time it is asked, so one's own are looked through first, and again after an answer was lost.

    Args: `files`: name and text.

    Raises:
        ServiceError: it cannot be made; the text says why.
    """
    if not files or not all(files.values()):
        raise ServiceError(speak(_EMPTY))
    me = client.get_user()

    def find() -> SavedGist | None:
        for gist in islice(me.get_gists(), _LOOKED_THROUGH):
            if gist.description == description and gist.public == public and _has(client, gist, files):
                return SavedGist(gist.id, gist.html_url, "same")
        return None

    def write() -> SavedGist:
        contents = {name: InputFileContent(text) for name, text in files.items()}
        made = me.create_gist(public, contents, description)
        if not isinstance(made.id, str):
            raise ServiceError(str(Trouble(Unreached.PAGE)))
        return SavedGist(made.id, made.html_url, "created")

    def found_after() -> SavedGist | None:
        found = find()
        return found and SavedGist(found.id, found.url, "created")

    with in_words():
        return keep_trying(find, patience=patience) or write_once(write, found_after, patience=patience)


def _has(client: Github, gist: Gist, files: Mapping[str, str]) -> bool:
    """Whether these are its files. A list tells names and sizes only, so contents are fetched for what agrees in both."""
    sizes = {name: len(text.encode()) for name, text in files.items()}
    if {name: file.size for name, file in gist.files.items()} != sizes:
        return False
    # Of a large file GitHub shows the beginning; its size agrees already.
    whole = client.get_gist(gist.id)
    return all(text.startswith(whole.files[name].content) for name, text in files.items())


_EMPTY = {
    "en": "A gist needs at least one file, and GitHub takes none that is empty.",
    "zh": "gist 至少要有一个文件，而且 GitHub 不接受空文件。",
}

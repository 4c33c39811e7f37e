"""Files saved to a repository on GitHub, so that nothing is lost and nothing is there twice.

from tutor.kit.services import github
from tutor.kit.services.repositories import save

repo = github().get_repo("OWNER/NAME")
saved = save(repo, "notes/run.ipynb", Path("run.ipynb"), "Add my run")
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from github import GithubException

from tutor.kit.services.errors import ServiceError
from tutor.kit.services.github_words import Reason, Trouble, in_words
from tutor.kit.services.notebooks import Place, clean_notebook, find_secrets
from tutor.kit.services.trying import Patience, keep_trying, write_once
from tutor.kit.services.unreached import UNEXPECTED, Unreached
from tutor.kit.words import speak

if TYPE_CHECKING:
    from github.Repository import Repository

__all__ = ["Conflict", "Place", "Saved", "clean_notebook", "find_secrets", "git_sha", "link_in_colab", "save"]

MOST_BYTES = 100 * 1024 * 1024
"""GitHub takes no larger file."""
BROWSER_BYTES = 25 * 1024 * 1024
"""And none larger than this from a browser."""
_TIMES = 5
"""How often the branch may move on under our hands before we say so."""


@dataclass(frozen=True)
class Saved:
    """What became of a save."""

    path: str
    """Where it is in the repository."""
    sha: str
    """Of the content: what `base` takes next time."""
    commit: str
    """The commit that brought it."""
    url: str
    """Of the page that shows it."""
    state: str
    """`created`, `updated`, or `same`: it was there already, and nothing was written."""


class Conflict(ServiceError):
    """The file was changed by somebody else meanwhile; neither version was touched."""

    def __init__(self, path: str, *, mine: str, theirs: str, base: str) -> None:
        super().__init__(speak(_CONFLICT if theirs else _GONE, path=path, mine=mine[:6], theirs=theirs[:6]))
        self.path = path
        self.mine = mine
        """What the content would have been called."""
        self.theirs = theirs
        """What stands there now; empty when the file was taken away."""
        self.base = base


def git_sha(data: bytes) -> str:
    """What git calls this content: the same bytes have the same name everywhere."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def save(
    repo: Repository,
    path: str,
    content: bytes | str | Path,
    message: str,
    *,
    branch: str | None = None,
    base: str | None = None,
    keep_both: bool = False,
    patience: Patience | None = None,
) -> Saved:
    """Make or change one file, as one commit. The same content again writes nothing, and so does a save that is repeated because its answer was lost.

    Args:
        path: in the repository, without a slash at its beginning.
        content: text, bytes, or a file of this computer.
        branch: the repository's default one if it is not named.
        base: the `sha` that one's own version was made from; with it, a change that somebody else made meanwhile is noticed.
        keep_both: in a conflict write one's own version beside the other.

    Raises:
        Conflict: the file is no longer `base`.
        ServiceError: it cannot be saved; the text says why.
    """
    if isinstance(content, Path):
        _fits(path, content.stat().st_size)
        content = content.read_bytes()
    data = content.encode() if isinstance(content, str) else content
    _fits(path, len(data))
    if len(data) > BROWSER_BYTES:
        print(speak(_LARGE, path=path, size=len(data) / 1024 / 1024))
    try:
        saved = _Save(repo, path, data, message, branch, patience).run(base)
    except Conflict as conflict:
        if not keep_both:
            raise
        own = _beside(path, conflict.mine) if conflict.theirs else path
        saved = _Save(repo, own, data, message, branch, patience).run(None)
        print(speak(_KEPT_BOTH, path=path, own=own))
    return saved


def link_in_colab(repo: Repository, path: str, branch: str | None = None) -> str:
    """The address that opens a notebook of that repository in Colab, without signing in anywhere if the repository is public."""
    name = f"{repo.full_name}/blob/{branch or repo.default_branch}/{path}"
    return f"https://colab.research.google.com/github/{quote(name)}"


class _Save:
    """One file on its way."""

    def __init__(
        self, repo: Repository, path: str, data: bytes, message: str, branch: str | None, patience: Patience | None
    ) -> None:
        self._repo, self._path, self._data, self._message = repo, path, data, message
        self._patience = patience
        self._branch: dict[str, Any] = {"branch": branch} if branch else {}
        self._ref: dict[str, Any] = {"ref": branch} if branch else {}
        self._mine = git_sha(data)

    def run(self, base: str | None) -> Saved:
        """Look, compare, write; after a conflict look again."""
        there = self._look()
        base = there if base is None else base
        for _ in range(_TIMES):
            if there == self._mine:
                return self._found("same")
            if there != base:
                raise Conflict(self._path, mine=self._mine, theirs=there, base=base)
            state = "updated" if there else "created"
            try:
                return self._written(there, state)
            except GithubException as error:
                # 409: the file or its branch is not where it was; 422: a file is there now that was not.
                again = self._look() if error.status in (409, 422) else there
                if error.status != 409 and again == there:
                    with in_words():
                        raise
                there = again
        raise ServiceError(str(Trouble(Reason.CONFLICT)))

    def _look(self) -> str:
        """The sha of what stands there; empty when nothing does."""

        def look() -> str:
            try:
                found = self._repo.get_contents(self._path, **self._ref)
            except GithubException as error:
                if (
                    error.status == 404
                ):  # no such file, or an empty repository; a branch that is missing is told by the write
                    return ""
                raise
            if isinstance(found, list):
                raise ServiceError(speak(_FOLDER, path=self._path))
            if not isinstance(found.sha, str):
                raise ServiceError(str(Trouble(Unreached.PAGE)))
            return found.sha

        with in_words():
            return keep_trying(look, patience=self._patience)

    def _written(self, there: str, state: str) -> Saved:
        def write() -> Saved:
            if there:
                made = self._repo.update_file(self._path, self._message, self._data, there, **self._branch)
            else:
                made = self._repo.create_file(self._path, self._message, self._data, **self._branch)
            content: Any = made["content"]
            return Saved(self._path, content.sha, made["commit"].sha, content.html_url, state)

        def find() -> Saved | None:
            return self._found(state) if self._look() == self._mine else None

        try:
            return write_once(write, find, patience=self._patience)
        except GithubException as error:
            if error.status in (409, 422):
                raise  # `run` knows what to do
            with in_words():
                raise
        except (OSError, *UNEXPECTED):
            with in_words():
                raise

    def _found(self, state: str) -> Saved:
        """It is there; which commit brought it, and where it is shown."""

        def find() -> Saved:
            file: Any = self._repo.get_contents(self._path, **self._ref)
            sha = {"sha": self._branch["branch"]} if self._branch else {}
            commit = self._repo.get_commits(path=self._path, **sha)[0].sha
            return Saved(self._path, file.sha, commit, file.html_url, state)

        with in_words():
            return keep_trying(find, patience=self._patience)


def _fits(path: str, size: int) -> None:
    """Refuse before anything is sent what GitHub would refuse after."""
    if path.startswith("/") or not path or any(part in ("", ".", "..") for part in path.split("/")):
        raise ServiceError(speak(_PATH, path=path))
    if size > MOST_BYTES:
        raise ServiceError(speak(_TOO_LARGE, path=path, size=size / 1024 / 1024))


def _beside(path: str, mine: str) -> str:
    """Named by its content, so that the same version is never there twice."""
    name = PurePosixPath(path)
    return str(name.with_name(f"{name.stem} (mine, {mine[:6]}){name.suffix}"))


_CONFLICT = {
    "en": "{path} was changed by somebody else since you read it: there it is {theirs} now, yours is {mine}. Nothing was written. Read theirs and join the two, or save again with keep_both=True: then yours is put beside theirs.",
    "zh": "你读取 {path} 之后，它被别人改过：那边现在是 {theirs}，你的是 {mine}。什么都没有写入。请先读取对方的版本再合并，或者加上 keep_both=True 再保存：那样你的版本会放在旁边。",
}
_GONE = {
    "en": "{path} was taken away or renamed by somebody else since you read it; yours is {mine}. Nothing was written. With keep_both=True it is put there again.",
    "zh": "你读取 {path} 之后，它被别人删除或改名了；你的版本是 {mine}。什么都没有写入。加上 keep_both=True 会把它重新放回去。",
}
_KEPT_BOTH = {
    "en": "{path} was changed meanwhile and stays as it is; your version is in {own}.",
    "zh": "{path} 在此期间被别人改过，没有动它；你的版本在 {own}。",
}
_FOLDER = {
    "en": "{path} is a folder of the repository. Name the file in it, as in {path}/notes.ipynb.",
    "zh": "{path} 是仓库里的文件夹。请写出其中的文件名，例如 {path}/notes.ipynb。",
}
_PATH = {
    "en": "“{path}” is no path in a repository: it begins with no slash, as in notes/run.ipynb, and has no empty part, “.” or “..” in it.",
    "zh": "「{path}」不是仓库里的路径：开头没有斜杠，例如 notes/run.ipynb，中间也不能有空的一段、「.」或「..」。",
}
_TOO_LARGE = {
    "en": "{path} has {size:.0f} MiB; GitHub takes no file over 100 MiB, so nothing was sent. Large data belong on Drive, in a Kaggle dataset or in a release.",
    "zh": "{path} 有 {size:.0f} MiB；GitHub 不接受超过 100 MiB 的文件，所以什么都没有发送。体积大的数据适合放在 Google 云端硬盘、Kaggle 数据集或 GitHub 的 Releases 里。",
}
_LARGE = {
    "en": "{path} has {size:.0f} MiB. This way it can be saved; in the browser GitHub takes 25 MiB at most.",
    "zh": "{path} 有 {size:.0f} MiB。这样可以保存；在浏览器里 GitHub 最多接受 25 MiB。",
}

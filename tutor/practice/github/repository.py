"""One bare repository on disk. Names and paths are text here, ids are 40 hexadecimal digits; git itself is dulwich's."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from dulwich.errors import NotTreeError
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, SubmoduleEncountered, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

HEADS = "refs/heads/"
FILE = 0o100644
SHORTEST_ID = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at one path of one commit."""

    path: str
    id: str
    kind: str
    """`file`, `dir`, `symlink` or `submodule`, as the API calls them."""
    mode: int
    """As git keeps it."""
    size: int = 0
    """Of a file, in bytes."""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Person:
    """Who made a commit."""

    name: str
    email: str

    @property
    def line(self) -> bytes:
        """As git writes it."""
        return f"{self.name} <{self.email}>".encode()


class InTheWay(ValueError):
    """Where a folder would have to be there is a file, or the other way round."""


class Repository:
    """A context manager: the files that it opens are closed at its end."""

    def __init__(self, folder: Path) -> None:
        self._repo = Repo(str(folder), bare=True)
        self._store = self._repo.object_store

    @classmethod
    def create(cls, folder: Path, branch: str) -> None:
        """An empty one. Args: `branch`: the default one, which is there from the first commit on."""
        folder.mkdir(parents=True)
        Repo.init_bare(str(folder), default_branch=branch.encode()).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._repo.close()

    @property
    def git(self) -> Repo:
        """Dulwich's own, for git's protocol."""
        return self._repo

    # Names and what they mean.

    def refs(self, beginning: str = "refs/") -> dict[str, str]:
        """Every ref whose name begins so, and the id it stands for, in order."""
        found = {name.decode(): each.decode() for name, each in self._repo.get_refs().items()}
        return {name: found[name] for name in sorted(found) if name.startswith(beginning)}

    def set_ref(self, name: str, new: str | None, old: str | None) -> bool:
        """Move, make or remove a ref, if it is still where it was. Args: `new`: None removes it; `old`: None if it is not there yet."""
        ref = Ref(name.encode())
        before = ObjectID(old.encode()) if old else None
        if new is None:
            return self._repo.refs.remove_if_equals(ref, before)
        if before is None:
            return self._repo.refs.add_if_new(ref, ObjectID(new.encode()))
        return self._repo.refs.set_if_equals(ref, before, ObjectID(new.encode()))

    def set_head(self, branch: str) -> None:
        """What a clone checks out."""
        self._repo.refs.set_symbolic_ref(Ref(b"HEAD"), Ref(f"{HEADS}{branch}".encode()))

    def commit(self, ref: str) -> Commit | None:
        """The commit of a branch, a tag, a whole ref name or an id, of which a few digits will do."""
        refs = self.refs()
        for name in (f"{HEADS}{ref}", f"refs/tags/{ref}", ref, f"refs/{ref}"):
            if name in refs:
                return self._commit(refs[name])
        if set(ref) <= set("0123456789abcdef") and SHORTEST_ID <= len(ref) <= 40:
            found = [ref.encode()] if len(ref) == 40 else list(self._store.iter_prefix(ref.encode()))
            if len(found) == 1:
                return self._commit(found[0].decode())
        return None

    def _commit(self, name: str) -> Commit | None:
        found = self.object(name)
        while found is not None and found.type_name == b"tag":
            found = self.object(found.object[1].decode())  # type: ignore[attr-defined]
        return found if isinstance(found, Commit) else None

    def object(self, name: str) -> ShaFile | None:
        """What has this id."""
        with suppress(KeyError, ValueError):
            return self._store[ObjectID(name.encode())]
        return None

    # What stands where.

    def entry(self, commit: Commit, path: str) -> Entry | None:
        """What stands at this path; the top folder at the empty one."""
        try:
            mode, found = self._tree(commit.tree).lookup_path(self._store.__getitem__, path.encode())
        except (KeyError, ValueError, NotTreeError, SubmoduleEncountered):
            return None
        return self._entry(path, mode, found)

    def entries(self, folder: Entry, *, deep: bool = False) -> Iterator[Entry]:
        """What is in a folder, in git's order. Args: `deep`: with what is in the folders in it."""
        for item in self._tree(ObjectID(folder.id.encode())).iteritems(name_order=True):
            path = item.path.decode("utf-8", "replace")
            entry = self._entry(f"{folder.path}/{path}" if folder.path else path, item.mode, item.sha)
            yield entry
            if deep and entry.kind == "dir":
                yield from self.entries(entry, deep=True)

    def data(self, blob: str) -> bytes:
        """A file's bytes."""
        return self._store[ObjectID(blob.encode())].as_raw_string()

    def _entry(self, path: str, mode: int, found: ObjectID) -> Entry:
        if stat.S_ISDIR(mode):
            return Entry(path, found.decode(), "dir", mode)
        if stat.S_IFMT(mode) == 0o160000:
            return Entry(path, found.decode(), "submodule", mode)
        kind = "symlink" if stat.S_ISLNK(mode) else "file"
        return Entry(path, found.decode(), kind, mode, self._store[found].raw_length())

    def _tree(self, name: ObjectID) -> Tree:
        tree = self._store[name]
        assert isinstance(tree, Tree)
        return tree

    # History.

    def history(
        self, commit: Commit, path: str = "", since: float | None = None, until: float | None = None
    ) -> Iterator[Commit]:
        """The commits from this one back. Args: `path`: those only that changed something there."""
        walker = self._repo.get_walker(
            [commit.id],
            paths=[path.encode()] if path else None,
            since=None if since is None else int(since),
            until=None if until is None else int(until),
        )
        return (each.commit for each in walker)

    def contains(self, commit: str, ancestor: str) -> bool:
        """Whether the one leads on from the other: a branch can be moved there and nothing is lost."""
        return any(each.id.decode() == ancestor for each in self.history(self._known(commit)))

    def _known(self, name: str) -> Commit:
        found = self._commit(name)
        assert found is not None
        return found

    # Changes.

    def add_blob(self, data: bytes) -> str:
        """Keep the bytes of a file; no commit has it yet."""
        blob = Blob.from_string(data)
        self._store.add_object(blob)
        return blob.id.decode()

    def change(
        self,
        branch: str,
        files: dict[str, bytes | None],
        message: str,
        author: Person,
        committer: Person | None = None,
    ) -> Commit:
        """One more commit on the branch, which begins with it if there is none.

        Args: `files`: by path their bytes; None where one is taken away.

        Raises:
            InTheWay: a path leads through a file, or to a folder.
        """
        name = f"{HEADS}{branch}"
        head = self.refs().get(name)
        before = self._known(head) if head else None
        tree = before.tree if before else None
        for path, data in files.items():
            blob = None if data is None else self.add_blob(data)
            tree = self._with(tree, path.split("/"), blob)
        commit = Commit()
        commit.tree = tree or self._kept(Tree())
        commit.parents = [before.id] if before else []
        commit.author = author.line
        commit.committer = (committer or author).line
        # Never before the commit that it follows: two in one second keep their order.
        now = max(int(time.time()), before.commit_time if before else 0)
        commit.author_time = commit.commit_time = now
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = message.encode()
        self._store.add_object(commit)
        assert self.set_ref(name, commit.id.decode(), head)
        return commit

    def _with(self, tree: ObjectID | None, parts: Sequence[str], blob: str | None) -> ObjectID | None:
        """The tree with that file in it, or without; None when nothing is left in it: git knows no empty folders."""
        copy = Tree() if tree is None else self._tree(tree).copy()
        assert isinstance(copy, Tree)
        name = parts[0].encode()
        mode, old = 0, None
        if name in copy:
            mode, old = copy[name]
        if len(parts) > 1:
            if old is not None and not stat.S_ISDIR(mode):
                raise InTheWay(parts[0])
            inside = self._with(old, parts[1:], blob)
            new, new_mode = inside, stat.S_IFDIR
        else:
            if stat.S_ISDIR(mode):
                raise InTheWay(parts[0])
            new = None if blob is None else ObjectID(blob.encode())
            # A file that can be run, and a link, stay what they are.
            new_mode = mode or FILE
        if new is None:
            if old is not None:
                del copy[name]
        else:
            copy.add(name, new_mode, new)
        return self._kept(copy) if len(copy) else None

    def _kept(self, tree: Tree) -> ObjectID:
        self._store.add_object(tree)
        return tree.id

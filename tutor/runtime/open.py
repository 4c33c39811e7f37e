"""Opens a runtime by the name it has in `--runtime`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import UsageError
from tutor.runtime.base import Runtime
from tutor.settings import LOCAL

if TYPE_CHECKING:
    from tutor.i18n import Words
    from tutor.runtime.server.known import KnownServer

_LATER = ("colab", "kaggle")
"""What later versions know."""
TOKEN = "JUPYTER_TOKEN"  # noqa: S105 - a variable's name


@dataclass(frozen=True, slots=True)
class Opening:
    """What runtimes of one tutor share."""

    bundles: Path
    """The cache for the zip of harness and kit."""
    outputs: Path
    """For long outputs."""
    log: Path
    """Takes what local kernels print to their own stdout and stderr."""
    working_folder: Path
    servers: Path
    """The file of the servers that the learner has added."""
    living: Path
    """The folder in which it is written down what runs."""
    words: Words
    lasts: bool = True
    """Kernels on servers outlive the tutor, and those that earlier ones left are taken up."""


def open_runtime(name: str, opening: Opening, find: Callable[[str], KnownServer | None] | None = None) -> Runtime:
    """A runtime of that name, not started. Kernel libraries are loaded here, and not before.

    Args: `find`: a server by address or name; else those that were added are looked at.

    Raises:
        UsageError: no runtime has that name.
    """
    kind, separator, python = name.partition(":")
    if kind == LOCAL and bool(separator) == bool(python):
        from tutor.runtime.living import Register  # noqa: PLC0415
        from tutor.runtime.local import LocalRuntime  # noqa: PLC0415 - zmq takes 15 ms, and only a kernel needs it

        return LocalRuntime(
            python or None,
            bundles=opening.bundles,
            output_folder=opening.outputs,
            log_path=opening.log,
            working_folder=opening.working_folder,
            register=Register(opening.living),
        )
    if kind in _LATER:
        raise UsageError(
            f"The runtime {kind} is not available yet.",
            "Use local, local:PYTHON, or the address of a Jupyter server.",
        )
    server = find(name) if find else find_server(name, opening.servers)
    if server is None:
        raise UsageError(
            f"There is no runtime {_shown(name)!r}.",
            "Use local, local:PYTHON with the path of a Python, or the address of a Jupyter server.",
        )
    from tutor.runtime.living import Register  # noqa: PLC0415
    from tutor.runtime.server.runtime import ServerRuntime  # noqa: PLC0415 - httpx takes 60 ms

    return ServerRuntime(
        server,
        opening.words,
        Register(opening.living),
        bundles=opening.bundles,
        output_folder=opening.outputs,
        lasts=opening.lasts,
    )


def find_server(name: str, servers: Path) -> KnownServer | None:
    """A server by its address, or by the name under which it was added: with the token of the address, else of `JUPYTER_TOKEN`, else the kept one."""
    from tutor.runtime.server.address import parse  # noqa: PLC0415
    from tutor.runtime.server.known import KnownServer, KnownServers  # noqa: PLC0415

    known = KnownServers(servers).find(name)
    address = None if known is not None and name == known.name else parse(name)
    if address is None:
        return known
    # The variable is of one server and names none: it must not go to those that have a token of their own.
    token = address.token or (known.token if known else "") or os.environ.get(TOKEN, "")
    if known is not None:
        return replace(known, address=address if address.params else known.address, token=token)
    return KnownServer(address.host, address, token)


def _shown(name: str) -> str:
    """A mistyped address must not show its token."""
    return name.partition("?")[0]

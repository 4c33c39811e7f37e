"""A server behind `ssh -L`, where this machine has an sshd."""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.kernels import printed, run
from tests.runtime.server.conftest import Opener
from tests.support.jupyter import JupyterServer, free_port
from tests.support.waiting import wait_for, wait_for_async
from tutor.errors import ServerError

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
pytestmark = [pytest.mark.kernel, pytest.mark.skipif(SSHD is None, reason="no sshd on this machine")]


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[list[str]]:
    """An sshd of the test's own; the ssh command that reaches it."""
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    (folder / "authorized").write_bytes((folder / "user.pub").read_bytes())
    port = free_port()
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        f"PidFile {folder}/pid\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(parents=True, exist_ok=True)
    assert SSHD is not None
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=log)
    try:
        wait_for(lambda: listens(port))
        yield [
            *("ssh", "-N", "-p", str(port), "-i", str(folder / "user"), "-F", "/dev/null"),
            *("-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={folder}/known", "-o", "BatchMode=yes"),
            *("-o", "ExitOnForwardFailure=yes", f"{getpass.getuser()}@127.0.0.1"),
        ]
    finally:
        process.terminate()
        process.wait(10)


async def test_a_step_through_a_tunnel(server: JupyterServer, opened: Opener, sshd: list[str]) -> None:
    port = free_port()
    runtime = opened(server.url.replace(str(server.port), str(port)))
    with pytest.raises(ServerError) as caught:
        await runtime.start()
    assert f"ssh -N -L {port}:" in caught.value.hint
    command = [sshd[0], "-L", f"{port}:127.0.0.1:{server.port}", *sshd[1:]]
    tunnel = await asyncio.create_subprocess_exec(*command)
    try:
        await wait_for_async(lambda: listens(port) or tunnel.returncode is not None)
        assert tunnel.returncode is None
        await runtime.start()
        execution, _ = await run(runtime, "print(6 * 7)")
        assert printed(execution.output) == "42\n"
    finally:
        tunnel.terminate()
        await tunnel.wait()

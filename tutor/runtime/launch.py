"""Starts an IPython kernel as `python -m ipykernel_launcher` does, with one mend: nothing that it publishes is ever dropped.

A script of its own, run by the kernel's Python (3.10 and later): standard library and ipykernel only. ZeroMQ drops what a publisher sends while
1,000 messages wait; on a busy machine a loop of flushed prints gets there although our reader always reads. The limit must be lifted before
the socket is bound.
"""

from __future__ import annotations

import sys

# Our own folder must not be searched for modules; IPython adds the working folder later.
del sys.path[0]

from ipykernel.kernelapp import IPKernelApp  # noqa: E402


class KernelApp(IPKernelApp):
    """The kernel without a limit on what waits to be sent."""

    def _bind_socket(self, s, port):  # type: ignore[no-untyped-def]
        s.sndhwm = 0
        return super()._bind_socket(s, port)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    KernelApp.launch_instance()

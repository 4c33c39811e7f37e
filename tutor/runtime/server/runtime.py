"""The `Runtime` over a kernel on a Jupyter server: comes back to the one that an earlier tutor left, with what was missed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tutor.errors import ServerError
from tutor.i18n import Words
from tutor.runtime.base import Request, Resumed, RuntimeInfo
from tutor.runtime.bundle import make_bundle
from tutor.runtime.execution import KernelExecution
from tutor.runtime.kernel_runtime import Kernel, KernelRuntime
from tutor.runtime.living import Entry, Pending, Register
from tutor.runtime.local import info_of
from tutor.runtime.server.kernel import ServerKernel
from tutor.runtime.server.known import KnownServer
from tutor.runtime.server.rest import Api, KernelModel
from tutor.text.scrub import Scrubber

log = logging.getLogger(__name__)

REMOTE_FOLDER = "~/tutor-work"
"""Lessons' working folders on a server, where its owner sees them."""
LEAVE_SECONDS = 5.0
"""For a kernel that is not to be left behind to be gone."""


class ServerRuntime(KernelRuntime):
    """A kernel on a server. With `lasts` it outlives the tutor and is found again; else it is ended with it."""

    def __init__(
        self, server: KnownServer, words: Words, register: Register, *, bundles: Path, output_folder: Path, lasts: bool
    ) -> None:
        """Makes it without starting anything."""
        super().__init__(server.runtime, output_folder=output_folder)
        self._access = access = server.access
        self._label = server.name
        self._info = RuntimeInfo(self._name, label=self._label)
        self._words = words
        self._register = register
        self._bundles = bundles
        self._lasts = lasts
        self._api = Api(access, words)
        self._entry: Entry | None = None
        self._wants_fresh = False
        """The kernel that is there must give way to a new process."""
        self._pid: object = None
        self._resumed: Resumed | None = None
        self._notes: list[str] = []
        self._left_behind = False

    def take_up(self) -> Resumed | None:
        found, self._resumed = self._resumed, None
        pending = self._entry.life.pending if self._entry else None
        if found is None and self._execution is not None and pending is not None:
            return Resumed(self._execution, pending.step, pending.code)
        return found

    @property
    def entry(self) -> Entry | None:
        """What is written down of the kernel."""
        return self._entry

    @property
    def left_behind(self) -> bool:
        return self._left_behind

    @property
    def outlives(self) -> bool:
        return self._lasts

    @property
    def is_cut(self) -> bool:
        return isinstance(self._kernel, ServerKernel) and not self._kernel.is_connected

    def take_notes(self) -> Sequence[str]:
        notes, self._notes = self._notes, []
        return notes

    def folder(self, folder: Path) -> str:
        return f"{REMOTE_FOLDER}/{folder.name}"

    # -- opening

    async def _open(self) -> tuple[Kernel, RuntimeInfo, bool]:
        bundle = await asyncio.to_thread(make_bundle, self._bundles)
        model = await self._kernel_to_use(bundle)
        entry = self._entry
        assert entry is not None
        # A kernel that is left keeps our session: what it says is played back.
        session = entry.life.session if model is not None else uuid.uuid4().hex
        is_new = model is None
        if model is None:
            model = await self._begun(entry, session, bundle)
        kernel = ServerKernel(
            self._api,
            self._access,
            model.id,
            session,
            self._words,
            on_message=self._receive,
            on_connected=self._note_connected,
        )
        try:
            return await self._enter(kernel, entry, bundle, is_new=is_new, is_busy=model.state == "busy")
        except BaseException:
            await kernel.end(gently=False)
            raise

    async def _enter(
        self, kernel: ServerKernel, entry: Entry, bundle: Path, *, is_new: bool, is_busy: bool
    ) -> tuple[Kernel, RuntimeInfo, bool]:
        pending, known = entry.life.pending, entry.life.facts
        if pending is not None and self._execution is None:
            # Before the connection opens: what was missed comes with it.
            self._take_up(pending)
        await kernel.connect()
        if is_busy and known and not self._has_died:
            facts = known  # it would answer only when its code has ended
        else:
            facts = await kernel.set_up(bundle)
            entry.change(facts=facts)
            if pending is not None:
                await self._recover(kernel)
        is_fresh = facts.get("pid") != self._pid
        if not is_new and self._pid is None:
            key = "came_back" if facts.get("pid") == known.get("pid") else "names_gone"
            self._notes.append(self._words(f"server.{key}", url=self._label))
        self._pid, self._has_died = facts.get("pid"), False
        return kernel, info_of(self._name, facts, label=self._label), is_fresh

    async def _kernel_to_use(self, bundle: Path) -> KernelModel | None:
        """The kernel to go on with; None where one must be started. What is written down of it is locked for this process."""
        if self._entry is None:
            left = self._register.left(self._name) if self._lasts else None
            self._entry = left or self._register.new(self._name)
        life = self._entry.life
        if not life.kernel_id:
            return None
        model = await self._api.kernel(life.kernel_id)
        if model is None or model.state == "dead":
            self._notes.append(self._words("server.names_gone", url=self._label))
            return None
        if self._wants_fresh:
            return None
        if life.bundle != bundle.name:
            self._notes.append(self._words("server.old_left"))
            self._entry.release()
            self._entry = self._register.new(self._name)
            return None
        return model

    async def _begun(self, entry: Entry, session: str, bundle: Path) -> KernelModel:
        """A kernel that has just begun, written down, also when nobody wants it any more before the server has answered."""
        beginning = asyncio.create_task(self._begin(entry))
        try:
            model = await asyncio.shield(beginning)
        except asyncio.CancelledError:
            with contextlib.suppress(ServerError, TimeoutError):
                model = await asyncio.wait_for(beginning, LEAVE_SECONDS)
                entry.change(kernel_id=model.id)
            raise
        entry.change(
            kernel_id=model.id,
            session=session,
            bundle=bundle.name,
            started=datetime.now(UTC),
            lasts=self._lasts,
            pending=None,
        )
        return model

    async def _begin(self, entry: Entry) -> KernelModel:
        """A new process: in the kernel that is there, else in a new kernel."""
        wants_fresh, self._wants_fresh = self._wants_fresh, False
        if wants_fresh and entry.life.kernel_id:
            try:
                await self._api.restart(entry.life.kernel_id)
                model = await self._api.kernel(entry.life.kernel_id)
            except ServerError as error:
                # A kernel that has just died, or hangs for good, may not be restarted; another one takes its place.
                log.warning("the kernel could not be restarted: %s", error.message)
                await self._api.delete(entry.life.kernel_id)
                model = None
            if model is not None:
                return model
        return await self._api.start_kernel(await self._api.python_kernel())

    async def restart(self) -> RuntimeInfo:
        self._wants_fresh = True
        return await super().restart()

    async def _replace(self, kernel: Kernel) -> None:
        self._wants_fresh = True
        await super()._replace(kernel)

    # -- executions that outlive the tutor

    def execute(
        self, requests: Sequence[Request], *, timeout: float | None = None, scrubber: Scrubber | None = None
    ) -> KernelExecution:
        execution = super().execute(requests, timeout=timeout, scrubber=scrubber)
        execution.gap_note = self._words("server.output_lost")
        first = requests[0]
        if self._entry is not None and first.tutor.get("op") == "attempt":
            ids = execution.exchange.message_ids
            code = str(first.tutor.get("script") or first.code)
            clean = scrubber.scrub(code) if scrubber else code
            self._entry.change(pending=Pending(ids, str(first.tutor.get("step")), clean))
        return execution

    def _take_up(self, pending: Pending) -> None:
        """Go on with what an earlier tutor has begun."""
        execution = KernelExecution(pending.request_ids, self._new_log(), Scrubber(), self._answer)
        execution.gap_note = self._words("server.output_lost")
        self._execution = execution
        self._steps.extend((message_id, pending.step) for message_id in pending.request_ids)
        self._resumed = Resumed(execution, pending.step, pending.code)

    async def _note_connected(self, is_connected: bool) -> None:
        if self._execution is not None:
            self._execution.note_change()
        if is_connected and isinstance(self._kernel, ServerKernel):
            await self._recover(self._kernel)

    async def _recover(self, kernel: ServerKernel) -> None:
        """After a cut: what the kernel said meanwhile is played back; what was lost on the way is asked for."""
        execution = self._execution
        if execution is None or self._entry is None:
            return
        try:
            model = await self._api.kernel(self._entry.life.kernel_id)
        except ServerError as error:
            log.info("the server does not say what the kernel does: %s", error.message)
            return
        if model is None or model.state == "busy" or execution.finished is not None:
            return
        # The kernel has done all that it has received, so its answer to this closes what was lost.
        execution.exchange.add(kernel.send_recall())

    def _forget(self, execution: KernelExecution) -> None:
        super()._forget(execution)
        if self._entry is not None and self._entry.life.pending is not None and not self._is_closed:
            self._entry.change(pending=None)

    # -- leaving

    async def aclose(self) -> None:
        self._is_closed = True
        await super().aclose()
        entry = self._entry
        try:
            if entry is not None and not self._lasts and entry.life.kernel_id:
                await self._end_for_good(entry)
            elif entry is not None:
                entry.release()
        finally:
            self._entry = None
            await self._api.aclose()

    async def _end_for_good(self, entry: Entry) -> None:
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                is_gone = await self._api.delete(entry.life.kernel_id)
        except (ServerError, TimeoutError) as error:
            is_gone = False
            log.warning("the kernel was not ended: %s", error)
        if is_gone:
            entry.remove()
        else:
            self._left_behind = True
            entry.release()

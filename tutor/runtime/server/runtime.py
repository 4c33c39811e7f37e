"""The `Runtime` over a kernel on a Jupyter server: comes back to the one that an earlier tutor left, with what was missed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tutor.errors import ServerError
from tutor.i18n import Words
from tutor.runtime.base import Ending, Json, Request, Resumed, RuntimeInfo, RuntimeState
from tutor.runtime.bundle import make_bundle
from tutor.runtime.execution import KernelExecution
from tutor.runtime.kernel_runtime import Kernel, KernelRuntime, wait_for_end
from tutor.runtime.living import Entry, Pending, Register
from tutor.runtime.local import info_of
from tutor.runtime.server.kernel import ServerKernel
from tutor.runtime.server.known import KnownServer
from tutor.runtime.server.rest import Api, KernelModel
from tutor.text.scrub import Scrubber

log = logging.getLogger(__name__)

REMOTE_FOLDER = "~/tutor-work"
"""Lessons' working folders on a server, where its owner sees them."""
WAY_SECONDS, WAY_TRIES = 3.0, 30
"""For a connection that is cut to come back, once the server answers."""
LOOK_SECONDS = 5.0
"""Between two questions to the server what a kernel does that works for us."""
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
        self._newest: ServerKernel | None = None
        self._resumed: Resumed | None = None
        self._notes: list[str] = []
        self._left_behind = False

    def take_up(self, step: str = "") -> Resumed | None:
        found, pending = self._resumed, self._entry.life.pending if self._entry else None
        if found is None and self._execution is not None and pending is not None:
            found = Resumed(self._execution, pending.step, pending.code)
        if found is None or (step and found.step not in (step, "")):
            return None
        self._resumed = None
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

    @property
    def state(self) -> RuntimeState:
        state = super().state
        # Nobody knows whether a kernel is still there to which there is no way.
        return RuntimeState.DEAD if state is RuntimeState.READY and self.is_cut else state

    async def start(self) -> RuntimeInfo:
        if self.is_cut and self._execution is None:
            await self._find_way()
        return await super().start()

    async def _find_way(self) -> None:
        """The connection is being tried again; whoever wants something now hears soon what is wrong.

        Raises:
            ServerError: the server does not answer, or does not let us in.
        """
        await self._api.status()
        for _ in range(WAY_TRIES):
            if not self.is_cut:
                return
            await asyncio.sleep(WAY_SECONDS / WAY_TRIES)
        # The server is there, and the way to the kernel is not: it is entered anew.
        async with self._change:
            if self._kernel is not None and self.is_cut:
                await self._kernel.end(gently=False)
                self._kernel = None

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
        keeps = model is not None and not (self._newest is not None and self._newest.is_taken)
        session = entry.life.session if keeps else uuid.uuid4().hex
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
        self._newest = kernel
        entry.change(session=session)
        try:
            return await self._enter(kernel, entry, bundle, is_new=is_new, is_busy=keeps and model.state == "busy")
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
        if not is_new and facts.get("pid") != known.get("pid"):
            self._notes.append(self._words("server.names_gone", url=self._label))
        elif not is_new and self._pid is None:
            self._notes.append(self._words("server.came_back", url=self._label))
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
        if self._wants_fresh and entry.life.kernel_id:
            try:
                await self._api.restart(entry.life.kernel_id)
                model = await self._api.kernel(entry.life.kernel_id)
            except ServerError as error:
                # A kernel that has just died, or hangs for good, may not be restarted; another one takes its place.
                log.warning("the kernel could not be restarted: %s", error.message)
                await self._api.delete(entry.life.kernel_id)
                model = None
            if model is not None:
                self._wants_fresh = False
                return model
        model = await self._api.start_kernel(await self._api.python_kernel())
        self._wants_fresh = False
        return model

    async def restart(self) -> RuntimeInfo:
        self._wants_fresh = True
        return await super().restart()

    async def _replace(self, kernel: Kernel) -> None:
        self._wants_fresh = True
        try:
            await super()._replace(kernel)
        finally:
            # Where that did not work the old names may still be there, and nobody has asked to lose them.
            self._wants_fresh = False

    # -- executions that outlive the tutor

    def execute(
        self, requests: Sequence[Request], *, timeout: float | None = None, scrubber: Scrubber | None = None
    ) -> KernelExecution:
        execution = super().execute(requests, timeout=timeout, scrubber=scrubber)
        execution.gap_note = self._words("server.output_lost")
        ids = execution.exchange.message_ids
        execution.judge_ids = frozenset(
            one for one, request in zip(ids, requests, strict=True) if request.tutor.get("op") == "judge"
        )
        self._spawn(self._look_after(execution))
        first = requests[0].tutor
        if self._entry is not None and first.get("op") in ("attempt", "free"):
            code = str(first.get("script") or requests[0].code)
            secret = any(value.get("secret") for value in (first.get("values") or {}).values())
            clean = scrubber.scrub(code) if scrubber else code
            step = str(first.get("step") or "")
            facts = _with_run(self._entry.life.facts, first.get("lesson"), step)
            self._entry.change(pending=Pending(ids, step, clean, has_secret=secret), facts=facts)
        return execution

    def _take_up(self, pending: Pending) -> None:
        """Go on with what an earlier tutor has begun."""
        execution = KernelExecution(pending.request_ids, self._new_log(), Scrubber(), self._answer)
        execution.gap_note = self._words("server.output_lost")
        self._execution = execution
        self._steps.extend((message_id, pending.step) for message_id in pending.request_ids)
        execution.judge_ids = frozenset(pending.request_ids[1:])
        # The secrets of that sitting are known to nobody any more, so nothing could be taken out.
        execution.withheld_note = self._words("server.withheld") if pending.has_secret else ""
        self._resumed = Resumed(execution, pending.step, pending.code)
        self._spawn(self._look_after(execution))

    async def _note_connected(self, is_connected: bool) -> None:
        if self._execution is not None:
            self._execution.note_change()
        else:
            self._tell_change()
        if is_connected and isinstance(self._kernel, ServerKernel):
            await self._recover(self._kernel)

    async def _recover(self, kernel: ServerKernel) -> None:
        """After a cut: what the kernel said meanwhile is played back; what was lost on the way is asked for."""
        execution = self._execution
        if execution is None:
            return
        state = await kernel.look()
        if state in ("idle", "starting") and execution.finished is None and execution is self._execution:
            # The kernel has done all that it has received, so its answer to this closes what was lost.
            execution.exchange.add(kernel.send_recall())

    async def _look_after(self, execution: KernelExecution) -> None:
        """Somebody else may end or restart the kernel, and no message says so."""
        while execution.finished is None:
            await wait_for_end(execution, LOOK_SECONDS)
            kernel = self._kernel
            if execution.finished is None and isinstance(kernel, ServerKernel) and kernel.is_connected:
                await self._recover(kernel)

    def _forget(self, execution: KernelExecution) -> None:
        super()._forget(execution)
        finished, kernel = execution.finished, self._kernel
        if finished is not None and finished.ending is Ending.LOST and isinstance(kernel, ServerKernel):
            if execution.is_bare:
                kernel.note_taken()
            else:
                kernel.give_up()
        pending = self._entry.life.pending if self._entry else None
        if self._entry is None or pending is None or self._is_closed:
            return
        if not execution.is_followed:
            self._resumed = Resumed(execution, pending.step, pending.code)  # until its step comes back
            self._tell_change()
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


def _with_run(facts: Mapping[str, Json], lesson: object, step: str) -> Mapping[str, Json]:
    """What the harness would tell once that step has run: a kernel that is busy cannot be asked."""
    key = lesson.get("key") if isinstance(lesson, Mapping) else facts.get("lesson")
    ran = list(facts.get("ran") or ()) if key == facts.get("lesson") else []
    return {**facts, "lesson": key, "ran": [*ran, step] if step and step not in ran else ran}

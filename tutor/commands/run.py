"""`tutor run`: lessons without a screen, in one runtime, in order. The same session as the conversation's, driven by an autopilot."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from dataclasses import dataclass, field

from tutor.commands.autopilot import Autopilot, check_given, read_given
from tutor.commands.driver import Driver, Manner, run_interruptible, warmed
from tutor.commands.environment import Environment
from tutor.commands.explaining import Explainer
from tutor.commands.reporting import JsonReporter, Reporter, TextReporter
from tutor.commands.selection import Chosen, Selection, select
from tutor.commands.signing_in import SigningIn
from tutor.errors import ExitCode, StoreError
from tutor.progress.asynchronous import AsyncStore
from tutor.progress.model import Entry, EntryKind, Verdict
from tutor.progress.store import Store
from tutor.session.events import Added, Event, StoreFailed
from tutor.session.explaining import Explain, nothing
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes
from tutor.text.plain import strip


def run(options: argparse.Namespace) -> int:
    """Run what the command line names; the exit code of lesson-format.md."""
    environment = Environment.of(options)
    words = environment.words
    given = read_given(options.set, words)
    runtimes = environment.runtimes()
    # A runtime that there is not is refused before anything else is looked at.
    _ = runtimes.chosen
    with contextlib.closing(Store(environment.paths.database())) as store:
        selection = select(environment, store, options.lessons, everything=options.all, only_open=options.open)
    check_given(given, [chosen.lesson for chosen in selection.chosen], words)
    for message in selection.passed_over:
        print("tutor: " + words("commands.passed_over", message=message), file=sys.stderr)
    if options.open and not selection.chosen:
        print(words("commands.nothing_open"), file=sys.stderr)
    reporter: Reporter = JsonReporter(sys.stdout) if options.json else TextReporter(sys.stdout, words)
    keep = Keep.GOOD_RUNS if options.solutions else Keep.PROGRESS
    # Whoever reads JSON reads the hint of the lesson; what an error means is for people.
    explain: Explain = nothing if options.json else Explainer(environment.runtime_name)
    work = HeadlessRun(
        environment, selection, Autopilot(options.solutions, given), options.practice, keep, runtimes, reporter, explain
    )
    return run_interruptible(work.run())


@dataclass(slots=True)
class HeadlessRun:
    """One run over the chosen lessons."""

    environment: Environment
    selection: Selection
    autopilot: Autopilot
    practice: bool
    keep: Keep
    runtimes: Runtimes
    reporter: Reporter
    explain: Explain
    counts: Counter[Verdict] = field(default_factory=Counter)
    store_failed: bool = False

    async def run(self) -> int:
        """Run all of it."""
        store = await AsyncStore.open(self.environment.paths.database())
        accounts = SigningIn(self.environment, lasting=False)
        try:
            if self.selection.chosen:
                async with warmed(self.runtimes, self.selection.chosen[0].lesson):
                    for chosen in self.selection.chosen:
                        await self._lesson(chosen, store, accounts)
        finally:
            await accounts.aclose()
            for runtime in self.runtimes.opened:
                if runtime.left_behind:
                    told = self.environment.words("server.left_behind", url=runtime.info.name)
                    print(f"tutor: {told}", file=sys.stderr)
            with contextlib.suppress(StoreError):
                await store.aclose()
        code = self._exit_code()
        self.reporter.run_finished(_plain(self.counts), code)
        return code

    async def _lesson(self, chosen: Chosen, store: AsyncStore, accounts: SigningIn) -> None:
        self.reporter.lesson_started(chosen.lesson)
        counts: Counter[Verdict] = Counter()
        driver = Driver(
            chosen.lesson,
            self.runtimes,
            store=None if self.store_failed else store,
            keep=self.keep,
            on_event=self._take,
            manner=Manner(self.practice, accounts, self.autopilot.given, self.explain),
        )
        async with driver:
            for step_id in chosen.steps:
                step = chosen.lesson.step(step_id)
                assert step is not None
                outcome = await driver.step(
                    step_id,
                    self.autopilot.command(step, chosen.own_code.get(step_id, "")),
                    bring_back=chosen.bring_back,
                )
                counts[outcome.verdict] += 1
        if driver.kept_folder:
            print(self.environment.words("commands.folder_kept", folder=driver.folder), file=sys.stderr)
        self.counts += counts
        self.reporter.lesson_finished(chosen.lesson, _plain(counts))

    def _take(self, event: Event) -> None:
        self.reporter.take(event)
        match event:
            case StoreFailed(message) if not self.store_failed:
                self.store_failed = True
                print("tutor: " + self.environment.words("commands.store_lost", message=message), file=sys.stderr)
            case Added(Entry(kind=EntryKind.NOTE, body=remark)):
                print("tutor: " + strip(remark), file=sys.stderr)

    def _exit_code(self) -> int:
        if self.store_failed:
            return ExitCode.TUTOR_FAILED
        if self.counts[Verdict.NOT_YET]:
            return ExitCode.NOT_YET
        if self.counts[Verdict.COULD_NOT_CHECK] or self.selection.passed_over:
            return ExitCode.COULD_NOT_CHECK
        return ExitCode.PASSED


def _plain(counts: Counter[Verdict]) -> dict[str, int]:
    return {str(verdict): counts[verdict] for verdict in Verdict}

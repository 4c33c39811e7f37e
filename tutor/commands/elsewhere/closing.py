"""The open steps of all lessons, run together in one place: GPU minutes are scarce, and machines end while people read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from tutor.commands.autopilot import Autopilot
from tutor.commands.driver import Driver, Manner
from tutor.commands.environment import Environment
from tutor.commands.explaining import Explainer
from tutor.commands.selection import Chosen, select
from tutor.commands.signing_in import SigningIn
from tutor.errors import StoreError
from tutor.lesson.model import Step
from tutor.progress.asynchronous import AsyncStore
from tutor.progress.model import Verdict
from tutor.progress.store import Store
from tutor.session.events import Event, Outcome
from tutor.session.keeper import Keep
from tutor.ui.elsewhere import ClosedStep


async def close_open(
    environment: Environment, store: AsyncStore | None, runtime: str
) -> AsyncGenerator[ClosedStep, None]:
    """Run them one after the other, with what they need brought back.

    Raises:
        StoreError: nobody knows which steps are open.
        RuntimeFailed: a runtime of this computer did not start.
    """
    if store is None:
        raise StoreError(environment.words("commands.nothing_open"))
    chosen = await asyncio.to_thread(_open_steps, environment)
    total = sum(len(one.steps) for one in chosen)
    done = 0
    runtimes = environment.runtimes(runtime)
    accounts = SigningIn(environment, lasting=False)
    try:
        for one in chosen:
            driver = Driver(
                one.lesson,
                runtimes,
                store=store,
                keep=Keep.PROGRESS,
                on_event=_ignore,
                manner=Manner(accounts=accounts, explain=Explainer(runtime)),
            )
            async with driver:
                for step_id in one.steps:
                    step = one.lesson.step(step_id)
                    assert step is not None
                    yield _news(one, step, None, done, total)
                    command = Autopilot().command(step, one.own_code.get(step_id, ""))
                    outcome = await driver.step(step_id, command, bring_back=True)
                    done += 1
                    yield _news(one, step, outcome, done, total)
    finally:
        await accounts.aclose()
        await runtimes.aclose()


def _open_steps(environment: Environment) -> tuple[Chosen, ...]:
    with contextlib.closing(Store(environment.paths.database())) as store:
        return select(environment, store, (), everything=False, only_open=True).chosen


def _news(one: Chosen, step: Step, outcome: Outcome | None, done: int, total: int) -> ClosedStep:
    verdict, reason = (outcome.verdict, _reason(outcome)) if outcome else (None, "")
    return ClosedStep(one.lesson.front.title, step.title, verdict, reason, done, total)


def _reason(outcome: Outcome) -> str:
    if outcome.reason or outcome.verdict is Verdict.PASSED:
        return outcome.reason
    return next((line.message or line.label for line in outcome.lines if line.verdict is not Verdict.PASSED), "")


def _ignore(event: Event) -> None:
    """Only verdicts are told here."""

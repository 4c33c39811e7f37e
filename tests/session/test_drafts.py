"""The learner's own code: given up, and had back."""

from __future__ import annotations

from tests.session.fakes import always, judged, line, talk
from tests.session.memory_store import MemoryStore
from tests.session.samples import COUNT, LOOK, MEND, lesson
from tutor.session import commands as ask
from tutor.session.events import Action

MISSES = always(judged(line("it is there", "not_yet", "x is 0")))
LESSON = lesson(MEND, LOOK)


async def test_what_was_reset_comes_back() -> None:
    conversation = await talk(LESSON, MISSES)
    await conversation.idle(ask.Edit("x = 5"))
    reset = await conversation.idle(ask.Edit(None))
    assert (reset.code, reset.is_draft) == ("x = 0", False)
    assert Action.RECALL in reset.actions
    back = await conversation.idle(ask.Recall())
    assert (back.code, back.is_draft) == ("x = 5", True)
    assert Action.RECALL not in back.actions
    assert conversation.store.drafts == {"mend": "x = 5"}


async def test_what_a_solution_took_the_place_of_comes_back() -> None:
    conversation = await talk(LESSON, MISSES)
    await conversation.idle(ask.Edit("x = 5"))
    await conversation.idle(ask.Run())
    await conversation.idle(ask.Edit("x = 6"))
    await conversation.idle(ask.Solution())
    assert (await conversation.idle(ask.Solution(fill=True))).code == "x = 1"
    assert (await conversation.idle(ask.Recall())).code == "x = 6"


async def test_what_the_own_editor_replaced_comes_back() -> None:
    conversation = await talk(LESSON, MISSES)
    await conversation.idle(ask.Edit("x = 5"))
    edited = await conversation.idle(ask.Edit("x = 6", at_once=True))
    assert edited.code == "x = 6"
    assert (await conversation.idle(ask.Recall())).code == "x = 5"


async def test_pressed_again_it_goes_further_back_and_round() -> None:
    conversation = await talk(LESSON, MISSES)
    for code in ("x = 5", "x = 6"):
        await conversation.idle(ask.Edit(code))
        await conversation.idle(ask.Run())
    await conversation.idle(ask.Edit("x = 7"))
    seen = [(await conversation.idle(ask.Recall())).code for _ in range(4)]
    assert seen == ["x = 6", "x = 5", "x = 7", "x = 6"]


async def test_a_later_sitting_finds_what_ran_and_what_was_given_up() -> None:
    store = MemoryStore()
    store.given_up = [("mend", "x = 1  # mine"), ("mend", "x = 1"), ("mend", "x = 0")]
    conversation = await talk(LESSON, MISSES, store=store)
    card = await conversation.idle(ask.Recall())
    assert card.code == "x = 1  # mine", "neither the lesson's own code nor its solution"


async def test_nothing_is_offered_where_the_learner_wrote_nothing() -> None:
    conversation = await talk(lesson(COUNT), MISSES)
    assert Action.RECALL not in (await conversation.idle(ask.Run())).actions

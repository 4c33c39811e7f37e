from __future__ import annotations

from tutor.runtime.base import Raised
from tutor.runtime.exchange import Exchange
from tutor.runtime.messages import Reply, Status

BUSY, IDLE, OK = Status("busy"), Status("idle"), Reply("ok")


def test_over_needs_idle_and_reply_in_either_order() -> None:
    for order in ((IDLE, OK), (OK, IDLE)):
        exchange = Exchange(["a"])
        exchange.take("a", BUSY)
        exchange.take("a", order[0])
        assert not exchange.is_over
        exchange.take("a", order[1])
        assert exchange.is_over


def test_every_request_must_end() -> None:
    exchange = Exchange(["a", "b"])
    for meaning in (BUSY, IDLE, OK):
        exchange.take("a", meaning)
    assert not exchange.is_over
    assert not exchange.is_answered
    for meaning in (BUSY, OK, IDLE):
        exchange.take("b", meaning)
    assert exchange.is_over


def test_messages_of_other_requests_count_for_nothing() -> None:
    exchange = Exchange(["a"])
    for meaning in (BUSY, IDLE, OK):
        exchange.take("stranger", meaning)
    assert not exchange.has_begun
    assert not exchange.is_over
    assert "stranger" not in exchange


def test_a_lost_idle_is_known_from_a_later_request() -> None:
    exchange = Exchange(["a"])
    exchange.take("a", OK)
    exchange.add("probe")
    assert not exchange.is_answered
    exchange.take("probe", IDLE)
    exchange.take("probe", OK)
    assert exchange.is_over


def test_the_first_error_is_told() -> None:
    exchange = Exchange(["a", "b", "c"])
    exchange.take("c", Reply("error", Raised("E", "later")))
    exchange.take("b", Reply("error", Raised("E", "first")))
    assert exchange.error == Raised("E", "first")

from __future__ import annotations

from types import MappingProxyType

from tests.progress.samples import entry
from tutor.progress.model import EntryKind, Speaker
from tutor.progress.store import Store


def test_entries_come_back_as_they_were(store: Store) -> None:
    said = store.add_entries(
        [
            entry("你好 \x00 [red]", data={"attempt": 1, "说": ["…", None, 0.5]}),
            entry("", speaker=Speaker.YOU, kind=EntryKind.ANSWER),
        ]
    )
    assert store.entries("check-device") == said
    assert 0 < said[0].id < said[1].id


def test_a_page_is_the_newest_before_an_id_in_order(store: Store) -> None:
    said = store.add_entries([entry(str(number)) for number in range(10)])
    store.add_entries([entry("elsewhere", lesson_id="other")])
    page = store.entries("check-device", limit=3)
    assert [one.body for one in page] == ["7", "8", "9"]
    assert [one.body for one in store.entries("check-device", before=page[0].id, limit=3)] == ["4", "5", "6"]
    assert store.entries("check-device", before=said[0].id) == []


def test_bytes_that_were_no_utf8_are_replaced(store: Store) -> None:
    store.add_entries([entry("a\udcffb", data=MappingProxyType({"x": "\udcff"}))])
    (kept,) = store.entries("check-device")
    assert (kept.body, kept.data) == ("a?b", {"x": "?"})


def test_nothing_to_add_is_nothing(store: Store) -> None:
    assert store.add_entries([]) == []

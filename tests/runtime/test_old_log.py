"""A file that `SpooledLog` wrote, read again without it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.runtime.base import Cleared, Late, Output, Raised, Rich, Text
from tutor.runtime.old_log import OldLog
from tutor.runtime.records import encode

FAKE = '{"output": "Rich", "something": "else"}'


def write(path: Path, outputs: Sequence[Output]) -> Path:
    path.write_bytes(b"".join(encode(output)[0] for output in outputs))
    return path


def read(log: OldLog, limit: int) -> list[Output]:
    outputs: list[Output] = []
    cursor = 0
    while cursor < log.end:
        more, cursor = log.read(cursor, limit)
        for output in more:
            if isinstance(output, Text) and outputs and isinstance(before := outputs[-1], Text):
                outputs[-1] = Text("stdout", before.text + output.text)
            else:
                outputs.append(output)
    return outputs


RECORDS = st.sampled_from(
    [
        Rich({"text/plain": "<Figure>", "image/png": "A" * 300}),
        Raised("ValueError", "no", ("line\n", "ValueError: no")),
        Cleared(True),
        Late("a#b", "stdout", "late\n"),
    ]
)
TEXTS = st.sampled_from(
    ["plain\n", "你好", "no end", f"\n{FAKE}\n", '\n{"output": "', "\udcff", "👩", "\r 50%", "\n\n"]
).map(lambda text: Text("stdout", text))


@pytest.mark.parametrize("limit", [1, 7, 64, 1 << 20])
@given(outputs=st.lists(RECORDS | TEXTS, max_size=12))
def test_what_was_written_is_read(limit: int, outputs: list[Output], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = write(tmp_path_factory.mktemp("old") / "log.txt", outputs)
    joined: list[Output] = []
    for output in outputs:
        if isinstance(output, Text) and joined and isinstance(before := joined[-1], Text):
            joined[-1] = Text("stdout", before.text + output.text)
        else:
            joined.append(output)
    assert read(OldLog(path), limit) == joined


def test_a_file_that_was_changed_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"before\xff\xfeafter\n")
    assert (
        "".join(output.text for output in read(OldLog(path), 1 << 20) if isinstance(output, Text)) == "before��after\n"
    )
    assert read(OldLog(path), 3)


def test_a_file_that_is_gone_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        OldLog(tmp_path / "gone.txt")

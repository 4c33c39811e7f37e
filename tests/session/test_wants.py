from __future__ import annotations

import pytest

from tutor.i18n import Words
from tutor.lesson.model import NeedKind
from tutor.session.wants import YOU, lacking, need_in_words


@pytest.mark.parametrize(
    ("need", "told"),
    [
        ("cuda", "an NVIDIA GPU"),
        ("module:torch", "PyTorch"),
        ("module:tensorflow", "the Python package TensorFlow"),
        ("network:github.com:443", "a connection to github.com"),
        ("network:localhost:8080", "a connection to localhost:8080"),
        ("account:github", "a GitHub account"),
        ("env:colab", "Colab"),
        ("of-a-newer-version:x", "of-a-newer-version:x"),
    ],
)
def test_needs_are_told_in_words(need: str, told: str) -> None:
    assert need_in_words(need, Words("en")) == told


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_need_has_words(language: str) -> None:
    assert all(need_in_words(f"{kind}:8", Words(language)) for kind in (*NeedKind, YOU))


def test_a_step_that_lacks_nothing_of_the_computer_waits_for_the_learner() -> None:
    assert lacking(()) == (YOU,)
    assert lacking(("cuda",)) == ("cuda",)

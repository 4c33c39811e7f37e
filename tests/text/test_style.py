from __future__ import annotations

import pytest

from tutor.text.style import PLAIN, Style, restyled


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("", PLAIN),
        ("0", PLAIN),
        ("1;3;4;7;9", Style(bold=True, italic=True, underline=True, reverse=True, strike=True)),
        ("31;42", Style(foreground=1, background=2)),
        ("91;102", Style(foreground=9, background=10)),
        ("38;5;208;1", Style(foreground=208, bold=True)),
        ("48;2;1;2;3;4", Style(background=(1, 2, 3), underline=True)),
        ("38:2::1:2:3;1", Style(foreground=(1, 2, 3), bold=True)),
        ("38:5:9", Style(foreground=9)),
        ("4:3", Style(underline=True)),
        ("4:0", PLAIN),
        ("58;5;1;1", Style(bold=True)),
        ("38;5;999", PLAIN),
        ("38;2;1;2", PLAIN),
        ("38", PLAIN),
        ("8;5;77;99999999", PLAIN),
        ("1;;3", Style(italic=True)),
    ],
)
def test_styles(parameters: str, style: Style) -> None:
    assert restyled(PLAIN, parameters) == style


def test_what_was_set_can_be_taken_back() -> None:
    everything = restyled(PLAIN, "1;2;3;4;7;9;31;41")
    assert restyled(everything, "22;23;24;27;29;39;49") == PLAIN
    assert restyled(everything, "0;3") == Style(italic=True)

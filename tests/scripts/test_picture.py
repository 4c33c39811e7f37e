"""The pictures of the README are made by their script, show what the program shows today, and need nothing that a page would not fetch."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.sources import ROOT

DOCS = ROOT / "docs"
PICTURES = ("training", "miss", "home", "chinese")


def said(svg: str) -> list[str]:
    """The lines of a picture, without what differs from run to run: numbers, curves, how much room they take, and the ends of scroll bars."""
    lines: dict[float, str] = {}
    for y, text in re.findall(r'<text class="[^"]*" x="[^"]*" y="([^"]*)"[^>]*>([^<]*)</text>', svg):
        lines[float(y)] = lines.get(float(y), "") + html.unescape(text)
    plain = (re.sub(r"[\d.,\u2800-\u28ff─━\u2581-\u2588]+|\s+", " ", line).strip() for _, line in sorted(lines.items()))
    return [re.sub(r" +", " ", line) for line in plain if line]


def size(svg: str) -> str | None:
    return ElementTree.fromstring(svg).get("viewBox")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_fetches_nothing_and_is_shown_with_words_beside_it(name: str) -> None:
    svg = (DOCS / f"{name}.svg").read_text(encoding="utf-8")
    assert size(svg)
    assert "url(" not in svg.replace("url(#", "")
    assert "Apple Braille" in svg
    assert re.search(rf"!\[[^\]]{{20,}}\]\(docs/{name}\.svg\)", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_there_are_no_others() -> None:
    assert {file.stem for file in DOCS.glob("*.svg")} == set(PICTURES)


@pytest.mark.kernel
@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("nvidia-smi") is not None, reason="they are of Linux without a GPU"
)
def test_they_are_fresh(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "picture.py", tmp_path],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name in PICTURES:
        old, new = ((folder / f"{name}.svg").read_text(encoding="utf-8") for folder in (DOCS, tmp_path))
        assert said(new) == said(old), f"make it anew: python scripts/picture.py ({name})"
        assert size(new) == size(old)

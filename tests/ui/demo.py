"""The screen with the scripted session, to look at: `python -m tests.ui.demo [--zh] [--at STEP] [--file SNAPSHOT]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.ui.fake.host import FakeHost
from tutor.ui.app import TutorApp


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--zh", action="store_true")
    parser.add_argument("--at", default="")
    parser.add_argument("--file", type=Path)
    chosen = parser.parse_args()
    host = FakeHost("zh" if chosen.zh else "en", ("check-device" if chosen.at else "", chosen.at), chosen.file)
    return TutorApp(host).run() or 0


if __name__ == "__main__":
    raise SystemExit(main())

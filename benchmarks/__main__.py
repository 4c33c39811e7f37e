"""The command line of the benchmarks."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from benchmarks.result import Result

QUESTIONS = ("version", "startup", "library", "steps", "server", "flood", "transcript")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure tutor against a baseline.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(QUESTIONS)}; all if none")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in QUESTIONS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(QUESTIONS)}")
    if not options.json:
        print(Result.HEADING)
    for name in options.names or QUESTIONS:
        results: list[Result] = import_module(f"benchmarks.{name}").measure()
        for result in results:
            print(result.json() if options.json else result, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The command line: parse, then import the one command that was asked for. Imports nothing heavy itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.version import __version__

if TYPE_CHECKING:
    import argparse

COMMANDS = (
    "accounts",
    "runtimes",
    "list",
    "run",
    "doctor",
    "explain",
    "check",
    "export",
    "receipt",
    "trust",
    "progress",
    "report",
)

WINDOWS = """tutor runs on Linux, macOS and Windows through WSL 2, not on Windows itself.
Open PowerShell, run:  wsl --install   then start tutor inside that Linux."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code as design section 6 says."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["--version"], ["-V"]):
        sys.stdout.write(f"tutor {__version__}\n")
        return 0
    # Whoever started us may have closed these; what is written then goes nowhere, and nothing else changes.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.platform == "win32":
        sys.stderr.write(WINDOWS + "\n")
        return 2
    return _guarded(arguments)


def _guarded(arguments: list[str]) -> int:
    """Run, and turn every way to end into an exit code and, if something went wrong, one clear message."""
    from tutor.errors import ExitCode, TutorError

    try:
        options = _parser().parse_args(_with_command(arguments))
        code = _run(options)
        sys.stdout.flush()
        return code
    except TutorError as error:
        sys.stderr.write(f"tutor: {error.message}\n")
        if error.hint:
            sys.stderr.write(f"{error.hint}\n")
        return int(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        _close_output()
        return 0
    except Exception as error:
        # The last boundary: one line for the reader, all of it for the log.
        import logging

        logging.getLogger(__name__).exception("tutor failed")
        sys.stderr.write(
            f"tutor: {type(error).__name__}: {error}\n`tutor report` writes a file to attach to a bug report.\n"
        )
        _close_output()
        return int(ExitCode.TUTOR_FAILED)


def _close_output() -> None:
    """Nobody can read our output any more: keep the interpreter from flushing into it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _with_command(arguments: list[str]) -> list[str]:
    """`tutor LESSON` and `tutor` alone open the conversation."""
    first = next((word for word in arguments if not word.startswith("-")), None)
    if first in COMMANDS or arguments in (["-h"], ["--help"]):
        return arguments
    return ["chat", *arguments]


def _is_simple_terminal() -> bool:
    """A terminal that says of itself that it can only print lines: the shell of an editor, for example."""
    return os.environ.get("TERM") == "dumb" and sys.stdin.isatty()


def _run(options: argparse.Namespace) -> int:  # noqa: PLR0911 - one a command
    match options.command:
        case "chat" if options.plain or _is_simple_terminal():
            from tutor.commands.plain import plain

            return plain(options)
        case "chat":
            from tutor.commands.chat import chat

            return chat(options)
        case "list":
            from tutor.commands.list import list_lessons

            return list_lessons(options)
        case "run":
            from tutor.commands.run import run

            return run(options)
        case "doctor":
            from tutor.commands.doctor.command import doctor

            return doctor(options)
        case "explain":
            from tutor.commands.explain import explain

            return explain(options)
        case "check":
            from tutor.commands.check import check

            return check(options)
        case "export":
            from tutor.commands.export import export

            return export(options)
        case "receipt":
            from tutor.commands.receipt import receipt

            return receipt(options)
        case "trust":
            from tutor.commands.trust import trust

            return trust(options)
        case "accounts":
            from tutor.commands.accounts import accounts

            return accounts(options)
        case "runtimes":
            from tutor.commands.runtimes import runtimes

            return runtimes(options)
        case "progress":
            from tutor.commands.progress import progress

            return progress(options)
        case _:
            from tutor.commands.report import report

            return report(options)


def _parser() -> argparse.ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(
        prog="tutor",
        description="A tutor in the terminal for getting and using GPUs for deep learning.",
        epilog="tutor alone opens the conversation where you left off; tutor LESSON[#STEP] goes there.",
    )
    parser.add_argument("-V", "--version", action="version", version=f"tutor {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    chat = commands.add_parser("chat", prog="tutor")
    chat.add_argument(
        "lesson", nargs="?", metavar="LESSON[#STEP]", help="where to begin; without it, where you left off"
    )
    chat.add_argument("--lang", choices=("en", "zh"), help="language of the conversation")
    chat.add_argument(
        "--plain", action="store_true", help="line by line: for screen readers, simple terminals and pipes"
    )
    _add_runtime(chat)
    chat.add_argument(
        "--practice", action="store_true", help="rehearse the steps that need an account or hands, on this computer"
    )

    listing = commands.add_parser("list", help="lessons, progress, minutes")
    listing.add_argument("--json", action="store_true", help="a JSON array")
    listing.add_argument("--lang", choices=("en", "zh"), help="language of the titles")

    run = commands.add_parser("run", help="run lessons without a screen")
    run.add_argument("lessons", nargs="*", metavar="LESSON[#STEP]")
    run.add_argument("--all", action="store_true", help="every lesson")
    run.add_argument("--open", action="store_true", help="the steps that could not be checked so far")
    _add_runtime(run)
    run.add_argument(
        "--practice", action="store_true", help="rehearse the steps that need an account or hands, on this computer"
    )
    run.add_argument("--solutions", action="store_true", help="take answers from the lesson itself")
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a form value, or a step's answer; NAME=@FILE reads it",
    )
    run.add_argument("--lang", choices=("en", "zh"), help="language of the lessons")
    run.add_argument("--json", action="store_true", help="one event a line")

    doctor = commands.add_parser("doctor", help="what this machine has, what is broken, and what mends it")
    doctor.add_argument(
        "--net", action="store_true", help="also who can be reached: Google, Colab, GitHub, Kaggle, packages, data"
    )
    doctor.add_argument("--json", action="store_true", help="one JSON object: machine, pythons, faults, network")
    doctor.add_argument("--lang", choices=("en", "zh"), help="language of what is said")

    explain = commands.add_parser("explain", help="what an error text means and what mends it here")
    explain.add_argument(
        "file", nargs="?", default="-", metavar="FILE|-", help="the text; - or nothing: what is pasted"
    )
    explain.add_argument("--json", action="store_true", help="a JSON array: code, cause, mend, line")
    explain.add_argument("--lang", choices=("en", "zh"), help="language of the explanation")

    check = commands.add_parser("check", help="look for faults in lessons")
    check.add_argument("paths", nargs="*", metavar="PATH", help="a file, a lesson folder or a folder of lessons")
    check.add_argument("--run", action="store_true", help="also prove that each starter fails and each solution passes")

    _add_notebooks(commands)

    trust = commands.add_parser("trust", help="let lessons from elsewhere run, after showing what they contain")
    trust.add_argument("path", metavar="PATH")
    trust.add_argument("--yes", action="store_true", help="confirm without a question")

    _add_elsewhere(commands)

    progress = commands.add_parser("progress", help="what you have done")
    progress.add_argument("--reset", action="store_true", help="forget all of it")
    progress.add_argument("--yes", action="store_true", help="confirm without a question")

    commands.add_parser("report", help="write a file of diagnostics, without secrets, for a bug report")
    return parser


def _add_notebooks(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = commands.add_parser("export", help="a lesson as a notebook that judges itself, or your own work as one")
    export.add_argument("lessons", nargs="*", metavar="LESSON")
    export.add_argument("--open", action="store_true", help="only the steps that could not be checked so far")
    export.add_argument("-o", "--output", required=True, metavar="FILE.ipynb", help="the file to write")
    export.add_argument("--mine", action="store_true", help="your own code, outputs and answers, without checks")
    export.add_argument("--solutions", action="store_true", help="with the lesson's own solutions and answers")
    export.add_argument(
        "--url", metavar="URL", help="where it will stand on GitHub: adds a link that opens it in Colab"
    )
    export.add_argument("--lang", choices=("en", "zh"), help="language of the notebook")

    receipt = commands.add_parser("receipt", help="record what passed in a notebook elsewhere")
    receipt.add_argument(
        "file",
        metavar="FILE|-",
        help="the notebook, saved after it ran; a text with its last line; - to paste that line",
    )
    receipt.add_argument("--lang", choices=("en", "zh"), help="language of what is said")


def _add_elsewhere(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    accounts = commands.add_parser("accounts", help="what is connected: GitHub, Google Drive, Kaggle")
    accounts.add_argument("action", nargs="?", choices=("connect", "disconnect"), help="one of them")
    accounts.add_argument("name", nargs="?", metavar="NAME", help="github, google or kaggle")
    accounts.add_argument("--json", action="store_true", help="the list as a JSON array")
    accounts.add_argument("--lang", choices=("en", "zh"), help="language of what is said")

    alive = commands.add_parser("runtimes", help="what runs that tutor started or can see, and what it costs")
    alive.add_argument("action", nargs="?", choices=("stop",), help="end it, and ask whether it is gone")
    alive.add_argument("name", nargs="?", metavar="NAME", help="what is to be stopped: a server's name or address")
    alive.add_argument("--lang", choices=("en", "zh"), help="language of what is said")


def _add_runtime(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runtime",
        metavar="R",
        help="local (this Python), local:PYTHON (another one), or the address of a Jupyter server",
    )

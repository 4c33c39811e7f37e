"""What stands around the faults that `tutor explain` finds; cause and mend themselves are in `tutor/faults/rules.toml`."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "faults.line": "{code}, line {line}: {quoted}",
    "faults.cause": "What it means: {cause}",
    "faults.mend": "What mends it:",
    "faults.lesson": "Learn it: tutor {lesson}",
    "faults.title": "What this error means",
    "faults.title_unknown": "An error that tutor does not know",
    "faults.at": "Line {line}: {quoted}",
    "faults.also": "There is more in it:",
    "faults.step": "A lesson step about it: {lesson}",
    "faults.doctor": "The same error again. `/doctor` looks at this computer: what it has, and what is broken.",
    "faults.nothing_to_explain": "There was no error yet. Paste one at the prompt.",
    "faults.unknown_here": "It will not guess.\n\n"
    "Read the last line first: it names the error. The lowest line that is your own code is where to look. "
    "Try it once on the CPU, with little data: errors are clearer there. "
    "Then search the project's issues for that last line, without your own paths and names.",
    "faults.paste": "Paste the error, then press Enter and Ctrl+D.",
    "faults.empty": "There is no text to explain.",
    "faults.unknown": "tutor does not know this error, and will not guess.\n"
    "What helps next:\n"
    "  Read the last line of the traceback first: it names the error. The lowest line that is your own code is where to look.\n"
    "  Try it once on the CPU, with little data: errors are clearer there.\n"
    "  Search the project's issues for that last line, without your own paths and names.\n"
    "When you ask somebody, include: the whole text from the first line of the traceback, the few lines of code that cause it,\n"
    "what you expected, and what this prints:\n"
    "      python -m torch.utils.collect_env\n"
    "Take passwords, tokens and private paths out before.",
    "faults.no_file": "{file} cannot be read: {error}",
    "faults.cut": "The text is very long: only its last {megabytes} MB are looked at.",
}

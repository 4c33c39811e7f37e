"""How outputs are written to a file and read back: text as it is, anything else as a line of JSON. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict

from tutor.runtime.base import Cleared, Late, Output, Raised, Rich, Text

STDOUT, STDERR, OTHER = range(3)
_KINDS: dict[str, type[Rich | Raised | Cleared | Late]] = {
    kind.__name__: kind for kind in (Rich, Raised, Cleared, Late)
}


def encode(output: Output) -> tuple[bytes, int]:
    """The bytes of an output and what kind they are."""
    if isinstance(output, Text):
        return output.text.encode("utf-8", "surrogatepass"), STDERR if output.stream == "stderr" else STDOUT
    fields = json.dumps({"output": type(output).__name__, **asdict(output)})
    return f"\n{fields}\n".encode("ascii"), OTHER


def decode(data: bytes, kind: int) -> Output:
    """The output that those bytes were made from."""
    if kind != OTHER:
        return Text("stderr" if kind == STDERR else "stdout", data.decode("utf-8", "surrogatepass"))
    fields = json.loads(data)
    made = _KINDS[fields.pop("output")]
    if made is Raised:
        fields["traceback"] = tuple(fields["traceback"])
    return made(**fields)


def weight(output: Output) -> int:
    """About how many characters an output holds."""
    match output:
        case Text(_, text) | Late(_, _, text):
            return len(text)
        case Rich(data):
            return sum(len(value) if isinstance(value, str) else len(json.dumps(value)) for value in data.values())
        case Raised(_, message, traceback):
            return len(message) + sum(map(len, traceback))
        case Cleared():
            return 1

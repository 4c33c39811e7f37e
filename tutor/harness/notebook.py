"""A lesson in a notebook of its own: its cells drive the same attempt and the same judging as a session does.

A session sends what it wants with each request. The cells of a notebook bring only their code, so that the code says it: a cell that
begins with `# tutor: LESSON#STEP` is an attempt of that step, with `replay` behind it an earlier step that brings names back (a remark in
brackets may follow); a check cell calls the magic `tutor`. Everything else is the learner's own. What is needed besides (checks, hints, sentences) came with the bundle,
in a file named `PLAN`, which `tutor.lesson.notebook.plan` writes and describes.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import re
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Sequence
from typing import Any

from tutor.harness import BASH_CODE, kernel, telling
from tutor.harness.facts import facts
from tutor.harness.judge import judge
from tutor.harness.machine import Machine, hand_in
from tutor.harness.receipt import pack
from tutor.harness.telling import COULD_NOT_CHECK, NOT_YET, PASSED, Wanted

PLAN = "tutor/plan.json"
MAGIC = "tutor"
WORK = "tutor-work"
"""Beside the notebook: the folder of the files that lessons write."""
MARKS = {PASSED: "✓", NOT_YET: "✗", COULD_NOT_CHECK: "●"}
SENTENCES = (
    *telling.SENTENCES,
    *("session.joint", "session.wants_input", "commands.expected", "commands.seen", "commands.hint"),
    *(f"commands.{verdict}" for verdict in MARKS),
    *("export.ready", "export.again", "export.other_notebook", "export.failed", "export.run_above", "export.not_run"),
    *("export.passed", "export.left", "export.copy"),
)
"""Keys of all that is said here: the plan brings their sentences."""
NO_INPUT = "StdinNotImplementedError"
"""What `input()` raises where nobody could answer."""
BLOCKED_CODE = "__import__('tutor.harness.notebook', fromlist=['notebook']).tell_blocked()\n"
_MARKED = re.compile(r"(%%bash\n)?# tutor: (\S+#\S+?)( replay)?(?: \(.*\))?[ \t]*(?:\n|$)")

_notebook: Notebook | None = None


def set_up(bundle: str, machine: Machine) -> None:
    """Hook into the kernel that this runs in. Args: `bundle`: the zip that this was imported from, with its `PLAN`."""
    global _notebook  # noqa: PLW0603 (one kernel, one notebook)
    with zipfile.ZipFile(bundle) as archive:
        plan = json.loads(archive.read(PLAN))
    hand_in(machine)
    kernel.hook(is_announced=False)
    _notebook = Notebook(kernel.current(), plan, os.path.basename(bundle))  # noqa: PTH119
    _notebook.begin()


def tell_blocked() -> None:
    """Runs in place of code that must not run here."""
    if _notebook is not None:
        _notebook.tell_blocked()


class Notebook:
    """The lessons of one notebook, and what was found out about their steps since the kernel started."""

    def __init__(self, harness: kernel.Harness, plan: dict[str, Any], edition: str) -> None:
        """Args: `edition`: names what the set-up cell brought, to tell it from another notebook's."""
        self._harness = harness
        self._plan = plan
        self._edition = edition
        self._words: dict[str, str] = plan["words"]
        self._environment = {"TUTOR_LANG": plan["language"], "TUTOR_ASKS": ""}
        """What the kit speaks, and that nobody is there to answer it."""
        self._lesson_of = {
            f"{lesson['id']}#{step['id']}": lesson for lesson in plan["lessons"] for step in lesson["steps"]
        }
        self._steps = {f"{lesson['id']}#{step['id']}": step for lesson in plan["lessons"] for step in lesson["steps"]}
        self._folders: dict[str, str] = {}
        self._found: dict[str, dict[str, Any]] = {}
        """By step: `verdict`, `lines`, `reason`; a step that passed once stays so."""

    def begin(self) -> None:
        """Take over the cells of this kernel."""
        harness, shell = self._harness, self._harness.shell
        harness.pristine.pop("_tutor_set_up", None)
        harness.streams.tells_late = False
        harness.blocked_code = BLOCKED_CODE
        harness.asked_by = self.asked
        shell.register_magic_function(self.magic, "line", MAGIC)
        first = self._plan["lessons"][0]
        harness.stay(first["id"], self._folder(first["id"]))
        _write(self.say("export.ready", device=facts()["device"]))

    def say(self, key: str, **values: object) -> str:
        """A sentence of those that the notebook brought along."""
        return self._words[key].format(**values)

    # -- what a cell asks for

    def asked(self, code: str) -> dict[str, Any]:
        """The request that the code of a cell is."""
        marked = _MARKED.match(code.replace("\r\n", "\n"))
        if marked is None or marked[2] not in self._steps:
            return {"op": "free", "environment": self._environment}
        key, rest = marked[2], code.replace("\r\n", "\n")[marked.end() :]
        step = self._steps[key]
        request = {
            "lesson": self._lesson(key),
            "environment": self._environment,
            "language": "bash" if marked[1] else "python",
        }
        if marked[1]:
            request.update(script=rest, instead=BASH_CODE)
        elif rest.lstrip().startswith("%%"):
            request["instead"] = rest  # IPython takes a cell magic only where a cell begins
        if marked[3]:
            return {"op": "replay", **request}
        kept = self._harness.kept
        is_passed = self._found.get(key, {}).get("verdict") == PASSED
        fresh = kept is None or kept.step != key or is_passed
        return {
            "op": "attempt",
            "step": key,
            "fresh": fresh,
            "rewind": step["rewind"],
            "needs": step["needs"],
            **request,
        }

    def _lesson(self, key: str) -> dict[str, str]:
        lesson_id = str(self._lesson_of[key]["id"])
        return {"key": lesson_id, "folder": self._folder(lesson_id)}

    def _folder(self, lesson_id: str) -> str:
        """Where the lesson's code works: beside the notebook, or wherever one can write."""
        if lesson_id not in self._folders:
            folder = os.path.abspath(os.path.join(WORK, lesson_id))  # noqa: PTH100, PTH118
            try:
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            except OSError:
                folder = tempfile.mkdtemp(prefix=f"tutor-{lesson_id}-")
            self._folders[lesson_id] = folder
        return self._folders[lesson_id]

    # -- what a check cell wants

    def magic(self, line: str) -> None:
        """`tutor check LESSON#STEP`, `tutor receipt`, `tutor again EDITION`; never raises, or a run of all cells would stop."""
        what, _, argument = line.strip().partition(" ")
        try:
            match what:
                case "check":
                    self.check(argument)
                case "receipt":
                    self.receipt()
                case _:
                    _write(self.say("export.again" if argument == self._edition else "export.other_notebook"))
        except Exception:  # noqa: BLE001 (the boundary: a fault of ours ends in words)
            _write(self.say("export.failed", details=traceback.format_exc(limit=4)))

    def check(self, key: str) -> None:
        """Judge the cell above, and say the verdict."""
        attempt = self._harness.attempt
        if key not in self._steps:
            _write(self.say("export.other_notebook"))
        elif attempt is None or attempt.step != key:
            _write(self.say("export.run_above"))
        else:
            self._tell(self._keep(key, self._outcome(key)))

    def _outcome(self, key: str) -> dict[str, Any]:
        step, harness = self._steps[key], self._harness
        parent = harness.shell.get_parent()
        wants = {name: step[name] for name in ("checks", "raises", "exit", "retry", "needs")}
        tutor = {
            "op": "judge",
            "step": key,
            "attempted": True,
            "lesson": self._lesson(key),
            "environment": self._environment,
            **wants,
        }
        harness.begin({**parent, "metadata": {"tutor": tutor}})
        try:
            judged = judge(harness)
        finally:
            harness.begin(parent)  # the rest of the check cell may print again
        if judged["unmet"]:
            return {"verdict": COULD_NOT_CHECK, "reason": telling.unmet_reasons(judged["unmet"], self.say), "lines": []}
        error = judged["error"]
        if error and error["type"] == NO_INPUT:
            return {"verdict": COULD_NOT_CHECK, "reason": self.say("session.wants_input"), "lines": []}
        lines = self._lines(key, judged)
        return {"verdict": telling.verdict_of([line["verdict"] for line in lines]), "lines": lines, "error": error}

    def _lines(self, key: str, judged: dict[str, Any]) -> list[dict[str, Any]]:
        step = self._steps[key]
        wanted = Wanted(step["raises"], step["exit"], step["timeout"])
        lines = []
        for item in judged["lines"]:
            label, message = telling.told(item, judged, wanted, self.say, interrupted=True)
            lines.append(
                {**{name: item[name] for name in ("verdict", "expected", "seen")}, "label": label, "message": message}
            )
        name = judged["unbound"]
        maker = self._maker(key, name) if name else None
        if maker is not None:
            told = self.say("session.name_from_step", name=name, step=maker["title"], id=maker["id"])
            lost = [line for line in lines if line["verdict"] == NOT_YET and telling.names_lost(line["message"], name)]
            for line in lost[:1]:
                line["message"] = f"{line['message']}. {told}"
        return lines

    def _maker(self, key: str, name: str) -> Any:
        """The last step ahead of this one whose code binds that name."""
        found = None
        for step in self._lesson_of[key]["steps"]:
            if step["id"] == self._steps[key]["id"]:
                break
            if name in step["binds"]:
                found = step
        return found

    def _keep(self, key: str, outcome: dict[str, Any]) -> dict[str, Any]:
        if outcome["verdict"] == PASSED or self._found.get(key, {}).get("verdict") != PASSED:
            self._found[key] = outcome
        hints = self._steps[key]["hints"]
        if outcome["verdict"] == NOT_YET:
            error = outcome["error"]
            texts = [f"{error['type']}: {error['message']}"] if error else []
            texts += [line["message"] for line in outcome["lines"] if line["verdict"] == NOT_YET]
            index = telling.fitting([hint["when"] for hint in hints], texts)
            outcome = {**outcome, "hint": None if index is None else hints[index]["markdown"]}
        return outcome

    # -- in words

    def _tell(self, outcome: dict[str, Any]) -> None:
        for line in outcome["lines"]:
            is_told = line["message"] and line["verdict"] != PASSED
            _write(f"{MARKS[line['verdict']]} {line['label']}" + (f": {line['message']}" if is_told else ""))
            if line["verdict"] == NOT_YET and line["expected"] is not None:
                _write("    " + self.say("commands.expected", text=line["expected"]))
                _write("    " + self.say("commands.seen", text=line["seen"]))
        verdict, reason = outcome["verdict"], outcome.get("reason")
        _write(f"{MARKS[verdict]} {self.say(f'commands.{verdict}')}" + (f": {reason}" if reason else ""))
        if outcome.get("hint"):
            sys.stdout.flush()  # what is published overtakes what is only written
            self._harness.publish("text/markdown", f"**{self.say('commands.hint')}**\n\n{outcome['hint']}")

    def tell_blocked(self) -> None:
        """Why the code of the present cell did not run."""
        attempt = self._harness.attempt
        if attempt is not None and attempt.unmet:
            _write(self.say("export.not_run", reason=telling.unmet_reasons(attempt.unmet, self.say)))

    # -- the receipt

    def receipt(self) -> None:
        """Print what was found, as one line, and what is not in it."""
        steps = {key: step for key, step in self._steps.items() if not step["replay"]}
        passed = [key for key in steps if self._found.get(key, {}).get("verdict") == PASSED]
        left = [step["title"] for key, step in steps.items() if key not in self._found]
        _write(self.say("export.passed", passed=len(passed), total=len(steps)))
        if left:
            _write(self.say("export.left", steps=self.say("session.joint").join(left)))
        if self._found:
            _write(self.say("export.copy"))
            _write(pack(self._report(list(steps))))

    def _report(self, keys: Sequence[str]) -> dict[str, object]:
        known = facts()
        lessons = []
        for lesson in self._plan["lessons"]:
            mine = [key for key in keys if self._lesson_of[key] is lesson and key in self._found]
            if mine:
                steps = [_step(self._steps[key], self._found[key]) for key in mine]
                lessons.append({"id": lesson["id"], "hash": lesson["hash"], "steps": steps})
        return {
            "tutor": self._plan["tutor"],
            "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
            **{name: known[name] for name in ("device", "python", "platform", "env")},
            "torch": _version_of("torch"),
            "lessons": lessons,
        }


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")


def _step(step: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    lines = [{name: value for name, value in line.items() if value not in (None, "")} for line in found["lines"]]
    reason = {"reason": found["reason"]} if found.get("reason") else {}
    return {"id": step["id"], "hash": step["hash"], "verdict": found["verdict"], **reason, "lines": lines}


def _version_of(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""

"""Runs beside the learner's code in any kernel: rewind, checks, `result`, form values.

Standard library only, Python 3.10 to 3.14, and nothing else of tutor: this package travels into kernels that have only ipykernel.

The protocol with the runtime
-----------------------------
Each request to the kernel is an `execute_request` whose *metadata* has a key `tutor` with a JSON object (metadata is not echoed
to other front ends, so form values never show). `op` says what the request is:

`setup`    (silent; once per kernel, its code puts the bundle first on `sys.path` and calls `tutor.harness.install(machine)`): hooks into IPython and
           publishes one `FACTS_MIME` message, as it does when it is set up once more: python, executable, platform, device facts.
`attempt`  the learner's code of a step, sent as it is (an IPython cell). `step` (key), `fresh` (true: first attempt since the learner came to the
           step, so the names and the folder are kept for rewinding; false: rewind to them first), `rewind` (false: `rewind=no`), `needs` (list of text:
           when one is not met the code is *not* run), `values` ({name: {"value": str, "secret": bool}}), `lesson` ({"key", "folder"}: another key than
           before means a fresh namespace and that folder as the current one; so does another `practice` (bool) after a request that was `signed`
           (bool) in), `language` ("python" or "bash"; for bash the code sent is
           `BASH_CODE` and the script is in `script`).
`judge`    (silent; code is `JUDGE_CODE`) judges the last attempt of `step` and publishes one `JUDGED_MIME` message. `checks` (list of
           {"code", "line", "needs"}), `raises` (regex or null), `exit` (int), `retry` (seconds), `names` ({name: text}, of a paste), `needs` (of the step;
           judged here when there was no attempt), `attempted` (false for a step without code: quiz, paste, checklist), `lesson`, `values`.
`free`     code that the learner typed at the prompt: nothing is judged; names it binds survive a later rewind. `lesson`, `values`.
`replay`   code of an earlier step (`step`) that runs again to bring names back. `lesson`, `values`, `language`, `script`.
`leave`    (silent; code is `LEAVE_CODE`) the step was passed, skipped or left: drop what was kept for rewinding.
`tidy`     (silent; code is `TIDY_CODE` or `REMOVE_CODE`) empty the lesson's folder, or take it away. `lesson`.

Any of them may bring `instead`: code that runs in place of what was sent. A notebook's requests bring nothing: there `tutor.harness.notebook`
says what each cell asks for.

An `attempt` may bring `lend` ({name: {"make": "module:function", "with": {keyword: text}}}): names that its code finds bound to what these
functions make, and that are gone when it ends.

Any of them may bring `environment` ({name: text}): variables that are set while it runs, and afterwards are as they were before.

The `JUDGED_MIME` object
------------------------
`lines`: list of {"kind", "label", "verdict", "message", "expected", "seen"}; `verdict` is "passed", "not_yet" or "could_not_check"; `kind` is
  "line" (a line of a check fence), "code" (*The code runs*: it raised, exited wrongly or was interrupted; the label is left to the front end),
  "raises" (it should have raised and did not), "interrupted" (the statement of a check fence in which an interrupt came), "not_reached" (the
  rest of a fence after a statement that raised, the rest of all fences after an interrupt).
`unmet`: list of {"need", "detail"} for step needs that were not there (then `lines` is empty and the code did not run); a line that could not
  be checked has the same list. `detail` is a bare fact: the other accelerators that are here (`cuda`), the path of this Python (`module`), what went
  wrong (`network`), where this is (`env`), the platform (`posix`), the GiB that are there (`ram`, `disk`), else empty.
`error`: null or {"type", "message"}, of the learner's code. `error_line`: int or null, where it raised. `exit_code`: int or null. `seconds`: float, of the learner's code.
`interrupted`: true when a KeyboardInterrupt ended the checks (`lines` are of the last complete round, if there is one, else of this one). `rewound`: names that could not be put back because they were changed in place
  cannot be known; instead `mutable`: true when a rewind happened and kept names refer to mutable objects.
`unbound`: the name of a NameError in the learner's code or a missed line, else null.

Of the kinds, "code" has in `message` the `Type: message` of what was raised (`expected`: the regex of `raises`, if it did not fit), or
`exit status N` with `expected` and `seen` as numbers; "raises" has the regex in `expected`; "not_reached" is one entry for each line that
was not reached, under its own label.

The `FACTS_MIME` object
-----------------------
`python`, `executable`, `platform`, `pid`, `device` (for people), `has_accelerator`, `accelerators` (list of {"kind", "name", "memory_gib"}),
`cpus` and `ram_gib` (granted), `torch` (installed or not; never imported), `env` ("colab", "kaggle" or ""), `lesson` (the present key, or null)
and `ran` (the steps whose code has run with the present names: a kernel can outlive its tutor).

What the runtime must know
--------------------------
Requests of one step are sent with `stop_on_error` false, or the kernel drops the `judge` that waits behind failed code. `LATE_MIME` messages
have the header of the request whose code started the thread as their parent, and come at any time. The code of `setup` should leave no name
behind: what is bound when it ends belongs to every fresh namespace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.harness.machine import Machine

JUDGED_MIME = "application/vnd.gpu-tutor.judged+json"
FACTS_MIME = "application/vnd.gpu-tutor.facts+json"
LATE_MIME = "application/vnd.gpu-tutor.late+json"
"""Output of a thread that outlived its step: {"step", "stream", "text"}."""

BASH_CODE = "__import__('tutor.harness.bash', fromlist=['bash']).run()"
JUDGE_CODE = "__import__('tutor.harness.judge', fromlist=['judge']).run()"
LAST_JUDGED = "__import__('tutor.harness.judge', fromlist=['judge']).last()"
"""An expression; see `tutor.harness.judge.last`."""
TIDY_CODE = "__import__('tutor.harness.attempt', fromlist=['attempt']).tidy()"
REMOVE_CODE = "__import__('tutor.harness.attempt', fromlist=['attempt']).tidy(remove=True)"
LEAVE_CODE = "__import__('tutor.harness.attempt', fromlist=['attempt']).leave()"


def install(machine: Machine) -> None:
    """Hook into the running IPython kernel, once; calling it again only hands in the machine."""
    from tutor.harness.kernel import hook
    from tutor.harness.machine import hand_in

    hand_in(machine)
    hook()

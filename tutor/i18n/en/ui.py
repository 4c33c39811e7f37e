"""What the room `ui` says."""

from __future__ import annotations

HELP_PAGE = """\
## Keys

Keys act on the step while you are not typing. The lit key is the next thing to do; `enter` does it too.

| Key | Does |
|---|---|
| `r` `e` `v` | run, edit, check again |
| `h` `s` `f` | hint, solution, fill it in |
| `n` `b` `k` | next step, back, skip |
| `g` `x` | bring names back, restart the runtime |
| `c` `o` `u` | copy the code, put the lesson's own code back, bring back what I wrote |
| `E` | the code in `$VISUAL` or `$EDITOR` |
| `p` | open large: the newest output, or the block under the cursor |
| `[` `]` | walk through the blocks of the conversation: `c` copies one, `o` opens a link, `t` takes code to the prompt |
| `space` `PgUp` `PgDn` | read on, scroll |
| `end` | to the end of the conversation |
| `l` | home: where to go on, open steps, all lessons |
| `L` | the list of lessons at the side |
| `ctrl+p` | everything, found by typing |
| `t` or `tab` | try code at the prompt |
| `/` | a typed command; what matches is shown, `up` and `down` choose, `tab` completes |
| `1` … `9` | move to that answer; `enter` answers |
| `esc` | back to the step |
| `ctrl+c` | stop what runs; twice, or when nothing runs: quit |
| `w` | where lessons run: this computer, another Python, a server |
| `,` | settings |
| `f2` | 中文 |
| `q` | quit |

## Marks of lessons and steps

| Mark | Means |
|---|---|
| `·` | not begun |
| `›` | begun |
| `✓` | passed |
| `●` | done here; what this computer could not check stays open |
| `✗` | not yet passed |
| `–` | skipped |
| `~` | changed since you passed it |
| `?` | waits until you trust it: `tutor trust` |
| `!` | cannot be opened; `tutor check` says why |

## Typed commands

`/run` · `/edit` · `/editor` · `/check` · `/answer …` · `/hint` · `/solution` · `/fill` · `/skip` · `/next` · `/back` · `/goto STEP` · `/bring` · `/restart` · `/restart empty` · \
`/interrupt` · `/copy` · `/reset` · `/recall` · `/open` · `/earlier` · `/later` · `/end` · `/lesson ID` · `/home` · `/search WORDS` · `/list` · `/explain` · `/doctor` · `/accounts` · `/runtime NAME` · `/report` · `/lang zh` · `/theme light` · `/settings` · `/palette` · `/help` · `/quit`

Everything else typed at the prompt is code. It runs next to the lesson's code, and nothing is judged. An error that you paste there is explained instead.

When code has run longer than 20 seconds and you are in another window, the terminal's bell rings once at its end.
"""

WORDS: dict[str, str] = {
    "ui.welcome": "Welcome. Just a moment: the lessons are being opened.",
    "ui.step_of": "Step {position} of {total}",
    "ui.step_short": "step {position}/{total}",
    "ui.hint": "Hint",
    "ui.hint_of": "Hint {number} of {total}",
    "ui.solution": "Solution",
    "ui.expected": "expected",
    "ui.seen": "seen",
    "ui.ran_on": "on {place}",
    "ui.verdict_passed": "Passed.",
    "ui.verdict_not_yet": "Not yet.",
    "ui.verdict_open_in_part": "Right as far as this computer can tell; the rest stays open.",
    "ui.verdict_could_not_check": "Could not be checked here.",
    "ui.verdict_passed_practice": "Passed in practice.",
    "ui.verdict_not_yet_practice": "Not yet (practice).",
    "ui.verdict_could_not_check_practice": "Could not be checked here (practice).",
    "ui.seconds": "{seconds} s",
    "ui.running": "running · {seconds} s",
    "ui.action_run": "run",
    "ui.action_edit": "edit",
    "ui.action_check": "check again",
    "ui.action_answer": "answer",
    "ui.action_hint": "hint",
    "ui.action_solution": "solution",
    "ui.action_fill": "fill in",
    "ui.action_recall": "what I wrote",
    "ui.action_refill": "fill in again",
    "ui.action_practice": "practise",
    "ui.do_for_me": "do it for me",
    "ui.practice_no_more": "for real",
    "ui.action_skip": "skip",
    "ui.action_next": "next",
    "ui.action_back": "back",
    "ui.action_bring": "bring names back",
    "ui.action_restart": "restart",
    "ui.action_interrupt": "stop",
    "ui.action_copy": "copy",
    "ui.action_reset": "original code",
    "ui.action_tick": "tick",
    "ui.hand_in": "hand in",
    "ui.leave": "back to the step",
    "ui.send": "send",
    "ui.complete": "complete",
    "ui.close_menu": "close",
    "ui.new_line": "new line",
    "ui.answer_code": "answer the running code",
    "ui.waits_its_turn": "Runs as soon as the code before it is done",
    "ui.read_on": "read on",
    "ui.guess": "Guess first; running the code will show it. Nothing is judged.",
    "ui.several": "More than one is right: space ticks.",
    "ui.secret": "not shown, not stored",
    "ui.differs": "What differs from yours:",
    "ui.edited": "changed",
    "ui.code_to_fix": "{language} · yours to complete",
    "ui.not_now": "Not possible at this step now",
    "ui.copied": "Copied",
    "ui.prompt_placeholder": "try some code, or / for a command",
    "ui.unknown_command": "/{name} is no command. Did you mean /{near}?",
    "ui.needs_step": "/{name} needs the id of a step, as in /{name} first-step",
    "ui.needs_language": "/{name} needs en or zh",
    "ui.needs_theme": "/{name} needs auto, dark, light, contrast or ansi, or nothing for the next one",
    "ui.theme_now": "Theme: {theme}",
    "ui.theme_not_here": "{theme} needs a terminal with more colours; it is kept for the next one",
    "ui.next_lesson": "Next lesson: “{title}”. Press n to open it.",
    "ui.open": "open",
    "ui.runs_here": "here ({device})",
    "ui.device_cpu": "CPU, {cores} cores",
    "ui.device_cpu_one": "CPU, {cores} core",
    "ui.device_memory": "{name}, {memory} GiB",
    "ui.device_several": "{count} × {device}",
    "ui.runtime_off": "runtime not started",
    "ui.runtime_starting": "runtime is starting",
    "ui.runtime_ready": "this computer",
    "ui.runtime_busy": "running",
    "ui.runtime_dead": "runtime ended · x restarts it",
    "ui.practice": "practice",
    "ui.minutes_left": "{minutes} min left",
    "ui.status_lessons": "l lessons",
    "ui.status_language": "f2 中文",
    "ui.status_help": "? help",
    "ui.failed": "Something in tutor itself failed: {message}. The log has the details.",
    "ui.quit_idle": "Quit tutor? Everything is kept.",
    "ui.quit_running": "Code is still running. Stop it and quit?",
    "ui.quit_yes": "quit",
    "ui.quit_no": "stay",
    "ui.help_page": HELP_PAGE,
}

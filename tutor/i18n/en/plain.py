"""Words of the conversation without a screen."""

from __future__ import annotations

HELP_PAGE = """\
Type one letter and press enter; enter alone does what is named first.
r run. e change the code. h hint. s solution. f fill the solution in. v check again. n next step. b back. k skip.
g bring names back. x restart the runtime. o original code. w where lessons run. l lessons. q quit. ctrl+c stops what runs, and quits when nothing runs.
Commands: /goto STEP, /lesson ID, /lang zh, /runtime NAME, /explain, /doctor, /accounts, /restart empty, /answer …, /quit, and every letter's own name, such as /run.
Everything else is code: it runs next to the lesson's code, and nothing is judged. Blocks end with an empty line.
An error that you paste is explained; /explain alone explains the newest one."""

WORDS: dict[str, str] = {
    "plain.welcome": "tutor, line by line. Type ? for help, /lang zh for Chinese (中文).",
    "plain.step": "Step {position} of {total}: {title}",
    "plain.hint_of": "Hint {number} of {total}:",
    "plain.hint": "Hint:",
    "plain.solution": "Solution:",
    "plain.differs": "What differs from yours (- yours, + the solution):",
    "plain.line_passed": "Passed: {label}",
    "plain.line_not_yet": "Not yet: {label}",
    "plain.line_could_not_check": "Could not check here: {label}",
    "plain.expected": "expected: {value}",
    "plain.seen": "seen: {value}",
    "plain.runs_on": "Code runs on this computer: {device}.",
    "plain.code": "The code:",
    "plain.code_to_fix": "The code, yours to complete:",
    "plain.answer_choice": "Answer with a number.",
    "plain.answer_several": "More than one is right. Answer with numbers and commas, such as 1, 3.",
    "plain.answer_number": "Answer with a number. {unit}",
    "plain.answer_text": "Type your answer.",
    "plain.answer_tick": "Do these, and type the number of each when it is done.",
    "plain.rest_of_error": "A traceback: paste the rest of it; end with a line that has only a dot.",
    "plain.answer_paste": "Paste it here; end with a line that has only a dot. It looks like: {example}",
    "plain.answer_form": "Press enter to fill these in.",
    "plain.answer_input": "The program waits for a line:",
    "plain.item_done": "{number}. done: {item}",
    "plain.item_to_do": "{number}. to do: {item}",
    "plain.field": "{label} (for example {example}):",
    "plain.field_known": "{label} (enter keeps {value}):",
    "plain.field_secret": "{label} (what you type is not shown and not stored):",
    "plain.ways": "Enter: {label} ({key}). Or {others}.",
    "plain.ways_of_answering": "Or {others}.",
    "plain.between_ways": ", ",
    "plain.more": "? help",
    "plain.how_to_edit": "Change a line by its number, such as 3: x = 1. A line behind line 3: +3: y = 2. Line 3 goes: -3. An empty line ends it.",
    "plain.no_such_change": "No line was changed by this: {order}",
    "plain.next_edit": "Next: {key} changes the code, then r runs it again.",
    "plain.next_edit_line": "Next: {key} changes the code (it stopped at line {line}), then r runs it again.",
    "plain.next_fill": "Next: {key} fills the solution in, then r runs it.",
    "plain.next_choose": "Next: choose again.",
    "plain.next_type": "Next: answer again.",
    "plain.next_paste": "Next: paste it again.",
    "plain.next_lesson": "The next lesson is “{title}”.",
    "plain.not_here": "{name} needs the screen: start tutor without --plain.",
    "plain.lesson": "{number}. {title} ({minutes} min): {state}",
    "plain.lesson_broken": "{number}. {title}: cannot be opened. {message}",
    "plain.state_new": "new",
    "plain.state_started": "{passed} of {steps} steps passed",
    "plain.state_done_here": "done here, {passed} of {steps} steps passed",
    "plain.state_passed": "passed",
    "plain.state_changed": "changed since you passed it",
    "plain.which_lesson": "The number of a lesson, or an empty line to stay:",
    "plain.help_page": HELP_PAGE,
}

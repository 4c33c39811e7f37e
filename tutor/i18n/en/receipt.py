"""What is said about receipts."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "receipt.none": "There is no receipt in this text.",
    "receipt.none_hint": "A receipt is the line that begins with TUTOR1 and that the last cell of an exported notebook prints. Run all cells to the end, save the notebook and give its file, or copy that line.",
    "receipt.cut": "This receipt is cut off: its end is missing.",
    "receipt.cut_hint": "Copy the whole line once more. If a terminal cuts it, save the notebook or the line as a file, and: {tutor} receipt FILE",
    "receipt.damaged": "This receipt is damaged: something in it is not as it was printed.",
    "receipt.damaged_hint": "Copy the line once more, all of it and nothing else, or run the last cell of the notebook again.",
    "receipt.large": "This receipt is larger than any that tutor prints, so it is not read.",
    "receipt.large_hint": "Run the last cell of the notebook again and copy the line that it prints.",
    "receipt.version": "This receipt is of a version that this tutor does not know.",
    "receipt.version_hint": "Update tutor, or export the notebook from this one and run it again.",
    "receipt.unreadable": "{file} cannot be read: {error}.",
    "receipt.unreadable_hint": "Give the file of the notebook, saved after it ran, or - and paste its last line.",
    "receipt.too_large": "{file} is too large to look for a receipt in it.",
    "receipt.too_large_hint": "Copy the line that begins with TUTOR1, and: {tutor} receipt -",
    "receipt.paste": "Paste the line that begins with TUTOR1, then press Enter twice.",
    "receipt.title": "Receipt of {time}, from: {place}",
    "receipt.at_its_word": "A receipt is taken at its word: a forged one would deceive only you.",
    "receipt.no_lesson": "! {problem} Nothing was recorded of it.",
    "receipt.no_steps": "Nothing was checked there.",
    "receipt.recorded": "{step}: passed there, recorded by receipt.",
    "receipt.known": "{step}: you have passed it here already, which stays as it is.",
    "receipt.not_yet": "{step}: not yet there; nothing changes here.",
    "receipt.could_not_check": "{step}: could not be checked there either; nothing changes here.",
    "receipt.changed": "{step}: passed there in another version than this lesson has now, so it is not covered. Export the notebook again.",
    "receipt.gone": "{step}: this lesson has no such step, so nothing was recorded of it.",
    "receipt.not_by_receipt": "{step}: no notebook can judge this step, so nothing was recorded of it. It is done here.",
    "receipt.progress": "    by receipt: {step} ({place}, {time})",
}

"""From lessons to the notebook that runs and judges them. Pure: the bundle and the pictures are handed in."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tutor.i18n import Words
from tutor.lesson.model import FixCode, RunCode, Step
from tutor.lesson.notebook import cells, prose
from tutor.lesson.notebook.cells import Cell, cell_id
from tutor.lesson.notebook.choice import SCHEMAS, Part, is_judged, wants_gpu
from tutor.lesson.notebook.setting_up import call_cell, set_up_cell

COLAB = "https://colab.research.google.com"
_ON_GITHUB = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/blob/[^\s?#()<>\"]+\.ipynb")
_PICTURE = re.compile(r"(!\[[^\]]*\]\()(assets/[^)\s]+)(\))")
MOST_OF_A_PICTURE = 2 << 20
"""Bytes; a larger one stays a link."""

ReadAsset = Callable[[str, str], bytes | None]
"""From lesson id and path in its folder to the file; None if it cannot be read."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the notebook is to be."""

    solutions: bool = False
    url: str = ""
    """Where it will stand on GitHub, for the link that opens it in Colab."""
    is_of_open_steps: bool = False


def is_github_address(url: str) -> bool:
    """Whether Colab can open the notebook at that address: its page on GitHub."""
    return _ON_GITHUB.fullmatch(url) is not None


def notebook(parts: Sequence[Part], bundle: bytes | None, words: Words, wishes: Wishes, read_asset: ReadAsset) -> str:
    """The file of a notebook.

    Args:
        bundle: a zip of harness, kit and plan; None if nothing in the parts is judged, and then there is no set-up and no receipt.
    """
    made = [_with_pictures(cell, part, read_asset) for part in parts for cell in _part(part, parts, words, wishes)]
    front = [cells.markdown("how-it-works", _front(parts, words, wishes, is_judged=bundle is not None))]
    end: list[Cell] = []
    if bundle is not None:
        kit = SCHEMAS.replace(".", "/").encode() in bundle
        front.append(cells.code("set-up", set_up_cell(bundle, words, mends_torchvision=kit), hidden=True))
        end.append(cells.markdown("receipt-text", f"## {words('export.receipt')}\n\n{words('export.receipt_text')}"))
        end.append(cells.code("receipt", call_cell(words("export.receipt"), "receipt", words), hidden=True))
    return cells.write([*front, *made, *end], gpu=wants_gpu(parts))


def _front(parts: Sequence[Part], words: Words, wishes: Wishes, *, is_judged: bool) -> str:
    single = parts[0].lesson.front if len(parts) == 1 else None
    title = single.title if single and not wishes.is_of_open_steps else ""
    if not title:
        title = words("export.title_open" if wishes.is_of_open_steps else "export.title_several")
    lines = [f"# {title}"]
    if wishes.url:
        at = wishes.url.removeprefix("https://github.com")
        lines.append(f"[![{words('export.open_in_colab')}]({COLAB}/assets/colab-badge.svg)]({COLAB}/github{at})")
    if single and parts[0].is_whole:
        lines.append(single.summary)
    if is_judged:
        lines.append(words("export.how_it_works"))
        if wants_gpu(parts):
            lines.append(words("export.gpu"))
    return "\n\n".join(lines)


def _part(part: Part, parts: Sequence[Part], words: Words, wishes: Wishes) -> Iterator[Cell]:
    lesson = part.lesson
    if len(parts) > 1 or wishes.is_of_open_steps:
        yield cells.markdown(cell_id(lesson.id), f"# {lesson.front.title}")
    if part.is_whole and lesson.opening.strip():
        yield cells.markdown(cell_id(lesson.id, "opening"), lesson.opening.strip())
    for step in lesson.steps:
        if step in part.steps:
            yield from _step(part, step, words, wishes)
        elif step.id in part.earlier_code:
            yield from _earlier(part, step, words)
    if part.is_whole and (told := prose.sources(lesson, words)):
        yield cells.markdown(cell_id(lesson.id, "sources"), told)


def _earlier(part: Part, step: Step, words: Words) -> Iterator[Cell]:
    lesson_id = part.lesson.id
    yield cells.markdown(cell_id(lesson_id, step.id, "earlier-text"), words("export.earlier", title=step.title))
    source = _marked(lesson_id, step, part.earlier_code[step.id], words, replay=True)
    yield cells.code(cell_id(lesson_id, step.id, "earlier"), source, raises=True)


def _step(part: Part, step: Step, words: Words, wishes: Wishes) -> Iterator[Cell]:
    lesson = part.lesson
    told = [f"## {step.title}", step.body.strip()]
    if step.predict is not None:
        told.append(prose.question(step.predict, words, is_predicted=True, solutions=wishes.solutions))
    judged = is_judged(lesson, step)
    if not judged:
        told.append(prose.only_read(lesson, step, words, solutions=wishes.solutions))
    yield cells.markdown(cell_id(lesson.id, step.id, "text"), _joined(told))
    if judged:
        own = "" if wishes.solutions else part.own_code.get(step.id, "")
        # Whatever it raises, the check below says what that means, and a run of all cells goes on.
        yield cells.code(
            cell_id(lesson.id, step.id, "code"),
            _marked(lesson.id, step, own or _code(step, wishes), words),
            raises=True,
        )
        call = call_cell(words("export.check", title=step.title), f"check {lesson.id}#{step.id}", words)
        yield cells.code(cell_id(lesson.id, step.id, "check"), call, hidden=True)
    after = step.after.strip()
    if after and step.work is not None and not isinstance(step.work, RunCode):
        # It speaks of the answer: in the tutor it comes once that is found.
        after = prose.details(words("export.after"), after)
    rest = _joined([prose.hints(step.hints, words) if judged or wishes.solutions else "", after])
    if rest:
        yield cells.markdown(cell_id(lesson.id, step.id, "rest"), rest)


def _code(step: Step, wishes: Wishes) -> str:
    match step.work:
        case RunCode(code=code):
            return code
        case FixCode(starter=starter, solution=solution):
            return solution if wishes.solutions else starter
        case _:
            raise AssertionError("only code is judged")


def _marked(lesson_id: str, step: Step, source: str, words: Words, *, replay: bool = False) -> str:
    """The code below the line by which the harness knows whose it is."""
    is_bash = isinstance(step.work, RunCode) and step.work.language == "bash"
    mark = f"# tutor: {lesson_id}#{step.id}" + (" replay" if replay else "") + f" ({words('export.keep')})"
    return "\n".join([*(["%%bash"] if is_bash else []), mark, source.rstrip("\n")])


def _joined(texts: Sequence[str]) -> str:
    return "\n\n".join(text for text in texts if text.strip())


def _with_pictures(cell: Cell, part: Part, read_asset: ReadAsset) -> Cell:
    """The lesson's own pictures go into the cell: the notebook travels without the lesson's folder."""
    if cell["cell_type"] != "markdown":
        return cell

    def inline(match: re.Match[str]) -> str:
        kind = mimetypes.guess_type(match[2])[0] or ""
        data = read_asset(part.lesson.id, match[2]) if kind.startswith("image/") else None
        if data is None or len(data) > MOST_OF_A_PICTURE:
            return match[0]
        return f"{match[1]}data:{kind};base64,{base64.b64encode(data).decode()}{match[3]}"

    return {**cell, "source": [_PICTURE.sub(inline, line) for line in cell["source"]]}

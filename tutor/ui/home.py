"""What stands on the home page, line by line: where to go on, what changed, open steps, lessons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from shlex import quote
from typing import overload

from tutor.i18n import Words
from tutor.lesson.model import NeedKind
from tutor.session.wants import ACCELERATORS, YOU, accounts_in, need_in_words
from tutor.ui.closing import connect, run_open
from tutor.ui.host import Home, LessonRow, OpenStep
from tutor.ui.look import STATE_GLYPHS, STATE_ROLES
from tutor.ui.rows import glyph_of
from tutor.ui.shelf import DONE, Shelf, following

PACKAGES = {
    "cv2": "opencv-python",
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "yaml": "pyyaml",
    "skimage": "scikit-image",
}
"""What is imported under another name than it is installed by."""

NEWS_MARKS = {"broken": ("!", "not_yet"), "changed": ("~", "could_not_check"), "new": ("+", "you")}
MOST_NEWS = 5
"""Lessons told one by one; of more, their number."""


class Kind(StrEnum):
    """What a line is."""

    TITLE = "title"
    """Of a part; nothing can be done with it."""
    NOTE = "note"
    """How many more there are."""
    GO_ON = "go_on"
    NEWS = "news"
    GROUP = "group"
    """Open steps that lack the same."""
    OPEN = "open"
    """An open step."""
    LESSON = "lesson"


@dataclass(frozen=True, slots=True)
class Item:
    """One line."""

    kind: Kind
    title: str
    right: str = ""
    """At the right end, all of it or nothing."""
    less: str = ""
    """In its place where there is little room."""
    glyph: str = ""
    role: str = ""
    lesson_id: str = ""
    step_id: str = ""
    copies: str = ""
    """A command that helps here."""
    opens: bool = False
    """Enter goes to the lesson or step."""
    is_elsewhere: bool = False
    """It can be closed in another place, together with all others of which that is true."""
    detail: str = ""
    """What is said below the list while the cursor is here; a line each."""

    @property
    def is_chosen(self) -> bool:
        """The cursor stops here."""
        return self.kind not in (Kind.TITLE, Kind.NOTE)


GAP = Item(Kind.NOTE, "")
"""Between two parts."""


class Page(Sequence[Item]):
    """All lines of the page, or those of the lessons that match; a lesson's line is made when it is looked at."""

    def __init__(self, head: Sequence[Item], lessons: Sequence[LessonRow], shelf: Shelf, words: Words) -> None:
        self._head = head
        self._lessons = lessons
        self._shelf = shelf
        self._words = words

    def __len__(self) -> int:
        return len(self._head) + len(self._lessons)

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...

    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if index < len(self._head):
            return self._head[index]
        return _lesson(self._lessons[index - len(self._head)], self._shelf.by_id, self._words)


def page_of(home: Home, shelf: Shelf, words: Words, query: str = "") -> Page:
    """The whole page, or what matches."""
    if query.strip():
        found = shelf.matching(query)
        title = words("home.found", count=len(found)) if found else words("home.nothing_found")
        return Page([Item(Kind.TITLE, title)], found, shelf, words)
    done = sum(1 for row in home.lessons if row.state in DONE)
    right = words("home.lessons_done", done=done, total=len(home.lessons))
    parts = [
        *_go_on(home, shelf.by_id, words),
        *_news(home.lessons, shelf.by_id, words),
        *_open(home, words),
        Item(Kind.TITLE, words("home.lessons"), right=right),
    ]
    head = [each for item in parts for each in ((GAP, item) if item.kind is Kind.TITLE else (item,))]
    return Page(head[1:], home.lessons, shelf, words)


def news_in_words(home: Home, words: Words) -> str:
    """What a learner who comes back is told in one line; empty when nothing has changed since."""
    news = [row for row in home.lessons if row.is_news]
    counts = {
        "broken": sum(1 for row in news if row.broken),
        "changed": sum(1 for row in news if not row.broken and row.changed),
        "new": sum(1 for row in news if not row.broken and not row.changed),
    }
    told = [words(f"home.news_{kind}", count=count) for kind, count in counts.items() if count]
    return words("session.joint").join(told)


# -- the parts


def _go_on(home: Home, rows: Mapping[str, LessonRow], words: Words) -> Iterator[Item]:
    here = rows.get(home.lesson_id)
    if here is not None and here.state not in DONE and not here.broken:
        yield Item(Kind.TITLE, words("home.go_on"))
        total, minutes = here.steps, home.minutes_left
        yield Item(
            Kind.GO_ON,
            words("home.at_step", lesson=here.title, step=home.step),
            right=words("home.step_of", position=home.position, total=total, minutes=minutes),
            less=words("home.step_short", position=home.position, total=total),
            glyph="›",
            role="you",
            lesson_id=here.id,
            step_id=home.step_id,
            opens=True,
            detail=_about(here, rows, words),
        )
        return
    following_one = following(home.lessons, home.lesson_id)
    if following_one is None:
        return
    yield Item(Kind.TITLE, words("home.next" if here is not None else "home.begin"))
    yield Item(
        Kind.GO_ON,
        following_one.title,
        right=words("commands.minutes", minutes=following_one.minutes),
        glyph="›",
        role="you",
        lesson_id=following_one.id,
        opens=True,
        detail=_about(following_one, rows, words),
    )


def _news(lessons: Sequence[LessonRow], rows: Mapping[str, LessonRow], words: Words) -> Iterator[Item]:
    found: dict[str, list[LessonRow]] = {"broken": [], "changed": [], "new": []}
    waiting: dict[str, list[LessonRow]] = {}
    for row in lessons:
        if row.broken:
            found["broken"].append(row)
        elif row.changed:
            found["changed"].append(row)
        elif row.waits:
            waiting.setdefault(str(PurePath(row.waits).parent), []).append(row)
        elif row.is_news:
            found["new"].append(row)
    if waiting or any(found.values()):
        yield Item(Kind.TITLE, words("home.news"))
    for kind, (glyph, role) in NEWS_MARKS.items():
        for row in found[kind][:MOST_NEWS]:
            told = words(f"home.is_{kind}", count=row.changed)
            less = words("home.changed") if kind == "changed" else told
            detail = row.broken or _about(row, rows, words)
            opens = not row.broken
            yield Item(Kind.NEWS, row.title, told, less, glyph, role, lesson_id=row.id, opens=opens, detail=detail)
        if len(found[kind]) > MOST_NEWS:
            yield Item(Kind.NOTE, words(f"home.news_{kind}", count=len(found[kind])), glyph=glyph, role=role)
    for folder, waits in waiting.items():
        command = f"tutor trust {quote(waits[0].waits if len(waits) == 1 else folder)}"
        title = waits[0].title if len(waits) == 1 else words("home.lessons_wait", count=len(waits))
        why = words("home.why_trust", command=command)
        told = words("home.waits")
        yield Item(Kind.NEWS, title, told, told, "?", "could_not_check", copies=command, detail=why)


def _open(home: Home, words: Words) -> Iterator[Item]:
    if not home.open_steps:
        return
    on_gpu = sum(step.minutes for step in home.open_steps if set(step.lacks) & set(ACCELERATORS))
    minutes = sum(step.minutes for step in home.open_steps)
    key = "home.open" if not on_gpu else "home.open_gpu" if on_gpu == minutes else "home.open_mixed"
    title = words(key, count=len(home.open_steps), minutes=minutes, gpu=on_gpu)
    groups: dict[tuple[str, ...], list[OpenStep]] = {}
    for step in home.open_steps:
        groups.setdefault(step.lacks, []).append(step)
    can_go = any(_way(lacks, home.python, words)[0] == run_open() for lacks in groups)
    # All of them go together, whatever they lack.
    together = words("places.together") if can_go else ""
    yield Item(Kind.TITLE, title, right=together, less="o" if can_go else "")
    for lacks, steps in groups.items():
        command, way = _way(lacks, home.python, words)
        needs = words("session.joint").join(need_in_words(need, words) for need in lacks)
        taken = sum(step.minutes for step in steps)
        elsewhere = command == run_open()
        yield Item(
            Kind.GROUP,
            words("home.group", needs=needs, count=len(steps), minutes=taken),
            glyph=" ",
            copies=command,
            is_elsewhere=elsewhere,
            detail=way,
        )
        for step in steps:
            yield Item(
                Kind.OPEN,
                words("home.at_step", lesson=step.lesson, step=step.title),
                right=words("commands.minutes", minutes=step.minutes),
                glyph=STATE_GLYPHS["open"],
                role=STATE_ROLES["open"],
                lesson_id=step.lesson_id,
                step_id=step.step_id,
                copies=command,
                opens=True,
                is_elsewhere=elsewhere,
                detail=way,
            )


def _way(lacks: Sequence[str], python: str, words: Words) -> tuple[str, str]:
    """The command that closes steps which lack this, and the sentence that says so."""
    modules = [need.partition(":")[2].partition(".")[0] for need in lacks if need.startswith(f"{NeedKind.MODULE}:")]
    if "torch" in modules:
        return f"{python} -m pip install torch", words("session.unmet_torch", detail=python)
    if modules and len(modules) == len(lacks):
        command = f"{python} -m pip install {' '.join(PACKAGES.get(name, name) for name in modules)}"
        return command, words("home.way_install", command=command)
    if accounts := accounts_in(lacks):
        return connect(accounts[0]), words("home.way_accounts", command=connect(accounts[0]))
    if lacks == (YOU,):
        return "", words("home.way_you")
    return run_open(), words("home.way_elsewhere", command=run_open())


def _lesson(row: LessonRow, rows: Mapping[str, LessonRow], words: Words) -> Item:
    glyph, role = glyph_of(row)
    is_open = f"{STATE_GLYPHS['open']}{row.open}" if row.open else ""
    count = f"{row.passed}/{row.steps}"
    minutes = words("commands.minutes", minutes=f"{row.minutes:>3}")
    less = f"{is_open:>3} {count:>5}  {minutes}" if not row.broken else words("home.is_broken")
    needs = short_needs(row.needs, words)
    waits = f"tutor trust {quote(row.waits)}" if row.waits else ""
    why = words("home.why_trust", command=waits) if waits else ""
    return Item(
        Kind.LESSON,
        row.title,
        right=f"{needs}  {less}" if needs and not row.broken else less,
        less=less,
        glyph=glyph,
        role=role,
        lesson_id=row.id,
        copies=waits,
        opens=not row.broken and not waits,
        detail=row.broken or why or _about(row, rows, words),
    )


def short_needs(needs: Sequence[str], words: Words) -> str:
    """What a lesson needs that a laptop at home may lack, in as few letters as can be."""
    found = []
    for need in needs:
        kind, _, argument = need.partition(":")
        if kind in (*ACCELERATORS, NeedKind.NETWORK):
            found.append(words(f"home.short_{kind}"))
        elif kind in (NeedKind.ACCOUNT, NeedKind.ENV):
            found.append(re.sub("^.", lambda first: first[0].upper(), argument).replace("Github", "GitHub"))
    return " · ".join(dict.fromkeys(found))


def _about(row: LessonRow, rows: Mapping[str, LessonRow], words: Words) -> str:
    """Summary, needs, and what helps before it."""
    lines = [row.summary] if row.summary else []
    if row.needs:
        needs = words("session.joint").join(need_in_words(need, words) for need in row.needs)
        lines.append(words("home.needs", needs=needs))
    if row.after:
        before = [rows[id_] for id_ in row.after if id_ in rows]
        told = words("session.joint").join(f"✓ {one.title}" if one.state in DONE else one.title for one in before)
        if told:
            lines.append(words("home.helps_before", lessons=told))
    return "\n".join(lines)

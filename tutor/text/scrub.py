"""The one scrubber: takes secrets out of everything that is shown, stored, exported or logged.

Text is read twice where it has escape sequences or invisible characters: as it is, and as it will look without them, because they are taken
out later and would leave a secret whole that they had stood in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tutor.text.bare import Bared, colours, is_bare
from tutor.text.encodings import PART_FROM, WRAPPED_FROM, Form, forms
from tutor.text.shapes import SHAPES, Shape

UNNAMED = "[secret]"
"""Stands in the place of a token that was recognised by its shape."""
ELLIPSIS = "…"
"""Stands where the harness cut off a text."""
_HELD_AT_MOST = 1 << 16
"""Characters that a stream holds back at most; reached only by text that repeats a secret over itself without end."""


class _Span(NamedTuple):
    """A secret in a text."""

    start: int
    end: int
    name: str
    """Of the value; empty for a shape."""
    lead: int
    """Where the text begins that shows what it is."""


class Scrubber:
    """Knows the values to hide, and the shapes of well-known tokens."""

    def __init__(self, values: Iterable[tuple[str, str]] = ()) -> None:
        """Args: `values`: pairs of name and secret value; `{{name}}` is put in its place."""
        self._values = tuple(values)
        by_text: dict[str, Form] = {}
        for name, value in self._values:
            for form in forms(name, value) if value else ():
                by_text.setdefault(form.text, form)
        self._forms = tuple(by_text.values())
        self._probes = tuple(dict.fromkeys(probe for form in self._forms for probe in form.probes))

    def scrub(self, text: str) -> str:
        """The whole text without secrets. A beginning that an ellipsis cuts off is one too."""
        spans = [span for reading in _readings(text) for span in reading.spans(self)]
        spans += self._clipped(text)
        return _without(text, len(text), spans) if spans else text

    def scrub_part(self, text: str) -> str:
        """A text that may begin or end within a secret."""
        stream = self.stream()
        return stream.feed(text) + stream.flush()

    def scrub_json(self, value: Any) -> Any:
        """A JSON value with every string in it scrubbed, keys included."""
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, Mapping):
            return {self.scrub_json(key): self.scrub_json(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.scrub_json(item) for item in value]
        return value

    def stream(self) -> StreamScrubber:
        """For text that arrives in pieces."""
        return StreamScrubber(self)

    def spans(self, text: str, start: int, shapes: Sequence[Shape]) -> Iterator[_Span]:
        """All secrets from `start` on; they may overlap."""
        for probe in self._probes:
            if probe in text:
                for form in self._forms:
                    for span in form.spans(text, start):
                        yield _Span(*span, form.name, span[0])
                break
        for shape in shapes:
            for match in shape.pattern.finditer(text, start):
                yield _Span(*match.span(1), "", match.start())

    def beginning(self, text: str, start: int, shapes: Sequence[Shape]) -> int:
        """From where on the text could be the beginning of a secret; its length if it cannot."""
        found = len(text)
        for form in self._forms:
            found = min(found, form.beginning(text, start))
        for shape in shapes:
            match = shape.beginning.search(text, max(start, len(text) - shape.reach))
            if match:
                found = min(found, match.start())
        for at in range(max(start, len(text) - _LONGEST_TRIGGER), len(text)):
            if (text[at:] in _TRIGGERS_BEGUN or text[at:].lower() in _TRIGGERS_BEGUN_ANY_CASE) and not _in_word(
                text, at
            ):
                return min(found, at)
        return found

    def rest(self, text: str, *, is_all: bool) -> _Span | None:
        """The rest of a value that began before the text, at its start; with no name if more must come to tell."""
        found: _Span | None = None
        for form in self._forms:
            size = form.cut_at_start(text, is_all=is_all)
            if size is None:
                return _Span(0, len(text), "", 0)
            if size and (found is None or size > found.end):
                found = _Span(0, size, form.name, 0)
        return found

    def cut(self, text: str, start: int) -> Iterator[_Span]:
        """Long enough beginnings of values at the end of the text."""
        for form in self._forms:
            at = form.beginning(text, start)
            if len(text) - at >= PART_FROM:
                yield _Span(at, len(text), form.name, at)

    def _clipped(self, text: str) -> Iterator[_Span]:
        at = text.find(ELLIPSIS) if self._forms else -1
        while at >= 0:
            yield from self.cut(text[:at], 0)
            at = text.find(ELLIPSIS, at + 1)


class _Reading(NamedTuple):
    """A text as it is or as it looks, after some that has gone before."""

    text: str
    start: int
    """How much of it has gone before."""
    bared: Bared | None
    """How it was made of the text as it is."""
    shapes: Sequence[Shape]

    def spans(self, scrubber: Scrubber) -> Iterator[_Span]:
        """The secrets, where they stand in the text as it is."""
        return map(self.original_span, scrubber.spans(self.text, self.start, self.shapes))

    def original(self, at: int) -> int:
        """Where that character stands in the text as it is."""
        at -= self.start
        return self.bared.original(at) if self.bared else at

    def place(self, original: int) -> int:
        """Where the character of that place in the text as it is stands here."""
        return self.start + (self.bared.place(original) if self.bared else original)

    def before(self, place: int) -> str:
        """As much as patterns look back at."""
        return self.text[max(0, place - WRAPPED_FROM) : place]

    def original_span(self, span: _Span) -> _Span:
        start, end, name, lead = span
        return _Span(self.original(start), self.original(end - 1) + 1, name, self.original(lead))


def _readings(text: str, before: str = "", before_bare: str = "") -> list[_Reading]:
    """One where nothing is invisible, else two, the last of them as it looks."""
    bared = None if is_bare(text) else Bared(text)
    whole = before + text
    readings = [_Reading(whole, len(before), None, _shapes_in(whole))]
    if bared is not None or before != before_bare:
        looks = before_bare + (bared.text if bared else text)
        readings.append(_Reading(looks, len(before_bare), bared, _shapes_in(looks)))
    return readings


class StreamScrubber:
    """Holds back as much as could be the beginning of a secret, until more comes or the end.

    Where the stream begins, and where it ends or pauses, a value may be cut: there its rest or its beginning is hidden too, if it has at
    least `PART_FROM` characters. What stays visible of a value in two pieces is a piece shorter than that. Not seen are pieces with other text
    between them, such as a piece after a label or one on another stream before more text; a value of which an escape sequence has swallowed
    a character; and one that appears only when other characters have been painted over.
    """

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._before = ""
        """The last characters that were let go, in their original form: patterns look back at them."""
        self._before_bare = ""
        """The same without what is invisible."""
        self._held = ""
        self._is_at_start = True
        """Nothing visible has been let go."""

    def feed(self, text: str) -> str:
        """What can be shown now."""
        text = self._held + text
        if not text:
            return ""
        readings = _readings(text, self._before, self._before_bare)
        last = readings[-1]
        end = last.bared.complete if last.bared else len(text)
        spans: list[_Span] = []
        for reading in readings:
            spans += reading.spans(self._scrubber)
            end = min(end, reading.original(self._scrubber.beginning(reading.text, reading.start, reading.shapes)))
        if self._is_at_start and (rest := self._scrubber.rest(last.text[last.start :], is_all=False)):
            if rest.name:
                spans.append(self._at_start(last, rest))
            else:
                end = 0
        # No secret and no sequence is cut: one that reaches into what is held back is held back too.
        if end < len(text):
            whole = [span._replace(start=span.lead) for span in spans]
            if last.bared:
                whole += (_Span(*gap, "", gap[0]) for gap in last.bared.gaps)
            for region in _regions(whole):
                if region.start < end < region.end:
                    end = region.start
        if len(text) - end > _HELD_AT_MOST:
            end = len(text)
        return self._let_go(text, end, readings, spans)

    def flush(self) -> str:
        """What was held back; the stream ends here or pauses.

        Of a secret that is cut by a pause only long pieces are recognised: flush only where the text really ends, or the reader is asked to
        answer it.
        """
        text = self._held
        readings = _readings(text, self._before, self._before_bare)
        spans = [span for reading in readings for span in reading.spans(self._scrubber)]
        last = readings[-1]
        spans += map(last.original_span, self._scrubber.cut(last.text, last.start))
        if self._is_at_start and (rest := self._scrubber.rest(last.text[last.start :], is_all=True)):
            spans.append(self._at_start(last, rest))
        shown = self._let_go(text, len(text), readings, spans)
        self._is_at_start = True
        return shown

    def _at_start(self, reading: _Reading, rest: _Span) -> _Span:
        return reading.original_span(_Span(reading.start, reading.start + rest.end, rest.name, reading.start))

    def _let_go(self, text: str, end: int, readings: Sequence[_Reading], spans: Iterable[_Span]) -> str:
        self._held = text[end:]
        last = readings[-1]
        place = last.place(end)
        if place > last.start:
            self._is_at_start = False
        self._before, self._before_bare = readings[0].before(readings[0].place(end)), last.before(place)
        return _without(text, end, [span for span in spans if span.end <= end])


def _without(text: str, end: int, spans: Iterable[_Span]) -> str:
    """The text up to `end` with the spans replaced, overlapping ones by the name of the first that has one. Colours outlive them."""
    parts = []
    start = 0
    for region in _regions(spans):
        parts.append(text[start : region.start])
        parts.append(f"{{{{{region.name}}}}}" if region.name else UNNAMED)
        parts.append(colours(text[region.start : region.end]))
        start = region.end
    parts.append(text[start:end])
    return "".join(parts)


def _regions(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Spans that overlap made one, in order."""
    region: _Span | None = None
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if region and span.start < region.end:
            region = _Span(region.start, max(region.end, span.end), region.name or span.name, region.lead)
            continue
        if region:
            yield region
        region = span
    if region:
        yield region


def _shapes_in(text: str) -> Sequence[Shape]:
    """The shapes whose trigger is somewhere in the text: mostly none, and then nothing else is searched."""
    lowered = text.lower()
    found: list[Shape] = []
    for (rare, ignore_case), shapes in _SHAPES_BY_RARE.items():
        searched = lowered if ignore_case else text
        if rare in searched:
            found += (shape for shape in shapes if shape.trigger in searched)
    return found


def _by_rare() -> Mapping[tuple[str, bool], Sequence[Shape]]:
    """The shapes by the rarest character of their triggers: looking for a character is many times faster than for a word."""
    groups: dict[tuple[str, bool], list[Shape]] = {}
    for shape in SHAPES:
        rare = next((one for one in _RAREST if one in shape.trigger), shape.trigger[0])
        groups.setdefault((rare, shape.ignore_case), []).append(shape)
    return groups


_RAREST = "_JXZKIAzx=/-'\"kb.:"
"""From the rarest on, in output as it mostly is; any other character comes after these."""
_SHAPES_BY_RARE = _by_rare()


def _in_word(text: str, at: int) -> bool:
    return at > 0 and text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalnum()


def _begun(ignore_case: bool) -> frozenset[str]:
    triggers = {shape.trigger for shape in SHAPES if shape.ignore_case is ignore_case}
    return frozenset(trigger[:length] for trigger in triggers for length in range(1, len(trigger)))


_TRIGGERS_BEGUN = _begun(ignore_case=False)
_TRIGGERS_BEGUN_ANY_CASE = _begun(ignore_case=True)
_LONGEST_TRIGGER = max(len(shape.trigger) for shape in SHAPES)

"""The one scrubber: takes secrets out of everything that is shown, stored, exported or logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tutor.text.encodings import WRAPPED_FROM, Form, forms
from tutor.text.shapes import SHAPES, Shape

UNNAMED = "[secret]"
"""Stands in the place of a token that was recognised by its shape."""
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
        """The whole text without secrets."""
        spans = self._spans(text, 0, _shapes_in(text))
        return _without(text, 0, len(text), spans) if spans else text

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

    def _spans(self, text: str, start: int, shapes: Sequence[Shape]) -> list[_Span]:
        """All secrets from `start` on, by where they begin, the longest first; they may overlap."""
        spans: list[_Span] = []
        for probe in self._probes:
            if probe in text:
                spans += (_Span(*span, form.name, span[0]) for form in self._forms for span in form.spans(text, start))
                break
        for shape in shapes:
            spans += (_Span(*match.span(1), "", match.start()) for match in shape.pattern.finditer(text, start))
        spans.sort(key=lambda span: (span.start, -span.end))
        return spans

    def _beginning(self, text: str, start: int, shapes: Sequence[Shape]) -> int:
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


class StreamScrubber:
    """Holds back as much as could be the beginning of a secret, until more comes or the end."""

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._before = ""
        """The last characters that were let go, in their original form: patterns look back at them."""
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be shown now."""
        text = self._before + self._held + text
        start = len(self._before)
        if len(text) == start:
            return ""
        shapes = _shapes_in(text)
        spans = self._scrubber._spans(text, start, shapes)  # noqa: SLF001 - both are one thing
        end = self._scrubber._beginning(text, start, shapes)  # noqa: SLF001
        # No secret is cut: one that reaches into what is held back is held back too.
        for region in _regions(sorted(span._replace(start=span.lead) for span in spans)):
            if region.start < end < region.end:
                end = region.start
        if len(text) - end > _HELD_AT_MOST:
            end = len(text)
        return self._let_go(text, start, end, spans)

    def flush(self) -> str:
        """What was held back; the stream ends here or pauses.

        A secret that is cut by a pause is not recognised: flush only where the text really ends, or the reader is asked to answer it.
        """
        text = self._before + self._held
        start = len(self._before)
        return self._let_go(text, start, len(text), self._scrubber._spans(text, start, _shapes_in(text)))  # noqa: SLF001

    def _let_go(self, text: str, start: int, end: int, spans: list[_Span]) -> str:
        self._held = text[end:]
        self._before = text[max(0, end - WRAPPED_FROM) : end]
        return _without(text, start, end, [span for span in spans if span.end <= end])


def _without(text: str, start: int, end: int, spans: list[_Span]) -> str:
    """The text between `start` and `end` with the sorted spans replaced, overlapping ones by the name of the first that has one."""
    parts = []
    for region in _regions(spans):
        parts.append(text[start : region.start])
        parts.append(f"{{{{{region.name}}}}}" if region.name else UNNAMED)
        start = region.end
    parts.append(text[start:end])
    return "".join(parts)


def _regions(spans: list[_Span]) -> Iterator[_Span]:
    region: _Span | None = None
    for span in spans:
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
    return [shape for shape in SHAPES if shape.trigger in (lowered if shape.ignore_case else text)]


def _in_word(text: str, at: int) -> bool:
    return at > 0 and text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalnum()


def _begun(ignore_case: bool) -> frozenset[str]:
    triggers = {shape.trigger for shape in SHAPES if shape.ignore_case is ignore_case}
    return frozenset(trigger[:length] for trigger in triggers for length in range(1, len(trigger)))


_TRIGGERS_BEGUN = _begun(ignore_case=False)
_TRIGGERS_BEGUN_ANY_CASE = _begun(ignore_case=True)
_LONGEST_TRIGGER = max(len(shape.trigger) for shape in SHAPES)

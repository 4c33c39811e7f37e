"""The YAML above a lesson's prose.

Read from nodes, not from constructed values: nodes know their line, keep duplicate keys, and no tag can run a constructor.
"""

from __future__ import annotations

import datetime
import re

import yaml

from tutor.lesson.model import FrontMatter, Need, Source
from tutor.lesson.needs import read_needs
from tutor.lesson.rules import Report, Rule, meant, shown

_Loader: type[yaml.SafeLoader | yaml.CSafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

KEYS = ("format", "title", "summary", "minutes", "order", "after", "needs", "sources")
_REQUIRED = ("format", "title", "summary", "minutes")
_SOURCE_KEYS = ("title", "url", "read")

_INT = "tag:yaml.org,2002:int"
_TEXT = "tag:yaml.org,2002:str"
_DATE = "tag:yaml.org,2002:timestamp"
_WHOLE = re.compile("[+-]?[0-9]{1,9}")
LESSON_ID = re.compile("[a-z0-9-]+")

DEEPEST = 16
"""libyaml's composer recurses in C and overflows the stack on nesting that is deep enough; a front matter needs 3."""


def split_front_matter(lines: list[str]) -> int:
    """The number of lines of the front matter with both its marks; 0 when there is none."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == "---":
            return number
    return 0


def read_front_matter(lines: list[str], report: Report) -> FrontMatter | None:
    """The front matter of the file; None after an error that leaves nothing to build, every error reported."""
    end = split_front_matter(lines)
    if not end:
        found = shown(lines[0]) if lines and lines[0].rstrip() != "---" else "no line of `---` that ends it"
        report.add(Rule.FRONT_MATTER, 1, found)
        return None
    root = _compose("\n".join(lines[1 : end - 1]) + "\n", end, report)
    if root is None:
        return None
    nodes = _mapping(root, KEYS, Rule.FRONT_KEY, report)
    for key in _REQUIRED:
        if key not in nodes:
            report.add(Rule.FRONT_MISSING, 1, f"no {shown(key)}")
    _format(nodes.get("format"), report)
    return FrontMatter(
        title=_text(nodes.get("title"), report),
        summary=_text(nodes.get("summary"), report),
        minutes=_minutes(nodes.get("minutes"), report),
        order=_order(nodes.get("order"), report),
        after=_after(nodes.get("after"), report),
        needs=_needs(nodes.get("needs"), report),
        sources=_sources(nodes.get("sources"), report),
    )


def _compose(text: str, end: int, report: Report) -> yaml.MappingNode | None:
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    report.add(Rule.YAML, min(_start(event) + 2, end), f"more than {DEEPEST} levels of nesting")
                    return None
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line + 2, end) if mark else 2
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "text that YAML does not allow"
        report.add(Rule.YAML, line, str(problem))
        return None
    if not isinstance(node, yaml.MappingNode):
        report.add(Rule.YAML, 2, "nothing" if node is None else "another kind of value")
        return None
    return node


def _start(part: yaml.Node | yaml.Event) -> int:
    return int(part.start_mark.line) if part.start_mark else 0


def _line(node: yaml.Node) -> int:
    """1-based in the file: the first line is the opening `---`."""
    return _start(node) + 2


def _found(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return shown(str(node.value))
    return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"


def _mapping(root: yaml.MappingNode, known: tuple[str, ...], rule: Rule, report: Report) -> dict[str, yaml.Node]:
    nodes: dict[str, yaml.Node] = {}
    for key, value in root.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if name not in known:
            report.add(rule, _line(key), _found(key) + meant(name, known))
        elif name in nodes:
            report.add(Rule.FRONT_TWICE, _line(key), f"{shown(name)} again")
        else:
            nodes[name] = value
    return nodes


def _format(node: yaml.Node | None, report: Report) -> None:
    if node is not None and not (node.tag == _INT and node.value == "1"):
        report.add(Rule.FORMAT, _line(node), _found(node))


def _is_text(node: yaml.Node) -> bool:
    return node.tag == _TEXT and isinstance(node, yaml.ScalarNode) and bool(node.value.strip())


def _text(node: yaml.Node | None, report: Report) -> str:
    if node is None:
        return ""
    if not _is_text(node):
        report.add(Rule.FRONT_TEXT, _line(node), f"{_found(node)}, which YAML does not read as text")
        return ""
    return str(node.value).strip()


def _whole(node: yaml.Node) -> int | None:
    return int(node.value) if node.tag == _INT and _WHOLE.fullmatch(str(node.value)) else None


def _minutes(node: yaml.Node | None, report: Report) -> int:
    if node is None:
        return 0
    number = _whole(node)
    if number is None or number < 0:
        report.add(Rule.FRONT_NUMBER, _line(node), _found(node))
    return number or 0


def _order(node: yaml.Node | None, report: Report) -> int:
    if node is None:
        return 1000
    number = _whole(node)
    if number is None:
        report.add(Rule.FRONT_NUMBER, _line(node), _found(node))
        return 1000
    return number


def _items(node: yaml.Node | None, rule: Rule, report: Report) -> list[yaml.Node]:
    if node is None:
        return []
    if not isinstance(node, yaml.SequenceNode):
        report.add(rule, _line(node), _found(node))
        return []
    return list(node.value)


def _after(node: yaml.Node | None, report: Report) -> tuple[str, ...]:
    ids = []
    for item in _items(node, Rule.AFTER, report):
        # A digit-only id is a number to YAML, but a fine id.
        if isinstance(item, yaml.ScalarNode) and LESSON_ID.fullmatch(item.value):
            ids.append(str(item.value))
        else:
            report.add(Rule.AFTER, _line(item), _found(item))
    return tuple(dict.fromkeys(ids))


def _needs(node: yaml.Node | None, report: Report) -> tuple[Need, ...]:
    if node is None:
        return ()
    if not (isinstance(node, yaml.ScalarNode) and node.tag == _TEXT):
        report.add(Rule.NEEDS, _line(node), _found(node))
        return ()
    return read_needs(str(node.value), _line(node), report)


def _sources(node: yaml.Node | None, report: Report) -> tuple[Source, ...]:
    sources = []
    for item in _items(node, Rule.SOURCES, report):
        if not isinstance(item, yaml.MappingNode):
            report.add(Rule.SOURCES, _line(item), _found(item))
            continue
        nodes = _mapping(item, _SOURCE_KEYS, Rule.SOURCES, report)
        missing = [key for key in _SOURCE_KEYS if key not in nodes]
        if missing:
            report.add(Rule.SOURCES, _line(item), "a source without " + " and ".join(shown(key) for key in missing))
            continue
        read = _date(nodes["read"])
        for wrong in [nodes[key] for key in ("title", "url") if not _is_text(nodes[key])]:
            report.add(Rule.SOURCES, _line(wrong), f"{_found(wrong)}, which YAML does not read as text")
        if read is None:
            report.add(Rule.SOURCES, _line(nodes["read"]), _found(nodes["read"]))
        else:
            sources.append(Source(str(nodes["title"].value), str(nodes["url"].value), read))
    return tuple(sources)


def _date(node: yaml.Node) -> datetime.date | None:
    if not isinstance(node, yaml.ScalarNode) or node.tag not in {_DATE, _TEXT}:
        return None
    try:
        return datetime.date.fromisoformat(str(node.value))
    except ValueError:
        return None

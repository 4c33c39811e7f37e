"""Reads a bash script as far as quoting goes, and puts variables in place of `{{name}}` in its words. Pure.

Left alone: here-documents, comments, arithmetic (where a value would be evaluated), `${…}` and `$'…'`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(r"\{\{(\w+)\}\}")
_HERE = re.compile(r"<<(-?)[ \t]*((?:'[^'\n]*'|\"[^\"\n]*\"|\\.|[^\s;&|<>()'\"\\])+)")
_WORD_BREAKS = " \t\n;&|()<>"


class BashWords:
    """One pass over one script."""

    def __init__(self, script: str, variables: Mapping[str, str]) -> None:
        self._script = script
        self._variables = variables
        self._at = 0
        self._out: list[str] = []
        self._here: list[tuple[str, bool]] = []
        """Here-documents whose bodies begin after the next newline: the closing word, and whether tabs before it are dropped."""
        self.replaced_at: set[int] = set()
        """Offsets of the placeholders that were replaced."""

    def rewrite(self) -> str:
        while self._at < len(self._script):
            self._commands("")
        return "".join(self._out)

    def _take(self, count: int = 1) -> None:
        self._out.append(self._script[self._at : self._at + count])
        self._at += count

    def _looking_at(self, text: str) -> bool:
        return self._script.startswith(text, self._at)

    def _replace(self, before: str, after: str) -> bool:
        match = _NAME.match(self._script, self._at)
        if match is None or match[1] not in self._variables:
            return False
        self.replaced_at.add(self._at)
        self._out.append(f"{before}${{{self._variables[match[1]]}}}{after}")
        self._at = match.end()
        return True

    def _commands(self, close: str) -> None:
        """Unquoted text up to and with `close`, or to the end."""
        depth = 0
        is_word_start = True
        while self._at < len(self._script):
            char = self._script[self._at]
            was_word_start, is_word_start = is_word_start, char in _WORD_BREAKS
            if char == close and depth == 0:
                self._take()
                return
            if char == "#" and was_word_start:
                self._take_until("\n")
            elif char == "\n":
                self._take()
                self._here_documents()
            elif char == "<" and self._looking_at("<<"):
                self._here_start()
            elif self._looking_at("((") and was_word_start:
                self._arithmetic(2)
            elif char in "()":
                depth = max(0, depth + (1 if char == "(" else -1))
                self._take()
            elif not (self._quoted_or_nested(char) or self._replace('"', '"')):
                self._take(2 if char == "\\" else 1)

    def _quoted_or_nested(self, char: str) -> bool:
        if char == "'":
            self._single()
        elif char == '"':
            self._double()
        elif self._looking_at("$'"):
            self._take(2)
            self._take_escaped("'")
        else:
            return self._expansion(char)
        return True

    def _expansion(self, char: str) -> bool:
        """What is read the same way inside double quotes and outside."""
        if self._looking_at("$(("):
            self._arithmetic(3)
        elif self._looking_at("$("):
            self._take(2)
            self._commands(")")
        elif self._looking_at("${"):
            self._parameter()
        elif char == "`":
            self._take()
            self._commands("`")
        else:
            return False
        return True

    def _single(self) -> None:
        self._take()
        while self._at < len(self._script) and not self._looking_at("'"):
            if not self._replace("'\"", "\"'"):
                self._take()
        self._take()

    def _double(self) -> None:
        self._take()
        while self._at < len(self._script) and not self._looking_at('"'):
            char = self._script[self._at]
            if char == "\\" and self._script[self._at + 1 : self._at + 2] in ("$", "`", '"', "\\", "\n"):
                self._take(2)
            elif not (self._expansion(char) or self._replace("", "")):
                self._take()
        self._take()

    def _parameter(self) -> None:
        self._take(2)
        depth = 1
        while self._at < len(self._script) and depth:
            char = self._script[self._at]
            if char in "{}":
                depth += 1 if char == "{" else -1
            self._take(2 if char == "\\" else 1)

    def _arithmetic(self, opening: int) -> None:
        self._take(opening)
        depth = 2
        while self._at < len(self._script) and depth:
            char = self._script[self._at]
            if char in "()":
                depth += 1 if char == "(" else -1
            self._take()

    def _take_until(self, end: str) -> None:
        stop = self._script.find(end, self._at)
        self._take((stop if stop >= 0 else len(self._script)) - self._at)

    def _take_escaped(self, close: str) -> None:
        while self._at < len(self._script) and not self._looking_at(close):
            self._take(2 if self._looking_at("\\") else 1)
        self._take()

    def _here_start(self) -> None:
        match = None if self._looking_at("<<<") else _HERE.match(self._script, self._at)
        if match is None:
            self._take(3 if self._looking_at("<<<") else 2)
            return
        word = re.sub(r"['\"\\]", "", match[2])
        self._here.append((word, match[1] == "-"))
        self._take(len(match[0]))

    def _here_documents(self) -> None:
        waiting, self._here = self._here, []
        for word, drops_tabs in waiting:
            while self._at < len(self._script):
                end = self._script.find("\n", self._at)
                line = self._script[self._at : end if end >= 0 else len(self._script)]
                self._take(len(line) + (end >= 0))
                if (line.lstrip("\t") if drops_tabs else line) == word:
                    break

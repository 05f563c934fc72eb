"""The inline text of a block, split once into prose and holes: code, math, HTML, links and addresses.

Transforms see the prose, in which each hole is one private-use token; `Split.fill` puts the holes back, each in its
final form.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

OPEN, CLOSE = "\ufdd0", "\ufdd1"
TOKEN = re.compile(f"{OPEN}(\\d+){CLOSE}")
_BREAK = re.compile(f"\n|{OPEN}(\\d+){CLOSE}")


@dataclass(frozen=True)
class Hole:
    """A piece of text that is not prose.

    `kind` is code, math, display, html, wikilink, embed, target (the `](…)` of a Markdown link), image (the `![` before
    it), url,
    escape or comment; `text` is the source, `body` what stands between its marks, `line` its line in the file.
    """

    kind: str
    text: str
    body: str
    line: int


@dataclass
class Split:
    """Prose with holes; `line` is the line of the file where it starts."""

    prose: str
    holes: list[Hole]
    line: int
    _extra: list[str] = field(default_factory=list)
    _breaks: list[int] | None = None

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of hole that it has."""
        return frozenset(hole.kind for hole in self.holes)

    def hide(self, text: str) -> str:
        """A token for finished text that later transforms must not see."""
        self._extra.append(text)
        return f"{OPEN}{len(self.holes) + len(self._extra) - 1}{CLOSE}"

    def line_at(self, position: int) -> int:
        """The line of the file at a position of the prose as it was split, before any step changed it."""
        if self._breaks is None:
            # A line break inside a hole counts at the end of its token.
            self._breaks = []
            for match in _BREAK.finditer(self.prose):
                count = self.holes[int(match[1])].text.count("\n") if match[1] else 1
                self._breaks += [match.end() - 1] * count
        return self.line + bisect.bisect_left(self._breaks, position)

    def source(self, text: str) -> str:
        """`text` with the source of every hole put back."""
        return TOKEN.sub(
            lambda match: self.holes[int(match[1])].text if int(match[1]) < len(self.holes) else match[0], text
        )

    def fill(self, text: str, final: Callable[[Hole], str]) -> str:
        """`text` with every hole in its final form."""

        def put(match: re.Match[str]) -> str:
            index = int(match[1])
            if index < len(self.holes):
                return final(self.holes[index])
            return TOKEN.sub(put, self._extra[index - len(self.holes)])

        return TOKEN.sub(put, text)


_SPECIAL = re.compile(r"[\\`$<]|%%|!?\[\[|!\[|\]\(|https?://", re.I)
_TAG = re.compile(
    r"<(?:[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?"
    r"|/[A-Za-z][A-Za-z0-9-]*\s*|![A-Za-z][^>]*)>"
)
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>")
_WIKILINK = re.compile(r"!?\[\[([^\[\]\n]+(?:\[[^\[\]\n]*\][^\[\]\n]*)*)\]\]")
_URL = re.compile(r"https?://[^\s<>`\"“”‘’「」『』《》【】（）〈〉，。；：！？、…￥\ufdd0-\ufdef|\[\]]+", re.I)
# A target in angle brackets, or with a title, either of which may hold parentheses.
_TITLED = re.compile(
    r"""\]\((?:<[^<>\n]*>(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'))?|[^\s()<>]+[ \t]+(?:"[^"\n]*"|'[^'\n]*'))[ \t]*\)"""
)
_PARENTHESES = re.compile(r"\\[()]|[()\n]")
_TICKS = re.compile(r"`+")
_TEX = re.compile(r"\\[A-Za-z]|[\^_{}=+<>]")
_DOLLAR_END = re.compile(r"(?<![\s\\])\$(?!\d)")


MAX_INLINE_MATH = 2000
"""Characters; two dollars further apart are not a formula."""


class _Scanner:
    """Walks over a text from special character to special character; each step either makes a hole or leaves prose."""

    def __init__(self, text: str, line: int) -> None:
        self.text, self.line = text, line
        self.prose: list[str] = []
        self.holes: list[Hole] = []
        self.done = 0
        # Closers known not to occur any more: one failed search each, so that no text makes the scan quadratic.
        self.missing: set[str] = set()
        self.counted, self.count = 0, line
        self.dollar_end = -1
        self.closing: dict[int, int] | None = None
        self.ticks: dict[int, list[int]] | None = None

    def find(self, closer: str, start: int) -> int:
        """Position of `closer` at or after `start`, or -1."""
        if closer in self.missing:
            return -1
        found = self.text.find(closer, start)
        if found < 0:
            self.missing.add(closer)
        return found

    def hole(self, kind: str, start: int, end: int, body: str) -> int:
        self.prose.append(self.text[self.done : start])
        self.count += self.text.count("\n", self.counted, start)
        self.counted = start
        self.prose.append(f"{OPEN}{len(self.holes)}{CLOSE}")
        self.holes.append(Hole(kind, self.text[start:end], body, self.count))
        self.done = end
        return end

    def run(self) -> Split:
        at = 0
        while match := _SPECIAL.search(self.text, at):
            start, mark = match.start(), match[0]
            at = _STEPS[mark.lower() if mark[0] in "\\`$<%![]" else "url"](self, start) or match.end()
        self.prose.append(self.text[self.done :])
        return Split("".join(self.prose), self.holes, self.line)

    def backslash(self, start: int) -> int | None:
        following = self.text[start + 1 : start + 2]
        closer = {"(": "\\)", "[": "\\]"}.get(following)
        if closer:
            end = self.find(closer, start + 2)
            body = self.text[start + 2 : end] if end > 0 else ""
            if body.strip() and (following == "(" or _TEX.search(body)):
                return self.hole("math" if following == "(" else "display", start, end + 2, body)
        if following and following in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~":
            return self.hole("escape", start, start + 2, following)
        return None

    def code(self, start: int) -> int | None:
        if self.ticks is None:
            self.ticks = {}
            for run in _TICKS.finditer(self.text):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
        end = start
        while self.text[end : end + 1] == "`":
            end += 1
        runs = self.ticks.get(end - start, [])
        index = bisect.bisect_left(runs, end)
        if index == len(runs):
            return end
        return self.hole("code", start, runs[index] + end - start, self.text[end : runs[index]])

    def dollar(self, start: int) -> int | None:
        if self.text.startswith("$$", start):
            end = self.find("$$", start + 2)
            if end > 0 and self.text[start + 2 : end].strip():
                return self.hole("display", start, end + 2, self.text[start + 2 : end])
            return start + 2
        following = self.text[start + 1 : start + 2]
        if not following or following.isspace() or "$" in self.missing:
            return None
        if self.dollar_end <= start + 1:
            close = _DOLLAR_END.search(self.text, start + 2)
            if not close:
                self.missing.add("$")
                return None
            self.dollar_end = close.start()
        end = self.dollar_end
        if end - start > MAX_INLINE_MATH:
            return None
        body = self.text[start + 1 : end]
        # A `$$` in between is a display formula of its own: the lone dollar is text.
        if "$" in body.replace("\\$", "") or self.text.startswith("$$", end) or "\n\n" in body or "`" in body:
            return None
        return self.hole("math", start, end + 1, body)

    def angle(self, start: int) -> int | None:
        if self.text.startswith("<!--", start):
            end = self.find("-->", start + 4)
            return self.hole("html", start, end + 3, "") if end > 0 else None
        auto = _AUTOLINK.match(self.text, start)
        if auto:
            return self.hole("url", start, auto.end(), auto[1])
        if "<?" in self.text[start : start + 2] or "<![" in self.text[start : start + 3]:
            closer = "?>" if self.text[start + 1] == "?" else "]]>"
            end = self.find(closer, start)
            return self.hole("html", start, end + len(closer), "") if end > 0 else None
        tag = _TAG.match(self.text, start, start + 2000)
        return self.hole("html", start, tag.end(), "") if tag else None

    def comment(self, start: int) -> int | None:
        end = self.find("%%", start + 2)
        return self.hole("comment", start, end + 2, self.text[start + 2 : end]) if end > 0 else None

    def wikilink(self, start: int) -> int | None:
        match = _WIKILINK.match(self.text, start)
        if not match:
            return None
        return self.hole("embed" if match[0][0] == "!" else "wikilink", start, match.end(), match[1])

    def image(self, start: int) -> int | None:
        return self.hole("image", start, start + 2, "")

    def target(self, start: int) -> int | None:
        titled = _TITLED.match(self.text, start)
        end = titled.end() if titled else self._closing_parenthesis(start + 1)
        return self.hole("target", start, end, self.text[start + 2 : end - 1]) if end else None

    def _closing_parenthesis(self, start: int) -> int:
        """The position after the parenthesis that closes the one at `start` on its line, or 0."""
        if self.closing is None:
            self.closing = {}
            open_at: list[int] = []
            for match in _PARENTHESES.finditer(self.text):
                if match[0] == "\n":
                    open_at = []
                elif match[0] == "(":
                    open_at.append(match.start())
                elif match[0] == ")" and open_at:
                    self.closing[open_at.pop()] = match.end()
        return self.closing.get(start, 0)

    def url(self, start: int) -> int | None:
        match = _URL.match(self.text, start)
        if not match:
            return None
        address = match[0].rstrip("?!.,:*_~'\"")
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip("?!.,:*_~'\"")
        return self.hole("url", start, start + len(address), address) if len(address) > 8 else None


_STEPS: dict[str, Callable[[_Scanner, int], int | None]] = {
    "\\": _Scanner.backslash,
    "`": _Scanner.code,
    "$": _Scanner.dollar,
    "<": _Scanner.angle,
    "%%": _Scanner.comment,
    "[[": _Scanner.wikilink,
    "![[": _Scanner.wikilink,
    "![": _Scanner.image,
    "](": _Scanner.target,
    "url": _Scanner.url,
}


def split(text: str, line: int = 1) -> Split:
    """Split the inline text of a block that starts at `line` of its file."""
    return _Scanner(text, line).run()

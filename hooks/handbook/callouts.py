"""The callouts of a rendered page, taken out whole, to be shown on another page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from .pages import VOID

_HEADING = re.compile(r"h[2-6]")
_ID = re.compile(r'\s(?:id|name)="[^"]*"')
_ADDRESS = re.compile(r'(\s(?:href|src|poster)=")([^"]*)(")')
_CITED = re.compile(r'<a href="#ref-([\w:.+-]+)"[^>]*>[^<]*</a>')


@dataclass(frozen=True)
class Callout:
    """A callout: its kind (`warning`, …), title and body as HTML, the id of its heading, and its own if it has one."""

    kind: str
    title: str
    body: str
    anchor: str
    id: str = ""


class _Finder(HTMLParser):
    """Finds where callouts, their titles and their ends stand."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Callout] = []
        self._html = html
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._open: list[tuple[str, str]] = []  # tag, and the kind of callout it opens
        self._titles: list[tuple[int, int, int]] = []  # of each open callout: title from, title to, body from
        self._anchors: list[tuple[str, str]] = []  # of each open callout: its heading's id and its own
        self._anchor = ""

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        classes = attributes.get("class", "").split()
        if _HEADING.fullmatch(tag) and attributes.get("id"):
            self._anchor = attributes["id"]
        if tag in VOID:
            return
        kind = ""
        if (tag == "div" and "admonition" in classes) or (tag == "details" and classes):
            kind = next((name for name in classes if name != "admonition"), "note")
            start = self._at() + len(self.get_starttag_text() or "")
            self._titles.append((start, start, start))
            self._anchors.append((self._anchor, attributes.get("id", "")))
        elif self._titles and (tag == "summary" or "admonition-title" in classes):
            kind = "title"
            start = self._at() + len(self.get_starttag_text() or "")
            self._titles[-1] = (start, start, start)
        self._open.append((tag, kind))

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _ in self._open):
            return
        name = ""
        while name != tag:
            name, kind = self._open.pop()
            if kind == "title":
                start, _, _ = self._titles[-1]
                end = self._at()
                self._titles[-1] = (start, end, end + len(f"</{tag}>"))
            elif kind:
                start, end, body = self._titles.pop()
                html = self._html
                self.found.append(
                    Callout(kind, html[start:end].strip(), html[body : self._at()].strip(), *self._anchors.pop())
                )


def read(html: str) -> list[Callout]:
    """The callouts of a page's HTML, each after those it holds."""
    finder = _Finder(html)
    finder.feed(html)
    finder.close()
    return finder.found


def moved(html: str, origin: str, relative: Callable[[str], str], cite: Callable[[str], str]) -> str:
    """HTML of the page at `origin` as it stands on another page.

    `relative` makes an address relative to that page, `cite` gives the link of a citation's key, of class `cited`. Ids
    go, because another callout may have the same; a link within the page leads back to it.
    """
    html = _CITED.sub(lambda match: cite(match[1]), html)
    html = _ID.sub("", html)

    def address(match: re.Match[str]) -> str:
        target = unescape(match[2])
        if urlsplit(target).scheme or target.startswith("//"):
            return match[0]
        return match[1] + escape(relative(urljoin("/" + origin, target).lstrip("/"))) + match[3]

    marked = re.split(r"(<a class=\"cited\"[^>]*>)", html)
    return "".join(part if part.startswith('<a class="cited"') else _ADDRESS.sub(address, part) for part in marked)

"""The callouts of a rendered page, taken out whole, to be shown on another page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from . import markup

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


_OPENING = re.compile(r"<(?:h[2-6]|div|details|summary|p)\b", re.I)


def read(html: str) -> list[Callout]:
    """The callouts of a page's HTML, each after those it holds."""
    return list(_read(html, 0, len(html), [""]))


def _read(html: str, start: int, stop: int, anchor: list[str]) -> Iterator[Callout]:
    """The callouts between two places; `anchor` holds the id of the last heading."""
    done = start
    for match in _OPENING.finditer(html, start, stop):
        if match.start() < done:
            continue
        tag = markup.tag_after(html, match.start())
        assert tag is not None
        attributes = markup.attributes(tag.attributes)
        classes = attributes.get("class", "").split()
        if _HEADING.fullmatch(tag.name) and attributes.get("id"):
            anchor[0] = attributes["id"]
        end = markup.end_of(html, tag) if _is_callout(tag.name, classes) else None
        if end is None:
            continue
        here = anchor[0]
        title, body = _title(html, tag.end, end.start)
        yield from _read(html, tag.end, end.start, anchor)
        kind = next((name for name in classes if name != "admonition"), "note")
        yield Callout(kind, title, html[body : end.start].strip(), here, attributes.get("id", ""))
        done = end.end


def _is_callout(name: str, classes: Sequence[str]) -> bool:
    return (name == "div" and "admonition" in classes) or (name == "details" and bool(classes))


def _title(html: str, start: int, stop: int) -> tuple[str, int]:
    """The title that a callout opens with, and where its body begins."""
    tag = markup.tag_after(html, start)
    if tag is None or tag.start >= stop or not (tag.name == "summary" or "admonition-title" in tag.attributes):
        return "", start
    end = markup.end_of(html, tag)
    return (html[tag.end : end.start].strip(), end.end) if end else ("", start)


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

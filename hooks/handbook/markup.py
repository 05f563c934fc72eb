"""The tags of finished HTML, as Python-Markdown and KaTeX write it: several times quicker than `html.parser`."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import NamedTuple

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
"""The elements that have no end."""

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    # What is in these is no HTML.
    r"|<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)"
    r"|<(/?)([a-zA-Z][^\s/>]*)([^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*)>",
    re.S | re.I,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


class Tag(NamedTuple):
    """A tag, `html[start:end]`: its name in lower case, whether it ends an element, its attributes as written."""

    name: str
    closing: bool
    attributes: str
    start: int
    end: int


def tag_after(html: str, start: int) -> Tag | None:
    """The first tag from `start` on; comments, scripts and styles are passed over."""
    while match := _TAG.search(html, start):
        _, closing, name, attributes = match.groups()
        if name:
            return Tag(name.lower(), bool(closing), attributes, match.start(), match.end())
        start = match.end()
    return None


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag by name, in lower case; one without a value is empty."""
    return {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(text)}


@cache
def _same(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){re.escape(name)}(?![\w-])", re.I)


def end_of(html: str, tag: Tag) -> Tag | None:
    """The tag that ends the element which `tag` begins; None where the HTML never ends it."""
    depth = 1
    for match in _same(tag.name).finditer(html, tag.end):
        depth += -1 if match[1] else 1
        if not depth:
            return Tag(tag.name, True, "", match.start(), html.find(">", match.end()) + 1 or len(html))
    return None

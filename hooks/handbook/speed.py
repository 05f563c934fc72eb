"""Python-Markdown, Pygments and MkDocs do less in vain, and make the same: a third of a build's time is theirs."""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown import treeprocessors
from markdown.util import AtomicString
from mkdocs.structure import pages
from pygments.formatters import html  # type: ignore[import-untyped]
from pymdownx import highlight

NEEDED = {
    r"(?:(?<!\\)((?:\\{2})+)(?=`+)|(?<!\\)`)": ("`",),
    r"\\(.)": ("\\",),
    r"\[\^([^\]]*)\]": ("[",),
    r"(?<!\!)\[": ("[",),
    r"\!\[": ("![",),
    r"<([A-Za-z][A-Za-z0-9+.-]*://[^<>]*)>": ("<",),
    r"<([^<> !]+@[^@<> ]+)>": ("<",),
    r"  \n": ("  \n",),
    r"(&(?:\#[0-9]+|\#x[0-9a-fA-F]+|[a-zA-Z0-9]+);)": ("&",),
    r"\*|_": ("*", "_"),
    r"=|\~": ("=", "~"),
}
"""By the regular expression of an inline pattern, of what one must stand in a text that it matches."""


def install() -> None:
    """Take the place of the libraries' own functions; may be called again."""
    treeprocessors.InlineProcessor._InlineProcessor__handleInline = _inline  # type: ignore[attr-defined]
    if not hasattr(highlight.get_lexer_by_name, "cache_info"):
        highlight.get_lexer_by_name = cache(highlight.get_lexer_by_name)
        html.HtmlFormatter._create_stylesheet = _once(html.HtmlFormatter._create_stylesheet)
    # The anchors of each page, for a check of links that mkdocs.yml turns off: our own has been made by then.
    for collector in (pages._RawHTMLPreprocessor, pages._ExtractAnchorsTreeprocessor):
        collector._register = lambda self, md: None  # type: ignore[method-assign]


def _inline(self: Any, data: str, patternIndex: int = 0) -> str:
    """`InlineProcessor.__handleInline`, without the patterns that cannot match: nearly all, in most texts.

    A match leaves a token in its place, which no pattern matches: what a text lacks it lacks for good.
    """
    if isinstance(data, AtomicString):
        return data
    if "patterns" not in vars(self):
        self.patterns = [(at, each, NEEDED.get(each.pattern, ("",))) for at, each in enumerate(self.inlinePatterns)]
    for at, pattern, needed in self.patterns[patternIndex:]:
        # A pattern that is not known needs nothing, and the empty text stands in any.
        matched, start = any(map(data.__contains__, needed)), 0
        while matched:
            data, matched, start = self._InlineProcessor__applyPattern(pattern, data, at, start)
    return data


def _once(create: Any) -> Any:
    """`HtmlFormatter._create_stylesheet`, called for the first formatter of a style."""
    made: dict[Any, Any] = {}

    def stylesheet(self: Any) -> None:
        key = self.style, self.classprefix
        if key not in made:
            create(self)
            made[key] = self.ttype2class, self.class2style
        self.ttype2class, self.class2style = made[key]

    return stylesheet

"""What is done to the HTML of a page after Markdown, and to its table of contents."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape

from .emit import HTML_CLOSE, HTML_OPEN
from .links import BROKEN, IN_VAULT

_TOKEN_BLOCK = re.compile(f"<p>{HTML_OPEN}(\\d+){HTML_CLOSE}</p>|{HTML_OPEN}(\\d+){HTML_CLOSE}")
_BROKEN = re.compile(rf'<a href="{BROKEN}"[^>]*>(.*?)</a>', re.S)
_IN_VAULT = re.compile(rf'"{IN_VAULT}([^"]*)"')
_BROKEN_IMAGE = re.compile(rf'<img [^>]*src="{BROKEN}"[^>]*>')
_FORMULA = re.compile(r'<x-math data-n="(\d+)">[^<]*</x-math>')
_IMAGE = re.compile(r"<p>\s*(<img [^>]*>)\s*</p>")
_EMPTY_HEAD = re.compile(r"<th(?P<style>[^>]*)></th>")
_FORMULA_HEAD = re.compile(r"<th(?P<style>[^>]*)>(?P<formula><x-math [^>]*>(?P<text>[^<]*)</x-math>)</th>")
_TABLE = re.compile(r"<table>([^<]*(?:<(?!/?table\b)[^<]*)*)</table>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def restore_html(content: str, html: Sequence[str]) -> str:
    """Put the raw HTML of the note back in place of its tokens."""
    return _TOKEN_BLOCK.sub(lambda match: html[int(match[1] or match[2])], content)


def vault_addresses(content: str, relative: Callable[[str], str]) -> str:
    """Make the addresses of the vault's files in raw HTML relative to the page; `relative` does it for a path."""

    def put(match: re.Match[str]) -> str:
        path, mark, fragment = match[1].partition("#")
        return f'"{relative(path)}{mark}{fragment}"'

    return _IN_VAULT.sub(put, content)


def drop_broken(content: str) -> str:
    """The text of a link or image that leads nowhere, without the link."""
    content = _BROKEN_IMAGE.sub(lambda match: _alt(match[0]), content)
    return _BROKEN.sub(r'<span class="broken-link">\1</span>', content)


def _alt(image: str) -> str:
    alt = dict(_ATTRIBUTE.findall(image)).get("alt", "")
    return f'<span class="broken-link">{alt}</span>'


def table_heads(content: str) -> str:
    """An empty corner of a table as an empty cell, being the head of nothing; a formula alone as a head with a name."""

    def named(match: re.Match[str]) -> str:
        return f'<th{match["style"]} aria-label="{escape(unescape(match["text"]))}">{match["formula"]}</th>'

    return _FORMULA_HEAD.sub(named, _EMPTY_HEAD.sub(r"<td\g<style>></td>", content))


def scrolling_tables(content: str) -> str:
    """Each plain table in the box in which it scrolls.

    Material's script would make the box, once the page is shown: all that is near would be styled a second time.
    """
    box = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">{}</div></div>'
    return _TABLE.sub(box.format(r'<table class="ruled">\1</table>'), content)


def formula_mark(number: int, text: str) -> str:
    """What stands for a formula until the page is indexed: readable text, in an element that no search parser drops."""
    return f'<x-math data-n="{number}">{escape(text, quote=False)}</x-math>'


def put_formulas(content: str, html: Sequence[str]) -> str:
    """Replace the marks by the rendered formulas."""
    return _FORMULA.sub(lambda match: html[int(match[1])], content)


def figures(content: str, svg: Callable[[str], str | None]) -> str:
    """Images in a paragraph of their own become figures with their alternative text as caption.

    `svg` gives the source of a drawing that takes the page's colours (the address is the image's), which is then put
    inline; it gives None for any other image.
    """

    def figure(match: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        alt = unescape(attributes.get("alt", "")).strip()
        drawing = svg(unescape(attributes.get("src", "")))
        image = _inline_svg(drawing, alt) if drawing else match[1].replace("<img ", '<img loading="lazy" ')
        caption = f"<figcaption>{escape(alt, quote=False)}</figcaption>" if drawing and alt else ""
        return f'<figure class="figure">{image}{caption}</figure>'

    return _IMAGE.sub(figure, content)


def _inline_svg(drawing: str, alt: str) -> str:
    """An SVG document as an element of a page: no XML head, no title (it would be a tooltip), hidden behind its
    caption.
    """
    svg = drawing[drawing.index("<svg") :].strip()
    svg = re.sub(r"<title>.*?</title>\s*", "", svg, count=1, flags=re.S)
    label = 'aria-hidden="true"' if alt else 'role="img"'
    # The drawing's words are no sentences of the page: search leaves them out.
    svg = svg.replace('role="img"', label, 1).replace("<svg ", '<svg class="drawing" ', 1)
    return f'<div class="drawing-box" data-search-exclude>{svg}</div>'


def is_page_coloured(drawing: str) -> bool:
    """Whether an SVG is a figure that takes the page's colours, and can stand in the page."""
    return "currentColor" in drawing and "<script" not in drawing and "<foreignObject" not in drawing

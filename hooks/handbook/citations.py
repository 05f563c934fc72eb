"""Citations `[@key]`: found in prose, carried past mkdocs-bibtex, shown as numbered references.

mkdocs-bibtex takes every bracket with an `@` on a page for a citation, in code too. So only the groups that
`guard` accepted in prose reach it: `guard` turns each into a token, `release` hides every other `@` and `[`
and turns the tokens back just before the plugin, `restore` undoes that just after it. The list of references
is made here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from pybtex.richtext import Text

from handbook.report import Problem

# Noncharacters, which `frontmatter.normalise` keeps out of every note.
_OPEN, _CLOSE, _AT, _BRACKET = "\ufdd6", "\ufdd7", "\ufdd8", "\ufdd9"
_TOKEN = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_MASK = str.maketrans({"@": _AT, "[": _BRACKET})
_UNMASK = str.maketrans({_AT: "@", _BRACKET: "["})

_GROUP = re.compile(r"\[[ \t]*@\w[\w-]*(?:[ \t]*;[ \t]*@\w[\w-]*)*[ \t]*\]", re.ASCII)
_KEY = re.compile(r"@(\w[\w-]*)", re.ASCII)
_BRACKETED = re.compile(r"(?<!\\)\[[^\[\]]*@[^\[\]]*\]")
# `[text](…)`, `[text][label]` and `[text][]`, where the text may hold one more pair of brackets.
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\n]|\n(?!\s*\n)|\[[^\[\]]*+\])*+\](?=\(|\[(?![@^\[]))")

# What `footnote_format: "bib:{key}"` makes of a group. The space before it goes, so that the number stands at
# the word it belongs to, except after a character that may be a list marker.
_RUN = re.compile(r"(?:(?<=[\w%`”’」』》）])[ \t]+)?((?:\[\^bib:[\w-]+\][ \t]*)*\[\^bib:[\w-]+\])")
_FOOTNOTE = re.compile(r"\[\^bib:([\w-]+)\]")

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NO_DATE = "n.d."


class Group(NamedTuple):
    """A citation group, `prose[start:end]`, and its keys in order."""

    start: int
    end: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A bibliography entry as plain text; a field that the entry lacks is empty."""

    key: str
    authors: tuple[str, ...]
    more_authors: bool
    title: str
    venue: str
    year: str
    doi: str
    arxiv: str
    url: str


@dataclass(frozen=True)
class Cited:
    """A reference of a page with the HTML ids of the places that cite it."""

    reference: Reference
    places: tuple[str, ...]


def find_citations(prose: str) -> list[Group]:
    """Find the groups `[@key]` and `[@a; @b]`, known or not, in text without code, math and HTML."""
    links = [match.span() for match in _LINK.finditer(prose)]
    starts = [start for start, _ in links]

    def in_link(at: int) -> bool:
        index = bisect_right(starts, at) - 1
        return index >= 0 and at < links[index][1]

    return [
        Group(*match.span(), tuple(_KEY.findall(match[0])))
        for match in _GROUP.finditer(prose)
        if not _means_something_else(prose, *match.span()) and not in_link(match.start())
    ]


def _means_something_else(prose: str, start: int, end: int) -> bool:
    """Tell whether `prose[start:end]` is escaped or a wikilink, an inline footnote or a link definition."""
    # A line's worth: what stands further ahead decides nothing.
    before = prose[max(0, start - 200) : start]
    escaped = (len(before) - len(before.rstrip("\\"))) % 2 == 1
    wikilink = before.endswith("[") and prose.startswith("]", end)
    definition = prose.startswith(":", end) and not before.rpartition("\n")[2].strip(" >")
    return escaped or wikilink or before.endswith("^") or definition


def guard(prose: str, known: Collection[str], path: str, line_at: Callable[[int], int]) -> tuple[str, list[Problem]]:
    """Replace the groups of `prose` by tokens and report what cannot be one, `line_at` a position of `path`.

    A group with a key that is not in `known` keeps its text. So does a bracket that names a known key without
    being a group, such as `[@key, §3]`. Without a bibliography (no known keys) nothing changes.
    """
    if not known:
        return prose, []
    problems: list[Problem] = []

    def report(at: int, message: str) -> None:
        problems.append(Problem(path, line_at(at), "citation", message))

    parts: list[str] = []
    done = 0
    groups = find_citations(prose)
    for group in groups:
        unknown = [key for key in dict.fromkeys(group.keys) if key not in known]
        for key in unknown:
            report(group.start, f"unknown citation key @{key} in {prose[group.start : group.end]}")
        if not unknown:
            parts += [prose[done : group.start], _OPEN, ";".join(group.keys), _CLOSE]
            done = group.end
    parts.append(prose[done:])

    starts = {group.start for group in groups} | {match.start() for match in _LINK.finditer(prose)}
    for match in _BRACKETED.finditer(prose):
        elsewhere = match.start() in starts or _means_something_else(prose, *match.span())
        if not elsewhere and any(key in known for key in _KEY.findall(match[0])):
            report(match.start(), f"{match[0]} is not a citation: write [@key] or [@a; @b], outside links")
    return "".join(parts), sorted(problems)


def release(markdown: str) -> str:
    """Hide every `@` and `[` of a page from mkdocs-bibtex and turn the tokens into groups for it."""
    # `[` too, because the plugin's group starts at the first unmatched bracket of the line.
    masked = markdown.translate(_MASK)
    return _TOKEN.sub(lambda token: "[" + "; ".join(f"@{key}" for key in token[1].split(";")) + "]", masked)


def restore(markdown: str, entries: Mapping[str, Any]) -> tuple[str, list[Cited]]:
    """Undo `release` after mkdocs-bibtex and number its footnote marks by first appearance on the page.

    `entries` are pybtex's, by key. Returns the page and its references in the order of their numbers.
    """
    places: dict[str, list[str]] = {}
    numbers: dict[str, int] = {}

    def number(run: re.Match[str]) -> str:
        # pybtex finds keys in any case; the entry's own spelling makes them one reference.
        keys = dict.fromkeys(entries[key].key for key in _FOOTNOTE.findall(run[1]))
        shown = sorted((numbers.setdefault(key, len(numbers) + 1), key) for key in keys)
        # Entities, because Python-Markdown reads `[1]` as a link where the page defines a label 1.
        labels = [str(index) for index, _ in shown]
        labels[0] = "&#91;" + labels[0]
        labels[-1] += "&#93;"
        links = []
        for (_, key), label in zip(shown, labels, strict=True):
            cited = places.setdefault(key, [])
            cited.append(f"cite-{key}-{len(cited) + 1}")
            links.append(f'<a href="#ref-{key}" id="{cited[-1]}">{label}</a>')
        return f'<sup class="citation" data-search-exclude="">{", ".join(links)}</sup>'

    # First the marks, while every other bracket of the page is still hidden.
    markdown = _RUN.sub(number, markdown).translate(_UNMASK)
    return markdown, [Cited(record(entries[key]), tuple(ids)) for key, ids in places.items()]


def record(entry: Any) -> Reference:
    """Read a pybtex entry, without its braces and LaTeX escapes."""
    fields = entry.fields
    parts = ("first_names", "middle_names", "prelast_names", "last_names", "lineage_names")
    names = [
        _plain(" ".join(word for part in parts for word in getattr(person, part)))
        for person in entry.persons.get("author", [])
    ]
    venues = ("booktitle", "journal", "publisher", "howpublished")
    return Reference(
        key=entry.key,
        authors=tuple(name for name in names if name != "others"),
        more_authors="others" in names,
        title=_plain(fields.get("title", "")),
        venue=next((_plain(fields[name]) for name in venues if name in fields), ""),
        year=fields.get("year", ""),
        doi=fields.get("doi", ""),
        arxiv=fields.get("eprint", "") if fields.get("archiveprefix", "").lower() == "arxiv" else "",
        url=fields.get("url", ""),
    )


# What TeX reads as anything but the character itself, braces aside.
_TEX = re.compile(r"[^\w\s{}():.,;/?!+=*|@\[\]-]|--|[{}]\s|\s\s")


@cache
def _plain(latex: str) -> str:
    """Turn a BibTeX field into plain text; inline math loses only its dollar signs."""
    if not _TEX.search(latex):
        return latex.replace("{", "").replace("}", "").strip()
    return str(Text.from_latex(re.sub(r"(?<!\\)\$", "", latex)))


def reference_html(reference: Reference) -> str:
    """Show a reference in one line of HTML: authors, title, venue with year, links."""
    authors = ", ".join(reference.authors[:3])
    if reference.more_authors or len(reference.authors) > 3:
        authors += " 等"
    year = "日期不详" if reference.year == _NO_DATE else reference.year
    # The year of an entry is that of its first version, so a venue that has its own year stands alone.
    venue = [reference.venue] if _YEAR.search(reference.venue) else [reference.venue, year]
    links = [f'<a href="{escape(url)}" rel="noopener">{escape(label)}</a>' for label, url in _links(reference)]
    stop = "" if reference.title.endswith(("?", "!", "？", "！")) else "."
    title = f"<cite>{escape(reference.title)}</cite>{stop}"
    published = escape(", ".join(filter(None, venue))) + "."
    return " ".join([f"{escape(authors)}.", title, published, ", ".join(links)])


def _links(reference: Reference) -> list[tuple[str, str]]:
    """List the label and address of every place where the reference can be read."""
    links = []
    if reference.doi:
        links.append((f"doi:{reference.doi}", f"https://doi.org/{quote(reference.doi, safe='/')}"))
    if reference.arxiv:
        links.append((f"arXiv:{reference.arxiv}", f"https://arxiv.org/abs/{quote(reference.arxiv, safe='/')}"))
    if reference.url:
        links.append((urlsplit(reference.url).hostname or reference.url, reference.url))
    return links


def reference_list(references: Sequence[Cited]) -> str:
    """Make the 参考文献 section of a page as HTML; empty when the page cites nothing."""
    if not references:
        return ""
    items = []
    for cited in references:
        backs = "".join(
            f' <a class="citation-back" href="#{place}" aria-label="回到第 {index} 处引用">↩&#xFE0E;</a>'
            for index, place in enumerate(cited.places, 1)
        )
        items.append(f'<li id="ref-{cited.reference.key}">{reference_html(cited.reference)}{backs}</li>\n')
    # Material leaves out of its search what follows a heading with this attribute.
    heading = '<h2 id="references" data-search-exclude="">参考文献</h2>'
    return f'<section class="references">\n{heading}\n<ol>\n{"".join(items)}</ol>\n</section>\n'


def skip_formatting(registry: Any) -> None:
    """Keep a registry of mkdocs-bibtex from formatting each cited entry for a list that no page shows."""
    registry.reference_text = lambda citation: citation.key

"""The index of the site's search, made from rendered pages; `overrides/assets/search/engine.js` reads and ranks it.

The index holds what names a page (titles, names, headings, questions, summaries) as text and, of the running text, only
which page has which term. The text itself stands in one small file a page, loaded for the pages that a query finds.
A term is a pair of neighbouring Han characters, a Han character that has no Han neighbour, or a word of other letters
and digits. Pairs with one of the characters of `GLUE` are a tenth of the index and are looked for on no page: they are
left out, and found only where the search reads the text.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any

from . import markup
from .markup import VOID

FORMAT = 1  # engine.js refuses another
FREQUENT = 3  # a term that often on a page marks the page as one that is about it

GLUE = frozenset("的了是就都也把被")
HAN = "\u3007\u3400-\u9fff"
_RUN = re.compile(f"([{HAN}]+)|((?:(?![{HAN}])[^\\W_])+)")
_HEADING = re.compile(r"h([1-6])")
_INLINE = frozenset(
    {"a", "abbr", "b", "code", "cite", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span"}
    | {"strong", "sub", "sup", "u", "var", "x-math"}
)
# Code is shown for copying; its words would drown those of the text.
_SILENT = frozenset(
    {"canvas", "iframe", "math", "noscript", "object", "pre", "script", "style", "svg", "template"},
)
_SILENT_CLASSES = frozenset({"headerlink", "highlight", "footnote-ref", "footnote-backref", "katex", "katex-display"})
_LEAD_MIN = 5  # characters: a shorter title of a callout is its kind (摘要, 注意)


@dataclass
class Section:
    """A part of a page with an address of its own: `leads` are the questions and statements that callouts open with."""

    anchor: str
    level: int
    heading: str = ""
    names: tuple[str, ...] = ()
    leads: list[str] = field(default_factory=list)
    text: str = ""


@dataclass
class Document:
    """A page as the search sees it; the first section is what stands before the first heading."""

    url: str
    title: str
    names: tuple[str, ...]
    tags: tuple[str, ...]
    summary: str
    sections: list[Section]
    is_concept: bool
    targets: frozenset[str] = frozenset()
    """The addresses that it links to, as written."""
    terms: Counter[str] = field(default_factory=Counter)
    links: int = 0
    """How many other pages link to it."""


class _Reader:
    """Splits a page's HTML into sections; formulas stand in it as readable text."""

    def __init__(self, html: str, anchors: Collection[str]) -> None:
        self.sections = [Section("", 1)]
        self.targets: set[str] = set()
        self._anchors = anchors
        self._open: list[tuple[str, str]] = []  # tag, and what its end means
        self._parts: list[list[str]] = [[]]
        self._stack: list[int] = [0]  # sections: the current one last, below it the one a block interrupted
        self._title: list[str] | None = None
        self._read(html)

    def _read(self, html: str) -> None:
        done = 0
        while tag := markup.tag_after(html, done):
            self._put(unescape(html[done : tag.start]))
            done = tag.end
            if tag.closing:
                self._close(tag.name)
            elif self._begin(tag):
                end = markup.end_of(html, tag)
                done = end.end if end else tag.end
                if tag.name not in _INLINE:
                    self._put("\n")
        self._put(unescape(html[done:]))
        for section, parts in zip(self.sections, self._parts, strict=True):
            lines = (_line([line]) for line in "".join(parts).split("\n"))
            section.text = "\n".join(line for line in lines if line)
        self.sections = [section for section in self.sections if section.anchor or section.level == 1]

    def _begin(self, tag: markup.Tag) -> bool:
        """Open an element; gives whether the search leaves it out."""
        name = tag.name
        if name not in _INLINE:
            self._put("\n")
        if name in VOID:
            return False
        attributes = markup.attributes(tag.attributes) if tag.attributes else {}
        classes = set(attributes.get("class", "").split())
        role = ""
        heading = _HEADING.fullmatch(name)
        identifier = attributes.get("id", "")
        excluded = "data-search-exclude" in attributes
        if name in _SILENT or classes & _SILENT_CLASSES or (excluded and not heading):
            return True
        if heading and (identifier or heading[1] == "1"):
            role = "heading"
            if heading[1] != "1":
                # A heading that is left out takes its section with it, as in Material.
                self._stack = [self._start("" if excluded else identifier, int(heading[1]))]
            self._title = []
        elif identifier in self._anchors and name != "a":
            role = "block"
            self._stack.append(self._start(identifier, 7))
        elif name == "summary" or "admonition-title" in classes:
            role = "lead"
            self._title = []
        if name == "a":
            self.targets.add(attributes.get("href", ""))
        self._open.append((name, role))
        return False

    def _start(self, anchor: str, level: int) -> int:
        self.sections.append(Section(anchor, level))
        self._parts.append([])
        return len(self.sections) - 1

    def _close(self, tag: str) -> None:
        if tag in VOID or not any(name == tag for name, _ in self._open):
            return
        name = ""
        while name != tag:
            name, role = self._open.pop()
            if role == "heading":
                self.sections[self._stack[-1]].heading = _line(self._title or ())
                self._title = None
            elif role == "lead":
                title = _line(self._title or ())
                self._title = None
                if len(title) >= _LEAD_MIN:
                    self.sections[self._stack[-1]].leads.append(title)
                    self._put(title)
            elif role == "block" and len(self._stack) > 1:
                self._stack.pop()
        if tag not in _INLINE:
            self._put("\n")

    def _put(self, text: str) -> None:
        if self._title is not None:
            self._title.append(" " if text == "\n" else text)
        else:
            self._parts[self._stack[-1]].append(text)


def _line(parts: Iterable[str]) -> str:
    return " ".join("".join(parts).split())


def read_page(html: str, names: Mapping[str, tuple[str, ...]]) -> tuple[list[Section], set[str]]:
    """The sections of a page's HTML and the addresses it links to; `names` are those of its anchors' concepts."""
    reader = _Reader(html, names.keys())
    for section in reader.sections:
        section.names = names.get(section.anchor, ())
        section.heading = section.heading or next(iter(section.names), "")
    return reader.sections, reader.targets


# --- terms: text.js does the same to a query, and a test compares the two


class Folding(dict[int, str]):
    """Characters as they are compared, by code: compatibility forms, case and traditional characters gone."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        """`variants` are simplified characters by traditional ones."""
        super().__init__()
        self._variants = variants

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = folded = _fold(char, self._variants.get(char, ""))
        return folded


@cache
def folding(table: str) -> Folding:
    """The folding by OpenCC's `TSCharacters.txt`."""
    return Folding(dict(_variants(table)))


def _fold(char: str, simplified: str) -> str:
    if ord(char) > 0xFFFF:
        return char
    for step in (simplified, unicodedata.normalize("NFKC", char).lower(), char.lower()):
        if len(step) == 1:
            return step
    return char


def terms(text: str, folded: Folding) -> Iterable[str]:
    """The terms of a text, with repetitions."""
    for han, word in _RUN.findall(text.translate(folded)):
        if word:
            yield word
        else:
            pairs = (han[at : at + 2] for at in range(max(1, len(han) - 1)))
            yield from (pair for pair in pairs if GLUE.isdisjoint(pair))


def simplifying(table: str, used: Collection[str]) -> dict[str, str]:
    """Traditional to simplified characters, from OpenCC's `TSCharacters.txt`, as far as `used` characters need it."""
    used = {*used}
    return {source: target for source, target in _variants(table) if source in used or target in used}


@cache
def _variants(table: str) -> list[tuple[str, str]]:
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    both = ((source, target.split(" ")[0]) for source, target in pairs)
    return [
        (source, target)
        for source, target in both
        if source != target and len(source) == len(target) == 1 and ord(source) < 0x10000
    ]


# --- files

# Values below 60 take one character, so that gzip sees bytes; quotes and backslashes would be escaped in JSON.
_DIGITS = "".join(chr(code) for code in range(35, 127) if chr(code) != "\\")


def packed(numbers: Iterable[int]) -> str:
    """Numbers from 0 as text: below 60 one digit; else a digit from 60 on with the lowest part, and so on."""
    out = []
    for number in numbers:
        while number >= 60:
            number -= 60
            out.append(_DIGITS[60 + number % 31])
            number //= 31
        out.append(_DIGITS[number])
    return "".join(out)


def gaps(numbers: Iterable[int]) -> Iterable[int]:
    """Differences of ascending numbers, the first one as it is."""
    before = 0
    for number in numbers:
        yield number - before
        before = number


def _postings(lists: Iterable[Mapping[int, int]]) -> tuple[str, str]:
    """How many pages each term has, and its pages: gaps, doubled, plus one where the term is frequent."""
    counts, pages = [], []
    for found in lists:
        counts.append(len(found) - 1)
        ordered = sorted(found)
        pages += [gap * 2 + (found[page] >= FREQUENT) for page, gap in zip(ordered, gaps(ordered), strict=True)]
    return packed(counts), packed(pages)


def _spoken(document: Document) -> Iterable[str]:
    """Every text of a page that a query may match."""
    yield from (document.title, *document.names, *document.tags, document.summary)
    for section in document.sections:
        yield from (section.heading, *section.names, section.text)


def count(document: Document, table: str) -> Counter[str]:
    """How often a page says each term."""
    folded = folding(table)
    return Counter(term for text in _spoken(document) for term in terms(text, folded))


def files(documents: Sequence[Document], table: str, popular: int = 8) -> dict[str, str]:
    """The files of the search by name: `index.js`, and `text/*.js` with the sections' text of each page.

    `table` is OpenCC's; `popular` is how many of the most linked concepts the empty box suggests.
    """
    used = set[str]().union(*(text for document in documents for text in _spoken(document)))
    variants = simplifying(table, used | {_fold(char, "") for char in used})
    found: dict[str, dict[int, int]] = defaultdict(dict)
    out: dict[str, str] = {}
    rows: list[list[Any]] = []
    for number, document in enumerate(documents):
        for term, times in (document.terms or count(document, table)).items():
            found[term][number] = times
        text = _json([section.text for section in document.sections])
        name = hashlib.sha256(text.encode()).hexdigest()[:8]
        out[f"text/{name}.js"] = f'handbookSearch.text("{name}",{text});\n'
        rows.append(_row(document, name))
    han = sorted(term for term in found if len(term) <= 2 and _RUN.fullmatch(term)[1])  # type: ignore[index]
    # In the order in which JavaScript compares.
    words = sorted(found.keys() - {*han}, key=lambda word: word.encode("utf-16-be"))
    letters = sorted({char for term in han for char in term})
    # The place after the last letter stands for "no neighbour".
    place = {char: index for index, char in enumerate([*letters, ""])}
    keys = {term: place[term[0]] * len(place) + place[term[1:]] for term in han}
    han.sort(key=keys.__getitem__)
    linked = sorted((document for document in documents if document.is_concept), key=lambda document: -document.links)
    index = {
        "format": FORMAT,
        "pages": rows,
        "letters": packed(gaps(map(ord, letters))),
        "pairs": [packed(gaps(keys[term] for term in han)), *_postings(found[term] for term in han)],
        "words": [" ".join(words), *_postings(found[word] for word in words)],
        "variants": "".join(source + target for source, target in sorted(variants.items())),
        "popular": [_short(document) for document in linked[:popular]],
    }
    out["index.js"] = f"handbookSearch.load({_json(index)});\n"
    return out


def _short(document: Document) -> str:
    """The name of a concept that fits on a button: the title, or the first alias that is shorter."""
    return next((name for name in (document.title, *document.names) if len(name) <= 12), document.title)


def _row(document: Document, text: str) -> list[Any]:
    sections = [[section.anchor, section.heading, list(section.names), section.leads] for section in document.sections]
    names = [name for name in document.names if name != document.title]
    return [
        document.url, text, document.title, names, " ".join(document.tags), document.summary, int(document.is_concept),
        sections,
    ]  # fmt: skip


def _json(value: object) -> str:
    # U+2028 and U+2029 may not stand in the strings of older JavaScript.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

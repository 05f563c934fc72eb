"""术语索引: every concept and its other names from A to Z, Chinese by pinyin."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from typing import Any

from .registry import fold

# Readings of this field: where the dictionary has no word (重排序, 调优, 行切), and where it has a wrong one (长上).
SINGLE = {"长": "cháng,zhǎng", "重": "chóng,zhòng", "调": "tiáo,diào", "行": "háng,xíng"}
PHRASES = {"长上下文": [["cháng"], ["shàng"], ["xià"], ["wén"]]}

OTHER = "#"
"""The group of names that begin with neither a letter nor a Han character."""


@dataclass(frozen=True)
class Entry:
    """A line of the index: a name, the row of `concepts.json` that it belongs to, and whether it is the shown name."""

    name: str
    row: Mapping[str, Any]
    main: bool


@cache
def _pinyin() -> Callable[[str], list[str]]:
    # Half a second, which a build that finds the page in its cache saves.
    import pypinyin

    pypinyin.load_single_dict({ord(char): readings for char, readings in SINGLE.items()})
    pypinyin.load_phrases_dict(PHRASES)
    return pypinyin.lazy_pinyin


@cache
def spelling(name: str) -> str:
    """A name as it sorts: Han characters in pinyin without tones, Latin letters in lower case without accents."""
    latin = "".join(_pinyin()(unicodedata.normalize("NFKC", name)))
    return "".join(char for char in unicodedata.normalize("NFKD", latin.lower()) if not unicodedata.combining(char))


def letter(name: str) -> str:
    """The group of a name."""
    first = spelling(name)[:1].upper()
    return first if "A" <= first <= "Z" else OTHER


def entries(rows: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """The lines of the index in order; names that differ only in case share one."""
    found = []
    for row in rows:
        found.append(Entry(row["title"], row, True))
        shown = {fold(row["title"])}
        # The English name stands beside the shown one; who looks it up under another letter needs a line there, too.
        if letter(row["en"]) == letter(row["title"]):
            shown.add(fold(row["en"]))
        for name in (row["en"], *row["aliases"]):
            if name and fold(name) not in shown:
                found.append(Entry(name, row, False))
                shown.add(fold(name))
    return sorted(found, key=lambda entry: (letter(entry.name) == OTHER, spelling(entry.name), not entry.main))


def page(rows: Sequence[Mapping[str, Any]], summaries: Mapping[str, str], href: Callable[[str], str]) -> str:
    """The Markdown of the index; `summaries` are by concept id, `href` makes the `url` of a row relative to it."""
    groups = [(head, list(group)) for head, group in groupby(entries(rows), lambda entry: letter(entry.name))]
    jumps = "".join(f'<a href="#{_anchor(head)}">{_shown(head)}</a>' for head, _ in groups)
    lines = [
        "---", "title: 术语索引", f"description: 全站 {len(rows)} 个概念与它们的别名，中文按拼音、英文按字母排列。",
        "search:", "  exclude: true", "---", "",
        f'<p>全站 {len(rows)} 个概念，中文按拼音、英文按字母排列。</p>', "",
        f'<nav class="glossary-letters" aria-label="按首字母跳转">{jumps}</nav>', "",
    ]  # fmt: skip
    for head, group in groups:
        items = "".join(_item(entry, summaries, href) for entry in group)
        lines += [f"## {_shown(head)} {{: #{_anchor(head)} }}", "", f'<dl class="glossary">{items}</dl>', ""]
    return "\n".join(lines)


def _anchor(head: str) -> str:
    return f"letter-{head.lower()}" if head != OTHER else "letter-other"


def _shown(head: str) -> str:
    return head if head != OTHER else "其他"


def _item(entry: Entry, summaries: Mapping[str, str], href: Callable[[str], str]) -> str:
    row = entry.row
    link = f'<a href="{escape(href(row["url"]))}">{inert(row["title"])}</a>'
    if not entry.main:
        return f'<div class="glossary-see"><dt>{inert(entry.name)}</dt><dd>见 {link}</dd></div>'
    english = f' <span lang="en">{inert(row["en"])}</span>' if row["en"] and row["en"] != row["title"] else ""
    summary = summaries.get(row["id"], "")
    return f"<div><dt>{link}{english}</dt><dd>{inert(summary)}</dd></div>"


def inert(text: str) -> str:
    """Text as HTML in a Markdown page, out of reach of the plugins that read Markdown."""
    return "".join(f"&#{ord(char)};" if char in "<>&\"'@[]`$\\{}" else char for char in text)

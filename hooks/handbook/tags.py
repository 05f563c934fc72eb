"""Tags: `#tag` and `#nested/tag` in the text, `tags` of the front matter, and the page that lists them all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape

from . import inline, links
from .reader import texts
from .registry import Note, fold, slug

PAGE = "tags.md"
_TAG = re.compile(rf"(?<![^\s{inline.CLOSE}])#([\w/-]*[^\W\d_][\w/-]*)")
_COLOUR = re.compile(r"(?=.*\d|[a-f]+$)(?:[0-9a-f]{3}|[0-9a-f]{6})", re.I)


def find(prose: str) -> Iterator[re.Match[str]]:
    """The tags of a prose, name as group 1; `#123`, a colour such as `#fff` and what follows a letter are none."""
    return (match for match in _TAG.finditer(prose) if not _COLOUR.fullmatch(match[1]))


def anchor(tag: str) -> str:
    """The id of a tag on the page of tags; Obsidian's tags do not tell capitals from small letters."""
    return "tag-" + slug(fold(tag).replace("/", "-"))


def link(tag: str, prefix: str = "#") -> str:
    """A tag as a link to its place on the page of tags, made relative by `pages.vault_addresses`."""
    return f'<a class="tag" href="{links.in_vault(PAGE, anchor(tag))}">{escape(prefix)}{escape(tag)}</a>'


def of(note: Note) -> list[str]:
    """The tags of a note: its front matter's, then those of its text, each once."""
    tags = {fold(tag): tag for tag in note.meta.tags}
    for text in texts(note.blocks):
        if text.kind != "heading" and "#" in text.split.prose:
            for match in find(text.split.prose):
                tags.setdefault(fold(match[1]), match[1])
    return list(tags.values())


def collect(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """The notes by tag, as it is first written; the tag of most notes first."""
    tagged: dict[str, list[Note]] = defaultdict(list)
    names: dict[str, str] = {}
    for note in notes:
        for tag in of(note):
            tagged[fold(tag)].append(note)
            names.setdefault(fold(tag), tag)
    return {names[tag]: tagged[tag] for tag in sorted(tagged, key=lambda tag: (-len(tagged[tag]), tag))}


def page(tagged: Mapping[str, Sequence[Note]], href: Callable[[str], str]) -> str:
    """The Markdown of the page of tags; `href` gives a note's address."""
    jumps = "".join(f'<a class="tag" href="#{anchor(tag)}">{_text(tag)}</a> ' for tag in tagged)
    sections = "".join(_section(tag, notes, href) for tag, notes in tagged.items())
    front = "title: 标签\ndescription: 全站的标签，每个标签下是带有它的页面。\nsearch:\n  exclude: true"
    return f'---\n{front}\n---\n\n<p class="tag-jumps">{jumps}</p>\n\n<div>{sections}</div>\n'


def _section(tag: str, notes: Sequence[Note], href: Callable[[str], str]) -> str:
    items = "".join(f'<li><a href="{escape(href(note.path))}">{_text(note.title)}</a></li>' for note in notes)
    return f'<h2 id="{anchor(tag)}">{_text(tag)}</h2><ul class="tag-pages">{items}</ul>'


def _text(text: str) -> str:
    """Text in a page that no pass of ours reads: out of reach of Markdown and of the plugins."""
    return "".join(f"&#{ord(char)};" if char in "<>&\"'@[]`$\\{}*_#" else char for char in text)


def foot(note: Note) -> str:
    """The line at the foot of a page: when it was updated, its tags; nothing without either."""
    parts = [link(tag, "") for tag in note.meta.tags]
    if note.meta.updated:
        day = note.meta.updated[:10]
        parts.append(f'<span class="updated">更新于 <time datetime="{escape(day)}">{escape(day)}</time></span>')
    return f'<footer class="note-foot" data-search-exclude>{" ".join(parts)}</footer>\n' if parts else ""

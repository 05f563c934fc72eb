"""反向链接: the pages that link to a page, each with the sentences that do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from html import escape

from .reader import Reference, Words
from .registry import Vault

SENTENCES = 3
"""Sentences shown of one page; the number of the others is given."""
READ = 30
"""Links of one page whose sentences are read, so that no page of links takes long."""
OPEN_PAGES = 12
"""Pages up to which the list is unfolded at first."""


def by_target(references: Iterable[Reference]) -> dict[str, list[Reference]]:
    """The links that lead to each page from other pages."""
    found: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        if reference.source != reference.target.path:
            found[reference.target.path].append(reference)
    return found


def section(references: Iterable[Reference], vault: Vault, href: Callable[[str], str]) -> str:
    """The list at the foot of a page; `href` gives the address of a note's page, relative to this one."""
    pages: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        pages[reference.source].append(reference)
    if not pages:
        return ""
    anchors = {(concept.path, concept.anchor): concept.names[0] for concept in vault.concepts.values()}
    rows = []
    for path, found in sorted(pages.items(), key=lambda page: vault.notes[page[0]].title):
        # A link without words around it says no more than the title of its page.
        told: dict[str, str] = {}
        for reference in found[:READ]:
            words = reference.words()
            if re.search(r"\w", words.before + words.after):
                told.setdefault("".join(words), _sentence(words, reference, anchors))
        sentences = list(told.values())
        rest = len(sentences) - SENTENCES + max(0, len(found) - READ)
        more = f'<li class="backlinks-more">另有 {rest} 处</li>' if rest > 0 else ""
        rows.append(
            f'<li><a href="{escape(href(path))}">{escape(vault.notes[path].title)}</a>'
            + (
                f"<ul>{''.join(f'<li>{sentence}</li>' for sentence in sentences[:SENTENCES])}{more}</ul>"
                if sentences
                else ""
            )
            + "</li>"
        )
    unfolded = " open" if len(rows) <= OPEN_PAGES else ""
    # No other <aside> inside: Material's search index ends the exclusion at the first end tag of the same name.
    return (
        '\n<aside class="backlinks" data-search-exclude aria-label="链接到本页的页面">'
        f'<details class="fold"{unfolded}><summary class="fold-title">链接到本页 <span>{len(rows)}</span></summary>'
        f"<ul>{''.join(rows)}</ul></details></aside>\n"
    )


def _sentence(words: Words, reference: Reference, anchors: Mapping[tuple[str, str], str]) -> str:
    """One sentence, its link marked, and the concept that it leads to when that is not the page itself."""
    target = reference.target
    name = anchors.get((target.path, target.anchor)) if target.anchor else None
    which = f' <span class="backlinks-to">→ {escape(name)}</span>' if name and name != words.text else ""
    before, text, after = (escape(part, quote=False) for part in words)
    return f"{before}<mark>{text}</mark>{after}{which}"

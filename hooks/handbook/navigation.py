"""Order and names of the navigation, from front matter instead of a list in mkdocs.yml."""

from __future__ import annotations

from collections.abc import Mapping

from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from .registry import Note, Vault


def arrange(nav: Navigation, vault: Vault, generated: Mapping[str, str]) -> None:
    """Sort every level by `order` (pages without one follow, by path; generated ones come last, in their own order),
    name sections after their index, and link neighbours.
    """
    _arrange(nav.items, vault)
    last = [item for item in nav.items if isinstance(item, Page) and item.file.src_uri in generated]
    last.sort(key=lambda item: list(generated).index(item.file.src_uri))
    for item in last:
        item.title = generated[item.file.src_uri]
    nav.items[:] = [item for item in nav.items if item not in last] + last
    nav.pages[:] = _pages(nav.items)
    for before, page, after in zip([None, *nav.pages[:-1]], nav.pages, [*nav.pages[1:], None], strict=True):
        page.previous_page, page.next_page = before, after


def _arrange(items: list[StructureItem], vault: Vault) -> None:
    for item in items:
        if isinstance(item, Section):
            index = _index(item, vault)
            item.title = index.title if index else _folder(item) or item.title
            _arrange(item.children, vault)
        elif isinstance(item, Page):
            item.title = vault.notes[item.file.src_uri].title if item.file.src_uri in vault.notes else item.title
    items.sort(key=lambda item: _key(item, vault))


def _folder(section: Section) -> str:
    """The name of a section's folder as it is written, which MkDocs capitalises."""
    pages = _pages(section.children)
    depth = 0
    ancestor = section.parent
    while ancestor is not None:
        depth, ancestor = depth + 1, ancestor.parent
    parts = pages[0].file.src_uri.split("/") if pages else []
    return parts[depth] if depth < len(parts) - 1 else ""


def _index(section: Section, vault: Vault) -> Note | None:
    for child in section.children:
        if isinstance(child, Page) and child.is_index:
            return vault.notes.get(child.file.src_uri)
    return None


def _key(item: StructureItem, vault: Vault) -> tuple[bool, float, str]:
    note = None
    if isinstance(item, Page):
        note = vault.notes.get(item.file.src_uri)
        if item.is_index:
            return False, float("-inf"), ""
    elif isinstance(item, Section):
        note = _index(item, vault)
    order = note.meta.order if note else None
    return order is None, order or 0.0, note.path if note else str(getattr(item, "title", ""))


def _pages(items: list[StructureItem]) -> list[Page]:
    out: list[Page] = []
    for item in items:
        if isinstance(item, Page):
            out.append(item)
        elif isinstance(item, Section):
            out += _pages(item.children)
    return out

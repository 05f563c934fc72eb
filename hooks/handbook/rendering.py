"""Pages rendered once: what the cache has is not rendered again, the rest in as many processes as there are cores.

MkDocs renders page by page, with no event that would let a page be left out. So its two functions for a page are
replaced: `_populate_page` (Markdown to HTML, with the events of the hooks) and `_build_page` (HTML to file).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import jinja2
from mkdocs import utils
from mkdocs.commands import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from . import blocks, cache, registry, session, speed, workers

ROOT = Path(__file__).resolve().parents[2]
PLACE = "\ufdda"
"""Stands in a rendered template for the text of the page."""
MARKS = ("<h1", 'class="katex', 'class="figure"')
"""What the templates look for in the text, to add a title, a stylesheet or a script."""
KEPT = ("content", "toc", "meta", "update_date", "_title_from_render")
"""What the template and later events read of MkDocs' page."""

_populate, _build = build._populate_page, build._build_page


def install() -> None:
    """Take the place of MkDocs' own functions."""
    speed.install()
    build._populate_page = populate
    build._build_page = write


# --- Markdown to HTML


def populate(page: Page, config: MkDocsConfig, files: Files, dirty: bool = False) -> None:
    """A page's HTML; the first call makes that of all."""
    state = session.current()
    if not state.made:
        populate_all(config, files)
    if page.file.src_uri not in state.made:  # a draft, which only `mkdocs serve` shows
        make({page.file.src_uri: cache.digest("draft", key_of(page, config, files))}, config, files)
        take(page)


def populate_all(config: MkDocsConfig, files: Files) -> None:
    """The HTML of every page, that of those last which show parts of others."""
    state = session.current()
    state.files = files
    pages = [file.page for file in files.documentation_pages() if file.page is not None]
    alone = [page for page in pages if page.file.src_uri not in state.gathered]
    make({page.file.src_uri: key_of(page, config, files) for page in alone}, config, files)
    for page in alone:
        take(page)
    order = [(file.src_uri, str(file.page and file.page.title)) for file in files.documentation_pages()]
    others = cache.digest("gathered", state.settings, sorted(state.keys.items()), order)
    found = (files.src_uris.get(path) for path in sorted(state.gathered))
    # MkDocs makes those that are not in the navigation when their turn comes.
    gathered = [file.page or Page(None, file, config) for file in found if file is not None]
    make({page.file.src_uri: cache.digest(others, page.file.src_uri) for page in gathered}, config, files)
    for page in gathered:
        take(page)


def take(page: Page) -> None:
    """Give MkDocs' page what was made of it."""
    made = session.current().made[page.file.src_uri]
    for name, value in made.page.items():
        setattr(page, name, value)
    # MkDocs gives no title to a page whose source it has not read.
    page.markdown = page.markdown or ""
    for logger, level, message in made.logged:
        logging.getLogger(logger).log(level, "%s", message)


def make(keys: dict[str, str], config: MkDocsConfig, files: Files) -> None:
    """Fill `state.made` with the pages of these paths, from the cache where it has their keys."""
    state = session.current()
    now: dict[str, str] = {}
    known: dict[str, session.Made] = state.store.get(keys.values())
    found = {
        path: known[key]
        for path, key in keys.items()
        if key in known and all(_digest(name, files, now) == then for name, then in known[key].digests.items())
    }
    missing = [path for path in keys if path not in found]

    def render(path: str) -> session.Made:
        made = state.made[path] = session.Made()
        page = files.src_uris[path].page
        assert page is not None
        with _kept(made.logged):
            _populate(page, config, files)
        made.page = {name: getattr(page, name) for name in KEPT}
        made.digests = {name: _digest(name, files, {}) for name in made.reads}
        made.html = []
        return made

    rendered = dict(zip(missing, workers.spread(render, missing, state.process), strict=True))
    state.store.put({keys[path]: made for path, made in rendered.items()})
    state.made |= found | rendered
    # What is made of pages must change with what stands in them, too.
    state.keys |= {path: cache.digest(key, sorted(state.made[path].digests.items())) for path, key in keys.items()}


def key_of(page: Page, config: MkDocsConfig, files: Files) -> str:
    """The digest of all that a page is made of, but for the files that turn out to stand in it."""
    state = session.current()
    path = page.file.src_uri
    note = state.vault.notes.get(path)
    own: list[object] = [path, page.url, str(page.title), page.canonical_url, state.names]
    if note is None:
        return cache.digest("page", state.settings, own, page.file.content_bytes)
    # Tables of models and the like are put into the tree of the note by hooks.
    put = [block.lines for block in blocks.walk(note.blocks) if isinstance(block, blocks.Html)]
    cited = _entries(note, config)
    return cache.digest("page", state.settings, own, state.texts[path], put, cited, state.dates.get(path))


def _entries(note: registry.Note, config: MkDocsConfig) -> list[object]:
    """The records of the bibliography that a note may cite; all of them where it shows parts of other notes."""
    plugin: Any = config.plugins.get("bibtex")
    if plugin is None or ("@" not in note.source.body and "![[" not in note.source.body):
        return []
    entries = plugin.registry.bib_data.entries
    if "![[" in note.source.body:
        keys = sorted(entries)
    else:
        keys = sorted(set(re.findall(r"@(\w[\w-]*)", note.source.body, re.ASCII)))
    found = ((key, entries.get(key)) for key in keys)
    return [
        (key, entry.key, list(entry.fields.items()), {role: list(map(str, who)) for role, who in entry.persons.items()})
        if entry is not None
        else (key, None)
        for key, entry in found
    ]


def _digest(name: str, files: Files, known: dict[str, str]) -> str:
    """The digest of a file that stands in a page, as it is now."""
    if name not in known:
        kind, _, path = name.partition("/")
        if kind == "project":
            known[name] = cache.files_digest([ROOT / path])
        else:
            file = files.src_uris.get(path)
            known[name] = cache.digest(file.content_bytes if file else None)
    return known[name]


class _Keeper(logging.Handler):
    def __init__(self, kept: list[tuple[str, int, str]]) -> None:
        super().__init__(logging.WARNING)
        self.kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append((record.name, record.levelno, record.getMessage()))


@contextmanager
def _kept(kept: list[tuple[str, int, str]]) -> Iterator[None]:
    """Keep what is logged as a warning, to be logged each time the page is taken from the cache."""
    logger = logging.getLogger("mkdocs")
    handlers, logger.handlers, propagated = logger.handlers, [_Keeper(kept)], logger.propagate
    logger.propagate = False
    try:
        yield
    finally:
        logger.handlers, logger.propagate = handlers, propagated


# --- HTML to file


def write(
    page: Page,
    config: MkDocsConfig,
    doc_files: Sequence[File],
    nav: Navigation,
    env: jinja2.Environment,
    dirty: bool = False,
    excluded: bool = False,
) -> None:
    """Write a page; the first call renders the templates of all."""
    if excluded:
        _build(page, config, doc_files, nav, env, dirty, excluded)
        return
    state = session.current()
    if not state.frames:
        state.site = (config, doc_files, nav, env)
        pages = [file.page for file in doc_files if file.page is not None and not file.inclusion.is_excluded()]  # type: ignore[no-untyped-call]
        render_frames(pages, config, doc_files, nav, env)
    write_page(page, config)


def write_page(page: Page, config: MkDocsConfig) -> None:
    output = session.current().frames[page.file.src_uri].replace(PLACE, page.content or "", 1)
    output = config.plugins.on_post_page(output, page=page, config=config) or ""
    utils.write_file(output.encode("utf-8", errors="xmlcharrefreplace"), page.file.abs_dest_path)


def render_frames(
    pages: Sequence[Page], config: MkDocsConfig, files: Sequence[File], nav: Navigation, env: jinja2.Environment
) -> None:
    """Fill `state.frames`, and finish the text of every page."""
    state = session.current()
    contexts: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for page in pages:
        context = build.get_context(nav, files, config, page)
        given = set(context)
        context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
        added = {name: value for name, value in context.items() if name not in given}
        path = page.file.src_uri
        contexts[path] = context
        keys[path] = cache.digest(
            "frame", state.settings, sorted(config.extra.items()), _frame(page, nav), sorted(added.items())
        )
    known = state.store.get(keys.values())
    missing = [page for page in pages if keys[page.file.src_uri] not in known]

    def render(page: Page) -> str:
        content = page.content or ""
        page.content = PLACE + _marks(content)
        page.active = True
        try:
            template = env.get_template(page.meta.get("template", "main.html"))
            return template.render(contexts[page.file.src_uri]).replace(page.content, PLACE, 1)
        finally:
            page.active, page.content = False, content

    rendered = workers.spread(render, missing, nullcontext)
    new = {keys[page.file.src_uri]: frame for page, frame in zip(missing, rendered, strict=True)}
    state.store.put(new)
    known |= new
    state.frames |= {path: known[key] for path, key in keys.items()}


def _frame(page: Page, nav: Navigation) -> list[object]:
    """What the templates show around the text of a page."""
    near = [page.previous_page, page.next_page, *page.ancestors, nav.homepage]
    # The navigation shows the top of the site and, opened, what is beside the page and above it.
    shown = [nav.items, *(getattr(item, "children", ()) for item in page.ancestors)]
    return [
        page.file.src_uri, page.url, page.canonical_url, page.edit_url, page.update_date, page.is_homepage,
        [_shown(item) for item in near],
        [[_shown(item, deep=True) for item in items or ()] for items in shown],
        # An index lists the pages of its section with what they offer.
        [_listed(item) for item in (page.parent.children if page.is_index and page.parent else ())],
        page.title, sorted(page.meta.items(), key=lambda pair: pair[0]), _contents(page.toc),
        _marks(page.content or ""),
    ]  # fmt: skip


def _marks(content: str) -> str:
    return "".join(mark for mark in MARKS if mark in content)


def _shown(item: Any, deep: bool = False) -> object:
    if item is None:
        return None
    meta = getattr(item, "meta", None) or {}
    first = item
    while deep and first.children:
        first = first.children[0]
    return (
        item.title,
        getattr(item, "url", None),
        getattr(first, "url", None),
        [meta.get(name) for name in ("icon", "subtitle", "status")],
        len(item.children or ()),
    )


def _listed(item: Any) -> object:
    first = item if item.is_page else item.children[0]
    return _shown(item, deep=True), getattr(first, "meta", None)


def _contents(toc: Any) -> list[object]:
    return [(link.title, link.id, link.level, _contents(link.children)) for link in toc]

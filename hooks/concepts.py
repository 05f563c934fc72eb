"""MkDocs events of the concepts: index, backlinks, previews, graph, old addresses, mentions; and of the tables of
models and the widgets. Listed after vault.py.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import logging
import os
import sys
from pathlib import Path

from handbook import (
    backlinks,
    glossary,
    graph,
    links,
    mentions,
    model_table,
    models,
    previews,
    redirects,
    registry,
    session,
    tags,
    widgets,
)
from handbook.files import relative
from handbook.reader import Reader, Reference
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.hooks.concepts")

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "node_modules" / "force-graph" / "dist" / "force-graph.min.js"
PLAYGROUND = ROOT / "overrides" / "assets" / "playground"

_linking: dict[str, list[Reference]] = {}
"""The links to each note; made anew by `on_files`."""


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages and data that are made from the concepts and links of the vault."""
    global _linking
    state = session.current()
    _show_widgets(state, files, _show_models(state, files), config)
    vault, reader = state.vault, Reader(state.vault, state.readable)
    taken = {file.dest_uri for file in files}

    def url(path: str) -> str:
        return files.src_uris[path].url.removeprefix("./")

    # What the home page links to says nothing of the pages: it is a menu.
    home = next((path for path in vault.notes if not url(path)), "")
    references = [
        reference for note in vault.notes.values() if note.path != home for reference in reader.references(note)
    ]
    _linking = backlinks.by_target(references)

    def add(path: str, content: str | bytes) -> None:
        files.append(File.generated(config, path, content=content))

    def page(name: str, title: str) -> str | None:
        """The address of a page to make; none when the vault has a page of its own there."""
        file = File.generated(config, f"{name}.md", content="")
        if file.dest_uri in taken:
            log.info("%s is a page of the vault: no page %s is made", file.dest_uri, title)
            return None
        taken.add(file.dest_uri)
        state.add_page(file.src_uri, title)
        return file.url

    rows = registry.concept_rows(vault, url)
    here = page("glossary", "术语索引") if rows else None
    if here is not None:
        concepts = vault.concepts.values()
        summaries = {concept.id: reader.summary(vault.notes[concept.path], concept.anchor) for concept in concepts}
        add("glossary.md", glossary.page(rows, summaries, lambda address: relative(address, here)))

    listed = tags.page(vault.notes.values(), url)
    at = page("tags", "标签") if listed else None
    if at is not None:
        add(tags.PAGE, tags.page(vault.notes.values(), lambda path: relative(url(path), at)))

    drawn = graph.build(vault, references, home)
    there = page("graph", "概念图") if drawn.edges else None
    if there is not None:
        root = "../" * there.count("/")
        add("graph.md", graph.page(drawn, lambda path: relative(url(path), there), root))
        add("graph.json", _json(graph.data(drawn, url)))
        add("assets/concepts/force-graph.min.js", LIBRARY.read_bytes())

    add("previews.json", _json(previews.table(vault, reader, references, url)))

    made, problems = redirects.pages(vault, url, {file.dest_uri for file in files}, config.site_url or "")
    for path, content in made.items():
        add(path, content)
    state.problems += problems
    return files


def _show_models(state: session.Build, files: Files) -> list[models.Model]:
    """Put the tables of models in place of their fences; only this project's vault has the data and the lab."""
    file = files.src_uris.get(models.PATH)
    if not state.own or file is None:
        return []
    concepts = state.vault.concepts
    listed, problems = models.read(file.content_string, concepts, _counter())
    state.problems += problems
    for note in state.vault.notes.values():
        state.problems += model_table.show(
            note.blocks, note.path, listed, lambda name: links.in_vault(concepts[name].path, concepts[name].anchor)
        )
    return listed


def _show_widgets(state: session.Build, files: Files, listed: list[models.Model], config: MkDocsConfig) -> None:
    """Put the widgets in place of their fences, in this project's vault, and add the data that they read."""
    if not state.own:
        return
    rows = widgets.rows(listed)

    def drawing(path: str) -> str | None:
        file = files.src_uris.get(path)
        return file.content_string if file else None

    names = widgets.scripts(PLAYGROUND)
    ask = functools.partial(widgets.ask_node, models=rows)
    state.problems += widgets.show(state.vault.notes.values(), names, drawing, ask)
    files.append(File.generated(config, widgets.MODELS, content=_json(rows)))


def _counter() -> models.Counter:
    """The count of the lab, which is no package that a hook can import: MkDocs may run from anywhere."""
    spec = importlib.util.spec_from_file_location("parameter_count", ROOT / "labs" / "models" / "parameter_count.py")
    assert spec and spec.loader
    lab = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lab)
    counter: models.Counter = lab.count
    return counter


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the pages that link to a page at its foot."""
    found = () if page.is_homepage else _linking.get(page.file.src_uri, ())
    return html + backlinks.section(
        found, session.current().vault, lambda path: relative(files.src_uris[path].url, page.url)
    )


def on_post_build(*, config: MkDocsConfig) -> None:
    """With MENTIONS=1, list where a page names a concept that it never links to."""
    if os.environ.get("MENTIONS") != "1":
        return
    state = session.current()
    reader, names = Reader(state.vault, state.readable), mentions.Names(state.vault)
    for note in state.vault.notes.values():
        for problem in mentions.unlinked(note, state.vault, reader, names):
            log.info("mention: %s/%s", os.path.relpath(config.docs_dir), problem)

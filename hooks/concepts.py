"""MkDocs events of the concepts: index, backlinks, previews, graph, old addresses, mentions; and of the tables of
models and the widgets. Listed after vault.py.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from handbook import (
    backlinks,
    cache,
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
    workers,
)
from handbook.files import relative
from handbook.reader import Reader
from handbook.report import Problem
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.hooks.concepts")

ROOT = Path(__file__).resolve().parent.parent
GRAPH = "graph.md"
LIBRARY = ROOT / "node_modules" / "force-graph" / "dist" / "force-graph.min.js"
PLAYGROUND = ROOT / "overrides" / "assets" / "playground"

_backlinks: dict[str, str] = {}
"""The list at the foot of each page; made anew by `on_files`."""


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages and data that are made from the concepts and links of the vault."""
    global _backlinks
    state = session.current()
    _show_widgets(state, files, _show_models(state, files), config)
    taken = {file.dest_uri for file in files}
    key = cache.digest("concepts", state.everything, sorted(taken))
    made = state.store.get([key]).get(key)
    if made is None:
        made = _make(state, files, taken, config)
        state.store.put({key: made})
    contents, titles, _backlinks, problems = made
    for path, content in contents.items():
        files.append(File.generated(config, path, content=content))
    if GRAPH in contents:
        library = f"assets/concepts/{LIBRARY.name}"
        files.append(File.generated(config, library, abs_src_path=str(LIBRARY)))
    for path, title in titles.items():
        state.add_page(path, title)
    state.problems += problems
    return files


def _make(
    state: session.Build, files: Files, taken: set[str], config: MkDocsConfig
) -> tuple[dict[str, str], dict[str, str], dict[str, str], list[Problem]]:
    """The files to add, the titles of those that are pages, the lists at the foot of pages, and what is wrong."""
    vault, reader = state.vault, Reader(state.vault, state.readable)
    contents: dict[str, str] = {}
    titles: dict[str, str] = {}

    def url(path: str) -> str:
        return files.src_uris[path].url.removeprefix("./")

    def page(path: str, title: str) -> str | None:
        """The address of a page to make; none when the vault has a page of its own there."""
        file = File.generated(config, path, content="")
        if file.dest_uri in taken:
            log.info("%s is a page of the vault: no page %s is made", file.dest_uri, title)
            return None
        titles[path] = title
        return file.url

    rows = registry.concept_rows(vault, url)
    here = page("glossary.md", "术语索引") if rows else None

    def index(here: str) -> str:
        concepts = vault.concepts.values()
        summaries = {concept.id: reader.summary(vault.notes[concept.path], concept.anchor) for concept in concepts}
        return glossary.page(rows, summaries, lambda address: relative(address, here))

    listed = workers.later(partial(index, here), state.process) if here is not None else None

    tagged = tags.collect(vault.notes.values())
    at = page(tags.PAGE, "标签") if tagged else None
    if at is not None:
        contents[tags.PAGE] = tags.page(tagged, lambda path: relative(url(path), at))

    # What the home page links to says nothing of the pages: it is a menu.
    home = next((path for path in vault.notes if not url(path)), "")
    notes = [note for note in vault.notes.values() if note.path != home]
    told = workers.spread(partial(reader.told, limit=backlinks.READ), notes, state.process)
    references = list(chain.from_iterable(told))
    state.katex.save()  # for the other processes
    previewed = workers.later(partial(previews.table, vault, reader, references, url), state.process)

    drawn = graph.build(vault, references, home)
    there = page(GRAPH, "概念图") if drawn.edges else None
    if there is not None:
        root = "../" * there.count("/")
        contents[GRAPH] = graph.page(drawn, lambda path: relative(url(path), there), root)
        contents["graph.json"] = _json(graph.data(drawn, url))

    made = {File.generated(config, path, content="").dest_uri for path in titles}
    redirected, problems = redirects.pages(vault, url, taken | made | contents.keys(), config.site_url or "")
    linking = backlinks.by_target(references)
    feet = {
        path: backlinks.section(found, vault, partial(_between, url, path))
        for path, found in linking.items()
        if path != home
    }
    contents["previews.json"] = _json(previewed())
    if listed is not None:
        contents = {"glossary.md": listed(), **contents}
    return contents | redirected, titles, feet, problems


def _between(url: Callable[[str], str], here: str, path: str) -> str:
    """The address of a note's page, relative to that of another."""
    return relative(url(path), url(here))


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

    def ask(places: Sequence[widgets.Place]) -> Sequence[widgets.Answer]:
        key = cache.digest("widgets", state.settings, rows, [(place.name, place.start) for place in places])
        answers: Sequence[widgets.Answer] | None = state.store.get([key]).get(key)
        if answers is None:
            answers = widgets.ask_node(places, models=rows)
            # A fault may be one of this machine.
            if not any(answer.faults for answer in answers):
                state.store.put({key: answers})
        return answers

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


def on_page_context(context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """Put the pages that link to a page at its foot."""
    page.content = (page.content or "") + _backlinks.get(page.file.src_uri, "")
    return context


def on_post_build(*, config: MkDocsConfig) -> None:
    """With MENTIONS=1, list where a page names a concept that it never links to."""
    if os.environ.get("MENTIONS") != "1":
        return
    state = session.current()
    reader, names = Reader(state.vault, state.readable), mentions.Names(state.vault)
    for note in state.vault.notes.values():
        for problem in mentions.unlinked(note, state.vault, reader, names):
            log.info("mention: %s/%s", os.path.relpath(config.docs_dir), problem)

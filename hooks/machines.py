"""MkDocs events of what stands around a page's text: facts under its title, links to its source, data for programs."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin

from handbook import facts, machines, session, workers
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

log = logging.getLogger("mkdocs.hooks.machines")

ROOT = Path(__file__).resolve().parent.parent

_sources: dict[str, machines.Source] = {}
"""The source of each note's page by path, in the order of the navigation; made anew by `on_nav`."""
_write: Callable[[], None]
"""Waits until what programs read is written; made anew by `on_nav`."""


# After the order is settled.
@event_priority(-50)
def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """Learn what programs get of each page, and begin to write it."""
    global _sources, _write
    _sources = {}
    state = session.current()
    if not state.own:
        return nav
    days = _days(config)
    for page in nav.pages:
        note = state.vault.notes.get(page.file.src_uri)
        # The home page is a menu.
        if note is not None and not page.is_homepage:
            above = [item.title for item in page.ancestors]
            _sources[note.path] = machines.Source(
                title=note.title,
                summary=note.meta.summary,
                section=str(above[-1]) if above else config.site_name,
                url=unquote(page.url),
                path=note.path,
                updated=(note.meta.updated or days.get(note.path, ""))[:10],
            )
            state.dates[note.path] = _sources[note.path].updated
    _write = workers.later(partial(_written, config), state.process)
    return nav


def _file(path: str) -> str | None:
    """The text of a file of the project; the pipeline has reported one that does not exist."""
    file = ROOT / path
    return file.read_text("utf-8") if file.is_file() else None


def _days(config: MkDocsConfig) -> dict[str, str]:
    """The day of the last commit that changed each note; empty, and said so, outside a git repository."""
    command = ["git", "-c", "core.quotePath=false", "log", "--format=%x00%cs", "--name-only", "--relative", "--", "."]
    try:
        run = subprocess.run(command, cwd=config.docs_dir, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        log.info("pages show no date of their last change: git says nothing (%s)", error)
        return {}
    return machines.days(run.stdout)


@event_priority(50)
def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Count what the page offers; a section's list of pages shows it, too."""
    source = _sources.get(page.file.src_uri)
    if source is not None:
        vault = session.current().vault
        page.meta["facts"] = facts.of(vault.notes[source.path], vault)
        if source.updated:
            page.update_date = source.updated
    return markdown


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the facts under the title."""
    source = _sources.get(page.file.src_uri)
    if source is None:
        return html
    # The index of a section that is no concept's home is a few lines and a list.
    if not page.is_index or page.meta["facts"].concepts:
        html = facts.under_title(html, page.meta["facts"], source.updated)
    if source.path.startswith("paths/") and "task-list-item" in html:
        html = facts.place_for_progress(html)
    return html


def on_page_context(context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """Give the template the page's data for search engines and the links to its source."""
    if page.is_homepage and _sources:
        context["totals"] = _totals()
    source = _sources.get(page.file.src_uri)
    if source is not None:
        address = get_relative_url(quote(source.path), page.url)
        context["source_address"] = address
        context["source_links"] = facts.foot(str(config.extra.get("repository") or "").rstrip("/"), source, address)
        if config.site_url:
            above = [item.children[0] for item in list(page.ancestors)[::-1] if isinstance(item, Section)]
            trail = [(str(item.title), unquote(item.url)) for item in above if isinstance(item, Page) and item != page]
            context["linked_data"] = machines.linked_data(source, config.site_name, trail, _absolute(config))
    return context


def _totals() -> str:
    """What the whole site holds, counted in what the build has read and rendered."""
    state = session.current()
    notes = [state.vault.notes[path] for path in _sources]
    offered = [page.meta["facts"] for path in _sources if (page := state.files.src_uris[path].page)]
    tests = (ROOT / "tests").rglob("test_*.py")
    return facts.totals(
        pages=len(notes),
        concepts=len(state.vault.concepts),
        formulas=sum(len(made.formulas) for made in state.made.values()),
        figures=sum(note.source.body.count(".svg)") for note in notes),
        labs=sum(path.name != "__init__.py" for path in (ROOT / "labs").rglob("*.py")),
        tests=sum(path.read_text("utf-8").count("\ndef test_") for path in tests),
        questions=sum(one.questions for one in offered),
    )


def _absolute(config: MkDocsConfig) -> Any:
    """Addresses as programs need them: whole where the site's own is known, else relative to its root."""
    return lambda address: urljoin(config.site_url or "", quote(address))


def on_post_build(*, config: MkDocsConfig) -> None:
    """Have what programs read written."""
    if _sources:
        _write()


def _written(config: MkDocsConfig) -> None:
    vault = session.current().vault
    site, absolute = Path(config.site_dir), _absolute(config)
    name, summary, sources = config.site_name, config.site_description or "", list(_sources.values())
    made = {
        source.path: machines.markdown(source.title, vault.notes[source.path].source.body, _file) for source in sources
    }
    made["llms-full.txt"] = machines.llms_full(name, summary, sources, made, absolute)
    made["llms.txt"] = machines.llms(name, summary, sources, absolute)
    # A feed needs whole addresses.
    if config.site_url:
        made["feed.xml"] = machines.feed(name, summary, sources, absolute)
    for path, text in made.items():
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

"""MkDocs events of the pages gathered from all others, 面试题库, 勘误 and 参考文献: the last files, rendered last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

from handbook import bibliography, callouts, citations, deck, errata, questions, session
from handbook.pages import put_formulas
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

QUESTIONS, ERRATA, REFERENCES = "questions.md", "errata.md", "references.md"
PAGES = {QUESTIONS: questions.FRONT, ERRATA: errata.FRONT, REFERENCES: bibliography.FRONT}
DECK = "questions/questions.apkg"
FSRS = "assets/questions/ts-fsrs.js"
LIBRARY = Path(__file__).resolve().parent.parent / "node_modules" / "ts-fsrs" / "dist"

_pages: list[Page] = []
"""The pages of notes in the order of the navigation; made anew by `on_nav`."""


# After the pages made from concepts: what they are called in the navigation is in this order.
@event_priority(-10)
def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages, in this project's vault, unless it has some of its own at their addresses."""
    state = session.current()
    taken = {file.dest_uri for file in files}
    for path, front in PAGES.items():
        file = File.generated(
            config, path, content="---\n" + "".join(f"{key}: {value}\n" for key, value in front.items()) + "---\n"
        )
        if state.own and file.dest_uri not in taken:
            files.append(file)
            state.add_page(path, front["title"])
            if path == QUESTIONS:
                files.append(File.generated(config, FSRS, content=(LIBRARY / "index.mjs").read_bytes()))
    return files


def on_nav(nav: Any, *, config: MkDocsConfig, files: Files) -> Any:
    """Remember the order of the pages."""
    global _pages
    _pages = [page for page in nav.pages if page.file.src_uri in session.current().vault.notes]
    return nav


@event_priority(150)
def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The frame of a gathered page: its headings, with a place for what stands below each."""
    if page.file.src_uri == QUESTIONS:
        return questions.frame()
    if page.file.src_uri == ERRATA:
        return errata.frame(list(dict.fromkeys(erratum.section for erratum in _errata(page))))
    if page.file.src_uri == REFERENCES:
        return bibliography.frame(bibliography.years(_works(page)))
    return markdown


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill a gathered page; give the questions of any other their anchors."""
    if page.file.src_uri == QUESTIONS:
        found = _questions(page)
        site = urljoin(config.site_url or "", page.url) if config.site_url else ""
        deck.write(found, site, Path(config.site_dir) / DECK)
        return questions.fill(html, found, _relative(DECK, page.url), _relative("assets/questions/", page.url))
    if page.file.src_uri == ERRATA:
        return errata.fill(html, _errata(page))
    if page.file.src_uri == REFERENCES:
        return bibliography.fill(html, _works(page))
    note = session.current().vault.notes.get(page.file.src_uri)
    return (
        questions.anchored(html, (questions.identifier(note.path, one.title) for one in questions.of(note)))
        if note
        else html
    )


def _moved(page: Page, here: Page) -> Callable[[str], str]:
    """What makes HTML of a page stand on another, formulas and all."""
    state = session.current()
    shorts = {cited.reference.key: bibliography.short(cited.reference) for cited in state.cited[page.file.src_uri]}
    rendered = [formula.html for formula in state.rendered[page.file.src_uri]]

    def relative(address: str) -> str:
        return _relative(address, here.url)

    def cite(key: str) -> str:
        return f'<a class="cited" href="{relative("references/")}#ref-{key}">{shorts[key]}</a>'

    return lambda html: put_formulas(callouts.moved(html, unquote(page.url), relative, cite), rendered)


def _errata(here: Page) -> list[errata.Erratum]:
    found = []
    for page in _pages:
        moved = _moved(page, here)
        for callout in callouts.read(page.content or ""):
            if callout.kind == "warning" and callout.title.startswith(errata.MARK):
                found.append(
                    errata.Erratum(
                        section=_section(page),
                        page=str(page.title),
                        address=_relative(f"{unquote(page.url)}#{callout.anchor}".rstrip("#"), here.url),
                        wrong=moved(callout.title.removeprefix(errata.MARK)),
                        right=moved(callout.body),
                    )
                )
    return found


def _questions(here: Page) -> list[questions.Question]:
    vault = session.current().vault
    found = []
    for page in _pages:
        moved, note = _moved(page, here), vault.notes[page.file.src_uri]
        sources = {questions.identifier(note.path, one.title): one for one in questions.of(note)}
        for callout in callouts.read(page.content or ""):
            if callout.kind == "question":
                source = sources.get(callout.id)
                found.append(
                    questions.Question(
                        id=callout.id,
                        title=moved(callout.title),
                        answer=moved(callout.body),
                        level=questions.level(source.mark if source else "", note.meta.difficulty),
                        page=str(page.title),
                        address=_relative(unquote(page.url), here.url),
                        section=_section(page),
                        tags=note.meta.tags,
                    )
                )
    return found


def _section(page: Page) -> str:
    sections = [item.title for item in page.ancestors]
    return str(sections[-1]) if sections else str(page.title)


def _works(here: Page) -> list[bibliography.Work]:
    state = session.current()
    references: dict[str, citations.Reference] = {}
    pages: dict[str, list[tuple[str, str]]] = {}
    for page in _pages:
        for cited in state.cited[page.file.src_uri]:
            key = cited.reference.key
            references[key] = cited.reference
            address = _relative(f"{unquote(page.url)}#ref-{key}", here.url)
            pages.setdefault(key, []).append((str(page.title), address))
    return [bibliography.Work(reference, tuple(pages[key])) for key, reference in references.items()]


def _relative(address: str, page: str) -> str:
    """The address of a page, which may have a fragment, relative to another page."""
    path, mark, fragment = address.partition("#")
    return get_relative_url(path, page) + mark + fragment

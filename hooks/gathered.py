"""MkDocs events of the pages gathered from all others, 面试题库, 勘误 and 参考文献: the last files, rendered last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

from handbook import bibliography, cache, callouts, citations, deck, errata, questions, session
from handbook.files import relative
from handbook.pages import put_formulas
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

QUESTIONS, ERRATA, REFERENCES = "questions.md", "errata.md", "references.md"
PRINTED = "questions/print.md"
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
        file = File.generated(config, path, content=_head(front))
        if state.own and file.dest_uri not in taken:
            files.append(file)
            state.add_page(path, front["title"])
            state.gathered.add(path)
            if path == QUESTIONS:
                files.append(File.generated(config, FSRS, content=(LIBRARY / "index.mjs").read_bytes()))
                printed = _head(questions.PRINTED_FRONT)
                _below(files, config, PRINTED, printed)
            if path == ERRATA:
                for below, folder in errata.pages(state.vault.notes.values()).items():
                    index = state.vault.notes.get(f"{folder}/index.md")
                    _below(files, config, below, _head(errata.front(index.title if index else folder)))
    return files


def _below(files: Files, config: MkDocsConfig, path: str, content: str) -> None:
    """Add a page that a gathered one leads to; in the navigation it would make a section of that one."""
    session.current().gathered.add(path)
    files.append(File.generated(config, path, content=content, inclusion=InclusionLevel.NOT_IN_NAV))


def _head(front: Mapping[str, str]) -> str:
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in front.items()) + "---\n"


def on_nav(nav: Any, *, config: MkDocsConfig, files: Files) -> Any:
    """Remember the order of the pages."""
    global _pages
    _pages = [page for page in nav.pages if page.file.src_uri in session.current().vault.notes]
    return nav


@event_priority(150)
def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The frame of a gathered page: its headings, with a place for what stands below each."""
    if page.file.src_uri == QUESTIONS:
        return questions.frame(questions.FRONT["title"])
    if page.file.src_uri == PRINTED:
        return questions.frame(questions.PRINTED_FRONT["title"])
    if page.file.src_uri == ERRATA:
        return errata.frame(list(dict.fromkeys(_section(at) for at in _pages if any(map(errata.is_one, _of(at))))))
    if page.file.src_uri == REFERENCES:
        return bibliography.frame(bibliography.years(_works(page)))
    if _is_errata(page):
        found = _errata(page)
        return errata.section_frame(found[0].section, list(dict.fromkeys(each.page for each in found)))
    return markdown


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill a gathered page; give the questions of any other their anchors, and keep its callouts."""
    made = session.current().made[page.file.src_uri]
    if page.file.src_uri == QUESTIONS:
        made.questions = _questions(page)
        return questions.fill(html, made.questions, relative(DECK, page.url), relative("assets/questions/", page.url))
    if page.file.src_uri == PRINTED:
        return questions.fill_printed(html, _questions(page), relative("assets/questions/", page.url))
    if page.file.src_uri == ERRATA:
        return errata.fill(html, _errata(page))
    if page.file.src_uri == REFERENCES:
        return bibliography.fill(html, _works(page))
    if _is_errata(page):
        return errata.fill_section(html, _errata(page))
    note = session.current().vault.notes.get(page.file.src_uri)
    if note is not None:
        html = questions.anchored(html, (questions.identifier(note.path, one.title) for one in questions.of(note)))
        made.callouts = callouts.read(html)
    return html


def on_post_build(*, config: MkDocsConfig) -> None:
    """Write the deck of questions."""
    state = session.current()
    page = state.made.get(QUESTIONS)
    if page is None or not page.questions:
        return
    site = urljoin(config.site_url, "questions/") if config.site_url else ""
    target = Path(config.site_dir) / DECK
    # The same file while the questions are the same: it holds the time at which it was made.
    key = cache.digest("deck", state.settings, site, page.questions)
    made = state.store.get([key]).get(key)
    if made is None:
        deck.write(page.questions, site, target)
        state.store.put({key: target.read_bytes()})
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made)


def _of(page: Page) -> list[callouts.Callout]:
    return session.current().made[page.file.src_uri].callouts


def _moved(page: Page, here: Page) -> Callable[[str], str]:
    """What makes HTML of a page stand on another, formulas and all."""
    made = session.current().made[page.file.src_uri]
    shorts = {cited.reference.key: bibliography.short(cited.reference) for cited in made.cited}
    rendered = [formula.html for formula in made.formulas]

    def address(of: str) -> str:
        return relative(of, here.url)

    def cite(key: str) -> str:
        return f'<a class="cited" href="{address("references/")}#ref-{key}">{shorts[key]}</a>'

    return lambda html: put_formulas(callouts.moved(html, unquote(page.url), address, cite), rendered)


def _is_errata(page: Page) -> bool:
    """Whether this is the page of a section's errors."""
    path = page.file.src_uri
    return path in session.current().gathered and path.startswith(ERRATA.removesuffix(".md") + "/")


def _errata(here: Page) -> list[errata.Erratum]:
    """The errors of the section whose page this is; all, on the page of all."""
    found = []
    for page in _pages:
        path = page.file.src_uri
        listed = errata.page_of(path)
        if here.file.src_uri not in (ERRATA, listed):
            continue
        moved = _moved(page, here)
        for callout in _of(page):
            if errata.is_one(callout):
                found.append(
                    errata.Erratum(
                        id=errata.anchor(path, callout.title),
                        section=_section(page),
                        listed=relative(listed.removesuffix(".md") + "/", here.url),
                        page=str(page.title),
                        address=relative(f"{unquote(page.url)}#{callout.anchor}".rstrip("#"), here.url),
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
        for callout in _of(page):
            if callout.kind == "question":
                source = sources.get(callout.id)
                found.append(
                    questions.Question(
                        id=callout.id,
                        title=moved(callout.title),
                        answer=moved(callout.body),
                        level=questions.level(source.mark if source else "", note.meta.difficulty),
                        page=str(page.title),
                        address=relative(unquote(page.url), here.url),
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
        for cited in state.made[page.file.src_uri].cited:
            key = cited.reference.key
            references[key] = cited.reference
            address = relative(f"{unquote(page.url)}#ref-{key}", here.url)
            pages.setdefault(key, []).append((str(page.title), address))
    return [bibliography.Work(reference, tuple(pages[key])) for key, reference in references.items()]

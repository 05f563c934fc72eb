"""MkDocs events of the vault: from notes to pages. The logic is in `handbook`; `handbook.pipeline` shows the steps."""

from __future__ import annotations

import json
import logging
import os
import posixpath
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

from handbook import (
    blocks,
    cache,
    citations,
    formulas,
    frontmatter,
    navigation,
    pages,
    pipeline,
    prerequisites,
    registry,
    session,
    tags,
    workers,
)
from handbook import files as vault_files
from handbook.report import Problem
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

log = logging.getLogger("mkdocs.hooks.vault")
# MkDocs says that it leaves a README out; `vault_files.settle` has it back.
logging.getLogger("mkdocs.structure.files").addFilter(lambda record: "README.md" not in record.getMessage())

ROOT = Path(__file__).resolve().parent.parent
STARTED = time.time()
MERMAID = "assets/mermaid.js"

_rendered_ahead: Callable[[], object]
"""Waits for the end of the process that renders formulas ahead; made anew by `on_config`."""
MERMAID_PACKAGE = "@mermaid-js/tiny/dist/mermaid.tiny.js"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Start a build: settings that depend on the vault, the formula renderer."""
    own = Path(config.docs_dir).resolve() == ROOT / "docs"
    global _rendered_ahead
    state = session.start(own, katex(), cache.Store(cache.path(ROOT / ".cache" / "render.sqlite")))
    # While MkDocs starts there is a core to spare.
    rendering = partial(_render_ahead, state, Path(config.docs_dir))
    _rendered_ahead = workers.ahead(rendering, state.process) if state.katex.is_new else lambda: None
    formulas.install(_lookup)
    # Here and not in mkdocs.yml: MkDocs loads the extensions listed there before any hook, and stock markdown-katex
    # then starts `npx katex` to learn its options.
    config.markdown_extensions.append("markdown_katex")
    config.mdx_configs["markdown_katex"] = {"insert_fonts_css": False}
    if not own:
        # A snippet may show files of the project, so only the project's own notes may ask for one.
        config.markdown_extensions.remove("pymdownx.snippets")
        config.site_name = Path(config.docs_dir).resolve().name
    if not frontmatter.strict_line_breaks(Path(config.docs_dir)):
        config.markdown_extensions.append("nl2br")
    bibliography: Any = config.plugins.get("bibtex")
    if bibliography is not None and own:
        citations.skip_formatting(bibliography.registry)
    _warn_of_edited_hooks()
    return config


def _render_ahead(state: session.Build, vault: Path) -> None:
    for note in sorted(vault.rglob("*.md")):
        hidden = any(part.startswith(".") for part in note.relative_to(vault).parts)
        if note.is_file() and not hidden:
            state.katex.render(formulas.likely(frontmatter.normalise(note.read_bytes())))


def katex() -> formulas.Katex:
    """A renderer of formulas, with a process of its own."""
    kept = Path(os.environ.get("KATEX_CACHE") or ROOT / ".cache" / "katex.sqlite")
    return formulas.Katex(kept, ROOT / "node_modules" / "katex")


def _warn_of_edited_hooks() -> None:
    hooks = Path(__file__).parent
    edited = [path.relative_to(ROOT) for path in sorted(hooks.rglob("*.py")) if path.stat().st_mtime > STARTED]
    if edited:
        log.warning("%s changed: stop and start `make serve` for it to take effect", ", ".join(map(str, edited)))


def _lookup(tex: str) -> str | None:
    """The mark of a formula token, for markdown-katex."""
    state = session.current()
    token = re.fullmatch(f"{pipeline.MATH_OPEN}(\\d+){pipeline.MATH_CLOSE}", tex)
    if not token:
        return None
    number = int(token[1])
    return pages.formula_mark(number, state.made[state.note].formulas[number].text)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Read every note, leave out the unpublished ones, and index the vault; add what the pages need to be served."""
    state = session.current()
    notes: list[registry.Note] = []
    hidden: list[registry.Note] = []
    state.problems += vault_files.settle(files, config)
    for file in list(files.documentation_pages()):
        text = frontmatter.normalise(file.content_bytes)
        note, problems = registry.read_note(file.src_uri, text, state.readable)
        if note.meta.published:
            notes.append(note)
            state.problems += problems
        else:
            hidden.append(note)
            files.remove(file)
    if "index.html" not in {file.dest_uri for file in files.documentation_pages()}:
        home = vault_files.home(notes)
        files.append(File.generated(config, "index.md", content=home))
        notes.append(registry.read_note("index.md", home, state.readable)[0])
    attachments = [
        file.src_uri for file in files if not file.is_documentation_page() and file.src_dir == config.docs_dir
    ]
    state.vault = registry.Vault(notes, attachments, hidden, state.own)
    state.problems += prerequisites.problems(prerequisites.of(notes))
    for address, content in formulas.assets(ROOT / "node_modules" / "katex"):
        files.append(File.generated(config, f"assets/katex/{address}", content=content))
    if any(_is_mermaid(block) for note in notes for block in blocks.walk(note.blocks)):
        files.append(File.generated(config, MERMAID, abs_src_path=str(ROOT / "node_modules" / MERMAID_PACKAGE)))
    state.urls = {file.src_uri: "" if file.url == "./" else file.url for file in files.documentation_pages()}
    state.settings = cache.digest(cache.files_digest(_sources()), _settings(config), state.own)
    state.names = registry.names_digest(state.vault, state.urls)
    state.texts = {note.path: cache.digest(note.source) for note in notes}
    return files


def _sources() -> list[Path]:
    """The files that decide, beside the notes, what a page becomes."""
    folders = (path for name in ("hooks", "overrides") for path in (ROOT / name).rglob("*"))
    names = ("mkdocs.yml", "requirements.txt", "package-lock.json")
    return [*(path for path in folders if path.suffix != ".pyc"), *(ROOT / name for name in names)]


def _settings(config: MkDocsConfig) -> list[object]:
    """What the command line and the environment may change of the configuration, but for the folders."""
    plain = {key: value for key, value in config.items() if isinstance(value, str | bool | int | float)}
    folders = ("docs_dir", "site_dir", "config_file_path")
    kept = sorted((key, value) for key, value in plain.items() if key not in folders)
    return [kept, config.markdown_extensions, sorted(config.extra.items()), sys.version]


def _is_mermaid(block: blocks.Block) -> bool:
    return isinstance(block, blocks.Fence) and block.info.startswith("mermaid")


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """Order pages and sections by `order`, name sections after their index."""
    state = session.current()
    navigation.arrange(nav, state.vault, state.generated)
    return nav


def on_page_read_source(*, page: Page, config: MkDocsConfig) -> str | None:
    """The body of the note, whose front matter comes from the registry; a generated page is read by MkDocs."""
    note = session.current().vault.notes.get(page.file.src_uri)
    # The empty line keeps MkDocs from reading a rule at the top of the body as front matter.
    return "\n" + note.source.body if note else None


@event_priority(100)
def _before_citations(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The note's dialect as Markdown, its formulas rendered, its citations ready for mkdocs-bibtex."""
    state = session.current()
    note = state.vault.notes.get(page.file.src_uri)
    made = state.made[page.file.src_uri]
    if note is None:
        return markdown
    state.note = note.path
    page.meta = frontmatter.for_mkdocs(note.meta)
    page.meta["title"] = note.title
    keys = _entries(config)
    normal = pipeline.normalise(note, state.vault, keys, ROOT if state.own else None)
    made.html, made.mermaid, made.problems = normal.html, normal.mermaid, normal.problems
    made.reads |= {f"vault/{path}" for path in normal.embedded} | {f"project/{path}" for path in normal.snippets}
    made.formulas = state.katex.render(normal.formulas)
    for formula, (path, line) in zip(made.formulas, normal.formula_places, strict=True):
        if formula.error:
            made.problems.append(Problem(path, line, "formula", f"formula does not render: {formula.error}"))
    return citations.release(normal.markdown)


@event_priority(-100)
def _after_citations(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Number the citations of the page."""
    markdown, cited = citations.restore(markdown, _entries(config))
    session.current().made[page.file.src_uri].cited = cited
    return markdown


on_page_markdown = CombinedEvent(_before_citations, _after_citations)


def _entries(config: MkDocsConfig) -> Any:
    """The records of the bibliography by key; none in a vault that is not this project's."""
    plugin: Any = config.plugins.get("bibtex")
    return plugin.registry.bib_data.entries if plugin is not None and session.current().own else {}


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put raw HTML and figures in, and the page's references at its end."""
    state = session.current()
    made = state.made[page.file.src_uri]
    html = pages.restore_html(html, made.html)
    html = pages.drop_broken(html)
    html = pages.scrolling_tables(pages.table_heads(html))

    def relative(path: str) -> str:
        # A vault may have pages of its own at `tags/`; then ours is not made.
        file = files.src_uris.get(unquote(path))
        return get_relative_url(file.url if file else "tags/", page.url)

    html = pages.vault_addresses(html, relative)

    def svg(address: str) -> str | None:
        file = files.src_uris.get(unquote(posixpath.normpath(urljoin("/" + page.url, address)).lstrip("/")))
        if file is None or not address.endswith(".svg"):
            return None
        made.reads.add(f"vault/{file.src_uri}")
        drawing = file.content_string
        return drawing if pages.is_page_coloured(drawing) else None

    html = pages.figures(html, svg)
    note = state.vault.notes.get(page.file.src_uri)
    foot = pages.vault_addresses(tags.foot(note), relative) if note else ""
    return html + citations.reference_list(made.cited) + foot


@event_priority(-100)
def on_page_context(context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """Put the rendered formulas in, after the search has read the text in their place."""
    rendered = session.current().made[page.file.src_uri].formulas
    page.content = pages.put_formulas(page.content or "", [formula.html for formula in rendered])
    return context


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Give a page with diagrams our Mermaid, ahead of Material's, which would load it from elsewhere."""
    if not session.current().made[page.file.src_uri].mermaid:
        return output
    script = f'<script src="{get_relative_url(MERMAID, page.url)}"></script>'
    return output.replace("</head>", f"{script}</head>", 1)


@event_priority(-100)
def on_post_build(*, config: MkDocsConfig) -> None:
    """Write the concept registry and report what authors must mend."""
    state = session.current()
    rows = registry.concept_rows(state.vault, state.urls.__getitem__)
    target = Path(config.site_dir) / "concepts.json"
    target.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    of_pages = (problem for made in state.made.values() for problem in made.problems)
    problems = sorted({*state.problems, *state.vault.problems, *of_pages})
    for problem in problems:
        log.warning("%s/%s", os.path.relpath(config.docs_dir), problem)
    if problems:
        counts = Counter(problem.kind for problem in problems)
        log.warning("%s", ", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items())))
    _rendered_ahead()
    log.info("formulas: %d rendered, %d from the cache", state.katex.rendered, state.katex.cached)
    state.katex.close()
    state.store.save()

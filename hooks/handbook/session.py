"""The running build, shared by the hook entries: MkDocs loads each entry as a module of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from . import cache, callouts, citations, formulas, questions, registry
from .report import Problem


@dataclass
class Made:
    """A page as rendered, and all that the rest of the build wants of it; `cache` keeps it for the next build."""

    html: list[str] = field(default_factory=list)
    """Raw HTML of the note, between Markdown and HTML represented by tokens."""
    formulas: list[formulas.Rendered] = field(default_factory=list)
    cited: list[citations.Cited] = field(default_factory=list)
    callouts: list[callouts.Callout] = field(default_factory=list)
    document: bytes | None = None
    """What the search reads of the page, a pickled `search_index.Document`, which only a new index asks for; None
    where the page is excluded."""
    questions: list[questions.Question] = field(default_factory=list)
    """The questions that a page gathers from the others."""
    mermaid: bool = False
    problems: list[Problem] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    """The files that stand in the page: `vault/…` is an attachment or embedded note, `project/…` a file of a lab."""
    digests: dict[str, str] = field(default_factory=dict)
    """The digest of each file of `reads` when the page was made."""
    page: dict[str, Any] = field(default_factory=dict)
    """The attributes of MkDocs' page."""
    logged: list[tuple[str, int, str]] = field(default_factory=list)
    """Logger, level and text of each warning."""


@dataclass
class Build:
    """What one build knows; made anew by `start`, because a hook module outlives the rebuilds of `mkdocs serve`."""

    own: bool
    """Whether the vault is this project's own `docs/`."""
    katex: formulas.Katex
    store: cache.Store
    settings: str = ""
    """The digest of all but the vault: the code of the hooks, templates, configuration, versions."""
    vault: registry.Vault = field(default_factory=lambda: registry.Vault([]))
    names: str = ""
    """The digest of what a page may show of another: addresses, titles, headings, anchors, front matter."""
    texts: dict[str, str] = field(default_factory=dict)
    """The digest of each note's own text."""
    made: dict[str, Made] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    """The rendered template of each page, without its text."""
    files: Any = None
    site: Any = None
    """Files, and configuration, pages, navigation and templates of the build, for a quick one after it."""
    keys: dict[str, str] = field(default_factory=dict)
    """The key of each page in the cache: whatever is made of pages alone has the digest of their keys."""
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the vault as a whole; each page has its own."""
    urls: dict[str, str] = field(default_factory=dict)
    """Address of each note's page, relative to the site's root."""
    generated: dict[str, str] = field(default_factory=dict)
    """Titles of the pages that the hooks make, by path, in the order in which they follow the sections."""
    dates: dict[str, str] = field(default_factory=dict)
    """The day of each note's last change, where it is known."""
    gathered: set[str] = field(default_factory=set)
    """Paths of those generated pages that show parts of all others, and so are rendered last."""
    note: str = ""
    """Path of the note that is being rendered."""

    @property
    def everything(self) -> str:
        """The digest of all that the build reads of the notes."""
        return cache.digest(self.settings, self.names, sorted(self.texts.items()))

    def add_page(self, path: str, title: str) -> None:
        """Announce a page that a hook makes: it stands in the navigation, and notes may link to `path`."""
        self.generated[path] = title
        self.vault.attachments[registry.fold(path)] = path

    @contextmanager
    def process(self) -> Iterator[None]:
        """In a process that was forked: have a renderer of formulas of its own, because two cannot talk to one."""
        with self.katex.anew() as self.katex:
            yield

    def readable(self, tex: str) -> str:
        """A formula as text."""
        return self.katex.render([formulas.Formula(tex.strip(), False)])[0].text


_build: Build | None = None


def start(own: bool, katex: formulas.Katex, store: cache.Store) -> Build:
    """Begin a build and end the one before it."""
    global _build
    if _build is not None:
        _build.katex.close()
    _build = Build(own, katex, store)
    return _build


def current() -> Build:
    """The running build."""
    assert _build is not None, "hooks/vault.py starts the build in on_config"
    return _build

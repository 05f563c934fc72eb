"""The running build, shared by the hook entries: MkDocs loads each entry as a module of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import citations, formulas, pipeline, registry
from .report import Problem


@dataclass
class Build:
    """What one build knows; made anew by `start`, because a hook module outlives the rebuilds of `mkdocs serve`."""

    own: bool
    """Whether the vault is this project's own `docs/`."""
    katex: formulas.Katex
    vault: registry.Vault = field(default_factory=lambda: registry.Vault([]))
    pages: dict[str, pipeline.Page] = field(default_factory=dict)
    rendered: dict[str, list[formulas.Rendered]] = field(default_factory=dict)
    cited: dict[str, list[citations.Cited]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)
    """Address of each note's page, relative to the site's root."""
    generated: dict[str, str] = field(default_factory=dict)
    """Titles of the pages that the hooks make, by path, in the order in which they follow the sections."""
    note: str = ""
    """Path of the note that is being rendered."""

    def add_page(self, path: str, title: str) -> None:
        """Announce a page that a hook makes: it stands in the navigation, and notes may link to `path`."""
        self.generated[path] = title
        self.vault.attachments[registry.fold(path)] = path

    def readable(self, tex: str) -> str:
        """A formula as text."""
        return self.katex.render([formulas.Formula(tex.strip(), False)])[0].text


_build: Build | None = None


def start(own: bool, katex: formulas.Katex) -> Build:
    """Begin a build and end the one before it."""
    global _build
    if _build is not None:
        _build.katex.close()
    _build = Build(own, katex)
    return _build


def current() -> Build:
    """The running build."""
    assert _build is not None, "hooks/vault.py starts the build in on_config"
    return _build

"""MkDocs events of the rendering itself: from the cache, in several processes, and while an author writes."""

from __future__ import annotations

import gc
from typing import Any

import jinja2
from handbook import preview, rendering, session
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the place of MkDocs' own functions for a page."""
    rendering.install()
    # Nearly all that a build makes lives until its end: to look through it for garbage took a tenth of its time.
    gc.unfreeze()  # `workers` freezes what stands before it forks
    gc.set_threshold(50_000, 20, 20)
    return config


def on_env(env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """Have compiled templates kept, and a place for what a template draws once."""
    env.globals["drawn"] = {}  # partials/nav.html draws the navigation once a section
    store = session.current().store
    if store.path is not None:
        folder = store.path.with_name("templates")
        folder.mkdir(parents=True, exist_ok=True)
        env.bytecode_cache = jinja2.FileSystemBytecodeCache(str(folder))
    return env


def on_serve(server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
    """Show edits at once."""
    preview.start(server)
    return server

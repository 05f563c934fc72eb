"""MkDocs events of the app that works without a network: its page, its worker, the edition to read from the disk.

Listed last: the worker's list names every file of the finished site.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from handbook import disk, offline, session
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation

log = logging.getLogger("mkdocs.hooks.offline")

ROOT = Path(__file__).resolve().parent.parent
RETIRED = ROOT / "overrides" / offline.FOLDER / "retired.js"

_previewing = False
"""Whether this is `mkdocs serve`, where a worker would keep what is being edited; set by `on_startup`."""
_page = ""
"""The address of the page 离线阅读; empty where the vault has a page of its own there. Made anew by `on_files`."""
_titles: dict[str, str] = {}
"""The titles of the pages by address, in reading order; made anew by `on_nav`."""


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Learn whether the site is built or previewed."""
    global _previewing
    _previewing = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Tell the templates whether pages look for a worker."""
    config.extra["web_app"] = not _previewing
    return config


# After all other pages that are made: the navigation lists them in this order.
@event_priority(-20)
def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the page, the library of the worker and the app's manifest."""
    global _page
    _page = ""

    def add(path: str, content: str | bytes) -> None:
        files.append(File.generated(config, path, content=content))

    file = File.generated(config, offline.PAGE, content="")
    if file.dest_uri in {other.dest_uri for other in files}:
        log.info("%s is a page of the vault: nothing is kept to be read offline", file.dest_uri)
        config.extra["web_app"] = False
        return files
    _page = file.url
    add(offline.PAGE, offline.page("../" * _page.count("/"), _makes_zip()))
    session.current().add_page(offline.PAGE, offline.TITLE)
    add(offline.APP, offline.app(config.site_name, config.site_description or ""))
    for name in offline.WORKBOX:
        script = f"workbox-{name}.prod.js"
        add(f"{offline.FOLDER}/{script}", (ROOT / "node_modules" / f"workbox-{name}" / "build" / script).read_bytes())
    return files


def _makes_zip() -> bool:
    """Whether the edition for the disk is asked for (`make offline`)."""
    return os.environ.get("OFFLINE") == "1"


# After the order is settled.
@event_priority(-50)
def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Any:
    """Remember the pages in reading order."""
    global _titles
    _titles = {"" if page.url in (".", "./") else unquote(page.url): str(page.title) for page in nav.pages}
    return nav


# After everything else is written.
@event_priority(-200)
def on_post_build(*, config: MkDocsConfig) -> None:
    """Write the worker and its list, and the ZIP; in a preview, or without the page, what ends an old worker."""
    site = Path(config.site_dir)
    if _previewing or not _page:
        (site / offline.WORKER).write_text(RETIRED.read_text("utf-8"), "utf-8")
        return
    kept = offline.stored(site)
    shell = offline.shell(site, kept, ["", _page])
    listed = offline.listing(kept, shell, _titles, _page)
    (site / offline.LIST).write_text(listed, "utf-8")
    (site / offline.WORKER).write_text(offline.worker(listed), "utf-8")
    if _makes_zip():
        disk.pack(site, site / offline.ZIP)
        log.info("%s: %.1f MB", offline.ZIP, (site / offline.ZIP).stat().st_size / 1e6)

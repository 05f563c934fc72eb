"""Old addresses: each `permalink` of a note becomes a page that leads to the note."""

from __future__ import annotations

import json
import posixpath
import unicodedata
from collections.abc import Callable, Collection
from html import escape
from urllib.parse import unquote, urljoin

from mkdocs.utils import get_relative_url

from .registry import Vault, fold
from .report import Problem

_RESERVED = ("index.html", "404.html", "sitemap.xml", "sitemap.xml.gz")
_LONGEST = 200
"""Bytes of a name that every file system takes."""


def pages(
    vault: Vault, url: Callable[[str], str], taken: Collection[str], site_url: str = ""
) -> tuple[dict[str, str], list[Problem]]:
    """The redirect pages (HTML by file in the site), and the permalinks that cannot be served.

    `url` gives the percent-encoded address of a note's page, relative to the root; `taken` are the site's other files.
    """
    made: dict[str, str] = {}
    problems: list[Problem] = []
    files = {fold(file) for file in (*taken, *_RESERVED)}
    owners: dict[str, str] = {}
    for note in vault.notes.values():
        own = fold(_file(unquote(url(note.path))) or "index.html")
        for permalink in note.meta.permalinks:
            file = _file(permalink)
            fault = ""
            if file is None:
                fault = "is not an address inside the site: write a path such as `old/name`"
            elif fold(file) == own:
                continue
            elif fold(file) in owners:
                fault = f"is claimed by {owners[fold(file)]} too: take it out of one of them"
            elif files & _with_parents(fold(file)) or owners.keys() & _with_parents(fold(file)):
                fault = f"is the address of a page or file of the site ({file}), which stays"
            if file is None or fault:
                problems.append(Problem(note.path, 1, "permalink", f"permalink {permalink} {fault}"))
                continue
            owners[fold(file)] = note.path
            made[file] = page(note.title, url(note.path), file, site_url)
    return made, problems


def _file(permalink: str) -> str | None:
    """The file in the site that serves an old address; nothing when it is not one inside the site."""
    path = unicodedata.normalize("NFC", unquote(permalink.strip()))
    parts = [part for part in path.split("/") if part not in ("", ".")]
    odd = any(char in path for char in '\\:*?"<>|#') or any(ord(char) < 32 for char in path)
    if odd or any(part == ".." or len(part.encode()) > _LONGEST for part in parts):
        return None
    if parts and parts[-1].lower().endswith((".html", ".htm")):
        return posixpath.join(*parts)
    return posixpath.join(*parts, "index.html")


def _with_parents(file: str) -> set[str]:
    """A path and the paths of the folders above it."""
    parts = file.split("/")
    return {"/".join(parts[:count]) for count in range(1, len(parts) + 1)}


def page(title: str, url: str, file: str, site_url: str = "") -> str:
    """A page at `file` that leads to `url`, which keeps the fragment of the address where scripts run."""
    address = get_relative_url(url, file)
    canonical = urljoin(site_url, url) if site_url else address
    # A script's string may hold no end tag.
    target = json.dumps(address).replace("<", "\\u003c")
    return f"""<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<title>{escape(title)}</title>
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="canonical" href="{escape(canonical)}">
<script>location.replace({target} + location.search + location.hash)</script>
<meta http-equiv="refresh" content="0; url={escape(address)}">
</head>
<body>
<p>这一页现在在：<a href="{escape(address)}">{escape(title)}</a></p>
</body>
</html>
"""

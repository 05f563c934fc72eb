"""The built site as a folder to open without a server (`file://`), packed as one file to download.

From the disk, a browser shows a folder as a list of files, loads no module script and lets no script fetch. So links
name the page inside the folder, modules stand in the pages, and what scripts fetch lies beside it as a script that
overrides/assets/offline/disk.js runs.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCH = "assets/offline/disk.js"
FOLDER = "handbook"
"""The folder in the packed file."""
_NOT_FOR_THE_DISK = re.compile(
    r".*\.map|.*\.zip|sw\.js|offline\.json|manifest\.webmanifest|404\.html|sitemap\.xml.*|llms.*\.txt|concepts\.json"
)
_REDIRECT = '<meta http-equiv="refresh"'
_TAG = re.compile(r"<(?:a|area|form|link)\b[^>]*>")
_LINK = re.compile(r'(\s(?:href|action)=")([^"]*)"')
_WEB_ONLY = re.compile(r'<link rel="(?:manifest|preload)"[^>]*>|<p data-web-only>.*?</p>', re.S)
_MODULE = re.compile(r'<script\b(?=[^>]*\btype="module")[^>]*\bsrc="([^"]+)"[^>]*></script>')
_IMPORT = re.compile(r"""^(import\b[^"';(]*)["'](\.{1,2}/[^"']+)["']""", re.M)


def page(html: str, path: str, files: Collection[str], read: Callable[[str], str]) -> str:
    """The HTML of the page at `path` for the disk; `files` are all files of the site, `read` gives the text of one."""

    def tag(match: re.Match[str]) -> str:
        return _LINK.sub(lambda link: f'{link[1]}{_to_file(link[2], path, files)}"', match[0])

    def inlined(match: re.Match[str]) -> str:
        source = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(unescape(match[1]))))
        # No script may hold an end tag.
        text = module(source, path, read).replace("</script", r"<\/script")
        return f'<script type="module">{text}</script>'

    html = _MODULE.sub(inlined, _TAG.sub(tag, _WEB_ONLY.sub("", html)))
    return html.replace("<head>", f'<head>\n    <script src="{_relative(FETCH, path)}"></script>', 1)


def _to_file(link: str, path: str, files: Collection[str]) -> str:
    """A link to a folder of the site as a link to the page in it; any other as it is."""
    parts = urlsplit(unescape(link))
    if parts.scheme or parts.netloc or not parts.path:
        return link
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
    if posixpath.normpath(posixpath.join(target, "index.html")) not in files:
        return link
    return escape(parts._replace(path=parts.path.rstrip("/") + "/index.html").geturl())


def _relative(file: str, page: str) -> str:
    return posixpath.relpath(file, posixpath.dirname(page) or ".")


def module(path: str, page: str, read: Callable[[str], str]) -> str:
    """The module at `path` as it may stand in a page: what it imports are data, and it knows where it came from."""

    def imported(match: re.Match[str]) -> str:
        inner = module(posixpath.normpath(posixpath.join(posixpath.dirname(path), match[2])), page, read)
        return f'{match[1]}"data:text/javascript;base64,{base64.b64encode(inner.encode()).decode()}"'

    text = _IMPORT.sub(imported, read(path))
    return text.replace("import.meta.url", f"new URL({json.dumps(_relative(path, page))}, document.baseURI).href")


def pack(site: Path, target: Path) -> None:
    """Write the site for the disk as a ZIP file at `target`; the same site makes the same bytes.

    Left out: what only a server uses, and the pages at old addresses.
    """
    paths = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    paths = {file: path for file, path in sorted(paths.items()) if not _NOT_FOR_THE_DISK.fullmatch(file)}
    target.parent.mkdir(parents=True, exist_ok=True)

    def read(file: str) -> str:
        return paths[file].read_text("utf-8")

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:

        def add(file: str, content: bytes) -> None:
            # Without a date of the build.
            info = zipfile.ZipInfo(f"{FOLDER}/{file}")
            info.external_attr = 0o644 << 16
            packed.writestr(info, content, zipfile.ZIP_DEFLATED)

        for file, path in paths.items():
            if file.endswith(".html"):
                html = read(file)
                if _REDIRECT not in html:
                    add(file, page(html, file, paths, read).encode())
                continue
            add(file, path.read_bytes())
            if file.endswith(".json"):
                add(f"{file}.js", f"diskFile({json.dumps(read(file), ensure_ascii=False)})\n".encode())

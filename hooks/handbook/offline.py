"""The site as an app that works without a network: what its service worker may keep, and what browsers install."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from . import workers

PAGE = "offline.md"
TITLE = "离线阅读"
FOLDER = "assets/offline"
LIST, WORKER, APP = "offline.json", "sw.js", "manifest.webmanifest"
ZIP = "offline/handbook.zip"
WORKBOX = ("core", "routing", "strategies")
ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))
PAPER = "#fdfcf9"
"""The background of the light scheme, as in overrides/assets/css/handbook.css."""

_LOADED = re.compile(
    r'<(?:(?:script|img|source|video|audio|iframe|embed|object)\b[^>]*?\s(?:src|data|poster)="([^"]+)"'
    r'|link\b(?=[^>]*\srel="(?:stylesheet|icon|manifest)")[^>]*?\shref="([^"]+)")'
)


@dataclass(frozen=True)
class Stored:
    """A file as the service worker knows it: `revision` changes with its bytes, `size` counts them."""

    revision: str
    size: int


def revision(content: bytes) -> str:
    """The first 64 bits of SHA-256, as overrides/assets/offline/worker.js computes them."""
    return hashlib.sha256(content).hexdigest()[:16]


def address(file: str) -> str:
    """The address of a file of the site, relative to its root and not encoded; a folder's index is the folder."""
    return file.removesuffix("index.html") if posixpath.basename(file) == "index.html" else file


def stored(site: Path) -> dict[str, Stored]:
    """What may be kept of a built site, by address: pages, what they load and show, what scripts read.

    Left out is what no page shows: data and Markdown for programs, downloads, drawings that stand inside the pages.
    """
    files = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*")) if path.is_file()]
    pages = {file for file in files if file.endswith(".html") and file != "404.html"}

    def read(file: str) -> tuple[Stored, list[str]]:
        content = (site / file).read_bytes()
        shown = loaded(file, content.decode()) if file in pages else []
        return Stored(revision(content), len(content)), shown

    found = dict(zip(files, workers.spread(read, files, nullcontext), strict=True))
    shown = {target for _, targets in found.values() for target in targets}
    return {address(file): one for file, (one, _) in found.items() if file in pages or file in shown or _is_part(file)}


def _is_part(file: str) -> bool:
    """Whether scripts or style sheets may ask for a file that no page names."""
    if file.startswith("assets/"):
        return not file.endswith((".map", "LICENSE"))
    return file.endswith(".json") and file not in (LIST, "concepts.json")


def loaded(page: str, html: str) -> list[str]:
    """The files of the site that the page at `page` (a file's path) loads."""
    targets = [urlsplit(urljoin(f"/{page}", match[1] or match[2])) for match in _LOADED.finditer(html)]
    return [unquote(target.path).lstrip("/") for target in targets if not target.netloc and target.path]


def shell(site: Path, kept: Iterable[str], pages: Sequence[str]) -> list[str]:
    """What the worker fetches at once: the `pages` (addresses) with all they load.

    Every first visit pays for it. The search's index and the fonts of formulas are kept once they are used.
    """
    wanted = set(pages)
    for page in pages:
        file = f"{page}index.html" if not page or page.endswith("/") else page
        wanted.update(loaded(file, (site / file).read_text("utf-8")))
    return sorted(wanted & set(kept))


def listing(kept: dict[str, Stored], shell: Sequence[str], titles: dict[str, str], offline: str) -> str:
    """`offline.json`: every file's revision and size, the shell, the pages' titles in reading order, the page to show
    where one is missing. The same site makes the same bytes.
    """
    value = {
        "files": {path: [one.revision, one.size] for path, one in sorted(kept.items())},
        "shell": list(shell),
        "pages": [[path, title] for path, title in titles.items() if path in kept],
        "offline": offline,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def worker(listed: str) -> str:
    """`sw.js`, which browsers compare byte by byte: it is another one whenever any file of the site is."""
    scripts = [f"{FOLDER}/workbox-{name}.prod.js" for name in WORKBOX] + [f"{FOLDER}/worker.js"]
    return (
        f'self.VERSION = "{revision(listed.encode())}" // of {LIST}\n'
        f"importScripts({', '.join(json.dumps(script) for script in scripts)})\n"
    )


def app(name: str, description: str) -> str:
    """The web app manifest; its addresses are relative to it, so that the site may lie below any path."""
    value = {
        "name": name,
        "short_name": name,
        "description": description,
        "lang": "zh",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": f"{FOLDER}/{file}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for file, size, purpose in ICONS
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def page(root: str, with_zip: bool) -> str:
    """The Markdown of the page 离线阅读; `root` is the way from it to the site's root."""
    zipped = (
        "\n## 拷到不联网的电脑\n\n"
        f'<p data-web-only>下载<a href="{root}{ZIP}" download>离线版（zip）</a>，解压以后用浏览器打开里面的 '
        "<code>index.html</code>，不需要服务器。</p>\n"
        if with_zip
        else ""
    )
    return f"""---
title: {TITLE}
summary: 断网也能读：读过的页面自动留在这台设备上，整站可以一次存下，也可以装成应用。
---

# {TITLE}

<link rel="stylesheet" href="{root}{FOLDER}/offline.css">

<p class="offline-missing" role="status" hidden></p>

读过的页面会自动存在这台设备上，断网以后照样能打开；搜索只要用过一次，断网以后也能用。有网的时候，读到的总是最新的一版。

## 存下整站

<p class="offline-unable">这一节要用 JavaScript 和浏览器的离线存储，现在用不了：
可能关掉了，也可能这是预览，或者页面是从硬盘打开的。</p>
<div class="offline-tools" hidden>
<p class="offline-state" role="status"></p>
<progress hidden aria-label="下载进度"></progress>
<p class="offline-buttons">
<button type="button" name="download" hidden>下载整站</button>
<button type="button" name="cancel" hidden>取消</button>
<button type="button" name="remove" hidden>删除存下的页面</button>
</p>
</div>

网站更新以后，只重新下载变了的文件。浏览器的「清除网站数据」会把存下的一起删掉。

## 装成应用

- 电脑上的 Chrome 和 Edge：地址栏右边的安装图标，或菜单里的「安装」；
- 安卓：浏览器菜单里的「添加到主屏幕」；
- iPhone 和 iPad：Safari 的「分享」，再点「添加到主屏幕」。
{zipped}
<div class="offline-kept" hidden>
<h2 id="已存的页面">已存的页面</h2>
<ul></ul>
</div>

<script src="{root}{FOLDER}/offline.js" defer></script>
"""

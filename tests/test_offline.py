"""What the service worker may keep, what browsers install, and the site for the disk: against the files of the site."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from handbook import disk, offline

from tests.built_site import ROOT, page_addresses
from tests.test_build import build, needs_node
from tests.test_site import parsed

CSS = (ROOT / "overrides/assets/css/handbook.css").read_text("utf-8")
PAPERS = dict(re.findall(r'data-md-color-scheme="(\w+)"\][^{]*{\s*--paper: (#\w+);', CSS))


def listed(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / "offline.json").read_text("utf-8"))
    return found


def file(site: Path, path: str) -> Path:
    return site / path / "index.html" if not path or path.endswith("/") else site / path


def test_the_list_says_what_the_files_are(site: Path) -> None:
    wrong = []
    for path, (revision, size) in listed(site)["files"].items():
        content = file(site, path).read_bytes()
        if len(content) != size or not hashlib.sha256(content).hexdigest().startswith(revision):
            wrong.append(path)
    assert wrong == []


def test_every_page_is_listed_with_all_it_loads(site: Path) -> None:
    found = listed(site)
    files, pages = found["files"], page_addresses(site)
    assert set(pages) <= files.keys()
    assert {path for path, _ in found["pages"]} <= set(pages)
    missing = set()
    # Some pages, and those that scripts fill.
    for page in [*pages[::15], "graph/", "questions/", "offline/"]:
        for link in parsed(file(site, page).read_text("utf-8")).loaded:
            target = urlsplit(urljoin(f"http://127.0.0.1/{page}", link))
            path = unquote(target.path).lstrip("/")
            # The feed and the page's source are for programs.
            if target.netloc == "127.0.0.1" and path not in files and not path.endswith((".md", ".xml")):
                missing.add(path)
    assert missing == set()
    assert {"previews.json", "graph.json", "assets/concepts/force-graph.min.js"} <= files.keys()
    assert not [path for path in files if path.endswith((".map", ".md", ".zip", ".apkg", ".xml")) or path == "sw.js"]


def test_the_shell_is_all_that_home_and_the_offline_page_need(site: Path) -> None:
    found = listed(site)
    shell = set(found["shell"])
    assert shell <= found["files"].keys()
    assert {"", "offline/", "assets/search/search.js"} <= shell
    # What is large is kept once it is used.
    assert "assets/search/index.js" in found["files"].keys() - shell
    styles = [path for path in shell if path.endswith(".css")]
    drawn = {
        urljoin(f"/{style}", address).lstrip("/")
        for style in styles
        for address in re.findall(r"url\([\"']?(?!data:|#)([^)\"']+)", (site / style).read_text("utf-8"))
    }
    assert drawn <= shell


def test_the_worker_is_another_when_a_file_is(tmp_path: Path) -> None:
    def made() -> tuple[str, str]:
        kept = offline.stored(tmp_path)
        text = offline.listing(kept, offline.shell(tmp_path, kept, [""]), {"": "首页", "gone/": "没有"}, "")
        return text, offline.worker(text)

    (tmp_path / "index.html").write_text('<link rel="stylesheet" href="assets/a.css"><img src="图.png">', "utf-8")
    (tmp_path / "assets").mkdir()
    for name in ("assets/a.css", "assets/a.css.map", "图.png", "unused.svg", "data.yaml", "concepts.json", "sw.js"):
        (tmp_path / name).write_text(name, "utf-8")
    first = made()
    assert made() == first
    assert json.loads(first[0])["files"].keys() == {"", "assets/a.css", "图.png"}
    assert json.loads(first[0])["shell"] == ["", "assets/a.css", "图.png"]
    assert json.loads(first[0])["pages"] == [["", "首页"]]
    (tmp_path / "assets/a.css").write_text("another", "utf-8")
    assert made()[1] != first[1]
    assert len(first[1]) < 400


def test_the_site_holds_what_its_worker_loads(site: Path) -> None:
    worker = (site / "sw.js").read_text("utf-8")
    scripts = re.findall(r'"(assets/[^"]+)"', worker)
    assert len(scripts) == 4
    assert [script for script in scripts if not (site / script).is_file()] == []
    assert offline.revision((site / "offline.json").read_bytes()) in worker


def test_the_app_has_its_icons_and_the_colours_of_the_site(site: Path) -> None:
    app = json.loads((site / "manifest.webmanifest").read_text("utf-8"))
    assert app["name"] == "大模型从零开始"
    assert (app["lang"], app["start_url"], app["scope"]) == ("zh", "./", "./")
    for icon in app["icons"]:
        header = (site / icon["src"]).read_bytes()[:24]
        assert header[:8] == b"\x89PNG\r\n\x1a\n"
        assert icon["sizes"] == "{}x{}".format(*struct.unpack(">II", header[16:]))
    assert {(icon["sizes"], icon["purpose"]) for icon in app["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    assert app["theme_color"] == app["background_color"] == PAPERS["default"]
    html = (site / "attention/gqa/index.html").read_text("utf-8")
    colours = re.findall(r'name="theme-color" media="\(prefers-color-scheme: (\w+)\)" content="(#\w+)"', html)
    assert colours == [("light", PAPERS["default"]), ("dark", PAPERS["slate"])]


@needs_node
def test_a_page_of_that_name_in_a_vault_stays(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/offline.md").write_text("自己的页", "utf-8")
    run = build(ROOT, "--strict", DOCS_DIR=str(tmp_path / "vault"), SITE_DIR=str(tmp_path / "site"))
    assert run.returncode == 0, run.stderr
    html = (tmp_path / "site/offline/index.html").read_text("utf-8")
    assert "自己的页" in html
    assert "register.js" not in html
    # A worker of an earlier build of the site ends.
    assert "unregister" in (tmp_path / "site/sw.js").read_text("utf-8")


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[str]:
    """The address of a running `mkdocs serve`."""
    (tmp_path / "index.md").write_text("# 预览", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--no-livereload", "--dev-addr", f"127.0.0.1:{port}"]
    environment = {"DOCS_DIR": str(tmp_path), "NO_MKDOCS_2_WARNING": "1"}
    node = str(Path(shutil.which("node") or "node").parent)
    run = subprocess.Popen(
        command, cwd=ROOT, env={"PATH": f"{node}:/usr/bin:/bin"} | environment, stderr=subprocess.DEVNULL
    )
    yield f"http://127.0.0.1:{port}/"
    run.terminate()
    run.wait(10)


@needs_node
def test_a_preview_keeps_nothing(preview: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(preview + "sw.js", timeout=5) as reply:
                worker = reply.read().decode()
            break
        except urllib.error.URLError:
            time.sleep(0.1)
    assert "unregister" in worker and "importScripts" not in worker
    with urllib.request.urlopen(preview, timeout=5) as reply:
        assert "register.js" not in reply.read().decode()


# --- For the disk

FILES = {"index.html", "a/index.html", "a/图/index.html", "a/b.md", "assets/x/m.js", "assets/x/n.js", "c.html"}
LINKS = [
    ("../", "../index.html"),
    ("..", "../index.html"),
    ("./", "./index.html"),
    ("图/?q=1&amp;r=2#x", "图/index.html?q=1&amp;r=2#x"),
    ("%E5%9B%BE/", "%E5%9B%BE/index.html"),
    ("b.md", "b.md"),
    ("../c.html", "../c.html"),
    ("#here", "#here"),
    ("", ""),
    ("no-such/", "no-such/"),
    ("https://example.org/a/", "https://example.org/a/"),
    ("//example.org/", "//example.org/"),
    ("mailto:a@example.org", "mailto:a@example.org"),
]


def nothing(path: str) -> str:
    raise AssertionError(f"{path} is not to be read")


@pytest.mark.parametrize(("link", "expected"), LINKS)
def test_a_link_names_the_page_in_a_folder(link: str, expected: str) -> None:
    html = disk.page(f'<a class="x" href="{link}" title="y">', "a/index.html", FILES, nothing)
    assert html == f'<a class="x" href="{expected}" title="y">'
    assert disk.page(f'<code>href="{link}"</code>', "a/index.html", FILES, nothing) == f'<code>href="{link}"</code>'


def test_a_module_stands_in_the_page_with_what_it_imports() -> None:
    sources = {
        "assets/x/m.js": 'import {\n  a\n} from "./n.js"\nconst root = import.meta.url, tag = "</script>"\n',
        "assets/x/n.js": "export const a = import.meta.url\n",
    }
    html = '<head><script type="module" src="../assets/x/m.js"></script><script src="../assets/x/n.js"></script>'
    made = disk.page(html, "a/index.html", FILES, sources.__getitem__)
    assert made.count("</script>") == 3
    assert '<script src="../assets/offline/disk.js"></script>' in made
    assert "import.meta" not in made and 'new URL("../assets/x/m.js", document.baseURI).href' in made
    assert '} from "data:text/javascript;base64,' in made
    assert '<script src="../assets/x/n.js"></script>' in made


def test_what_only_the_web_has_is_left_out() -> None:
    links = '<link rel="preload" href="f" as="font" crossorigin><link rel="manifest" href="m">'
    html = f"{links}<p data-web-only>zip</p><p>text</p>"
    assert disk.page(html, "index.html", FILES, nothing) == "<p>text</p>"


def test_the_packed_site_is_whole(packed: Path, site: Path) -> None:
    files = {path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()}
    assert {f"{address}index.html" for address in page_addresses(site)} <= files
    # All links of the site are checked elsewhere: here, some pages show that they are the same.
    pages = sorted(path for path in files if path.endswith(".html"))[::12]
    broken = []
    for page in pages:
        html = parsed((packed / page).read_text("utf-8"))
        for link in [*html.links, *html.loaded]:
            target = urlsplit(urljoin(f"file:///{page}", link))
            if target.scheme == "file" and unquote(target.path).lstrip("/") not in files:
                broken.append((page, link))
    assert len(pages) > 20
    assert broken == []


def test_packing_twice_makes_the_same_file(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "a").mkdir(parents=True)
    for name in ("index.html", "a/index.html"):
        (site / name).write_text('<head></head><a href="a/">', "utf-8")
    (site / "d.json").write_text('{"a": "\\u2028"}', "utf-8")
    (site / "404.html").write_text('<a href="/handbook/">', "utf-8")
    for name in ("one.zip", "two.zip"):
        disk.pack(site, tmp_path / name)
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        # No date of the build: the earliest that ZIP can write.
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    shutil.unpack_archive(tmp_path / "one.zip", tmp_path / "out")
    out = tmp_path / "out" / disk.FOLDER
    assert sorted(path.name for path in out.iterdir()) == ["a", "d.json", "d.json.js", "index.html"]
    assert 'href="a/index.html"' in (out / "index.html").read_text("utf-8")

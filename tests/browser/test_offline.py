"""The app in a real browser: reading without a network, the whole site, updates, neighbours on the same host."""

from __future__ import annotations

import base64
import functools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browsing import Handler
from tests.built_site import PREFIX, ROOT
from tests.test_build import build
from tools import icons

pytestmark = pytest.mark.browser

NOTES = {
    "index.md": "---\ntitle: 首页\n---\n\n# 首页\n\n[[one]] [[图]]\n",
    "a/one.md": "---\ntitle: 第一页\n---\n\n公式 $\\frac{1}{x}$，旋转位置编码。\n",
    "a/two.md": "---\ntitle: 第二页\n---\n\n公式 $\\sqrt{y}$，分组查询。\n",
    "b/图.md": "---\ntitle: 有图的一页\n---\n\n![一张图](img/点.png)\n",
}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PROGRAMS = ("worker.js", "workbox-core.prod.js", "workbox-routing.prod.js", "workbox-strategies.prod.js")
PAGES = ["", "a/one/", "a/two/", "b/图/", "glossary/", "offline/"]


@dataclass
class Server:
    """A server whose site can be exchanged and which can go down; it remembers what it was asked for."""

    folder: Path
    address: str = ""
    down: bool = False
    asked: list[str] = field(default_factory=list)


class _Handler(Handler):
    def __init__(self, state: Server, *arguments: object) -> None:
        self.state = state
        super().__init__(*arguments, directory=str(state.folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.state.down:
            self.close_connection = True
            return
        self.directory = str(self.state.folder)
        self.state.asked.append(unquote(self.path.removeprefix(PREFIX)))
        super().do_GET()


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small site, and the same with one page changed and one more."""
    folder = tmp_path_factory.mktemp("offline")
    vault = folder / "vault"
    for name, text in NOTES.items():
        (vault / name).parent.mkdir(parents=True, exist_ok=True)
        (vault / name).write_text(text, "utf-8")
    (vault / "b/img").mkdir()
    (vault / "b/img/点.png").write_bytes(PIXEL)
    first, second = folder / "first", folder / "second"
    for site in (first, second):
        run = build(ROOT, "--strict", DOCS_DIR=str(vault), SITE_DIR=str(site), SITE_URL=f"http://127.0.0.1{PREFIX}")
        assert run.returncode == 0, run.stderr
        (vault / "a/one.md").write_text(NOTES["a/one.md"] + "\n改过的一句。\n", "utf-8")
        (vault / "c.md").write_text("---\ntitle: 新的一页\n---\n\n新的内容。\n", "utf-8")
    return first, second


@pytest.fixture
def server(versions: tuple[Path, Path]) -> Iterator[Server]:
    state = Server(versions[0])
    http = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, state))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    state.address = f"http://127.0.0.1:{http.server_port}{PREFIX}"
    yield state
    http.shutdown()
    http.server_close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that may keep the site."""
    context = browser.new_context()
    yield context
    context.close()


STORED = """async () => {
  const names = (await caches.keys()).filter(name => name.endsWith("/handbook/"))
  const stores = await Promise.all(names.map(name => caches.open(name)))
  return (await Promise.all(stores.map(store => store.keys()))).flat().map(each => each.url)
}"""


def stored(page: Page, server: Server) -> list[str]:
    """What is kept, by path, each with its revision behind a question mark."""
    return sorted(unquote(each.removeprefix(server.address)) for each in page.evaluate(STORED))


def visit(page: Page, server: Server, path: str) -> None:
    """Open a page and wait until a worker has kept what it shows."""
    page.goto(server.address + path)
    until(page, lambda: any(each.split("?")[0] == path for each in stored(page, server)))


def until(page: Page, holds: Callable[[], bool], milliseconds: int = 20000) -> None:
    for _ in range(milliseconds // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it has not come to hold")


def looks_right(page: Page) -> bool:
    """Whether style sheets and the fonts of formulas are those of the site."""
    return bool(
        page.evaluate("""async () => {
          await document.fonts.ready
          const body = getComputedStyle(document.body).getPropertyValue("--paper")
          const formula = document.querySelector(".katex")
          const fonts = [...document.fonts].map(font => font.status)
          return Boolean(body) && (!formula || (fonts.includes("loaded") && !fonts.includes("error")))
        }""")
    )


def test_what_was_read_is_read_without_a_network(reader: BrowserContext, server: Server) -> None:
    page = reader.new_page()
    # The first page is open before there is a worker; so is its image.
    visit(page, server, "b/图/")
    visit(page, server, "a/one/")
    until(page, lambda: any(each.startswith("b/img/点.png?") for each in stored(page, server)))
    page.goto(server.address + "?q=旋转")
    until(page, lambda: any(each.startswith("assets/search/index.js?") for each in stored(page, server)))
    server.down = True
    page.goto(server.address + "a/one/?h=旋转")
    expect(page.locator("article .katex")).to_be_visible()
    assert looks_right(page)
    page.goto(server.address + "b/图")
    assert page.url.endswith("/b/%E5%9B%BE/")
    assert page.locator("article img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    # Search works, for pages that are not kept as well.
    page.goto(server.address + "?q=分组查询")
    found = page.locator(".md-search-result__item a").first
    expect(found).to_have_attribute("href", f"{server.address}a/two/?h={quote('分组查询')}")


def test_a_page_that_is_not_kept_is_explained_and_opens_with_the_network(
    reader: BrowserContext, server: Server
) -> None:
    page = reader.new_page()
    visit(page, server, "a/one/")
    server.down = True
    page.goto(server.address + "a/two/")
    note = page.locator(".offline-missing")
    expect(note).to_contain_text("「第二页」还没有存在这台设备上")
    kept = page.locator(".offline-kept a")
    assert kept.all_inner_texts() == ["首页", "第一页", "离线阅读"]
    server.down = False
    # The browser says so itself where the network is really gone.
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page).to_have_url(server.address + "a/two/")
    page.goto(server.address + "no-such-page/")
    expect(page.locator("h1")).to_have_text("没有这个页面")


def test_the_book_is_shown_and_not_kept(reader: BrowserContext, server: Server) -> None:
    """The book lies beside the built site and holds all of it once more (tools/book.py)."""
    folder = server.folder / "book"
    folder.mkdir()
    try:
        (folder / "index.html").write_text('<meta charset="utf-8"><h1>整本书</h1>', "utf-8")
        (folder / "whole.pdf").write_bytes(b"%PDF-1.4")
        page = reader.new_page()
        visit(page, server, "a/one/")
        page.goto(server.address + "book/")
        expect(page.locator("h1")).to_have_text("整本书")
        assert page.evaluate("fetch('whole.pdf').then(reply => reply.text())") == "%PDF-1.4"
        # Once what is read next is stored, the book would be.
        visit(page, server, "a/two/")
        assert not [each for each in stored(page, server) if each.startswith("book/")]
    finally:
        shutil.rmtree(folder)


def test_the_whole_site_is_downloaded_and_deleted(reader: BrowserContext, server: Server) -> None:
    page = reader.new_page()
    visit(page, server, "offline/")
    state, button = page.locator(".offline-state"), page.get_by_role("button")
    expect(state).to_contain_text("这台设备上已有")
    shell = len(stored(page, server))
    button.filter(has_text="下载整站").click()
    expect(state).to_contain_text("整站都在这台设备上")
    sizes = sum((server.folder / file).stat().st_size for file in files(server.folder))
    expect(state).to_contain_text(f"{len(files(server.folder))} 个文件，{sizes / 1e6:.1f} MB")
    server.down = True
    for path in PAGES:
        page.goto(server.address + path)
        assert looks_right(page)
        assert page.url == server.address + path.replace("图", "%E5%9B%BE")
    expect(page.locator(".offline-kept li")).to_have_count(len(PAGES))
    button.filter(has_text="删除存下的页面").click()
    expect(button.filter(has_text="下载整站")).to_be_visible()
    assert shell - 1 <= len(stored(page, server)) <= shell


def files(site: Path) -> set[str]:
    """The files of a site that are kept, found without its list: what is left out of it is named here."""
    found = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    beside = ("404.html", "concepts.json", "sw.js", "offline.json", "assets/katex/LICENSE")
    return {file for file in found if file not in beside and not file.endswith((".map", ".xml", ".gz"))}


def test_a_download_that_broke_off_goes_on(reader: BrowserContext, server: Server) -> None:
    page = reader.new_page()
    visit(page, server, "offline/")
    expect(page.locator(".offline-state")).to_contain_text("这台设备上已有")
    # What is missing fails half way: what was kept stays, and is not asked for again.
    server.down = True
    page.get_by_role("button", name="下载整站").click()
    expect(page.locator(".offline-state")).to_contain_text("下载停在半路")
    server.down = False
    server.asked.clear()
    page.get_by_role("button", name="接着下载").click()
    expect(page.locator(".offline-state")).to_contain_text("整站都在这台设备上")
    assert len(server.asked) == len(set(server.asked))


def test_an_update_downloads_what_changed_and_no_more(
    reader: BrowserContext, server: Server, versions: tuple[Path, Path]
) -> None:
    old, new = versions
    reading, page = reader.new_page(), reader.new_page()
    visit(reading, server, "a/one/")
    visit(page, server, "offline/")
    page.get_by_role("button", name="下载整站").click()
    expect(page.locator(".offline-state")).to_contain_text("整站都在这台设备上")
    assert "改过的一句" not in reading.inner_text("article")
    server.folder = new
    server.asked.clear()
    shown: set[str] = set()
    page.on("request", lambda request: shown.add(unquote(request.url.removeprefix(server.address))))
    # A reader with a network sees the new page at once, with the note where the old one is open still.
    page.goto(server.address + "a/one/")
    expect(page.locator("article")).to_contain_text("改过的一句")
    expect(reading.get_by_role("button", name="网站已更新，点此刷新")).to_be_visible(timeout=20000)
    assert page.locator(".site-updated").count() == 0
    changed = {
        name.removesuffix("index.html")
        for name in files(new)
        if not (old / name).exists() or (old / name).read_bytes() != (new / name).read_bytes()
    }
    # The new page was loaded from the network with all it needs; the rest was the worker's.
    programs = {"sw.js", "offline.json", *(f"assets/offline/{name}" for name in PROGRAMS)}
    assert set(server.asked) - shown - programs == changed - shown
    assert {"c/", "a/one/", "assets/search/index.js"} <= changed
    assert not changed & {"assets/css/handbook.css", "b/img/点.png"}
    # The old page works until its reader agrees.
    assert "改过的一句" not in reading.inner_text("article")
    reading.get_by_role("button", name="网站已更新，点此刷新").click()
    expect(reading.locator("article")).to_contain_text("改过的一句")
    until(page, lambda: len(stored(page, server)) == len(files(new)) + 2)
    server.down = True
    page.goto(server.address + "c/")
    expect(page.locator("article")).to_contain_text("新的内容")


def test_the_only_open_page_is_led_to_the_new_version(
    reader: BrowserContext, server: Server, versions: tuple[Path, Path]
) -> None:
    page = reader.new_page()
    visit(page, server, "a/two/")
    before = stored(page, server)
    server.folder = versions[1]
    page.goto(server.address + "a/one/")
    page.evaluate("""navigator.serviceWorker.ready.then(async registration => {
      while (!registration.waiting) await new Promise(resolve => setTimeout(resolve, 50))
    })""")
    page.goto(server.address + "a/two/")
    # The new worker takes over without a word: nothing of the old version is left.
    gone = set(before) - set(offline_list(versions[1]))
    assert gone
    until(page, lambda: not gone & set(stored(page, server)))
    assert page.locator(".site-updated").count() == 0


def offline_list(site: Path) -> list[str]:
    """Every file of a site as it is kept, by path and revision."""
    listed = json.loads((site / "offline.json").read_text("utf-8"))["files"]
    return [f"{path}?{revision}" for path, (revision, _) in listed.items()]


def test_a_neighbour_on_the_same_host_keeps_its_own(
    reader: BrowserContext, server: Server, versions: tuple[Path, Path]
) -> None:
    page = reader.new_page()
    visit(page, server, "a/one/")
    page.evaluate("caches.open('handbook ' + location.origin + '/other/')")
    page.evaluate("caches.open('handbook ' + location.href)")
    # A preview at the same address ends the worker, and takes nothing from the others.
    preview = server.folder.parent / "preview"
    shutil.copytree(server.folder, preview)
    shutil.copy(ROOT / "overrides/assets/offline/retired.js", preview / "sw.js")
    server.folder = preview
    page.goto(server.address + "a/two/")
    until(page, lambda: stored(page, server) == [])
    until(page, lambda: page.evaluate("navigator.serviceWorker.getRegistration().then(found => !found)"))
    origin = server.address.removesuffix(PREFIX)
    assert sorted(page.evaluate("caches.keys()")) == [f"handbook {server.address}a/one/", f"handbook {origin}/other/"]


def test_browsers_offer_to_install_the_site(reader: BrowserContext, server: Server) -> None:
    page = reader.new_page()
    visit(page, server, "")
    session = reader.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"] == server.address + "manifest.webmanifest"
    # A tab of a test is incognito, where nothing is installed.
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors] in ([], ["in-incognito"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_window_has_the_colour_of_the_page(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(color_scheme=scheme, service_workers="block")
    page.goto(address)
    # The first that holds is the one that counts. Twice the switch is used: light, then dark, whatever the system has.
    for _ in range(3):
        colour, header = page.evaluate("""[
          [...document.querySelectorAll("meta[name=theme-color]")].find(meta => matchMedia(meta.media).matches).content,
          getComputedStyle(document.querySelector(".md-header")).backgroundColor,
        ]""")
        probe = "colour => { document.body.style.color = colour; return getComputedStyle(document.body).color }"
        assert page.evaluate(probe, colour) == page.evaluate(probe, header)
        page.evaluate("document.body.style.color = ''")
        page.locator("label[for^=__palette]:visible").click()
    page.close()


def test_the_icons_are_those_of_the_site(browser: Browser) -> None:
    page = browser.new_page()
    difference = """async ([one, other, size]) => {
      const pixels = async source => {
        const image = new Image()
        image.src = `data:image/png;base64,${source}`
        await image.decode()
        if (image.naturalWidth !== size || image.naturalHeight !== size) throw new Error(`${image.naturalWidth} px`)
        const canvas = new OffscreenCanvas(size, size).getContext("2d")
        canvas.drawImage(image, 0, 0)
        return canvas.getImageData(0, 0, size, size).data
      }
      const [a, b] = await Promise.all([one, other].map(pixels))
      return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length
    }"""
    for name, size in icons.SIZES.items():
        kept = base64.b64encode((icons.TARGET / name).read_bytes()).decode()
        drawn = base64.b64encode(icons.png(browser, name)).decode()
        assert page.evaluate(difference, [kept, drawn, size]) < 1, name
    page.close()


def test_the_site_is_read_from_the_disk(browser: Browser, packed: Path) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def failed(request: Request) -> None:
        # What the page left behind was waiting for is given up, which is no fault.
        if request.failure != "net::ERR_ABORTED":
            said.append(f"{request.failure} {request.url}")

    page.on("requestfailed", failed)
    root = packed.as_uri()
    page.goto(f"{root}/index.html")
    # From the home page by links alone, and on to the next page.
    page.locator(".sections a", has_text="注意力").click()
    page.wait_for_url(f"{root}/attention/index.html")
    page.locator(".section-pages a", has_text="分组查询注意力").click()
    page.wait_for_url(f"{root}/attention/gqa/index.html")
    assert looks_right(page)
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    expect(page.locator("article svg.drawing").first).to_be_visible()
    page.locator("article p a[href='../mla/index.html']").first.hover()
    expect(page.locator("#link-preview")).to_contain_text("MLA")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(f"{root}/attention/mla/index.html")
    page.locator(".md-search__input").fill("旋转位置编码")
    page.locator(".md-search-result__item a").first.click()
    page.wait_for_url(f"{root}/position/rope/index.html?h=*")
    expect(page.locator("article mark[data-md-highlight]").first).to_be_visible()
    # What modules make: the drawing of the concepts, the tools of a table.
    page.goto(f"{root}/graph/index.html")
    expect(page.locator(".graph canvas")).to_be_visible()
    page.goto(f"{root}/models/comparison/index.html")
    expect(page.locator(".models-tools").first).to_be_visible()
    page.goto(f"{root}/offline/index.html")
    expect(page.locator(".offline-unable")).to_be_visible()
    assert said == []
    page.close()

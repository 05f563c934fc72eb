"""Hit rates, latency and sizes of the site's search and of Material's own (lunr with jieba) on the same pages."""

from __future__ import annotations

import functools
import io
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page, sync_playwright

from tests.search.measures import READY, Case, name_cases, own_cases, percentile, rates, search, zipped
from tools.chromium import ARGUMENTS, chromium

ROOT = Path(__file__).resolve().parent.parent
STOCK = "  - search: {lang: [zh, en]}\n"

START_STOCK = """async worker => {
  const start = performance.now();
  const index = await (await fetch("search/search_index.json")).json();
  window.stock = new Worker(worker);
  const ready = new Promise(resolve => stock.addEventListener("message", resolve, {once: true}));
  stock.postMessage({type: 0, data: {...index, options: {suggest: true}}});
  await ready;
  return performance.now() - start;
}"""
ASK_STOCK = """async queries => {
  const out = [];
  for (const query of queries) {
    const start = performance.now();
    const answer = new Promise(resolve => stock.addEventListener("message", resolve, {once: true}));
    stock.postMessage({type: 2, data: query});
    const {data} = (await answer).data;
    // The interface shows a row a page, and in it the page's sections.
    const urls = data.items.flatMap(item => item.map(section => section.location));
    out.push({ms: performance.now() - start, urls});
  }
  return out;
}"""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a small answer after a small answer would wait 40 ms

    def log_message(self, format: str, *args: object) -> None:
        pass


def built(folder: str) -> None:
    """Build the site with both searches."""
    text = (ROOT / "mkdocs.yml").read_text("utf-8").replace("plugins:\n", "plugins:\n" + STOCK, 1)
    config_file = io.BytesIO(text.encode())
    config_file.name = str(ROOT / "mkdocs.yml")
    config = load_config(config_file, site_dir=folder)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)


Ask = Callable[[Sequence[str]], list[dict[str, Any]]]


def measured(name: str, ask: Ask, site: Path, index: Path, ready: float) -> None:
    """Print the line of one search."""
    own, names = own_cases(site), name_cases(site)

    def of(cases: Sequence[Case]) -> tuple[Any, list[float]]:
        found = ask([case.query for case in cases])
        return rates(cases, [one["urls"] for one in found]), [one["ms"] for one in found]

    hits, times = of(own)
    whole, _ = of(names)
    print(
        f"{name:10} {hits.first:7.1%} {hits.three:7.1%} {hits.section:8.1%} {whole.first:7.1%} "
        f"{index.stat().st_size / 1000:8.0f} {zipped(index) / 1000:8.0f} {ready:7.0f} "
        f"{percentile(times, 0.5):7.1f} {percentile(times, 0.95):7.1f}"
    )


def ours(page: Page) -> Ask:
    """Ask the site's search."""
    return lambda queries: [
        {"ms": one["ms"], "urls": [row["url"] for row in one["rows"]]} for one in search(page, queries)
    ]


def stock(page: Page) -> Ask:
    """Ask Material's."""

    def ask(queries: Sequence[str]) -> list[dict[str, Any]]:
        found = page.evaluate(ASK_STOCK, list(queries))
        return [{"ms": one["ms"], "urls": [unquote(url) for url in one["urls"]]} for one in found]

    return ask


def slowed(browser: Browser, site: Path) -> float:
    """p95 in milliseconds on a CPU slowed down four times; from the disk, as the slowing reaches no worker."""
    page = browser.new_page(service_workers="block")
    page.goto((site / "index.html").as_uri())
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.evaluate(READY)
    return percentile((one["ms"] for one in search(page, [case.query for case in own_cases(site)])), 0.95)


def main() -> int:
    """Build, serve, measure."""
    found = chromium()
    if found is None:
        print("no Chromium", file=sys.stderr)
        return 1
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        built(folder)
        site = Path(folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        page = browser.new_page(service_workers="block")
        page.goto(f"http://127.0.0.1:{server.server_port}/", wait_until="networkidle")
        texts = list((site / "assets/search/text").iterdir())
        print(f"{len(texts)} pages, {len(own_cases(site))} queries, {len(name_cases(site))} names; ms in Chromium")
        print("             first   three  section   names  index kB  gzip kB  ready     p50     p95")
        index = site / "assets/search/index.js"
        measured("ours", ours(page), site, index, page.evaluate(READY))
        worker = next(site.glob("assets/javascripts/workers/search.*.js")).relative_to(site).as_posix()
        ready = page.evaluate(START_STOCK, worker)
        measured("stock", stock(page), site, site / "search/search_index.json", ready)
        share = zipped(index) / zipped(site / "search/search_index.json")
        print(
            f"index: {share:.0%} of stock's after gzip; {zipped(index) / len(texts) * 120 / 1000:.0f} kB for 120 pages"
        )
        sizes = sorted(map(zipped, texts))
        scripts = sum(zipped(site / f"assets/search/{name}.js") for name in ("text", "engine", "worker", "search"))
        print(f"a page's text: {sizes[len(sizes) // 2] / 1000:.1f} kB (median); scripts: {scripts / 1000:.1f} kB")
        print(f"CPU slowed 4 times: p95 {slowed(browser, site):.1f} ms")
        browser.close()
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a page weighs over the wire and how much it moves while it loads; for the tests and for bench/pages.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browsing import zipped
from tests.built_site import page_addresses

FIRST_KB = 250
"""What a first visit to a page of a section may load, in kB after gzip."""
SECOND_KB = 60
"""What a visit to another page may load after it."""
SHIFT = 0.02
"""How much of the screen may move while a page loads (CLS)."""

WATCH_SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


def file_of(site: Path, place: str) -> Path:
    """The file of a page."""
    return site / place / "index.html"


def written_pages(site: Path) -> list[str]:
    """The addresses of the pages that somebody wrote (each has its source beside it), the heaviest first."""
    pages = [place for place in page_addresses(site) if _source(site, place).is_file()]
    return sorted(pages, key=lambda place: -len(zipped(file_of(site, place))))


def _source(site: Path, place: str) -> Path:
    index = site / place / "index.md"
    return index if index.is_file() or not place else (site / place).with_suffix(".md")


@contextmanager
def counted(page: Page) -> Iterator[list[int]]:
    """Collects the bytes of each answer that comes over the wire for a page, headers included."""
    loaded: list[int] = []

    def finished(event: dict[str, Any]) -> None:
        loaded.append(round(event["encodedDataLength"]))

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", finished)
    yield loaded
    session.detach()


def visits(browser: Browser, addresses: Iterable[str]) -> list[int]:
    """The bytes that each of some pages loads, one visited after the other by a reader with a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    sums = []
    for address in addresses:
        with counted(page) as loaded:
            page.goto(address, wait_until="networkidle")
            # Fonts come for what is on the screen: a reader goes on to the end.
            page.evaluate(
                """async () => {
                  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
                    scrollTo(0, y);
                    await new Promise(requestAnimationFrame);
                  }
                }"""
            )
            page.wait_for_load_state("networkidle")
        sums.append(sum(loaded))
    context.close()
    return sums

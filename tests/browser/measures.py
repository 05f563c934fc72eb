"""What pages weigh over the wire and how much they move while they load; for the tests and for bench/pages.py."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsing import PagesHandler, serving, zipped
from tests.built_site import page_addresses

FIRST_KB = 250
"""What a first visit to a page of a section may load, in kB (1000 bytes) after gzip."""
SECOND_KB = 60
"""What a visit to another page may load after it."""
SHIFT = 0.02
"""How much of the screen may move while a page loads (cumulative layout shift)."""

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Without a look at `hadRecentInput`: nobody touches these pages, but the size of a phone's window, set while the page
# loads, counts as input for half a second.
WATCH_SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
# A reader goes on to the end, and what is near the screen is loaded only then.
READ = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
}"""


def written_pages(site: Path) -> list[str]:
    """The addresses of the pages that somebody wrote, whose sources stand beside them, the heaviest first."""

    def source(place: str) -> Path:
        index = site / place / "index.md"
        return index if index.is_file() or not place else (site / place).with_suffix(".md")

    pages = [place for place in page_addresses(site) if source(place).is_file()]
    return sorted(pages, key=lambda place: -len(zipped(site / place / "index.html")))


def visits(browser: Browser, site: Path, places: Iterable[str]) -> list[dict[str, int]]:
    """By address, the bytes after gzip of all that is sent for each of some pages, read one after the other.

    Counted where they are sent: what the service worker asks for is in it.
    """
    sent: dict[str, int] = {}

    class Counting(PagesHandler):
        def send_head(self) -> BinaryIO | None:
            body = super().send_head()
            if isinstance(body, io.BytesIO):
                sent[self.path] = sent.get(self.path, 0) + len(body.getbuffer())
            return body

    found = []
    with serving(site, Counting) as address:
        context = browser.new_context(**PHONE)
        page = context.new_page()
        for place in places:
            sent.clear()
            page.goto(address + place, wait_until="networkidle")
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            page.evaluate(READ)
            page.wait_for_load_state("networkidle")
            found.append(dict(sent))
        context.close()
    return found


def watched(browser: Browser) -> tuple[BrowserContext, Page]:
    """A phone's tab that adds up what moves in it: see `shift`."""
    context = browser.new_context(**PHONE, service_workers="block")
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    return context, page


def shift(page: Page) -> float:
    """How much moved since the page was asked for, once its fonts are there."""
    page.evaluate("document.fonts.ready.then(() => new Promise(done => setTimeout(done, 100)))")
    return float(page.evaluate("window.shift"))

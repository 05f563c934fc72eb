"""A page is light, is lighter when another was read before, and stands still while it loads."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.measures import FIRST_KB, SECOND_KB, SHIFT, WATCH_SHIFTS, visits, written_pages
from tests.browser.test_templates import TEMPLATES
from tests.browsing import PagesHandler, serving

pytestmark = pytest.mark.browser


def test_the_heaviest_page_is_light(browser: Browser, site: Path) -> None:
    heaviest, next_heaviest = written_pages(site)[:2]
    with serving(site, PagesHandler) as address:
        first, second = visits(browser, [address + next_heaviest, address + heaviest])
        (alone,) = visits(browser, [address + heaviest])
    # A page that loads nothing would be light, too.
    assert 50_000 < max(first, alone) <= FIRST_KB * 1000
    assert 10_000 < second <= SECOND_KB * 1000


@pytest.mark.parametrize("template", ["home", "content", "models"])
def test_a_page_stands_still_while_it_loads(browser: Browser, address: str, template: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    page.goto(address + TEMPLATES[template], wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("window.shift") <= SHIFT
    # The measure works: what is pushed down counts.
    page.evaluate(
        """async () => {
          const frames = async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); };
          await frames();
          document.querySelector("article").style.marginTop = "300px";
          await frames();
        }"""
    )
    page.wait_for_function(f"window.shift > {SHIFT}")
    context.close()

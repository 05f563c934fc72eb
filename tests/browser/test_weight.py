"""A page is light, is lighter when another was read before, and stands still while it loads."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.measures import FIRST_KB, SECOND_KB, SHIFT, shift, visits, watched, written_pages
from tests.browser.test_templates import TEMPLATES

pytestmark = pytest.mark.browser


def test_the_heaviest_pages_are_light(browser: Browser, site: Path) -> None:
    one, other = written_pages(site)[:2]
    for places in ([one, other], [other, one]):
        first, second = (sum(sent.values()) for sent in visits(browser, site, places))
        # A page that loads nothing would be light, too.
        assert 50_000 < first <= FIRST_KB * 1000
        assert 10_000 < second <= SECOND_KB * 1000


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_stands_still_while_it_loads(browser: Browser, address: str, template: str) -> None:
    context, page = watched(browser)
    page.goto(address + TEMPLATES[template], wait_until="load")
    assert shift(page) <= SHIFT
    context.close()


def test_what_moves_is_seen(browser: Browser, address: str) -> None:
    context, page = watched(browser)
    page.goto(address + TEMPLATES["section"], wait_until="load")
    page.evaluate(
        """async () => {
          const frames = async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); };
          await frames();
          document.querySelector("article").style.marginTop = "300px";
          await frames();
        }"""
    )
    # The entry comes when the browser has time for it.
    page.wait_for_function("limit => window.shift > limit", arg=SHIFT)
    assert shift(page) > SHIFT
    context.close()

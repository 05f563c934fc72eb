"""Hover previews and the concept graph in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser

PAGE, TARGET = "attention/gqa/", "attention/mla/"


@pytest.fixture
def requests(page: Page, address: str) -> list[str]:
    """Addresses asked for so far, relative to the site, on a page with a link to TARGET."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url.removeprefix(address)))
    page.goto(address + PAGE)
    page.wait_for_load_state("networkidle")
    return seen


def link(page: Page) -> Locator:
    """A link of the text to TARGET."""
    return page.locator("article p a[href='../mla/']").first


def card(page: Page) -> Locator:
    """The open preview."""
    return page.locator("#link-preview[role=tooltip]:visible")


def texts(site: Path) -> list[str]:
    """Name and sentence of TARGET."""
    found: list[str] = json.loads((site / "previews.json").read_text("utf-8"))[TARGET]
    return found


def test_a_preview_opens_on_hover_and_is_fetched_once_and_not_before(
    page: Page, requests: list[str], site: Path
) -> None:
    assert not [each for each in requests if "previews.json" in each]
    link(page).hover()
    expect(card(page)).to_have_text("".join(texts(site)))
    expect(link(page)).to_have_attribute("aria-describedby", "link-preview")
    # The pointer may move onto the preview, and it closes when the pointer leaves both.
    card(page).hover()
    page.wait_for_timeout(400)
    expect(card(page)).to_have_count(1)
    page.mouse.move(2, 2)
    expect(card(page)).to_have_count(0)
    assert link(page).get_attribute("aria-describedby") is None
    link(page).hover()
    expect(card(page)).to_have_count(1)
    assert len([each for each in requests if "previews.json" in each]) == 1
    assert all(not each.startswith("http") for each in requests)


def test_a_preview_opens_on_keyboard_focus_and_escape_closes_it(page: Page, requests: list[str], site: Path) -> None:
    link(page).evaluate("""target => {
      const all = [...document.querySelectorAll("article a[href]")]
      all[all.indexOf(target) - 1].focus()
    }""")
    page.keyboard.press("Tab")
    expect(link(page)).to_be_focused()
    expect(card(page)).to_have_text("".join(texts(site)))
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    expect(link(page)).to_be_focused()


def test_a_passing_pointer_and_a_link_to_elsewhere_open_nothing(page: Page, requests: list[str]) -> None:
    link(page).hover()
    page.mouse.move(2, 2)
    page.locator("article .headerlink, article a[href^='https:']").first.hover()
    page.wait_for_timeout(600)
    expect(card(page)).to_have_count(0)
    assert not [each for each in requests if "previews.json" in each]


def test_a_long_press_opens_a_preview_inside_the_window_and_a_tap_follows_the_link(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, service_workers="block"
    )
    page = context.new_page()
    page.goto(address + PAGE)
    link(page).scroll_into_view_if_needed()
    box = link(page).bounding_box()
    assert box
    point = {"x": box["x"] + 5, "y": box["y"] + 5}
    touch = context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(card(page)).to_have_count(1)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    assert page.url.endswith(PAGE)
    shown = card(page).bounding_box()
    assert shown and shown["x"] >= 0 and shown["x"] + shown["width"] <= 390
    page.touchscreen.tap(point["x"], point["y"])
    page.wait_for_url("**/" + TARGET)
    context.close()


def test_the_graph_is_drawn_and_its_list_leads_to_the_pages(page: Page, address: str, site: Path) -> None:
    seen: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address + "graph/")
    expect(page.locator(".graph canvas")).to_have_count(1)
    page.wait_for_timeout(1500)
    painted = """() => {
      const canvas = document.querySelector(".graph canvas")
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
      return data.filter((value, index) => index % 4 === 3 && value).length / (canvas.width * canvas.height)
    }"""
    assert 0.002 < page.evaluate(painted) < 0.5
    assert not faults and all(each.startswith(address) for each in seen)
    page.locator(".fold-title").first.focus()
    page.keyboard.press("Enter")
    first = page.locator(".graph-list a").first
    first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert (site / page.url.removeprefix(address).partition("#")[0] / "index.html").is_file()

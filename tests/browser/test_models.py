"""The tables of models in a real browser: whole without scripts; sorted, filtered and remembered with them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser

PAGE = "models/comparison/"


def box(page: Page, index: int = 0) -> Locator:
    """A table with what belongs to it."""
    return page.locator(".models").nth(index)


def names(page: Page, index: int = 0) -> list[str]:
    """The models shown, in order."""
    return box(page, index).locator("tbody th:visible").all_inner_texts()


def column(page: Page, index: int, name: str) -> list[str]:
    """The visible cells of a column, first line."""
    at = box(page, index).locator(f"th[data-column={name}]").evaluate("head => head.cellIndex")
    cells = box(page, index).locator(f"tbody tr:visible > :nth-child({at + 1})").all_inner_texts()
    return [cell.split("\n")[0] for cell in cells]


def test_the_table_is_whole_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    assert box(page).locator("caption").count() == 1
    assert box(page).locator("tbody tr").count() > 60
    assert box(page).locator("thead th:not([scope=col]), tbody th:not([scope=row])").count() == 0
    assert box(page).locator(".models-tools").count() == 0
    scrolls = box(page).locator(".models-scroll")
    assert scrolls.get_attribute("tabindex") == "0" and scrolls.get_attribute("aria-label")
    context.close()


def test_a_column_sorts_both_ways_with_the_unpublished_last(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    first = names(page)
    head = box(page).locator("th[data-column=layers]")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    layers = column(page, 0, "layers")
    known = [int(cell) for cell in layers if cell.isdigit()]
    assert known == sorted(known) and set(layers[len(known) :]) == {"未公开"}
    expect(box(page).locator("output")).to_contain_text("按层数升序")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    layers = column(page, 0, "layers")
    assert [int(cell) for cell in layers if cell.isdigit()] == known[::-1] and layers[-1] == "未公开"
    expect(box(page).locator("th[aria-sort=ascending]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "none")
    assert names(page) == first
    assert box(page).locator("th[data-column=sources] button").count() == 0


def test_filters_count_and_are_kept_in_the_address(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    everything = len(names(page))
    box(page).get_by_label("机构").select_option("阿里")
    box(page).get_by_label("稠密或 MoE").select_option("MoE")
    box(page).get_by_label("查找").press_sequentially("qwen3 a3b")
    shown = names(page)
    assert shown == ["Qwen3-30B-A3B", "Qwen3-Next-80B-A3B"]
    expect(box(page).locator("output[aria-live=polite]")).to_have_text(f"{everything} 个模型，显示 2 个")
    box(page).locator("th[data-column=hidden] button").click()
    address_now = page.url
    page.reload()
    assert page.url == address_now and names(page) == shown
    expect(box(page).locator("th[data-column=hidden]")).to_have_attribute("aria-sort", "ascending")
    # The other table has filters of its own.
    assert len(names(page, 1)) > 50
    box(page).get_by_role("button", name="清除").click()
    assert len(names(page)) == everything and "?" not in page.url
    expect(box(page).get_by_label("查找")).to_be_focused()


def test_an_address_with_nonsense_shows_everything(page: Page, address: str) -> None:
    page.goto(address + PAGE + "?models-maker=nobody&models-sort=-nothing&models2-sort=-total")
    assert len(names(page)) > 60
    assert column(page, 1, "total")[0] == "1.04T"


def test_it_fits_a_phone_and_scrolls_inside_itself(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + PAGE)
    expect(box(page).locator(".models-tools")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    scrolls = box(page).locator(".models-scroll")
    assert scrolls.evaluate("e => e.scrollWidth > e.clientWidth && e.scrollHeight > e.clientHeight")
    scrolls.evaluate("e => e.scrollTo(400, 900)")
    frame = scrolls.bounding_box()
    corner = box(page).locator("thead th").first.bounding_box()
    assert frame and corner
    # The head and the names stay in view.
    assert abs(corner["x"] - frame["x"]) < 2 and abs(corner["y"] - frame["y"]) < 3
    for control in box(page).locator(".models-tools :is(input, select)").all():
        place = control.bounding_box()
        assert place and place["x"] + place["width"] <= 390


def test_a_table_that_comes_with_instant_navigation_is_enhanced_once(page: Page, address: str) -> None:
    page.goto(address + PAGE)
    expect(box(page).locator(".models-tools")).to_have_count(1)
    page.evaluate(
        """async () => {
          const text = await (await fetch(location.pathname)).text()
          const next = new DOMParser().parseFromString(text, "text/html")
          document.querySelector("article").replaceWith(next.querySelector("article"))
          document$.next(document)
          document$.next(document)
        }"""
    )
    expect(box(page).locator(".models-tools")).to_have_count(1)
    box(page).locator("th[data-column=name] button").click()
    assert names(page)[0].startswith("ALBERT")


def test_other_pages_load_nothing_of_it(page: Page, address: str) -> None:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(address + "attention/gqa/", wait_until="networkidle")
    assert seen and not [url for url in seen if "/assets/models/" in url]

"""学习路线: what is ticked stays ticked, in every route that leads to the same page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ROUTES = ("interview", "from-scratch", "serving-engineer")


@pytest.mark.parametrize("route", ROUTES)
def test_every_step_leads_to_a_page_and_can_be_ticked(page: Page, address: str, route: str) -> None:
    page.goto(f"{address}paths/{route}/")
    steps = page.locator(".task-list-item")
    assert steps.count() > 10
    for step in steps.all():
        assert step.locator("a[href]").count() >= 1, step.inner_text()
    assert page.locator(".task-list-item input:disabled").count() == 0


def test_progress_is_kept_and_shared_between_the_routes(page: Page, address: str) -> None:
    page.goto(address + "paths/interview/")
    step = page.locator(".task-list-item", has=page.locator('a[href$="attention/gqa/"]'))
    # What is seen of the box is drawn beside the step.
    box, size = step.bounding_box(), float(step.evaluate("step => parseFloat(getComputedStyle(step).fontSize)"))
    assert box
    page.mouse.click(box["x"] - 0.9 * size, box["y"] + 0.8 * size)
    expect(page.locator(".path-progress")).to_contain_text("走过 1 /")
    page.goto(address + "paths/serving-engineer/")
    shared = page.locator(".task-list-item", has=page.locator('a[href$="attention/gqa/"]')).locator("input")
    expect(shared).to_be_checked()
    page.locator(".task-list-item input").first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".path-progress")).to_contain_text("走过 2 /")
    page.reload()
    expect(page.locator(".path-progress")).to_contain_text("走过 2 /")


@pytest.mark.parametrize("saved", ["", "{", '{"a": 1}', "[1, null]", "<b>"])
def test_what_a_stranger_saved_harms_nothing(page: Page, address: str, saved: str) -> None:
    page.goto(address)
    page.evaluate("text => localStorage.setItem('handbook-paths', text)", saved)
    page.goto(address + "paths/serving-engineer/")
    expect(page.locator(".path-progress")).to_contain_text("走过 0 /")

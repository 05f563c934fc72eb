"""Whoever reads with a screen reader, a keyboard or a finger can do everything: axe-core, the order of focus, sizes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_templates import TEMPLATES
from tests.built_site import ROOT

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
AXE = ROOT / "node_modules/axe-core/axe.min.js"
# How many to keep of what is all alike: without the rest axe-core takes a tenth of the time.
ALIKE = {
    ".katex-html": 12,
    ".highlight": 2,
    ".drawing": 2,
    "article li": 60,
    "article tbody tr": 20,
    "article dl > div": 20,
    ".erratum": 15,
    ".errata > li": 60,
    ".question-group": 4,
}
LESSEN = """alike => Object.entries(alike).forEach(([selector, kept]) =>
  [...document.querySelectorAll(selector)].slice(kept).forEach(one => one.remove()))"""
SCROLLING = """() => [...document.querySelectorAll("article *")].filter(box =>
    ["auto", "scroll"].includes(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth
    && box.checkVisibility() && box.tabIndex < 0
  ).map(box => `${box.tagName} ${box.className} ${box.textContent.slice(0, 40)}`)"""


def _faults(page: Page, context: str = "html") -> list[Any]:
    """What axe-core finds, all its rules on, those of good practice too."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found = page.evaluate(
        """context => axe.run(context, {resultTypes: ["violations"], elementRef: false}).then(({violations}) =>
          violations.flatMap(({id, nodes}) => nodes.slice(0, 3).map(node => [id, String(node.target), node.html])))""",
        context,
    )
    assert isinstance(found, list)
    return found


def _go_through(page: Page) -> None:
    """Scroll to the end and back: what scrolls inside itself is made ready when it comes near."""
    page.evaluate(
        """async () => {
          for (let y = 0; y <= document.body.scrollHeight; y += innerHeight) {
            scrollTo(0, y);
            // It is laid out, then its width can be told.
            for (let i = 0; i < 4; i++) await new Promise(requestAnimationFrame);
          }
          scrollTo(0, 0);
        }"""
    )


@pytest.mark.parametrize("template", TEMPLATES)
def test_axe_finds_nothing(page: Page, address: str, template: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address + TEMPLATES[template])
    page.evaluate(LESSEN, ALIKE)
    page.evaluate("document.querySelectorAll('article details').forEach(details => details.open = true)")
    for width, scheme in ((1440, "default"), (390, "slate")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
        _go_through(page)
        page.wait_for_function(f"({SCROLLING})().length === 0")
        assert (width, scheme, _faults(page)) == (width, scheme, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(browser: Browser, address: str, scheme: Any) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + TEMPLATES["content"])
    page.evaluate(LESSEN, ALIKE)

    page.get_by_role("button", name="导航").click()
    expect(page.get_by_role("link", name="多头注意力", exact=True)).to_be_visible()
    assert _faults(page, ".md-sidebar--primary") == []
    page.keyboard.press("Escape")

    page.keyboard.press("/")
    page.keyboard.type("注意力")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    assert _faults(page, ".md-search") == []
    page.keyboard.press("Escape")

    page.locator("article p > a[href^='../']").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".link-preview")).to_be_visible()
    assert _faults(page, ".link-preview") == []

    page.locator(".figure-enlarge").first.click()
    expect(page.locator("dialog")).to_be_visible()
    assert _faults(page, "dialog") == []
    context.close()


def test_axe_and_the_check_of_what_scrolls_find_faults(page: Page, address: str) -> None:
    page.goto(address + "contributing/")
    _go_through(page)
    page.wait_for_function(f"({SCROLLING})().length === 0")
    page.evaluate(
        """() => {
          const box = document.createElement("div");
          box.style = "overflow: auto; width: 50px";
          box.innerHTML = "<div style='width: 500px; color: #ccc'>too pale to read</div><img>";
          document.querySelector("article").append(box);
        }"""
    )
    assert len(page.evaluate(SCROLLING)) == 1
    assert {fault[0] for fault in _faults(page, "article")} >= {"color-contrast", "image-alt"}


def test_formulas_and_figures_can_be_read_aloud(page: Page, address: str) -> None:
    page.goto(address + TEMPLATES["content"])
    spoken = """() => [...document.querySelectorAll(".katex")].map(formula =>
      formula.querySelector("math")?.textContent && formula.querySelector(".katex-html")?.ariaHidden === "true")"""
    formulas = page.evaluate(spoken)
    assert len(formulas) > 20
    assert all(formulas)
    named = """() => [...document.querySelectorAll("figure")].map(figure =>
      figure.querySelector("img")?.alt || figure.querySelector("figcaption")?.textContent)"""
    figures = page.evaluate(named)
    assert figures
    assert all(figures)


# --- The keyboard

STOPS = """() => [...document.querySelectorAll("a[href], button, summary, input, select, [tabindex='0']")]
  .filter(stop => stop.checkVisibility({visibilityProperty: true}) && !stop.disabled && stop.tabIndex >= 0
    && !stop.matches("[type=radio]:not(:checked)") && !stop.closest(".link-preview, dialog"))"""
FOCUSED = """() => {
  const at = document.activeElement, style = getComputedStyle(at.matches(".md-option") ? at.nextElementSibling : at);
  const area = at.closest(".md-skip, .md-search, .md-header, .md-sidebar, article, main, .md-footer")?.className;
  const outlined = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
  return [at.dataset.stop, area, outlined, at.outerHTML.slice(0, 90)];
}"""


def test_the_tabulator_reaches_everything_in_order(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address + TEMPLATES["content"], wait_until="networkidle")
    _go_through(page)
    page.wait_for_function(f"({SCROLLING})().length === 0")
    count = page.evaluate(f"({STOPS})().map((stop, index) => stop.dataset.stop = index).length")
    areas: list[str] = []
    visited: list[int] = []
    # The search opens when it has the focus, and offers more.
    for _ in range(2 * count):
        page.keyboard.press("Tab")
        stop, area, outlined, html = page.evaluate(FOCUSED)
        if area is None:
            break
        assert outlined, html
        visited += [int(stop)] if stop else []
        areas += [area.split()[0]] if not areas or areas[-1] != area.split()[0] else []
    assert visited == list(range(count))
    assert areas == ["md-skip", "md-header", "md-search", "md-sidebar", "md-main", "md-content__inner", "md-footer"]


def test_the_drawer_of_a_phone_works_with_the_keyboard(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.emulate_media(reduced_motion="reduce")
    page.goto(address + TEMPLATES["content"])
    inside = "document.querySelector('.md-sidebar--primary').contains(document.activeElement)"
    opener = page.get_by_role("button", name="导航")
    expect(opener).to_have_attribute("aria-expanded", "false")
    assert page.get_by_role("link", name="多头注意力", exact=True).count() == 0
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    assert page.evaluate(inside)
    # From the list of the section up to the list of sections, and down again.
    page.get_by_role("button", name="收起注意力").press("Enter")
    expect(page.get_by_role("link", name="分词与表示")).to_be_visible()
    expect(page.get_by_role("link", name="多头注意力", exact=True)).to_have_count(0)
    page.get_by_role("button", name="展开注意力").press("Space")
    expect(page.get_by_role("link", name="多头注意力", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="分词与表示")).to_have_count(0)
    assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_a_figure_is_enlarged_and_put_back(page: Page, address: str) -> None:
    page.goto(address + TEMPLATES["content"])
    dialog, button = page.locator("dialog"), page.locator(".figure-enlarge").first
    before = page.locator("article .drawing").first.bounding_box()
    button.press("Enter")
    large = dialog.locator(".drawing").bounding_box()
    assert before
    assert large
    assert large["width"] > 1.2 * before["width"]
    expect(dialog.locator("figcaption")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    page.locator(".drawing-box").first.click()
    expect(dialog).to_be_visible()
    dialog.locator(".drawing").click()
    expect(dialog).to_be_hidden()
    assert dialog.locator(".drawing").count() == 0


def test_only_a_page_with_figures_loads_their_script(page: Page, address: str) -> None:
    page.goto(address + TEMPLATES["content"])
    assert page.locator("script[src*='figures.js']").count() == 1
    page.goto(address + TEMPLATES["glossary"])
    assert page.locator("script[src*='figures.js']").count() == 0
    assert page.locator("link[href*='katex']").count() == 0


# --- The finger

SMALL = """async () => {
  const SIZE = 44, faults = [], kinds = new Map();
  const controls = "a[href], button, summary, input, select, label[for], label:has(input)";
  const inSentence = control => {
    const text = control.closest("p, li, td, th, dd, dt, figcaption, h1, h2, h3, h4, summary");
    if (!text || control.tagName !== "A" || getComputedStyle(control).display !== "inline") return false;
    const copy = text.cloneNode(true);
    for (const link of copy.querySelectorAll("a")) link.remove();
    return copy.textContent.trim().length > 4;
  };
  // What lies over it or before it counts as well: a whole line can be the target.
  const reach = (control, x, y, dx, dy) => {
    let steps = 1;
    while (steps <= SIZE && control.contains(document.elementFromPoint(x + dx * steps, y + dy * steps))) steps++;
    return steps - 1;
  };
  const along = (size, control, x, y, dx, dy) => // each point that is tried costs a millisecond on a long page
    size >= SIZE ? size : Math.max(size, reach(control, x, y, -dx, -dy) + 1 + reach(control, x, y, dx, dy));
  for (const control of document.querySelectorAll(controls)) {
    if (control.matches(".md-overlay, .md-search__overlay")) continue; // all around what it closes
    const line = [control, control.parentElement, control.parentElement.parentElement];
    const kind = line.map(({tagName, className}) => `${tagName}.${className}`).join(" < ");
    const seen = kinds.get(kind) ?? {sentences: 0, alone: 0};
    kinds.set(kind, seen);
    if (seen.alone === 3 || seen.sentences === 30) continue; // one is like the other
    if (!control.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (inSentence(control)) {
      seen.sentences++;
      continue;
    }
    seen.alone++;
    control.scrollIntoView({block: "center", behavior: "instant"});
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    const {left, top, width, height} = control.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    // While the search is open nothing scrolls, and it or the drawer lies over the page.
    if (!width || x < 0 || x > innerWidth || y < 0 || y > innerHeight) continue;
    const over = document.elementFromPoint(x, y)?.closest(".md-overlay, .md-sidebar--primary, .md-header");
    if (over && !over.contains(control)) continue;
    const [wide, high] = [along(width, control, x, y, 1, 0), along(height, control, x, y, 0, 1)];
    if (wide < SIZE - 0.5 || high < SIZE - 0.5)
      faults.push(`${Math.round(wide)}×${Math.round(high)} ${kind}: ${control.textContent.trim().slice(0, 20)}`);
  }
  return [kinds.size, faults];
}"""


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_a_finger_presses_is_large_enough(browser: Browser, address: str, template: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + TEMPLATES[template])
    # What is laid out only when it is near would move what is being measured.
    page.add_style_tag(content="* { content-visibility: visible !important }")
    if page.locator("article pre").count():
        # Material puts the button for copying on code that is near.
        _go_through(page)
    page.evaluate("document.querySelectorAll('article details').forEach(details => details.open = true)")
    found, faults = page.evaluate(SMALL)
    assert found >= 4
    assert faults == []
    if template == "content":
        page.get_by_role("button", name="导航").click()
        assert page.evaluate(SMALL)[1] == []
        page.keyboard.press("Escape")
        page.get_by_role("button", name="搜索", exact=True).click()
        page.keyboard.type("注意力")
        expect(page.locator(".md-search-result__item").first).to_be_visible()
        assert page.evaluate(SMALL)[1] == []
    context.close()


def test_the_check_of_sizes_finds_faults(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(address + "attention/gqa/")
    page.add_style_tag(content=".md-header button, .tag { width: 20px !important; min-width: 0 !important }")
    assert len(page.evaluate(SMALL)[1]) >= 2

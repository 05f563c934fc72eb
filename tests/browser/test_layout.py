"""The pages in a real browser, phone and desktop, light and dark: nothing too wide, cut off or unreadable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from playwright.sync_api import Page

from tests.built_site import page_addresses

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
SHARES = 4
SCHEMES = {"light": "default", "dark": "slate"}

TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth, faults = [];
  if (document.documentElement.scrollWidth > width) faults.push(`page ${document.documentElement.scrollWidth}px wide`);
  // What sticks out of the text though the page is not wider: cut off by an ancestor that does not scroll.
  for (const element of document.querySelectorAll("article :is(p, li, pre, figure, .katex-display, .katex)")) {
    if (element.closest("details:not([open])") || element.getBoundingClientRect().right <= width) continue;
    let box = element.parentElement;
    while (box && !["auto", "scroll"].includes(getComputedStyle(box).overflowX)) box = box.parentElement;
    if (!box || box === document.documentElement) faults.push(`${element.tagName} ${element.textContent.slice(0, 40)}`);
  }
  return faults;
}"""

CUT_FORMULAS = """() => {
  const faults = [];
  for (const formula of document.querySelectorAll(".katex-display, p:has(> .katex)")) {
    const style = getComputedStyle(formula);
    // 2px more are nothing to see: KaTeX puts an empty box of that width behind a subscript, here at the end of a line.
    const wide = formula.scrollWidth > formula.clientWidth + 3 && !["auto", "scroll"].includes(style.overflowX);
    const tall = formula.scrollHeight > formula.clientHeight + 1 && style.overflowY !== "visible";
    if (wide || tall) faults.push(`${wide ? "wide" : "tall"}: ${formula.textContent.slice(0, 60)}`);
  }
  return faults;
}"""

# The contrast (1 to 21) of computed colours; a canvas reads any notation.
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const known = new Map();
const rgba = color => {
  if (known.has(color)) return known.get(color);
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  known.set(color, [r, g, b, a / 255]);
  return known.get(color);
};
const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
const light = color => color.reduce((sum, c, i) => {
  c /= 255;
  return sum + [0.2126, 0.7152, 0.0722][i] * (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
}, 0);
const contrast = (a, b) => {
  const [x, y] = [light(a), light(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};
const backdrop = element => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
};
"""

PALE_TEXT = (
    "() => {"
    + CONTRAST
    + """
  const faults = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, words = walker.currentNode.data.trim();
    // A formula has the colour of its text; the second line of the header takes the place of the first.
    if (!words || element.closest("svg, .katex, script, .md-search__suggest, .md-header__topic")) continue;
    if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const below = backdrop(element), style = getComputedStyle(element);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const found = contrast(over(rgba(style.color), below), below);
    if (found < (large ? 3 : 4.5))
      faults.add(`${found.toFixed(2)} ${element.tagName}.${element.className} ${words.slice(0, 30)}`);
  }
  return [...faults];
}"""
)

# Words need 4.5, or 3 where the figure itself makes them faint. A shape needs 3 in its full colour: how much of it
# is laid on is often what the figure says, such as a weight of zero in an attention matrix.
PALE_FIGURES = (
    "() => {"
    + CONTRAST
    + """
  const faults = new Set();
  for (const shape of document.querySelectorAll(".drawing :is(text, path, rect, circle, polygon)")) {
    // A live widget hides its figure.
    if (!shape.checkVisibility()) continue;
    const style = getComputedStyle(shape), below = backdrop(shape.closest(".drawing").parentElement);
    const paint = (color, opacity) => {
      if (color === "none") return 0;
      const [r, g, b, a] = rgba(color);
      return contrast(over([r, g, b, a * opacity], below), below);
    };
    const text = shape.tagName === "text", faint = +style.fillOpacity < 1;
    const found = text ? paint(style.fill, +style.fillOpacity) : Math.max(paint(style.fill, 1), paint(style.stroke, 1));
    if (found < (text && !faint ? 4.5 : 3))
      faults.add(`${found.toFixed(2)} ${shape.tagName} ${style.fill} ${shape.textContent.slice(0, 30)}`);
  }
  return [...faults];
}"""
)


def _visit(page: Page, url: str) -> None:
    page.goto(url, wait_until="domcontentloaded")
    # Formulas are as wide as their fonts make them.
    page.evaluate("document.fonts.ready")
    # What is far from the window has its height estimated: here all of it is laid out.
    page.add_style_tag(content="* { content-visibility: visible !important; }")


def _show(page: Page, size: str, scheme: str) -> None:
    """Set the window and the colours; `test_templates` tries the ways in which a reader does so."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", SCHEMES[scheme])


def _visited(site: Path) -> list[str]:
    """One page in ten, always the same ones, because each takes two seconds; with EVERY_PAGE (`make bench`) all.

    Each template is looked at in `test_templates` and `test_access`.
    """
    every = "EVERY_PAGE" in os.environ
    return [page for page in page_addresses(site) if every or crc32(page.encode()) % 10 == 0]


# In shares, which may run side by side.
@pytest.mark.parametrize("share", range(SHARES))
def test_pages_fit_and_are_readable(page: Page, address: str, site: Path, share: int) -> None:
    faults: list[tuple[str, str, str, Any]] = []
    formulas = drawings = 0
    page.emulate_media(reduced_motion="reduce")
    # One change of size a page, because it lays the whole page out anew. Colours change no size.
    states = {
        ("phone", "light"): [TOO_WIDE, CUT_FORMULAS],
        ("desktop", "light"): [TOO_WIDE, CUT_FORMULAS, PALE_TEXT, PALE_FIGURES],
        ("desktop", "dark"): [PALE_TEXT, PALE_FIGURES],
    }
    for place in _visited(site)[share::SHARES]:
        _visit(page, address + place)
        formulas += page.locator(".katex").count()
        drawings += page.locator(".drawing").count()
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        for (size, scheme), checks in states.items():
            _show(page, size, scheme)
            faults += [(place, size, scheme, fault) for check in checks for fault in page.evaluate(check)]
    assert formulas > 100 / SHARES
    assert drawings > 10 / SHARES
    assert faults == []


@pytest.mark.parametrize("size", SIZES)
def test_what_is_too_wide_scrolls_inside_itself(page: Page, address: str, size: str) -> None:
    _visit(page, address + "attention/gqa/")
    _show(page, size, "light")
    page.evaluate(
        """() => {
          const repeat = (element, times) => {
            for (let i = 0; i < times; i++) element.append(element.lastElementChild.cloneNode(true));
          };
          repeat(document.querySelector(".katex-display .katex-base"), 300);
          for (const row of document.querySelectorAll("article table tr")) repeat(row, 40);
        }"""
    )
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(CUT_FORMULAS) == []
    scrolls = "selector => [...document.querySelectorAll(selector)].some(e => e.scrollWidth > e.clientWidth)"
    # Lines of code are longer than the line on their own.
    for selector in (".katex-display", ".md-typeset__scrollwrap", "pre > code"):
        assert page.evaluate(scrolls, selector), selector


def test_a_wide_inline_formula_does_not_widen_the_page_of_a_phone(page: Page, address: str) -> None:
    _visit(page, address + "attention/gqa/")
    _show(page, "phone", "light")
    base = "document.querySelector('p > .katex .katex-base')"
    page.evaluate(f"for (let i = 0; i < 200; i++) {base}.append({base}.lastElementChild.cloneNode(true))")
    assert page.evaluate(f"{base}.getBoundingClientRect().width") > 390
    assert page.evaluate(TOO_WIDE) == []


def test_the_checks_find_faults(page: Page, address: str) -> None:
    _visit(page, address + "attention/gqa/")
    page.add_style_tag(
        content="""
          .katex-display { overflow: hidden !important; height: 1em; padding: 0; }
          h2 { color: #bbb !important; font-size: 16px !important; }
          .drawing text { fill: #ddd !important; }
          article p { width: 1500px; }
        """
    )
    for check in (TOO_WIDE, CUT_FORMULAS, PALE_TEXT, PALE_FIGURES):
        assert page.evaluate(check), check


@pytest.mark.parametrize("size", SIZES)
def test_the_first_screen_of_the_home_page_holds_the_ways_in(page: Page, address: str, size: str) -> None:
    page.goto(address)
    _show(page, size, "light")
    height = SIZES[size][1]
    for selector in ("h1", ".landing > p", ".landing > ul", ".landing .search-form"):
        box = page.locator(selector).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= height, selector


def test_a_line_of_text_holds_35_to_42_characters(page: Page, address: str) -> None:
    page.goto(address + "attention/gqa/")
    for width in (1280, 1440, 1680, 1920, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        characters = page.evaluate(
            """() => {
              const text = document.querySelector("article > p:not([class])"), style = getComputedStyle(text);
              return text.clientWidth / parseFloat(style.fontSize);
            }"""
        )
        assert 35 <= characters <= 42, width

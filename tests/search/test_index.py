"""The index: sections of a page, terms as the browser makes them, numbers that come back, its size."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handbook import search_index
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.search.measures import zipped

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ROOT / "overrides/assets/search"

PAGE = """
<h1>标题</h1><p>开头 <x-math data-n="0">n²</x-math> 话</p>
<h2 id="a">甲节<a class="headerlink" href="#a">¶</a></h2><p>甲的<b>话</b></p><pre>code</pre>
<div class="highlight">code</div>
<ul><li id="nf4">块的话</li><li>后面</li></ul>
<details class="question"><summary>为什么是甲？</summary><p>因为</p></details>
<div class="admonition note"><p class="admonition-title">注意</p><p>小心</p></div>
<p data-search-exclude>不要</p><sup data-search-exclude><a href="#r">[1]</a></sup>
<h3 id="b">乙<code>x</code></h3><p>乙话<br>两行<a href="../other/#z">去</a></p>
<h2 id="references" data-search-exclude>参考文献</h2><p>作者</p>
"""


def test_a_page_splits_into_its_sections() -> None:
    sections, targets = search_index.read_page(PAGE, {"nf4": ("NF4",)})
    rows = [(section.anchor, section.heading, section.leads, section.text) for section in sections]
    assert rows == [
        ("", "标题", [], "开头 n² 话"),
        ("a", "甲节", ["为什么是甲？"], "甲的话\n后面\n为什么是甲？\n因为\n小心"),
        ("nf4", "NF4", [], "块的话"),
        ("b", "乙x", [], "乙话\n两行去"),
    ]
    assert targets == {"../other/#z"}


def test_only_the_characters_that_occur_are_simplified() -> None:
    table = "注意\t说明\n詢\t询\n輸\t输\n乾\t干 乾\n萬\t万\n同\t同\n"
    assert search_index.simplifying(table, "询问输萬干") == {"詢": "询", "輸": "输", "萬": "万", "乾": "干"}


def unpacked(text: str) -> Iterator[int]:
    """The numbers of a packed text, written from the description of the format alone."""
    digits = [chr(code) for code in range(35, 127) if code != 92]
    number, scale = 0, 1
    for char in text:
        digit = digits.index(char)
        number += digit * scale
        if digit < 60:
            yield number
            number, scale = 0, 1
        else:
            scale *= 31


@given(st.lists(st.integers(0, 2**31)))
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    text = search_index.packed(numbers)
    assert list(unpacked(text)) == numbers
    assert '"' not in text and "\\" not in text


def test_the_browser_makes_the_same_terms(browser: Browser, index: dict[str, Any], texts: dict[str, list[str]]) -> None:
    variants = dict(re.findall("(.)(.)", index["variants"]))
    samples = ["".join(part) for part in list(texts.values())[::4]]
    samples += [
        "ＫＶ　Ｃａｃｈｅ KV-Cache d_k dₖ x² ﬁ ½ İ ß 的確 了解 單 𝐱 𠮷 é é 〇 ⅓ 機器學習 \u2028 100% naïve",
        "的",
    ]
    page = browser.new_page(service_workers="block")
    page.add_script_tag(path=SCRIPTS / "text.js")
    page.evaluate("pairs => handbookSearch.setVariants(pairs)", index["variants"])
    for sample, terms in zip(samples, page.evaluate("all => all.map(handbookSearch.terms)", samples), strict=True):
        assert terms == list(search_index.terms(sample, search_index.Folding(variants))), sample[:60]
    page.close()


def test_the_browser_finds_every_page_of_a_term(
    browser: Browser, site: Path, index: dict[str, Any], texts: dict[str, list[str]]
) -> None:
    variants = dict(re.findall("(.)(.)", index["variants"]))
    page = browser.new_page(service_workers="block")
    for script in (SCRIPTS / "text.js", SCRIPTS / "engine.js"):
        page.add_script_tag(path=script)
    page.evaluate("void (handbookSearch.load = data => (window.engine = new handbookSearch.Engine(data)))")
    page.add_script_tag(path=site / "assets/search/index.js")
    folding = search_index.Folding(variants)
    pages = [set(search_index.terms("\n".join(texts[row[0]]), folding)) for row in index["pages"]]
    sample = random.Random(4).sample(sorted(set.union(*pages)), 800)
    found = page.evaluate(
        """terms => terms.map(term => {
          const strength = new Float32Array(engine.pages.length);
          if (handbookSearch.isHan(term[0])) engine.addHan(strength, term);
          else engine.addWord(strength, term, 1);
          return [...strength.keys()].filter(page => strength[page] > 0);
        })""",
        sample,
    )
    for term, numbers in zip(sample, found, strict=True):
        assert {number for number, has in enumerate(pages) if term in has} <= set(numbers), term
    page.close()


def test_the_index_is_small(site: Path, index: dict[str, Any]) -> None:
    allowed = 250_000 * max(1, len(index["pages"]) / 120)
    assert zipped(site / "assets/search/index.js") <= allowed


def test_nothing_of_materials_search_is_in_the_site(site: Path) -> None:
    assert not (site / "search/search_index.json").exists()
    assert not list(site.glob("assets/javascripts/workers/*")) and not list(site.glob("assets/javascripts/lunr/*"))

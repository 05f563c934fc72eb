"""What the search finds in headless Chromium: our queries, every name, odd spellings, hostile input."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.search.measures import READY, name_cases, own_cases, page_of, percentile, rates, search

pytestmark = pytest.mark.browser


def test_our_queries_reach_their_pages(engine: Page, site: Path) -> None:
    cases = own_cases(site)
    assert len(cases) >= 150
    found = search(engine, [case.query for case in cases])
    result = rates(cases, [[row["url"] for row in one["rows"]] for one in found])
    shown = "\n".join(result.missed)
    assert (result.first >= 0.85, result.three >= 0.97, result.section >= 0.90) == (True, True, True), shown


def test_an_exact_name_leads_to_the_home_of_the_concept(engine: Page, site: Path) -> None:
    cases = name_cases(site)
    found = search(engine, [case.query for case in cases], 1)
    wrong = [
        f"{case.query}: {one['rows'][0]['url']}"
        for case, one in zip(cases, found, strict=True)
        if one["rows"][0]["url"] not in case.wanted
    ]
    assert wrong == []


SPELLINGS = [
    ("KV cache", "KV-Cache", "kvcache", "kv_cache", "ＫＶ　ｃａｃｈｅ", "KV  CACHE"),
    ("分组查询注意力", "分組查詢注意力", "分组 查询 注意力", "注意力 查询 分组", "分 组 查 询 注 意 力"),
    ("FlashAttention", "flash attention", "Flash-Attention", "flashattention", "FLASH ATTENTION"),
    ("旋转位置编码 RoPE", "rope 旋转位置编码", "RoPE旋轉位置編碼"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_spelling_does_not_matter(engine: Page, spellings: tuple[str, ...]) -> None:
    found = search(engine, spellings, 3)
    first = [page_of(one["rows"][0]["url"]) for one in found]
    assert set(first) == {first[0]}


def test_text_is_found_by_any_part_of_it(engine: Page, texts: dict[str, list[str]]) -> None:
    """Parts of sentences, cut anywhere: across words, as no segmentation would."""
    chance = random.Random(4)
    parts = []
    for sections in texts.values():
        runs = re.findall(r"[\u3400-\u9fff]{12,}", "\n".join(sections))
        for run in chance.sample(runs, min(3, len(runs))):
            start = chance.randrange(len(run) - 8)
            parts.append(run[start : start + 8])
    holds = {url: re.sub(r"\s", "", "".join(sections)) for url, sections in texts.items()}
    missed = [
        part
        for part, one in zip(parts, search(engine, parts), strict=True)
        if not any(part in holds[page_of(row["url"])] for row in one["rows"][:3])
    ]
    assert len(missed) <= 0.03 * len(parts), missed


HOSTILE = [
    "",
    " ",
    '"引号',
    "'); DROP TABLE",
    "a.*(b|c)+[d]{2,}^$\\",
    "(((((",
    "🙂🙃 𝐱 𠮷",
    "<img src=x onerror=window.injected=1>",
    "<script>window.injected=1</script>",
    "&lt;b&gt;&#x27;",
    "__proto__ constructor toString hasOwnProperty",
    "\u0000\u202e\ud7ff\ufeff",
    "注意力" * 3334,
    "a" * 10_000,
    "a b " * 2500,
    "%E6%B3%A8 %",
]


def test_hostile_queries_harm_nothing(home: Page) -> None:
    errors: list[str] = []
    home.on("pageerror", lambda error: errors.append(str(error)))
    found = search(home, HOSTILE)
    assert all(isinstance(one["rows"], list) for one in found)
    box = home.locator(".md-search__input")
    for query in HOSTILE:
        box.fill(query)
        home.evaluate("query => siteSearch(query)", query)
    box.fill("GQA")
    expect(home.locator(".md-search-result__item").first).to_be_visible()
    assert home.evaluate("window.injected") is None
    assert home.locator(".md-search-result :is(img, script, b)").count() == 0
    assert errors == []


def test_the_text_of_pages_is_shown_as_text(engine: Page) -> None:
    rows: list[dict[str, Any]] = search(engine, ["endoftext", "d_k", "注意力"])[0]["rows"]
    assert set(rows[0]) == {"url", "title", "excerpt"}
    assert not any(re.search(r"<\w+[^>]*>|&\w+;|\\[a-z]+\{", row["title"]) for row in rows)


def test_it_is_fast_enough(home: Page, site: Path) -> None:
    """Three times what `make bench` should show, for machines with other work: it finds blunders, not percents.

    The best of three engines, each new: what else the machine does is slow for a while, a slow engine always.
    """
    queries = [case.query for case in own_cases(site)]
    slow = []
    for _ in range(3):
        home.reload()
        ready = home.evaluate(READY)
        p95 = percentile((one["ms"] for one in search(home, queries)), 0.95)
        if ready <= 900 and p95 <= 90:
            return
        slow.append((ready, p95))
    pytest.fail(f"milliseconds until it is ready, and p95 of a query: {slow}")

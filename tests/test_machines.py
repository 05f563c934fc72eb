"""What programs read, and the facts under a title: made of the same sources, complete, well formed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from handbook import facts, machines

from tests.built_site import PREFIX, ROOT

SITE_URL = f"http://127.0.0.1{PREFIX}"
NOTES = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))
LOG = "\x002026-11-22\n\na.md\n目录/b.md\n\x002026-11-20\n\na.md\nc d.md\n"
LAB = 'r"""Doc."""\n# --8<-- [start:one]\ndef f():\n    return 1\n# --8<-- [end:one]\nx = 2\n'
BODIES = [
    ("文字", "# T\n\n文字\n"),
    ('```python\n--8<-- "labs/a.py:one"\n```', "# T\n\n```python\ndef f():\n    return 1\n```\n"),
    ('> ```python\n> --8<-- "labs/a.py:one"\n> ```', "# T\n\n> ```python\n> def f():\n>     return 1\n> ```\n"),
    ('--8<-- "labs/a.py:none"', '# T\n\n--8<-- "labs/a.py:none"\n'),
    ('--8<-- "labs/none.py"', '# T\n\n--8<-- "labs/none.py"\n'),
    ('行内 --8<-- "labs/a.py" 不动', '# T\n\n行内 --8<-- "labs/a.py" 不动\n'),
]
MINUTES = [("字" * 300, 1), ("字" * 3000, 10), ("word " * 300, 2), ("```\n" + "x" * 4000 + "\n```", 2), ("", 1)]
LINES = [
    (facts.Facts(3, 1, 0, 0), "约 3 分钟读完"),
    (facts.Facts(7, 4, 5, 2), "约 7 分钟读完 · 4 个概念 · 2 个实验 · 5 道面试题"),
]


def test_the_newest_commit_dates_a_file() -> None:
    assert machines.days(LOG) == {"a.md": "2026-11-22", "目录/b.md": "2026-11-22", "c d.md": "2026-11-20"}


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_the_source_holds_the_code_it_shows(body: str, expected: str) -> None:
    assert machines.markdown("T", body, {"labs/a.py": LAB}.get) == expected


@pytest.mark.parametrize(("text", "expected"), MINUTES)
def test_the_time_to_read(text: str, expected: int) -> None:
    assert machines.minutes(text) == expected


@pytest.mark.parametrize(("counted", "expected"), LINES)
def test_the_line_of_facts(counted: facts.Facts, expected: str) -> None:
    assert counted.line() == expected


def test_the_facts_stand_under_the_title_and_nowhere_else() -> None:
    html = facts.under_title("<h1>A</h1><p>x</p><h1>B</h1>", LINES[0][0], "2026-11-22")
    assert html.startswith('<h1>A</h1>\n<p class="page-facts"')
    assert html.endswith("</p>\n<p>x</p><h1>B</h1>")
    # Material puts the title above a text that has none.
    assert re.fullmatch(
        r'<p class="page-facts"[^>]*>约 3 分钟读完</p>\n<p>x</p>', facts.under_title("<p>x</p>", LINES[0][0], "")
    )


def test_a_report_names_the_page() -> None:
    source = machines.Source("为什么 & 怎样", "", "", "a/b/", "a/b.md")
    html = facts.foot("https://example.org/o/r", source, "../b.md")
    assert 'href="https://example.org/o/r/edit/main/docs/a/b.md"' in html
    assert "page=docs%2Fa%2Fb.md" in html
    assert "example.org" not in facts.foot("", source, "../b.md")


def test_a_title_cannot_end_the_script() -> None:
    source = machines.Source("</script><b>", "", "", "a/", "a.md")
    data = machines.linked_data(source, "S", [("上", "")], lambda address: "https://example.org/" + address)
    assert "</script" not in data
    assert json.loads(data)["@graph"][0]["headline"] == "</script><b>"


def test_every_note_has_its_source_beside_it(site: Path) -> None:
    pages = [path for path in NOTES if path != "index.md"]
    listed = re.findall(r"\]\((\S+)\)", (site / "llms.txt").read_text("utf-8"))
    assert sorted(listed) == sorted([SITE_URL + "llms-full.txt", *(SITE_URL + path for path in pages)])
    whole = (site / "llms-full.txt").read_text("utf-8")
    for path in pages:
        text = (site / path).read_text("utf-8")
        assert text in whole, path
        # Text that shows how snippets are written would be a page of the contributors.
        assert "--8<--" not in text, path


def test_the_feed_is_well_formed_and_leads_to_pages(site: Path) -> None:
    channel = ElementTree.fromstring((site / "feed.xml").read_text("utf-8")).find("channel")
    assert channel is not None
    links = [item.findtext("link", "") for item in channel.iter("item")]
    assert 1 <= len(links) <= machines.FEED_LENGTH
    for link in links:
        assert (site / link.removeprefix(SITE_URL) / "index.html").is_file(), link


def test_every_page_tells_what_it_is(site: Path) -> None:
    for path in site.rglob("index.html"):
        html = path.read_text("utf-8")
        place = path.parent.relative_to(site).as_posix()
        for name in ("og:title", "og:description", "og:type", "og:url"):
            content = re.search(rf'<meta property="{name}" content="([^"]+)">', html)
            assert content, (place, name)
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
        assert bool(data) == (place != "." and (f"{place}.md" in NOTES or f"{place}/index.md" in NOTES)), place
        if data:
            article, trail = json.loads(data[1])["@graph"]
            assert article["url"] == trail["itemListElement"][-1]["item"]
            assert article["url"].removeprefix(SITE_URL) == f"{place}/"


def test_the_home_page_counts_what_the_site_holds(site: Path) -> None:
    html = (site / "index.html").read_text("utf-8")
    counts = {name: int(count.replace(",", "")) for count, name in re.findall(r"<b>([\d,]+)</b> ([^<]+)</span>", html)}
    texts = [(ROOT / "docs" / path).read_text("utf-8") for path in NOTES]
    assert counts["个概念"] == len(json.loads((site / "concepts.json").read_text("utf-8")))
    assert counts["道面试题"] == sum(len(re.findall(r"^> ?\[!question\]", text, re.M)) for text in texts)
    assert counts["页"] == len(NOTES) - 1
    folded = sum(path.read_text("utf-8").count('class="katex"') for path in site.rglob("index.html"))
    assert counts["条公式"] <= folded

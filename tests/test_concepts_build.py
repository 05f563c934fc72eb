"""Builds of tiny vaults: generated pages, backlinks, redirects and advice in the finished site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.test_build import ROOT, build, needs_node, project

__all__ = ["project"]

NOTES = {
    "index.md": "---\ntitle: 首页\n---\n\n[[one]]\n",
    "s/index.md": "---\ntitle: 节\norder: 1\n---\n\n文。\n",
    "s/one.md": (
        "---\ntitle: 一页\nsummary: 关于 $n^2$。\npermalink: [/旧 址/, s/two, old.html]\n"
        "concepts: {nf4: [NF4, 四位]}\n---\n\n## 节 ^nf4\n\n四位浮点。\n"
    ),
    "s/two.md": "---\ntitle: 二页\n---\n\n前文。复杂度 $n^2$ 见 [[one#^nf4|四位]]。一页很短，NF4 也是。\n",
    "s/three.md": "---\ntitle: 三页\n---\n\n一页很短，NF4 也是。\n",
}


def write(docs: Path, notes: dict[str, str]) -> None:
    """Write notes below a folder."""
    for name, text in notes.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, "utf-8")


@needs_node
def test_the_site_holds_what_is_made_from_concepts_and_links(project: Path) -> None:
    write(project / "docs", NOTES)
    result = build(project, MENTIONS="1")
    assert result.returncode == 0, result.stderr
    site = project / "site"

    one = (site / "s/one/index.html").read_text("utf-8")
    assert '复杂度 n² 见 <mark>四位</mark>。 <span class="backlinks-to">→ NF4</span>' in one
    assert '<a href="../two/">二页</a>' in one and "首页</a><ul>" not in one
    assert "backlinks" not in (site / "s/two/index.html").read_text("utf-8")
    found = "".join(file.read_text("utf-8") for file in (site / "assets/search/text").iterdir())
    assert found.count("复杂度") == 1 and "链接到本页" not in found and "按拼音" not in found and "颜色" not in found

    glossary = (site / "glossary/index.html").read_text("utf-8")
    assert '<a href="../s/one/#nf4">NF4</a></dt><dd>四位浮点。</dd>' in glossary
    assert '<dt>四位</dt><dd>见 <a href="../s/one/#nf4">NF4</a></dd>' in glossary
    assert '<a href="../s/one/">一页</a></dt><dd>关于 n²。</dd>' in glossary
    assert glossary.index('id="letter-n"') < glossary.index('id="letter-y"')

    previews = json.loads((site / "previews.json").read_text("utf-8"))
    assert previews["s/one/#nf4"] == ["NF4", "四位浮点。"] and previews["s/one/"] == ["一页", "关于 n²。"]
    graph = json.loads((site / "graph.json").read_text("utf-8"))
    name = [node[0] for node in graph["nodes"]]
    assert {frozenset((name[a], name[b])) for a, b in graph["edges"]} == {
        frozenset(("NF4", x)) for x in ("一页", "二页")
    }
    assert (site / "assets/concepts/force-graph.min.js").is_file()
    navigation = one[one.index('class="md-nav md-nav--primary"') :]
    assert navigation.index("三页") < navigation.index("术语索引") < navigation.index("概念图")

    assert 'url=../s/one/"' in (site / "旧 址/index.html").read_text("utf-8")
    assert 'url=s/one/"' in (site / "old.html").read_text("utf-8")
    assert "<title>二页" in (site / "s/two/index.html").read_text("utf-8")
    assert "docs/s/one.md:1: permalink s/two is the address of a page or file of the site" in result.stderr

    advice = [line for line in result.stderr.splitlines() if "never links" in line]
    assert [line.removeprefix("INFO    -  mention: ") for line in advice] == [
        "docs/s/three.md:5: names 一页 and never links to it: [[one|一页]]",
        "docs/s/three.md:5: names NF4 and never links to it: [[one#^nf4|NF4]]",
    ]
    assert "never links" not in build(project).stderr


@needs_node
def test_a_vault_without_concepts_has_no_index_and_keeps_pages_of_these_names(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    write(vault, {"graph.md": "自己的图 [[甲 乙]]\n", "甲 乙.md": "[[graph]]\n\n# 题\n"})
    result = build(ROOT, DOCS_DIR=str(vault), SITE_DIR=str(tmp_path / "site"))
    assert result.returncode == 0, result.stderr
    assert not (tmp_path / "site/glossary").exists() and not (tmp_path / "site/graph.json").exists()
    assert "自己的图" in (tmp_path / "site/graph/index.html").read_text("utf-8")
    assert "自己的图 <mark>题</mark>" in (tmp_path / "site/甲 乙/index.html").read_text("utf-8")


REBUILD = """
import sys
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
for text in ("[[one]] 第一次", "[[one]] 第二次"):
    Path("docs/s/two.md").write_text(text, "utf-8")
    config = load_config("mkdocs.yml")
    config.plugins.on_startup(command="serve", dirty=False)
    build(config)
page = Path("site/s/one/index.html").read_text("utf-8")
sys.exit("第一次" in page or "第二次" not in page or page.count("<mark>") != 1)
"""


@needs_node
def test_a_rebuild_in_one_process_starts_anew(project: Path) -> None:
    write(project / "docs", NOTES)
    result = subprocess.run([sys.executable, "-c", REBUILD], cwd=project, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr

"""A vault that knows nothing of this project: every page is published, nothing comes in from outside."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from tests.test_build import ROOT, build, needs_node

OUTSIDE = "SECRET-FROM-OUTSIDE"


def write(vault: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = vault / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The site of a vault with everything that goes wrong elsewhere, and what the build printed."""
    folder = tmp_path_factory.mktemp("any")
    vault = folder / "my vault"
    write(folder, {"outside.md": OUTSIDE, "outside/x.md": OUTSIDE})
    write(
        vault,
        {
            "甲/甲.md": "文件夹笔记 [[乙 1.2 #3 [草稿]]]",
            "甲/乙 1.2 #3 [草稿].md": (
                "---\ntitle: '<b>粗</b> & \"引\"'\naliases: ['<i>别名</i>']\ntags: ['<u>t</u>']\n---\n正文"
            ),
            "丙.md": "丙在外",
            "丙/index.md": "丙在内",
            "丁/README.md": "README",
            "丁/index.md": "索引",
            unicodedata.normalize("NFD", "é.md"): "组合 [[甲]] [[<i>别名</i>]] [[é|自己]]",
            "模板/t.md": "{{title}}",
            ".obsidian/templates.json": '{"folder": "模板"}',
            ".trash/old.md": "垃圾",
            "草稿.md": "---\ndraft: true\n---\n未发布的内容",
            "链.md": (
                "[[草稿]] ![[草稿]] ![[../outside]] ![[../outside.md]] [x](../outside.md)"
                " <img src='../outside.md'> ![[link]]\n\n![[../outside]]\n"
            ),
            "坏.md": "---\na: [\n---\n\n```\n没关",
            "cfg.json": "{}",
            "先/index.md": "---\nprerequisites: [后]\n---\n\n> [!question] 问\n> 答\n",
            "后/index.md": "---\nprerequisites: [先, 没有]\n---\n后",
            "先/home-of-one.md": "家",
            "先/home-of-none.md": "---\nconcept: false\n---\n不是家",
            "tags/index.md": "自己的标签页",
        },
    )
    (vault / "link.md").symlink_to(folder / "outside.md")
    (vault / "linked").symlink_to(folder / "outside")
    result = build(ROOT, DOCS_DIR=str(vault), SITE_DIR=str(folder / "site"))
    assert result.returncode == 0, result.stderr
    return folder / "site", result.stderr


def pages(site: Path) -> dict[str, str]:
    return {
        unicodedata.normalize("NFC", path.parent.relative_to(site).as_posix()): path.read_text("utf-8")
        for path in site.rglob("index.html")
    }


@needs_node
def test_every_page_has_an_address_of_its_own(site: tuple[Path, str]) -> None:
    found = pages(site[0])
    texts = {
        ".": "首页", "甲": "文件夹笔记", "甲/乙 1.2 #3 [草稿]": "正文", "丙": "丙在内", "丙-2": "丙在外", "丁": "索引",
        "丁/README": "README", "é": "组合", "坏": "没关", "链": "草稿",
    }  # fmt: skip
    assert {name: text for name, text in texts.items() if text not in found.get(name, "")} == {}
    assert not [name for name in found if name.startswith(("模板", ".trash", "草稿", "link"))]
    assert (site[0] / "cfg.json").exists()
    assert "丙.md:1: has the same address as 丙/index.md" in site[1]


@needs_node
def test_nothing_from_outside_or_unpublished_comes_in(site: tuple[Path, str]) -> None:
    for path in site[0].rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert OUTSIDE.encode() not in data, path
            assert "未发布的内容".encode() not in data, path
    assert "link.md:1: leads outside the vault" in site[1]
    assert "linked:1: leads outside the vault" in site[1]
    assert "链.md:1: link [[草稿]] leads to a note that is not published" in site[1]
    assert "链.md:3: embed ![[../outside]] matches no page and no file" in site[1]


@needs_node
def test_html_in_names_is_escaped(site: tuple[Path, str]) -> None:
    for name, text in pages(site[0]).items():
        assert not re.search(r"<b>粗</b>|<i>别名</i>|<u>t</u>", text), name


@needs_node
def test_a_page_of_the_vault_wins_over_a_generated_one(site: tuple[Path, str]) -> None:
    found = pages(site[0])
    assert "自己的标签页" in found["tags"]
    assert 'href="../../tags/#tag-ut-u"' in found["甲/乙 1.2 #3 [草稿]"]


@needs_node
def test_one_bad_file_stops_nothing(site: tuple[Path, str]) -> None:
    assert "坏.md:3: front matter is not valid YAML" in site[1]
    assert "坏.md:5: code fence ``` is never closed" in site[1]
    assert "先/index.md:1: prerequisites go in a circle: 先 → 后 → 先" in site[1]
    assert "后/index.md:1: 没有 is no section" in site[1]


@needs_node
def test_a_page_may_say_that_it_is_no_home(site: tuple[Path, str]) -> None:
    rows = json.loads((site[0] / "concepts.json").read_text("utf-8"))
    assert {row["id"] for row in rows if row["url"].startswith("%E5%85%88/") or "先" in row["url"]} == {"home-of-one"}

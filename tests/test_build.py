"""Whole builds of small vaults: what an author sees when something is wrong, what a foreign vault needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

needs_node = pytest.mark.skipif(
    not shutil.which("node") or not (ROOT / "node_modules" / "katex").is_dir(), reason="needs Node and `npm ci`"
)


def build(project: Path, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `mkdocs build` in a project."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **env}
    command = [sys.executable, "-m", "mkdocs", "build", *options]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with an empty vault of its own, so that its rules for our own notes hold."""
    for name in ("mkdocs.yml", "references.bib"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("hooks", "overrides", "labs", "figures"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    shutil.copytree(ROOT / "docs" / ".obsidian", tmp_path / "docs" / ".obsidian")
    return tmp_path


FAULTS = {
    "index.md": "---\ntitle: 首页\n---\n\n[[缺页]]\n",
    "a/one.md": "---\ntitle: 一\nconcepts: {nf4: [NF4]}\n---\n\n## 节 ^nf4\n\n坏公式 $\\frac{1}$，后面照常。\n",
    "a/two.md": "---\ntitle: 二\nconcepts: {nf4: [NF4]}\n---\n\n## 节 ^nf4\n\n未知引用 [@nobody2020nothing]。\n",
    "a/three.md": "---\ntitle: [三\n---\n\n正文还在。\n\n```python\n没有关上\n",
    "a/four.md": (
        '---\ntitle: 四\n---\n\n```python\n--8<-- "labs/none.py"\n--8<-- "mkdocs.yml"\n```\n\n![[../../etc/passwd]]\n'
    ),
}
MESSAGES = [
    "docs/index.md:5: link to [[缺页]] matches no page",
    "docs/a/one.md:8: formula does not render: KaTeX parse error: ",
    "docs/a/two.md:6: concept id nf4 has its home at a/one.md:6 already: give one of them another id",
    "docs/a/two.md:8: unknown citation key @nobody2020nothing in [@nobody2020nothing]",
    "docs/a/three.md:2: front matter is not valid YAML: ",
    "docs/a/three.md:7: code fence ``` is never closed: add ``` on a line of its own where the code ends",
    'docs/a/four.md:6: snippet --8<-- "labs/none.py": labs/none.py does not exist',
    'docs/a/four.md:7: snippet --8<-- "mkdocs.yml": only files below labs/ can be shown',
    "docs/a/four.md:10: embed ![[../../etc/passwd]] matches no page and no file",
]


@needs_node
def test_every_fault_is_reported_with_its_place(project: Path) -> None:
    for name, text in FAULTS.items():
        path = project / "docs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")

    plain = build(project)
    assert plain.returncode == 0, plain.stderr
    for message in MESSAGES:
        assert plain.stderr.count(message) == 1, f"{message}\n---\n{plain.stderr}"
    page = (project / "site/a/one/index.html").read_text("utf-8")
    assert r"\frac{1}" in page and "formula-error" in page and "后面照常" in page
    assert "正文还在" in (project / "site/a/three/index.html").read_text("utf-8")
    assert "[@nobody2020nothing]" in (project / "site/a/two/index.html").read_text("utf-8")

    strict = build(project, "--strict")
    assert strict.returncode == 1
    assert "Aborted with" in strict.stdout


@needs_node
def test_a_clean_vault_builds_strictly_and_renders_nothing_twice(project: Path) -> None:
    docs = project / "docs"
    (docs / "s").mkdir()
    (docs / "index.md").write_text("---\ntitle: 首页\n---\n\n[[one|$x$ 页]] [[nf4]] `@dataclass` a@b.c\n", "utf-8")
    (docs / "s/index.md").write_text("---\ntitle: 节\norder: 1\n---\n", "utf-8")
    (docs / "s/one.md").write_text(
        "---\ntitle: 复杂度 $O(n^2)$\norder: 2\nconcepts: {nf4: [NF4, NormalFloat]}\nicon: 🙂\ntemplate: nope\n"
        "tags: 分布\nupdated: 2026-01-02\n---\n\n"
        "## 平方 $n^2$ ^nf4\n\n引用 [@hu2021lora]。脚注[^1]。\n\n[^1]: 作者的。\n",
        "utf-8",
    )
    (docs / "s/two.md").write_text("---\ntitle: 先\norder: 1\n---\n\n[四](#nf4)\n", "utf-8")

    first = build(project, "--strict")
    assert first.returncode == 0, first.stderr
    page = (project / "site/s/one/index.html").read_text("utf-8")
    assert "<title>复杂度 O(n²)" in page
    assert 'href="#nf4"' in page and "平方 n²" in page
    assert '<a href="#ref-hu2021lora"' in page and 'id="ref-hu2021lora"' in page and 'id="fn:1"' in page
    assert "tmp_inline_md_katex" not in page
    assert 'href="../../tags/#tag-%E5%88%86%E5%B8%83"' in page and "更新于" in page
    assert '<h2 id="tag-分布">' in (project / "site/tags/index.html").read_text("utf-8")
    assert 'href="../one/#nf4"' in (project / "site/s/two/index.html").read_text("utf-8")
    concepts = {row["id"]: row for row in json.loads((project / "site/concepts.json").read_text("utf-8"))}
    assert concepts["nf4"] == {
        "id": "nf4", "title": "NF4", "en": "NF4", "aliases": ["NormalFloat"], "url": "s/one/#nf4", "section": "节",
        "lab": None,
        "questions": 0,
    }  # fmt: skip
    section = (project / "site/s/index.html").read_text("utf-8")
    assert section.index('href="two/"') < section.index('href="one/"')

    second = build(project, "--strict")
    assert "formulas: 0 rendered" in second.stderr, second.stderr


@needs_node
def test_a_foreign_vault_needs_nothing_of_ours(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / "甲 乙").mkdir(parents=True)
    (vault / "甲 乙" / "笔记 #1.md").write_text("一行\n二行 [@x] $a$ #标签\n\n[[没有]]\n", "utf-8")
    (vault / "secret.md").write_text("---\npublish: false\n---\n机密\n", "utf-8")
    result = build(ROOT, DOCS_DIR=str(vault), SITE_DIR=str(tmp_path / "site"))
    assert result.returncode == 0, result.stderr
    assert "笔记 #1.md:4: link to [[没有]] matches no page" in result.stderr
    pages = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.html")}
    assert "甲 乙/笔记 #1/index.html" in pages
    text = (tmp_path / "site/甲 乙/笔记 #1/index.html").read_text("utf-8")
    assert "[@x]" in text and "一行<br" in text
    assert not any("secret" in page for page in pages)

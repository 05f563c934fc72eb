"""`make new`: the page reads without faults, stands last in its section, and is refused where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook import frontmatter, registry

from tools.new_page import new


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    section = tmp_path / "attention"
    section.mkdir()
    (section / "index.md").write_text("---\ntitle: 注意力\norder: 30\n---\n", "utf-8")
    (section / "gqa.md").write_text("---\ntitle: GQA\norder: 60\n---\n", "utf-8")
    return tmp_path


def test_a_new_page_reads_without_faults_and_stands_last(docs: Path) -> None:
    path = new("attention/my-topic", docs)
    note, problems = registry.read_note("attention/my-topic.md", frontmatter.normalise(path.read_bytes()), str)
    assert problems == []
    assert note.meta.order == 70
    assert [concept.id for concept in registry.Vault([note]).concepts.values()] == ["my-topic"]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("", "没有"),
        ("nowhere/x", "没有 nowhere 这一节；现有 attention"),
        ("attention", "不能做页名"),
        ("attention/My Topic", "不能做页名"),
        ("attention/../x", "不能做页名"),
        ("attention/gqa", "已经叫这个名字"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(docs: Path, page: str, message: str) -> None:
    before = sorted(docs.rglob("*"))
    with pytest.raises(ValueError, match=message):
        new(page, docs)
    assert sorted(docs.rglob("*")) == before

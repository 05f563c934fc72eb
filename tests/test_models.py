"""The data of the models: what is wrong with the file, each fault with its line, and the project's own file.

`cases/models/faults/<name>.yaml` must be reported as `<name>.report.txt` says; UPDATE_CASES=1 writes them anew.
How the tables look is in `cases/models/*.in.md` (tests/test_dialect.py).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from handbook import model_table, models

from labs.models.parameter_count import count
from tests.dialect import CASES, ROOT
from tests.test_build import build, needs_node, project

__all__ = ["project"]

FILES = sorted((CASES / "models" / "faults").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_faults_are_reported_with_line_and_what_to_do(path: Path) -> None:
    _, problems = models.read(path.read_text("utf-8"), {"tiny", "moe"}, count, path.name)
    found = "".join(f"{problem}\n" for problem in problems)
    expected = path.with_suffix(".report.txt")
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(found, "utf-8", newline="\n")
    assert found == expected.read_text("utf-8")


def test_a_sound_file_is_read_whole() -> None:
    text = (CASES / "models" / "vault" / models.PATH).read_text("utf-8")
    listed, problems = models.read(text, {"tiny"}, count)
    assert problems == []
    assert [(model["id"], model.line) for model in listed] == [("tiny-1", 1), ("tiny-moe", 20), ("secret", 40)]
    assert listed[2].count is None and listed[2]["layers"] is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [(8_030_261_248, "8.030B"), (671_026_404_352, "671.0B"), (1_026_408_209_408, "1.026T"), (116_534_784, "116.5M")],
)
def test_a_count_in_four_digits(value: int, shown: str) -> None:
    assert model_table.short(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (512, "512"),
        (4096, "4K"),
        (131_072, "128K"),
        (2048, "2K"),
        (10_485_760, "10M"),
        (128_000, "128\N{THIN SPACE}000"),
    ],
)
def test_a_context_in_k(value: int, shown: str) -> None:
    assert model_table.tokens(value) == shown


def test_every_column_has_a_cell_for_every_model_of_the_project() -> None:
    listed, _ = models.read((ROOT / "docs" / models.PATH).read_text("utf-8"), _Any(), count)
    assert len(listed) > 60
    html = model_table.table({}, listed, lambda name: f"vault:{name}")
    assert html.count("<tr ") == len(listed)
    assert html.count("<td") == len(listed) * len(model_table.COLUMNS)
    assert "None" not in html


class _Any(list[str]):
    """Every concept: which of them have a page is the build's to say."""

    def __contains__(self, name: object) -> bool:
        return True


@needs_node
def test_the_build_shows_tables_and_reports_the_data_file(project: Path) -> None:
    docs = project / "docs"
    (docs / "data").mkdir()
    vault = CASES / "models" / "vault"
    data = (vault / models.PATH).read_text("utf-8")
    (docs / models.PATH).write_text(data.replace("name: Secret", "nam: Secret"), "utf-8")
    (docs / "m").mkdir()
    (docs / "m/tiny.md").write_text("---\ntitle: 小\n---\n\n```models\ncolumns: [layers]\n```\n", "utf-8")
    (docs / "index.md").write_text("---\ntitle: 首页\n---\n\n![[tiny]]\n\n```models\ncolumns: [colour]\n```\n", "utf-8")
    result = build(project, "--strict")
    assert result.returncode == 1
    assert "docs/data/models.yaml:41: secret: `nam` is no key: write name" in result.stderr
    assert "docs/index.md:8: models: there is no column colour: use maker" in result.stderr
    (docs / models.PATH).write_text(data, "utf-8")
    (docs / "index.md").write_text("---\ntitle: 首页\n---\n\n![[tiny]]\n", "utf-8")
    result = build(project, "--strict")
    assert result.returncode == 0, result.stderr
    page = (project / "site/m/tiny/index.html").read_text("utf-8")
    assert '<th scope="row"><a href="./">Tiny &lt;1&gt;</a></th><td class="number" data-sort="2">2</td>' in page
    assert 'src="../../assets/models/models.js"' in page
    home = (project / "site/index.html").read_text("utf-8")
    assert '<a href="m/tiny/">Tiny' in home and 'src="assets/models/models.js"' in home
    (docs / models.PATH).unlink()
    result = build(project, "--strict")
    assert result.returncode == 0, result.stderr
    page = (project / "site/m/tiny/index.html").read_text("utf-8")
    assert "models.js" not in page and "columns: [layers]" in page

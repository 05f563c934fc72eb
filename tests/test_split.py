"""`python -m handbook.split` on `split/long.md`: the pages are those in `split/pages/`, and nothing is overwritten."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from handbook import split

HERE = Path(__file__).parent / "split"
LONG, PAGES = HERE / "long.md", HERE / "pages"


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()
    }


def test_the_pages_and_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert split.main([str(LONG), "--into", str(tmp_path), "--level", "3"]) == 0
    report = capsys.readouterr().out.replace(str(tmp_path), "OUT").replace(str(HERE), "HERE")
    if os.environ.get("UPDATE_CASES"):
        shutil.rmtree(PAGES, ignore_errors=True)
        shutil.copytree(tmp_path, PAGES)
        (HERE / "report.txt").write_text(report, "utf-8")
    assert tree(tmp_path) == tree(PAGES)
    assert report == (HERE / "report.txt").read_text("utf-8")


def test_nothing_is_overwritten_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "结构" / "子题二.md"
    mine.parent.mkdir()
    mine.write_text("mine", "utf-8")
    assert split.main([str(LONG), "--into", str(tmp_path), "--level", "3"]) == 1
    assert "nothing was written; --force overwrites" in capsys.readouterr().err
    assert tree(tmp_path) == {"结构/子题二.md": "mine"}
    assert split.main([str(LONG), "--into", str(tmp_path), "--level", "3", "--force"]) == 0
    assert mine.read_text("utf-8") != "mine"


@pytest.mark.parametrize("level", range(1, 7))
def test_every_line_of_text_is_kept(level: int) -> None:
    result = split.split(LONG, level)
    text = "\n".join(result.texts.values())
    for line in ("总述。", "同名。", "# 不是标题 [x](#kvcache)", "`[缓存](#kvcache)` 不动", "https://example.com/a"):
        assert line in text

"""The dialect, a pair of files a rule: `cases/<feature>/<rule>.in.md` must render to `<rule>.out.html`.

A rule that reports something has `<rule>.report.txt` too; without one it must report nothing. Links are resolved in
the notes of `cases/<feature>/vault/`. After a change that is meant, `UPDATE_CASES=1 pytest tests/test_dialect.py`
writes the files anew: read the difference before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.dialect import CASES, render

NOT_DIALECT = {"citations"}
RULES = [path for path in sorted(CASES.glob("*/*.in.md")) if path.parent.name not in NOT_DIALECT]


def _id(path: Path) -> str:
    return f"{path.parent.name}/{path.name.removesuffix('.in.md')}"


@pytest.mark.parametrize("path", RULES, ids=map(_id, RULES))
def test_rule(path: Path) -> None:
    result = render(path, path.parent / "vault")
    expected, report = (
        path.with_name(path.name.replace(".in.md", ".out.html")),
        path.with_name(path.name.replace(".in.md", ".report.txt")),
    )
    problems = "".join(f"{line}\n" for line in result.problems)
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(result.html, "utf-8", newline="\n")
        if problems:
            report.write_text(problems, "utf-8", newline="\n")
        else:
            report.unlink(missing_ok=True)
    assert result.html == expected.read_text("utf-8")
    assert problems == (report.read_text("utf-8") if report.exists() else "")

"""Search in a real repository (Jinja2, pinned): the truth by ast, and the numbers of agentic-search.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import jinja2
import numpy as np
import pytest

from labs.ai_coding.repo_search import DEFINES, Chunks, agent, cost, grep, guess, words
from labs.ai_coding.repo_truth import Line, Symbol, symbols, without_docstrings

REPO = {p.name: p.read_text("utf-8") for p in sorted(Path(jinja2.__file__).parent.glob("*.py"))}
TINY = {
    "a.py": 'def load_file(p):\n    """Read one file."""\n    return p\n',
    "b.py": "from a import load_file\n\nx = load_file(1)\n# load_file in a comment\nreload_files = 2\n",
}
Search = Callable[[Symbol], tuple[set[Line], int]]


def rate(chosen: list[Symbol], search: Search) -> tuple[float, float, float]:
    """Share of definitions found, share of uses found, tokens read; means over the symbols."""
    rows = []
    for s in chosen:
        seen, tokens = search(s)
        rows.append((s.home in seen, len(s.uses & seen) / len(s.uses), tokens))
    found, used, tokens = np.array(rows, dtype=float).mean(0)
    return float(found), float(used), float(tokens)


def test_truth_and_tools_on_two_files() -> None:
    (symbol,) = symbols(TINY)
    assert (symbol.name, symbol.home, symbol.end) == ("load_file", ("a.py", 1), 3)
    assert symbol.uses == {("b.py", 1), ("b.py", 3)}
    assert [place for place, _ in grep(TINY, r"\bload_file\b")] == [("a.py", 1), ("b.py", 1), ("b.py", 3), ("b.py", 4)]
    seen, tokens = agent(TINY, "load_file", window=1)
    assert seen == {("a.py", 1), ("a.py", 2), ("b.py", 1), ("b.py", 3), ("b.py", 4)}
    assert tokens > cost("def load_file(p):")
    assert [place for place, _ in grep(TINY, DEFINES)] == [("a.py", 1)]
    assert without_docstrings(TINY)["a.py"].splitlines()[1] == ""
    assert guess(TINY, "load it", grep(TINY, DEFINES))[0] >= {("a.py", 1)}
    assert words("HTTPError load_file", split=True) == ["http", "error", "load", "file"]
    assert words("HTTPError load_file", split=False) == ["HTTPError", "load_file"]


def test_numbers_of_the_page_by_name() -> None:
    if jinja2.__version__ != "3.1.6":
        pytest.skip("the page was measured on Jinja2 3.1.6")
    every = symbols(REPO)
    assert len(REPO) == 25
    assert sum(len(t.splitlines()) for t in REPO.values()) == 14_425
    assert len(every) == 289
    chosen = every[::3]
    assert len(chosen) == 97
    found, used, tokens = rate(chosen, lambda s: agent(REPO, s.name))
    assert (found, used) == (1.0, 1.0)  # by construction: every use is spelled as the name
    assert round(tokens, -1) == 320
    whole = Chunks(REPO)
    assert len(whole.texts) == 373
    rows = {k: rate(chosen, lambda s, k=k: whole.search(s.name, k)) for k in (1, 5, 10)}  # type: ignore[misc]
    assert [(round(r[0], 2), round(r[1], 2), round(r[2], -1)) for r in rows.values()] == BY_NAME


def test_numbers_of_the_page_by_meaning() -> None:
    if jinja2.__version__ != "3.1.6":
        pytest.skip("the page was measured on Jinja2 3.1.6")
    asked = [s for s in symbols(REPO) if len(s.doc.split()) >= 5][::2]
    assert len(asked) == 113
    bare = without_docstrings(REPO)
    defs = grep(bare, DEFINES)

    def question(s: Symbol) -> str:
        return re.sub(rf"\b{s.name}\b", " ", s.doc)

    found, _, tokens = rate(asked, lambda s: guess(bare, question(s), defs))
    assert (round(found, 2), round(tokens, -1)) == (0.34, 580)
    split, whole = Chunks(bare, split=True), Chunks(bare)
    found, _, tokens = rate(asked, lambda s: split.search(question(s), 5))
    assert (round(found, 2), round(tokens, -1)) == (0.26, 1260)
    found, _, tokens = rate(asked, lambda s: split.search(question(s), 10))
    assert (round(found, 2), round(tokens, -1)) == (0.37, 2530)
    found, _, tokens = rate(asked, lambda s: whole.search(question(s), 5))
    assert (round(found, 2), round(tokens, -1)) == (0.14, 1300)


BY_NAME = [(0.31, 0.44, 250.0), (0.91, 0.90, 870.0), (0.97, 0.96, 1180.0)]

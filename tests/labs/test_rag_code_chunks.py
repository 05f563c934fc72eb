"""Code chunks against tree-sitter, and the claims of docs/rag/code-chunking-treesitter.md."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from labs.rag.code_chunks import broken, by_blank_lines, by_lines, by_syntax, definitions, headed, tree

LABS = Path(__file__).resolve().parents[2] / "labs"

SAMPLE = '''"""Module."""
import os


# what f is for
@decorated
def f(x):
    a = 1

    return a + x


class A(Base):
    """Doc."""

    size = 3

    def g(self):
        if self.size:

            return 1
        return 2

    async def h(self):
        pass
# the end
'''


def sizes(lines: list[str]) -> list[int]:
    out = [0]
    for line in lines:
        out.append(out[-1] + len(line))
    return out


@cache
def sources() -> list[str]:
    """The code of this project's labs."""
    return [s for path in sorted(LABS.rglob("*.py")) if (s := path.read_text("utf-8")).strip()]


def test_definitions_equal_tree_sitter() -> None:
    tree_sitter = pytest.importorskip("tree_sitter", reason="needs tree-sitter==0.26.1")
    python = pytest.importorskip("tree_sitter_python", reason="needs tree-sitter-python==0.25.0")
    parser = tree_sitter.Parser(tree_sitter.Language(python.language()))
    for source in [SAMPLE, *sources()[::6]]:
        want, todo = [], [parser.parse(source.encode()).root_node]
        while todo:
            node = todo.pop()
            todo += node.children
            if node.type in ("function_definition", "class_definition"):
                want.append((node.child_by_field_name("name").text.decode(), node.end_point[0] + 1))
        got = [(name.split(".")[-1], node.end) for name, node in definitions(tree(source))]
        assert Counter(got) == Counter(want)


@pytest.mark.parametrize("most", [40, 80, 200, 10_000])
def test_chunks_are_the_file_within_the_limit(most: int) -> None:
    lines = SAMPLE.splitlines(keepends=True)
    cut = by_syntax(tree(SAMPLE), sizes(lines), most)
    assert "".join("".join(lines[b:e]) for b, e in cut) == SAMPLE
    leaf = max(len(line) for line in lines)  # a single statement may be longer than the limit
    assert all(sum(map(len, lines[b:e])) <= max(most, 2 * leaf) for b, e in cut)
    if most == 10_000:
        assert len(cut) == 1


def test_comment_and_decorator_stay_with_their_function() -> None:
    lines = SAMPLE.splitlines(keepends=True)
    cut = by_syntax(tree(SAMPLE), sizes(lines), 110)
    chunk = next("".join(lines[b:e]) for b, e in cut if "def f" in "".join(lines[b:e]))
    assert "# what f is for" in chunk
    assert "@decorated" in chunk
    assert "return a + x" in chunk


def test_header_comes_back() -> None:
    lines = SAMPLE.splitlines(keepends=True)
    root = tree(SAMPLE)
    cut = by_syntax(root, sizes(lines), 90)
    texts = headed(SAMPLE, cut, root)
    chunk = next(t for t in texts if "def h" in t)
    assert "class A(Base):" in chunk
    assert all(ast.dump(ast.parse(t)) for t in texts[:1])


def test_shares_of_the_page() -> None:
    """Definitions of at most 1000 characters that are cut: none by syntax, about a tenth, about a quarter."""
    found: Counter[str] = Counter()
    for source in sources():
        lines, root = source.splitlines(keepends=True), tree(source)
        size = sizes(lines)
        fits = [(name, n) for name, n in definitions(root) if size[n.end] - size[n.begin] <= 1000]
        found["all"] += len(fits)
        found["syntax"] += len(broken(fits, by_syntax(root, size, 1000), lines))
        found["blank"] += len(broken(fits, by_blank_lines(lines, 1000), lines))
        rows = max(1, round(1000 * len(lines) / len(source)))  # as many lines as 1000 characters are
        found["lines"] += len(broken(fits, by_lines(lines, rows), lines))
    assert found["syntax"] == 0
    assert 0.05 < found["blank"] / found["all"] < 0.15
    assert 0.2 < found["lines"] / found["all"] < 0.35


def test_wrong_language() -> None:
    """Page: tree-sitter marks errors and goes on, `ast` refuses the whole file."""
    script = "function f(x) { return x + 1; }\n"
    with pytest.raises(SyntaxError):
        ast.parse(script)
    tree_sitter = pytest.importorskip("tree_sitter", reason="needs tree-sitter==0.26.1")
    python = pytest.importorskip("tree_sitter_python", reason="needs tree-sitter-python==0.25.0")
    root = tree_sitter.Parser(tree_sitter.Language(python.language())).parse(script.encode()).root_node
    assert root.has_error
    good_start = "import os\n" + script
    root = tree_sitter.Parser(tree_sitter.Language(python.language())).parse(good_start.encode()).root_node
    assert root.has_error
    assert root.children[0].type != "ERROR"  # the check of LlamaIndex passes

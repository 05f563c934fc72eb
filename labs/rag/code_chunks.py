r"""Cutting Python by its syntax tree: siblings are packed up to a limit, and only what is too long is opened.

Source: Lu, *Chunking 2M+ files a day* (2023). The tree is that of Python's own `ast`; a node is a pair of line
numbers and its children, decorators and the comments above it included, so chunks are whole lines.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Span = tuple[int, int]
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass
class Node:
    """Lines [begin, end) from 0, what they define, and the statements inside."""

    begin: int
    end: int
    name: str = ""
    children: list[Node] = field(default_factory=list)


def tree(source: str) -> Node:
    """The file as nested statements; the children of a node tile it, blank lines going to the statement after them."""

    def build(statement: ast.stmt, begin: int) -> Node:
        end = statement.end_lineno or statement.lineno
        inner = [s for part in ("body", "orelse", "finalbody") for s in getattr(statement, part, [])]
        node = Node(begin, end, statement.name if isinstance(statement, DEFINITIONS) else "")
        if inner and inner[0].lineno > statement.lineno:
            first = min([inner[0].lineno, *(d.lineno for d in getattr(inner[0], "decorator_list", []))]) - 1
            node.children = [Node(begin, first), *tile(inner, first, end)]  # the header is a child too
        return node

    def tile(statements: Sequence[ast.stmt], begin: int, end: int) -> list[Node]:
        out: list[Node] = []
        for statement in statements:
            last = statement.end_lineno or statement.lineno
            if last > begin:  # two statements on one line are one node
                out.append(build(statement, begin))
                begin = last
        if out and begin < end:
            out.append(Node(begin, end))  # comments after the last statement
        return out

    lines = source.count("\n") + (not source.endswith("\n"))
    return Node(0, lines, "", tile(ast.parse(source).body, 0, lines))


# --8<-- [start:syntax]
def by_syntax(node: Node, size: Sequence[int], most: int) -> list[Span]:
    """Chunks of at most `most` characters; `size[i]` is the characters before line i, so a span costs a difference."""
    out: list[Span] = []
    for child in node.children or [node]:
        if size[child.end] - size[child.begin] > most and child.children:
            out += by_syntax(child, size, most)  # too long: open it, and start afresh after it
        elif out and out[-1][0] >= node.begin and size[child.end] - size[out[-1][0]] <= most:
            out[-1] = (out[-1][0], child.end)  # still fits: join the chunk before
        else:
            out.append((child.begin, child.end))
    return out


# --8<-- [end:syntax]


# --8<-- [start:blank]
def by_blank_lines(lines: Sequence[str], most: int) -> list[Span]:
    """Paragraphs of code, joined while they fit in `most` characters."""
    starts = [0, *(i for i in range(1, len(lines)) if lines[i].strip() and not lines[i - 1].strip()), len(lines)]
    out: list[Span] = []
    for begin, end in pairwise(starts):
        if out and sum(map(len, lines[out[-1][0] : end])) <= most:
            out[-1] = (out[-1][0], end)
        else:
            out.append((begin, end))
    return out


def by_lines(lines: Sequence[str], count: int) -> list[Span]:
    """The same number of lines each."""
    return [(i, min(i + count, len(lines))) for i in range(0, len(lines), count)]


# --8<-- [end:blank]


# --8<-- [start:measure]
def definitions(node: Node, path: str = "") -> list[tuple[str, Node]]:
    """Every function and class under its full name, A.b for a method."""
    out = []
    for child in node.children:
        name = f"{path}.{child.name}".strip(".") if child.name else path
        out += ([(name, child)] if child.name else []) + definitions(child, name)
    return out


def broken(found: Sequence[tuple[str, Node]], cut: Sequence[Span], lines: Sequence[str]) -> list[str]:
    """Definitions that lie whole in no chunk; the blank lines before one do not count."""

    def start(node: Node) -> int:
        return next(i for i in range(node.begin, node.end) if lines[i].strip())

    return [name for name, node in found if not any(b <= start(node) and node.end <= e for b, e in cut)]


def headed(source: str, cut: Sequence[Span], root: Node) -> list[str]:
    """Chunks with the headers of the classes and functions around them put back on top."""
    lines, out = source.splitlines(keepends=True), []
    for begin, end in cut:
        around = [node for _, node in definitions(root) if node.begin < begin < node.end]
        tops = [line for n in around for line in lines[n.begin : n.end] if re.match(r"\s*(class|(async )?def)\s", line)]
        heads = [next(line for line in tops if re.search(rf"\b{n.name}\b", line)) for n in around]
        out.append("".join([*heads, *lines[begin:end]]))
    return out


# --8<-- [end:measure]

r"""What is where in a repository, by Python's own `ast`: the truth that searches are measured against.

A repository is a dict of path → text; a line is a path and a number from 1.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

Repo = Mapping[str, str]
Line = tuple[str, int]
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


# --8<-- [start:truth]
@dataclass(frozen=True)
class Symbol:
    """A top-level name that is defined once in the repository, its lines, its uses and its docstring."""

    name: str
    home: Line
    end: int
    uses: frozenset[Line]
    doc: str


def symbols(repo: Repo) -> list[Symbol]:
    """Every top-level function and class with a unique name and at least one use (name, attribute or import)."""
    found: dict[str, list[tuple[Line, int, str]]] = {}
    uses: dict[str, set[Line]] = {}
    for path, text in repo.items():
        tree = ast.parse(text)
        for node in tree.body:
            if isinstance(node, DEFINITIONS):
                doc = (ast.get_docstring(node) or "").split("\n\n")[0]
                found.setdefault(node.name, []).append(((path, node.lineno), node.end_lineno or node.lineno, doc))
        for part in ast.walk(tree):
            name = part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else None
            if isinstance(part, ast.alias):
                name = part.name
            if name is not None and isinstance(part, ast.expr | ast.alias):
                uses.setdefault(name, set()).add((path, part.lineno))
    return [
        Symbol(name, homes[0][0], homes[0][1], frozenset(uses[name]), homes[0][2])
        for name, homes in found.items()
        if len(homes) == 1 and name in uses
    ]


# --8<-- [end:truth]


def without_docstrings(repo: Repo) -> dict[str, str]:
    """The same lines, those of docstrings blank: a question made from a docstring must not be found by quoting it."""
    out = {}
    for path, text in repo.items():
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (*DEFINITIONS, ast.Module)) and ast.get_docstring(node) is not None:
                first = node.body[0]
                for i in range(first.lineno - 1, first.end_lineno or first.lineno):
                    lines[i] = ""
        out[path] = "\n".join(lines) + "\n"
    return out

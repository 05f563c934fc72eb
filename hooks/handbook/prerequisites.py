"""What to read before what: `prerequisites` in the front matter of a section's index names the sections before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .registry import Note
from .report import Problem


def of(notes: Iterable[Note]) -> dict[str, tuple[str, ...]]:
    """The prerequisites of each section, by folder, in the order of the sections."""
    sections = [note for note in notes if "/" not in note.folder and note.folder and note.path.endswith("/index.md")]
    sections.sort(key=lambda note: (note.meta.order is None, note.meta.order or 0, note.path))
    return {note.folder: note.meta.prerequisites for note in sections}


def problems(graph: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Names that are no section, and circles, each at the section where an author can mend it."""
    found = []
    for section, before in graph.items():
        for name in before:
            if name not in graph:
                known = "、".join(graph)
                found.append(
                    Problem(f"{section}/index.md", 1, "prerequisites", f"{name} is no section; there are {known}")
                )
    circle = _circle(graph)
    if circle:
        message = f"prerequisites go in a circle: {' → '.join(circle)}"
        found.append(Problem(f"{circle[0]}/index.md", 1, "prerequisites", message))
    return found


def _circle(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """A circle, from a section back to itself; empty if there is none."""
    done: set[str] = set()

    def walk(section: str, path: list[str]) -> list[str]:
        if section in path:
            return [*path[path.index(section) :], section]
        if section in done or section not in graph:
            return []
        for before in graph[section]:
            circle = walk(before, [*path, section])
            if circle:
                return circle
        done.add(section)
        return []

    return next(filter(None, (walk(section, []) for section in graph)), [])


def levels(graph: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The sections by how many lie before them on the longest way; needs a graph without circles."""
    depth: dict[str, int] = {}

    def of_section(section: str) -> int:
        if section not in depth:
            depth[section] = 1 + max((of_section(before) for before in graph[section]), default=-1)
        return depth[section]

    rows: list[list[str]] = []
    for section in graph:
        at = of_section(section)
        while len(rows) <= at:
            rows.append([])
        rows[at].append(section)
    return rows

"""The sections of the vault, from top to bottom by what comes before what, as their front matter says."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from figures.svg import ACCENT, Svg

TITLES = {"transformer": "Transformer", "reliability": "幻觉", "alignment": "对齐", "rag": "检索增强", "safety": "安全"}
"""Titles that are too long for a box."""

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def sections() -> dict[str, dict[str, Any]]:
    """Front matter of each section that takes part, in the order of the navigation."""
    found = {}
    for path in DOCS.glob("*/index.md"):
        front = yaml.safe_load(path.read_text("utf-8").split("---")[1])
        if "prerequisites" in front:
            found[path.parent.name] = front
    return dict(sorted(found.items(), key=lambda item: item[1]["order"]))


def depth(section: str, graph: dict[str, dict[str, Any]]) -> int:
    """How many sections lie before one on the longest way."""
    return max((depth(before, graph) + 1 for before in graph[section]["prerequisites"]), default=0)


def shown(section: str, graph: dict[str, dict[str, Any]]) -> list[str]:
    """The prerequisites to draw: without those that another one already has before it."""

    def before(name: str) -> set[str]:
        names = set(graph[name]["prerequisites"])
        return names.union(*(before(one) for one in names)) if names else names

    own = graph[section]["prerequisites"]
    return [name for name in own if not any(name in before(other) for other in own if other != name)]


def draw() -> str:
    """Rows by depth, a line from each section down to those that build on it."""
    graph = sections()
    rows: list[list[str]] = []
    for name in graph:
        while len(rows) <= depth(name, graph):
            rows.append([])
        rows[depth(name, graph)].append(name)
    width, height, across, down = 104, 30, 116, 72
    most = max(map(len, rows))
    svg = Svg(most * across, (len(rows) - 1) * down + height + 4, "各节的先后：上面的先读")
    place: dict[str, tuple[float, float]] = {}
    for row, names in enumerate(rows):
        left = (most - len(names)) * across / 2 + across / 2
        for index, name in enumerate(names):
            place[name] = (left + index * across, 2 + row * down)
    for name in graph:
        for before in shown(name, graph):
            x, y = place[before]
            points = [(x, y + height)]
            # Between the boxes of the rows that the line passes.
            for row in range(depth(before, graph) + 1, depth(name, graph)):
                edges = [place[one][0] - across / 2 for one in rows[row]]
                gap = min([*edges, edges[-1] + across], key=lambda edge: abs(edge - x))
                points += [(gap, 2 + row * down), (gap, 2 + row * down + height)]
            for (from_x, from_y), (to_x, to_y) in pairwise([*points, place[name]]):
                svg.line(from_x, from_y, to_x, to_y, stroke=ACCENT, opacity=0.7)
    for name, (x, y) in place.items():
        svg.rect(x - width / 2, y, width, height, fill=ACCENT, opacity=0.12, rx=3)
        svg.text(x, y + height / 2 + 5, TITLES.get(name, graph[name]["title"]), size=14)
    return svg.render()

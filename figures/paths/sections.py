"""The sections of the vault, from left to right by what comes before what, as their front matter says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from figures.svg import ACCENT, Svg

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
    """Columns by depth, an arrow from each section to those that build on it."""
    graph = sections()
    columns: list[list[str]] = []
    for name in graph:
        while len(columns) <= depth(name, graph):
            columns.append([])
        columns[depth(name, graph)].append(name)
    width, height, gap, row = 84, 26, 22, 44
    most = max(map(len, columns))
    svg = Svg(len(columns) * (width + gap) - gap + 4, most * row, "各节的先后：从左到右")
    place: dict[str, tuple[float, float]] = {}
    for column, names in enumerate(columns):
        top = (most - len(names)) * row / 2 + (row - height) / 2
        for index, name in enumerate(names):
            place[name] = (2 + column * (width + gap), top + index * row)
    for name in graph:
        for before in shown(name, graph):
            x, y = place[before]
            to_x, to_y = place[name]
            svg.line(x + width, y + height / 2, to_x, to_y + height / 2, stroke=ACCENT, opacity=0.6)
    for name, (x, y) in place.items():
        svg.rect(x, y, width, height, fill=ACCENT, opacity=0.12, rx=3)
        title = graph[name]["title"]
        svg.text(x + width / 2, y + height / 2 + 4, title if len(title) <= 7 else title[:6] + "…", size=12, anchor="middle")
    return svg.render()

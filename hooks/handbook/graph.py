"""概念图: the pages and concepts of a vault as a graph of links, and as a list for those who cannot use a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .glossary import inert
from .reader import Reference
from .registry import Concept, Note, Vault


@dataclass(frozen=True)
class Node:
    """A page, or a concept that has its home in a part of one (then with an anchor)."""

    path: str
    anchor: str
    name: str
    section: str


@dataclass(frozen=True)
class Graph:
    """Nodes, links as pairs of positions of nodes (the smaller first, none twice), and the sections in order."""

    nodes: list[Node]
    edges: list[tuple[int, int]]
    sections: list[tuple[str, str]]
    """Folder and name."""


def build(vault: Vault, references: Iterable[Reference], left_out: str = "") -> Graph:
    """The graph of a vault without the page `left_out`, the home page, which leads everywhere."""
    notes = [note for note in vault.notes.values() if note.path != left_out]
    parts = [concept for concept in vault.concepts.values() if concept.anchor and concept.path != left_out]
    nodes = [Node(note.path, "", note.title, _section(note)) for note in notes]
    nodes += [Node(part.path, part.anchor, part.names[0], _section(vault.notes[part.path])) for part in parts]
    number = {(node.path, node.anchor): index for index, node in enumerate(nodes)}
    edges = {_edge(number[part.path, ""], number[part.path, part.anchor]) for part in parts}
    homes: dict[str, list[Concept]] = defaultdict(list)
    for part in parts:
        homes[part.path].append(part)
    for reference in references:
        path, anchor = reference.target.path, reference.target.anchor
        start = number.get((reference.source, _home(vault.notes[reference.source], homes, reference.line)))
        end = number.get((path, anchor), number.get((path, "")))
        if start is not None and end is not None and start != end:
            edges.add(_edge(start, end))
    folders = sorted({node.section for node in nodes}, key=lambda folder: _order(folder, vault))
    return Graph(nodes, sorted(edges), [(folder, _name(folder, vault)) for folder in folders])


def _edge(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _section(note: Note) -> str:
    return note.folder.split("/")[0]


def _index(folder: str, vault: Vault) -> Note | None:
    return vault.notes.get(f"{folder}/index.md") if folder else None


def _name(folder: str, vault: Vault) -> str:
    index = _index(folder, vault)
    return index.title if index else folder or "其他"


def _order(folder: str, vault: Vault) -> tuple[bool, float, str]:
    index = _index(folder, vault)
    order = index.meta.order if index else None
    return not folder, float("inf") if order is None else order, folder


def _home(note: Note, homes: dict[str, list[Concept]], line: int) -> str:
    """The anchor of the smallest concept of the note whose section holds the line; empty: the page."""
    own = {concept.anchor for concept in homes.get(note.path, ())}
    around = [section for section in note.sections if section.anchor in own and section.line <= line < section.end]
    return max(around, key=lambda section: section.line).anchor if around else ""


def data(graph: Graph, url: Callable[[str], str]) -> dict[str, Any]:
    """What the drawing needs: sections as [name, hue], nodes as [name, address, section], edges."""
    position = {folder: index for index, (folder, _) in enumerate(graph.sections)}
    return {
        "sections": [[name, hue(index, len(position))] for index, (_, name) in enumerate(graph.sections)],
        "nodes": [[node.name, _address(node, url), position[node.section]] for node in graph.nodes],
        "edges": graph.edges,
    }


def hue(index: int, count: int) -> int:
    """The hue of a section in degrees, even around the circle."""
    return round(25 + 360 * index / max(count, 1)) % 360


def _address(node: Node, url: Callable[[str], str]) -> str:
    return url(node.path) + (f"#{node.anchor}" if node.anchor else "")


def page(graph: Graph, href: Callable[[str], str], root: str) -> str:
    """The Markdown of the page; `href` gives the address of a note's page relative to it, `root` that of the site."""
    degree = [0] * len(graph.nodes)
    for edge in graph.edges:
        for end in edge:
            degree[end] += 1
    lines = [
        "---", "title: 概念图", "description: 全站的页面与它们之间的链接，画成一张图，按节着色。",
        "search:", "  exclude: true", "hide: [toc]", "---", "",
        f"<p>{len(graph.nodes)} 个概念和页面，{len(graph.edges)} 条链接，颜色表示所属章节。"
        "拖动、缩放可以细看，点一个圆点就打开那一页；下面是同样内容的列表。</p>", "",
        '<div class="graph" aria-hidden="true"></div>', "",
    ]  # fmt: skip
    for index, (folder, name) in enumerate(graph.sections):
        inside = [number for number, node in enumerate(graph.nodes) if node.section == folder]
        inside.sort(key=lambda number: (-degree[number], graph.nodes[number].name))
        items = "".join(
            f'<li><a href="{inert(_address(graph.nodes[number], href))}" data-node="{number}">'
            f'{inert(graph.nodes[number].name)}</a> <span title="链接数">{degree[number]}</span></li>'
            for number in inside
        )
        dot = f'<i class="graph-dot" style="--hue: {hue(index, len(graph.sections))}"></i>'
        lines += [
            f'<details class="fold"><summary class="fold-title">{dot}{inert(name)} <span>{len(inside)}</span></summary>'
            f'<ul class="graph-list">{items}</ul></details>', "",
        ]  # fmt: skip
    lines += [f'<script type="module" src="{inert(root)}assets/concepts/graph.js"></script>', ""]
    return "\n".join(lines)

"""A Huffman tree over eight words, and the path of one of them."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.tokenization.hierarchical_softmax import huffman

WORDS = ["的", "是", "我", "吃", "猫", "苹果", "芯片", "耳朵"]
COUNTS = [40, 20, 12, 10, 8, 6, 3, 1]
SHOWN = 6
"""The word whose path is drawn in colour: 芯片."""


def draw() -> str:
    svg = Svg(700, 420, "八个词的 Huffman 树：「的」只要一次判断，「芯片」要五次；芯片的概率是路径上五个 sigmoid 之积")
    paths = huffman(COUNTS)
    order = sorted(range(len(WORDS)), key=lambda w: [-sign for sign in paths[w].signs])  # left to right
    x = {WORDS[w]: 52.0 + 85.0 * i for i, w in enumerate(order)}
    place: dict[int, tuple[float, float]] = {}
    for node in range(len(WORDS) - 1):
        below = [x[WORDS[w]] for w in range(len(WORDS)) if node in paths[w].nodes]
        depth = next(p.nodes.index(node) for p in paths if node in p.nodes)
        place[node] = (sum(below) / len(below), 32 + 64.0 * depth)
    lines: set[tuple[float, float, float, float]] = set()
    for coloured in (False, True):
        for w, path in enumerate(paths):
            if (w == SHOWN) != coloured:
                continue
            leaf = (x[WORDS[w]], 32 + 64.0 * len(path.nodes))
            stops = [place[node] for node in path.nodes] + [leaf]
            for (x1, y1), (x2, y2), sign in zip(stops, stops[1:], path.signs, strict=False):
                if coloured:
                    svg.line(x1, y1, x2, y2, stroke=ACCENT, width=4, opacity=1)
                    side = 28 if x2 > x1 else -28
                    label = "σ(s)" if sign == 1 else "σ(−s)"
                    svg.text((x1 + x2) / 2 + side, (y1 + y2) / 2 - 4, label, size=15, fill=ACCENT)
                elif (x1, y1, x2, y2) not in lines:
                    svg.line(x1, y1, x2, y2, opacity=0.5)
                    lines.add((x1, y1, x2, y2))
    for node, (nx, ny) in place.items():
        svg.circle(nx, ny, 7, fill=ACCENT if node in paths[SHOWN].nodes else ACCENT2)
    for w, path in enumerate(paths):
        y = 32 + 64.0 * len(path.nodes)
        svg.text(x[WORDS[w]], y + 20, WORDS[w], size=20, bold=w == SHOWN, fill=ACCENT if w == SHOWN else "currentColor")
        svg.text(x[WORDS[w]], y + 41, f"{COUNTS[w]}%", size=16, opacity=0.75)
    return svg.render()

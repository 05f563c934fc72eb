"""How BPE puts a word together: the tree of its merges, each with the number of the step that taught it in a circle."""

from __future__ import annotations

from figures.svg import ACCENT, INK, Svg
from labs.tokenization import bpe

CIRCLED = "①②③④⑤⑥⑦"


def draw() -> str:
    svg = Svg(720, 372, "BPE 编码的合并树：左边是 talking，右边是 深度机器学习")
    tree(svg, 14, "talking", bpe.ENGLISH, 7, 42)
    tree(svg, 376, "深度机器学习", bpe.CHINESE, 6, 54)
    return svg.render()


def tree(svg: Svg, left: float, word: str, corpus: dict[str, int], merges: int, gap: float) -> None:
    """Leaves at the bottom, the tokens that remain outlined in the accent."""
    pairs = [step.pair for step in bpe.train(bpe.spell(corpus), merges)]
    bottom = 344.0
    nodes = [(char, left + gap * (i + 0.5), bottom, 0) for i, char in enumerate(word)]  # text, x, y, step
    shown = list(nodes)
    for rank, pair in enumerate(pairs, start=1):
        i = 0
        while i < len(nodes) - 1:
            (a, xa, ya, _), (b, xb, yb, _) = nodes[i], nodes[i + 1]
            if (a, b) == pair:
                x, y = (xa + xb) / 2, min(ya, yb) - 80
                svg.line(x, y + 18, xa, ya - 20, width=1.5)
                svg.line(x, y + 18, xb, yb - 20, width=1.5)
                nodes[i : i + 2] = [(a + b, x, y, rank)]
                shown.append(nodes[i])
            i += 1
    for text, x, y, rank in shown:
        final = (text, x, y, rank) in nodes
        label = f"{text} {CIRCLED[rank - 1]}" if rank else text
        width = max(36.0, 14 + sum(19 if ord(c) > 255 else 10.5 for c in label))
        color = ACCENT if final else INK
        fill, edge = (0.22, 0.9) if final else (0.06, 0.4)
        svg.rect(x - width / 2, y - 20, width, 40, rx=7, fill=color, opacity=fill, stroke=color, stroke_opacity=edge)
        svg.text(x, y + 7, label, size=20, bold=final)
    svg.text(left, 26, f"{word} → {len(nodes)} 个 token", size=19, anchor="start", bold=True)

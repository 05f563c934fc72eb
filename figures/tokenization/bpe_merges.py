"""How BPE puts a word together: the tree of its merges, each with the number of the step that taught it."""

from __future__ import annotations

from figures.svg import ACCENT, INK, Svg
from labs.tokenization import bpe

STEP = 54.0


def draw() -> str:
    svg = Svg(700, 470, "BPE 编码的合并树：左边是 talking，右边是 深度机器学习")
    tree(svg, 20, "talking", bpe.ENGLISH, 7, 42)
    tree(svg, 370, "深度机器学习", bpe.CHINESE, 3, 52)
    return svg.render()


def tree(svg: Svg, left: float, word: str, corpus: dict[str, int], merges: int, gap: float) -> None:
    """Leaves at the bottom, the tokens that remain outlined in the accent."""
    pairs = [step.pair for step in bpe.train(bpe.spell(corpus), merges)]
    bottom = 440.0
    nodes = [(char, left + gap * (i + 0.5), bottom, 0) for i, char in enumerate(word)]  # text, x, y, step
    shown = list(nodes)
    for rank, pair in enumerate(pairs, start=1):
        i = 0
        while i < len(nodes) - 1:
            (a, xa, ya, _), (b, xb, yb, _) = nodes[i], nodes[i + 1]
            if (a, b) == pair:
                x, y = (xa + xb) / 2, min(ya, yb) - 82
                svg.line(x, y + 18, xa, ya - 20, width=1.5)
                svg.line(x, y + 18, xb, yb - 20, width=1.5)
                nodes[i : i + 2] = [(a + b, x, y, rank)]
                shown.append(nodes[i])
            i += 1
    for text, x, y, rank in shown:
        final = (text, x, y, rank) in nodes
        size = 20 if len(text) < 3 else 18
        width = max(34.0, 12 + sum(19 if ord(c) > 255 else 11 for c in text))
        color = ACCENT if final else INK
        svg.rect(
            x - width / 2, y - 19, width, 38, rx=7, fill=color, opacity=0.22 if final else 0.06, stroke=color,
            stroke_opacity=0.9 if final else 0.4,
        )  # fmt: skip
        svg.text(x, y + 7, text, size=size, bold=final)
        if rank:
            svg.text(x + width / 2 + 5, y - 10, f"第 {rank} 步", size=14, anchor="start", fill=ACCENT)
    svg.text(left, 26, f"{word} → {len(nodes)} 个 token", size=19, anchor="start", bold=True)

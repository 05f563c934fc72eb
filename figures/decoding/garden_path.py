"""A two-step tree where the best first token does not begin the best text."""

from __future__ import annotations

from math import exp

from figures.svg import ACCENT, ACCENT2, Svg
from labs.decoding.search import garden_path, greedy


def draw() -> str:
    """Greedy in the second accent, the best text in the first."""
    svg = Svg(700, 330, "贪心错过最可能的句子")
    first = garden_path(())
    root = (60.0, 165.0)
    mids = {1: (270.0, 85.0), 2: (270.0, 245.0)}
    names = {1: "A", 2: "B"}
    took = greedy(garden_path, 4)
    for token, (x, y) in mids.items():
        color = ACCENT2 if took.tokens[0] == token else ACCENT
        svg.line(*root, x - 22, y, stroke=color, width=4, opacity=0.9)
        svg.text((root[0] + x) / 2 - 6, (root[1] + y) / 2 + (-14 if token == 1 else 30), f"{first[token]:g}", size=22)
        svg.rect(x - 22, y - 20, 44, 40, rx=6, stroke=color, stroke_opacity=1)
        svg.text(x, y + 8, names[token], size=22, bold=True)
        row = garden_path((token,))
        leaves = [t for t in (2, 3, 4) if row[t] > 0]
        best = int(row.argmax())
        for i, leaf in enumerate(leaves):
            ly = y + (i - 1) * 52
            on = leaf == best
            svg.line(x + 24, y, 450, ly, stroke=color if on else "currentColor", width=4 if on else 1.5, opacity=0.9)
            total = first[token] * row[leaf]
            svg.text(462, ly + 7, f"{row[leaf]:g}", size=20, anchor="start", bold=on)
            svg.text(
                540,
                ly + 7,
                f"整句 {total:.2f}" if on else f"{total:.2f}",
                size=20,
                anchor="start",
                bold=on,
                fill=color if on else "currentColor",
            )
    svg.circle(*root, 9)
    svg.text(672, mids[1][1] + 7, "贪心", size=20, fill=ACCENT2, bold=True)
    svg.text(672, mids[2][1] + 59, "最优", size=20, fill=ACCENT, bold=True)
    assert abs(exp(took.logp) - 0.2) < 1e-12
    return svg.render()

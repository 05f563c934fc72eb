"""Beam search of width 2 on the garden path: which of the k·V candidates stay."""

from __future__ import annotations

from math import exp

import numpy as np

from figures.svg import ACCENT, Svg
from labs.decoding.search import beam_search, garden_path

NAMES = "·ABCD"


def draw() -> str:
    """Two steps; kept candidates are filled and joined by solid lines, dropped ones dashed."""
    svg = Svg(700, 400, "束宽为 2 的束搜索")
    first = garden_path(())
    best, _ = beam_search(garden_path, 2, 4)
    winner = best[0].tokens
    kept1 = set(np.argsort(-first, kind="stable")[:2].tolist())
    two = {(a, b): first[a] * garden_path((a,))[b] for a in kept1 for b in range(1, 5) if garden_path((a,))[b] > 0}
    kept2 = set(sorted(two, key=lambda k: -two[k])[:2])
    root = (50.0, 190.0)
    pos1 = {1: (230.0, 100.0), 2: (230.0, 240.0), 3: (230.0, 340.0)}
    for token, (x, y) in pos1.items():
        on = token in kept1
        svg.line(
            *root,
            x - 40,
            y,
            width=3 if on else 1.5,
            dash="" if on else "5 5",
            opacity=0.9 if on else 0.5,
            stroke=ACCENT if on else "currentColor",
        )
        svg.rect(x - 40, y - 20, 106, 40, rx=6, fill=ACCENT if on else "none", opacity=0.25)
        svg.text(x + 13, y + 7, f"{NAMES[token]}  {first[token]:g}", size=20, opacity=1 if on else 0.6)
    slots = sorted(two)
    for i, (a, b) in enumerate(slots):
        y = 50.0 + i * 52
        x0, y0 = pos1[a]
        on = (a, b) in kept2
        svg.line(
            x0 + 68,
            y0,
            430,
            y,
            width=3 if on else 1.5,
            dash="" if on else "5 5",
            opacity=0.9 if on else 0.5,
            stroke=ACCENT if on else "currentColor",
        )
        svg.rect(430, y - 20, 130, 40, rx=6, fill=ACCENT if on else "none", opacity=0.25)
        svg.text(495, y + 7, f"{NAMES[a]}{NAMES[b]}  {two[a, b]:.2f}", size=20, opacity=1 if on else 0.6)
        if (a, b) == winner[:2]:
            svg.text(575, y + 7, "胜出", size=20, anchor="start", bold=True, fill=ACCENT)
    svg.circle(*root, 9)
    svg.text(243, 38, "第一步留 2", size=18)
    svg.text(495, 388, "第二步留 2", size=18)
    assert abs(exp(best[0].logp) - 0.36) < 1e-12
    return svg.render()

"""Three masks side by side, with the charged positions under each."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.pretraining.objectives import IGNORE, next_token_targets, visible

N, CELL = 6, 28.0


def draw() -> str:
    """Causal, prefix (3) and bidirectional masks over 6 tokens; a dot under a charged position."""
    svg = Svg(700, 300, "因果、前缀、双向三种掩码，以及各自计损失的位置")
    mlm = np.full(N, IGNORE)
    mlm[4] = 4  # one token of six is hidden: about 15 %
    panels = (
        ("因果 LM", 0, next_token_targets(np.arange(N))),
        ("前缀 LM", 3, next_token_targets(np.arange(N), 3)),
        ("掩码 LM", N, mlm),
    )
    for p, (name, prefix, labels) in enumerate(panels):
        left, top = 46.0 + p * 226, 46.0
        svg.text(left + N * CELL / 2, 28, name, size=18, bold=True)
        seen = visible(N, prefix)
        for i in range(N):
            for j in range(N):
                two_way = j > i
                svg.rect(
                    left + j * CELL,
                    top + i * CELL,
                    CELL,
                    CELL,
                    fill=(ACCENT2 if two_way else ACCENT) if seen[i, j] else "none",
                    opacity=0.55 if seen[i, j] else 1,
                    stroke_opacity=0.35,
                )
        for i in range(N):
            x = left + (i + 0.5) * CELL
            if labels[i] != IGNORE:
                svg.circle(x, top + N * CELL + 18, 6)
            else:
                svg.line(x - 5, top + N * CELL + 18, x + 5, top + N * CELL + 18, opacity=0.5)
        if p == 0:
            svg.text(left - 10, top + N * CELL + 23, "损失", size=14, anchor="end")
    svg.rect(120, 264, 16, 16, fill=ACCENT, opacity=0.55)
    svg.text(144, 278, "看自己和过去", size=16, anchor="start")
    svg.rect(290, 264, 16, 16, fill=ACCENT2, opacity=0.55)
    svg.text(314, 278, "看将来", size=16, anchor="start")
    svg.circle(420, 272, 6)
    svg.text(436, 278, "该位置计损失", size=16, anchor="start")
    return svg.render()

"""What one query of NSA reads in each of its three branches."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.nsa import Sizes, block_scores, choose, compressed_visible
from labs.attention.scaled_dot_product import scores, softmax

N, CELL, LEFT = 64, 9.6, 92.0
SIZES = Sizes(compress=8, stride=4, select=8, chosen=5, window=12)


def draw() -> str:
    """64 tokens; the query is the last one; two past blocks resemble it, and the selection finds them."""
    rng = np.random.default_rng(3)
    q = rng.standard_normal((1, N, 16))
    k = 0.5 * rng.standard_normal((N, 16))
    k[18:23] += 0.9 * q[0, -1]  # something relevant in block 2
    k[33:38] += 0.7 * q[0, -1]  # and in block 4
    starts = range(0, N - SIZES.compress + 1, SIZES.stride)
    k_cmp = np.stack([k[s : s + SIZES.compress].mean(axis=0) for s in starts])
    mask = compressed_visible(N, SIZES)
    p = softmax(scores(q[0, -1:], k_cmp, mask[-1:]))  # (1, m), only the last query is drawn
    importance = np.repeat(block_scores(p, SIZES, N // SIZES.select), N, axis=0)
    chosen = choose(importance, SIZES)[-1]

    svg = Svg(720, 330, "NSA 的一个查询在压缩、选择、窗口三个分支里各读哪些键")
    right = LEFT + N * CELL
    svg.text(LEFT - 10, 68, "压缩", size=18, anchor="end", bold=True)
    svg.text(LEFT - 10, 176, "选择", size=18, anchor="end", bold=True)
    svg.text(LEFT - 10, 250, "窗口", size=18, anchor="end", bold=True)
    for i, s in enumerate(starts):  # overlapping blocks, in two rows so that both edges show
        y = 34 if i % 2 == 0 else 64
        share = float(p[0, i] / p.max())
        width = SIZES.compress * CELL
        svg.rect(LEFT + s * CELL + 1, y, width - 2, 26, fill=ACCENT, opacity=0.06 + 0.84 * share, rx=3)
    svg.text(LEFT, 118, "每块压成一个键；颜色越深，权重越大", size=15, anchor="start")
    for b, on in enumerate(chosen):
        x, width = LEFT + b * SIZES.select * CELL, SIZES.select * CELL
        if on:
            for t in range(SIZES.select):
                svg.rect(x + t * CELL + 1, 156, CELL - 2, 28, fill=ACCENT, opacity=0.85, stroke="none")
        svg.rect(x, 154, width, 32)
    svg.text(LEFT, 208, "按上面的权重挑块，逐词读原来的键", size=15, anchor="start")
    for t in range(N):
        on = t > N - 1 - SIZES.window
        opacity = 0.85 if on else 0.0
        svg.rect(LEFT + t * CELL + 1, 230, CELL - 2, 28, fill=ACCENT2, opacity=opacity, stroke_opacity=0.25)
    svg.text(LEFT, 280, f"最近 {SIZES.window} 个词", size=15, anchor="start")
    svg.line(LEFT, 298, right, 298, arrow=True)
    svg.text(LEFT, 320, "序列开头", size=15, anchor="start")
    svg.text(right, 320, "当前查询", size=15, anchor="end", bold=True)
    return svg.render()

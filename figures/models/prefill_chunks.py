"""Prefill in three chunks with a window of four: what each query sees in the cache and in its own chunk."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg

N, W, CHUNK = 12, 4, 4
CELL = 24


def draw() -> str:
    """The SVG."""
    svg = Svg(640, 340, "分块预填充的掩码")
    left, top = 70.0, 14.0
    for i in range(N):
        for j in range(N):
            visible = 0 <= i - j < W
            own = j // CHUNK == i // CHUNK
            color = ACCENT if own else ACCENT2
            svg.rect(
                left + j * CELL,
                top + i * CELL,
                CELL - 2,
                CELL - 2,
                rx=2,
                fill=color if visible else "none",
                opacity=0.7,
                stroke_opacity=0.25,
            )
    for k in range(1, N // CHUNK):
        edge = k * CHUNK * CELL - 1
        svg.line(left, top + edge, left + N * CELL, top + edge, width=1.5, dash="5 4")
        svg.line(left + edge, top, left + edge, top + N * CELL, width=1.5, dash="5 4")
    for k in range(N // CHUNK):
        svg.text(left - 10, top + (k + 0.5) * CHUNK * CELL + 6, f"块 {k + 1}", size=18, anchor="end")
    svg.text(left + N * CELL / 2, 330, "键的位置", size=18)
    svg.rect(402, 70, 20, 20, rx=2, fill=ACCENT, opacity=0.7)
    svg.text(432, 87, "本块自己", size=20, anchor="start")
    svg.rect(402, 112, 20, 20, rx=2, fill=ACCENT2, opacity=0.7)
    svg.text(432, 129, "滚动缓存", size=20, anchor="start")
    svg.text(402, 180, "窗口 4，块长 4：", size=19, anchor="start")
    svg.text(402, 208, "每块只用到缓存里", size=19, anchor="start")
    svg.text(402, 236, "最近的 3 个", size=19, anchor="start")
    return svg.render()

"""How often the right image is among the first ten, against the gap between the two cones."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.rag.modality_gap import make, merge_raw, merge_z


def draw() -> str:
    """Raw scores and standardised scores, gaps 0 to 1."""
    svg = Svg(660, 350, "间隙一大，按原始分数混排就看不到图片")
    left, right, top, bottom = 80.0, 480.0, 40.0, 280.0

    def at(gap: float, hits: int) -> tuple[float, float]:
        return left + (right - left) * gap, bottom - (bottom - top) * hits / 100

    for hits in (0, 50, 100):
        y = at(0, hits)[1]
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, str(hits), anchor="end", size=18)
    gaps = [i / 10 for i in range(11)]
    for gap in (0.0, 0.5, 1.0):
        svg.text(at(gap, 0)[0], bottom + 26, f"{gap:g}", size=18)
    svg.text((left + right) / 2, bottom + 54, "图与文之间的间隙 g", size=18)
    for merge, color, name in ((merge_raw, ACCENT2, "原始分数"), (merge_z, ACCENT, "各自标准化")):
        points = []
        for gap in gaps:
            space = make(100, 64, gap, 0.8)
            hits = sum(100 + i in merge(space.texts @ q, space.images @ q, 10) for i, q in enumerate(space.queries))
            points.append(at(gap, hits))
        svg.polyline(points, stroke=color, width=2.5)
        svg.text(points[-1][0] + 12, points[-1][1] + 6, name, anchor="start", size=19, fill=color)
    return svg.render()

"""Three replicas, one cut off: strict quorums refuse on the small side, loose ones answer on both and disagree."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.vector_db.quorum import during_partition


def draw() -> str:
    """Two panels, the answers taken from the simulation."""
    svg = Svg(740, 330, "分区时的两种选择")
    for left, w, title in ((20.0, 2, "W=R=2：保一致"), (385.0, 1, "W=R=1：保可用")):
        answers = dict(during_partition(w, w))
        svg.text(left + 168, 30, title, size=19, bold=True)
        svg.line(left + 118, 50, left + 118, 312, dash="7 6", opacity=0.8, width=2)
        for x in (left + 55, left + 180, left + 285):
            svg.circle(x, 100, 26, fill=INK, opacity=0.16)
            svg.text(x, 106, "副本", size=15)
        svg.line(left + 206, 100, left + 259, 100, width=2)
        for x, side in ((left + 55, "small"), (left + 232, "large")):
            for y, verb, label in ((180, "write", "写"), (250, "read", "读")):
                answer = answers[f"{verb} on the {side} side"]
                refused = answer is None or answer is False
                text = "拒绝" if refused else "成功" if answer is True else f"版本 {answer}"
                color = ACCENT2 if refused else ACCENT
                svg.rect(x - 52, y - 26, 104, 42, rx=6, fill=color, opacity=0.16, stroke=color, stroke_opacity=0.8)
                svg.text(x, y + 1, f"{label}：{text}", size=16)
        svg.text(left + 55, 304, "少数侧", size=16)
        svg.text(left + 232, 304, "多数侧", size=16)
    return svg.render()

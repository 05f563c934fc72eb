"""Expected inconsistency of right and wrong answers for four kinds of fact."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.selfcheck import expected, known, misconception

FACTS = [
    ("熟知（95%）", known(0.95, 10)),
    ("半懂（60%）", known(0.6, 10)),
    ("不知道（10%）", known(0.1, 10)),
    ("误解（错 90%）", misconception(0.9, 10)),
]


def draw() -> str:
    """Pairs of dots on one line each; the detector needs the wrong one to the right of the right one."""
    svg = Svg(720, 308, "四类事实上，正确回答与错误回答的不一致分数")
    left, right, top, step = 190.0, 690.0, 66.0, 48.0
    svg.circle(250, 24, 7, fill=ACCENT)
    svg.text(264, 30, "回答正确时", anchor="start", size=18)
    svg.circle(450, 24, 7, fill=ACCENT2)
    svg.text(464, 30, "回答错误时", anchor="start", size=18)
    for i, (name, p) in enumerate(FACTS):
        y = top + step * i + 14
        svg.text(left - 18, y + 6, name, anchor="end", size=18)
        svg.line(left, y, right, y, opacity=0.25)
        ok, bad = (float(v[0]) for v in expected(p))
        svg.line(left + (right - left) * ok, y, left + (right - left) * bad, y, width=2, opacity=0.6)
        svg.circle(left + (right - left) * ok, y, 8, fill=ACCENT)
        svg.circle(left + (right - left) * bad, y, 8, fill=ACCENT2)
    base = top + step * 4 + 2
    for value in (0.0, 0.5, 1.0):
        svg.text(left + (right - left) * value, base + 6, f"{value:.1f}", size=17)
    svg.text((left + right) / 2, base + 34, "与其余采样不一致的比例（越高越可疑）", size=17)
    return svg.render()

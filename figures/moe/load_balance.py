"""The simulated load of eight experts: no balancing, auxiliary loss, bias."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.moe.balance import max_violation, simulate

RUNS = (
    ("不均衡", "none", 1e-3),
    ("辅助损失 α=0.01", "aux", 1e-2),
    ("辅助损失 α=0.1", "aux", 1e-1),
    ("偏置 γ=0.001", "bias", 1e-3),
)
LEFT, WIDE, HIGH = 50.0, 290.0, 130.0


def draw() -> str:
    """Four bar charts; the dashed line is the even share."""
    svg = Svg(720, 440, "不做均衡时最忙的专家分到 31%，最闲的不到 1%；辅助损失系数大才拉平；偏置拉平到均匀")
    for i, (title, how, value) in enumerate(RUNS):
        run = simulate(how, gamma=value, alpha=value)
        f = run.loads[-100:].mean(axis=0)  # (E,)
        x0, y0 = LEFT + (i % 2) * (WIDE + 60), 46.0 + (i // 2) * (HIGH + 80)
        svg.text(x0, y0 - 14, title, size=18, anchor="start", bold=True)
        svg.text(x0 + WIDE, y0 - 14, f"MaxVio {max_violation(f):.2f}", size=17, anchor="end")
        for share in (0.1, 0.2, 0.3):
            y = y0 + HIGH * (1 - share / 0.32)
            svg.line(x0, y, x0 + WIDE, y, opacity=0.15)
            svg.text(x0 - 6, y + 5, f"{share:.0%}", size=14, anchor="end")
        for e, share in enumerate(f.tolist()):
            h = HIGH * share / 0.32
            color = ACCENT if how != "none" else ACCENT2
            svg.rect(x0 + 8 + e * 35, y0 + HIGH - h, 26, h, fill=color, opacity=0.75, stroke="none")
        even = y0 + HIGH * (1 - 0.125 / 0.32)
        svg.line(x0, even, x0 + WIDE, even, dash="5 4", opacity=0.8)
        svg.line(x0, y0 + HIGH, x0 + WIDE, y0 + HIGH)
    svg.text(360, 428, "八个专家各占的份额（虚线：均匀的 12.5%）", size=17)
    return svg.render()

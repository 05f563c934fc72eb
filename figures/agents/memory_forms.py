"""Total cost of one piece of knowledge in three forms over the number of uses, both axes logarithmic."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.agents.memory_forms import TOKEN_BYTES, break_even, forms, load_share


def draw() -> str:
    """Three lines and the two crossings with the flat one."""
    svg = Svg(720, 370, "三种记忆形态的总成本随使用次数变化")
    left, right, top, base = 76.0, 590.0, 30.0, 296.0
    kinds = forms(1000, 20, 3, load_share(1000, 8.03e9, 4e14, TOKEN_BYTES, 2.5e10))

    def at(uses: float, cost: float) -> tuple[float, float]:
        return left + (right - left) * log10(uses) / 4, base - (base - top) * (log10(cost) - 3) / 4

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for e, label in ((0, "1"), (1, "10"), (2, "100"), (3, "1 千"), (4, "1 万")):
        svg.text(at(10.0**e, 1e3)[0], base + 26, label, size=17)
    for e, label in ((3, "1 千"), (5, "10 万"), (7, "1 千万")):
        svg.text(left - 8, at(1, 10.0**e)[1] + 6, label, size=17, anchor="end")
    svg.text((left + right) / 2, base + 56, "使用次数", size=18)
    svg.text(left + 6, top - 6, "总成本（token 前向）", size=17, anchor="start")
    for name, color, label in (
        ("plaintext", ACCENT2, "明文"),
        ("activation", ACCENT, "激活"),
        ("parametric", INK, "参数"),
    ):
        form = kinds[name]
        svg.polyline(
            [
                at(10 ** (k / 10), form.total(1) if k == 0 else form.write + form.use * 10 ** (k / 10))
                for k in range(41)
            ],
            stroke=color,
            width=3,
        )
        end = at(1e4, form.write + form.use * 1e4)
        svg.text(end[0] + 12, end[1] + 6, label, size=18, anchor="start", bold=True, fill=color)
    for name, color in (("plaintext", ACCENT2), ("activation", ACCENT)):
        uses = break_even(kinds[name], kinds["parametric"])
        x, y = at(uses, kinds["parametric"].write)
        svg.circle(x, y, 5, fill=color)
        if name == "plaintext":
            svg.text(x - 4, y - 14, f"{uses:.0f} 次", size=17, anchor="end")
        else:
            svg.text(x + 8, y + 26, f"{uses:.0f} 次", size=17, anchor="start")
    return svg.render()

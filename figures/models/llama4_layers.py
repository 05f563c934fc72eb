"""The first eight layers of Llama 4 Scout and Maverick: where experts are, and where attention is global."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.parameter_count import is_moe
from labs.position.irope import uses_rope

LAYERS = 8


def draw() -> str:
    """The SVG."""
    svg = Svg(660, 392, "Llama 4 的层：专家与全局注意力")
    rope = uses_rope(LAYERS)
    for left, name, every in ((96, "Scout", 1), (388, "Maverick", 2)):
        svg.text(left + 110, 32, name, size=22, bold=True)
        for i in range(LAYERS):
            y = 310 - 36 * i
            moe = is_moe({"experts": {"every": every}}, i)
            svg.rect(left, y, 132, 29, rx=3, fill=ACCENT if moe else "none", opacity=0.65)
            svg.text(left + 66, y + 21, "专家" if moe else "稠密", size=18)
            svg.rect(left + 140, y, 80, 29, rx=3, fill="none" if rope[i] else ACCENT2, opacity=0.6)
            svg.text(left + 180, y + 21, "块内" if rope[i] else "全局", size=18)
            if every == 1:
                svg.text(left - 14, y + 21, str(i + 1), size=17, anchor="end", opacity=0.8)
        svg.text(left + 66, 372, "前馈", size=18)
        svg.text(left + 180, 372, "注意力", size=18)
    svg.text(46, 372, "层", size=17, opacity=0.8)
    return svg.render()

"""Seven claims about one text, placed by what the source says and by what the world says."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.grounding import CLAIMS, SINGLE, SOURCE, WORLD, kind

COLUMNS = {"true": "与世界相符", "unknown": "查不到", "false": "与世界相反"}
ROWS = {"faithful": "来源支持", "intrinsic": "与来源矛盾", "extrinsic": "来源没提"}


def draw() -> str:
    """A grid; the rows are the faithfulness axis, the columns the factuality axis."""
    svg = Svg(740, 380, "七句话按是否忠于来源、是否合乎事实排成三行三列")
    left, top, width, height = 118.0, 54.0, 204.0, 96.0
    for j, name in enumerate(COLUMNS.values()):
        svg.text(left + width * (j + 0.5), 36, name, size=18, bold=True)
    for i, (row, name) in enumerate(ROWS.items()):
        svg.text(left - 12, top + height * (i + 0.5) + 6, name, anchor="end", size=18, bold=True)
        for j, column in enumerate(COLUMNS):
            x, y = left + width * j, top + height * i
            bad = (row != "faithful", column == "false")
            color = ACCENT2 if bad[1] else ACCENT
            svg.rect(x + 4, y + 4, width - 8, height - 8, fill=color, opacity=0.07 + 0.09 * sum(bad), rx=6)
            texts = [t for t, c in CLAIMS.items() if kind(c, SOURCE, WORLD, SINGLE) == f"{row}, {column}"]
            for k, text in enumerate(texts):
                svg.text(x + width / 2, y + height / 2 + 6 + 26 * (k - (len(texts) - 1) / 2), text, size=17)
    svg.text(left + 1.5 * width, top + 3 * height + 26, "来源把总部写错了：忠实的一句反而是假的", size=17)
    return svg.render()

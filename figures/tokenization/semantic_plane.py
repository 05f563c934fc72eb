"""Trained skip-gram vectors of eleven words on their plane of greatest variance."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.tokenization.contextual import lookup
from labs.tokenization.word2vec import GROUPS, plane

NOUNS = list(dict.fromkeys(word for group, _ in GROUPS for word in group))
SCALE, X0, Y0 = 84.0, 316.0, 268.0
BESIDE = {"香蕉": (-1, 0), "汽车": (-1, 18), "火车": (-1, -8), "飞机": (-1, 5)}
"""Where a label stands, if not to the right: side, and units further down."""


def draw() -> str:
    svg = Svg(
        700, 520, "十一个词的词向量在平面上：动物、车、水果、公司各成一团，两边语料里都出现的苹果落在水果与公司之间"
    )
    table = lookup(NOUNS)[0]
    for word, (a, b) in zip(NOUNS, plane(table, table).tolist(), strict=True):
        x, y, apple = X0 + SCALE * a, Y0 - SCALE * b, word == "苹果"
        side, down = BESIDE.get(word, (1, 0))
        svg.circle(x, y, 9 if apple else 6, fill=ACCENT2 if apple else ACCENT)
        anchor = "start" if side > 0 else "end"
        svg.text(x + 14 * side, y + 7 + down, word, size=21, anchor=anchor, bold=apple, fill=ACCENT2 if apple else INK)
    for x, y, name in ((176, 46, "动物"), (110, 290, "车"), (560, 190, "水果"), (446, 448, "公司")):
        svg.text(x, y, name, size=18, opacity=0.6)
    return svg.render()

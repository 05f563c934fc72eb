"""Ten pages of the handbook, their links, and the communities that Louvain finds."""

from __future__ import annotations

from math import cos, pi, sin

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.rag.communities import EDGES, NAMES, handbook, louvain

CENTRES = [(160, 130), (500, 120), (380, 330)]
START = [-pi / 4, -pi / 2, -pi / 6]
COLORS = [ACCENT, ACCENT2, INK]


def draw() -> str:
    """Members of a community stand on a small circle; links inside are strong, links between are dashed."""
    svg = Svg(700, 450, "十个页面的链接分成三个社区")
    labels = louvain(handbook())[-1].tolist()
    place = {}
    for c, (cx, cy) in enumerate(CENTRES):
        members = [i for i, label in enumerate(labels) if label == c]
        svg.circle(cx, cy, 108, fill=COLORS[c], opacity=0.1)
        for step, i in enumerate(members):
            angle = 2 * pi * step / len(members) + START[c]
            place[i] = (cx + 62 * cos(angle), cy + 62 * sin(angle))
    for i, j in EDGES:
        inside = labels[i] == labels[j]
        svg.line(
            *place[i],
            *place[j],
            width=2.5 if inside else 1.5,
            opacity=0.7 if inside else 0.4,
            dash="" if inside else "5 5",
        )
    for i, (x, y) in place.items():
        svg.circle(x, y, 9, fill=COLORS[labels[i]])
        below = y > CENTRES[labels[i]][1]
        svg.text(x, y + (28 if below else -16), NAMES[i], size=18, bold=True)
    return svg.render()

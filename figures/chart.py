"""Curves of shares from 0 to 1, as many figures draw them: a frame with ticks, and a key beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from figures.svg import ACCENT, Svg

Curve = tuple[list[float], str, str, str, float]
"""Values in 0…1, colour, dash, name, height of the name."""


@dataclass(frozen=True)
class Chart:
    """A frame on a drawing, from `left` to `right` and from `base` up to `top`, in user units."""

    svg: Svg
    left: float
    right: float
    top: float
    base: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place of a point, both coordinates shares of their axis."""
        return self.left + (self.right - self.left) * x, self.base - (self.base - self.top) * y

    def axes(self, ticks: Mapping[float, str], below: str, shares: str = ".1f") -> None:
        """Both axes: `ticks` are the labels below the horizontal one by share, `below` says what it counts."""
        self.svg.line(self.left, self.base, self.right, self.base)
        self.svg.line(self.left, self.base, self.left, self.top)
        for value in (0.0, 0.5, 1.0):
            self.svg.text(self.left - 10, self.at(0, value)[1] + 6, format(value, shares), anchor="end", size=17)
        for x, label in ticks.items():
            self.svg.text(self.at(x, 0)[0], self.base + 24, label, size=17)
        self.svg.text((self.left + self.right) / 2, self.base + 52, below, size=18)

    def curve(self, points: Iterable[tuple[float, float]], color: str = ACCENT, dash: str = "") -> None:
        """A line through points given as shares of the axes."""
        self.svg.polyline([self.at(x, y) for x, y in points], stroke=color, width=3, dash=dash)

    def key(self, y: float, label: str, color: str = ACCENT, dash: str = "") -> None:
        """The name of a curve at height `y`, right of the frame."""
        self.svg.line(self.right + 18, y, self.right + 54, y, stroke=color, width=3, dash=dash, opacity=1)
        self.svg.text(self.right + 62, y + 6, label, anchor="start", size=18)


def plot(svg: Svg, at: Sequence[float], ticks: Mapping[float, str], curves: Iterable[Curve], below: str) -> None:
    """A whole chart of curves over the positions `at`, their names right of it."""
    chart = Chart(svg, 64, 468, 24, 276)
    chart.axes(ticks, below)
    for values, color, dash, label, y in curves:
        chart.curve(zip(at, values, strict=True), color, dash)
        chart.key(y, label, color, dash)

"""Horizontal bars with a name before and a number behind, as the widgets of the playground show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context

from figures.svg import ACCENT, ACCENT2, INK, Svg

TONES = {
    "a": (ACCENT, 0.9),
    "b": (ACCENT2, 0.9),
    "c": ("var(--jade, #2b6a4f)", 0.9),
    "d": ("var(--vermilion, #ab3f29)", 0.9),
    "faint": (INK, 0.35),
}
"""Colour and opacity of a part."""


@dataclass(frozen=True)
class Row:
    """A bar: its name, what stands behind it, and its parts as (value, tone)."""

    name: str
    text: str
    parts: Sequence[tuple[float, str]]


def bars(
    title: str, rows: Sequence[Row], names: dict[str, str] | None = None, left: float = 210, right: float = 590
) -> str:
    """A whole drawing; the longest bar goes from `left` to `right`, `names` says below what the tones mean."""
    svg = Svg(720, 46 * len(rows) + (58 if names else 14), title)
    most = max(sum(value for value, _ in row.parts) for row in rows)
    for index, row in enumerate(rows):
        y, x = 10 + 46 * index, left
        svg.text(left - 12, y + 23, row.name, anchor="end", size=18)
        for value, tone in row.parts:
            width = (right - left) * value / most
            color, opacity = TONES[tone]
            if width > 0:
                svg.rect(x, y, width, 32, fill=color, opacity=opacity, stroke_opacity=0)
            x += width
        svg.text(x + 10, y + 23, row.text, anchor="start", size=18)
    x = left
    for tone, name in (names or {}).items():
        color, opacity = TONES[tone]
        svg.rect(x, 46 * len(rows) + 22, 18, 18, fill=color, opacity=opacity, stroke_opacity=0)
        svg.text(x + 26, 46 * len(rows) + 37, name, anchor="start", size=17)
        x += 44 + 17 * len(name)
    return svg.render()


def scaled(value: float, base: float, units: Sequence[str]) -> str:
    """A number in the largest unit that it reaches, four significant digits: as `ui.js` writes it."""
    power = 0
    while power < len(units) - 1 and abs(value) >= base:
        value, power = value / base, power + 1
    # Halves go up, as in JavaScript: sizes in powers of two often end in one.
    four = Context(4, ROUND_HALF_UP).create_decimal(value).normalize()
    return f"{four:f}\N{NO-BREAK SPACE}{units[power]}"


def gib(size: float) -> str:
    """Bytes in powers of 1024."""
    return scaled(size, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"])


def gb(size: float) -> str:
    """Bytes in powers of 1000."""
    return scaled(size, 1000, ["B", "kB", "MB", "GB", "TB", "PB"])


def short(count: float) -> str:
    """A count with K, M, B or T."""
    return scaled(count, 1000, ["", "K", "M", "B", "T"]).replace("\N{NO-BREAK SPACE}", "")


def flop(count: float) -> str:
    """Floating-point operations."""
    return scaled(count, 1000, [f"{unit}FLOP" for unit in ("", "K", "M", "G", "T", "P", "E", "Z", "Y")])

"""A small SVG kit for figures that read in light and dark, in the page and in Obsidian.

The build puts a figure inline into its page, so `currentColor` is the page's text colour and the two accents follow
the theme; opened alone (in Obsidian), the fall-back values of the accents apply. No figure paints a background.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

INK = "currentColor"
ACCENT = "var(--figure-a, #4776c9)"
"""First accent: what the figure is about."""
ACCENT2 = "var(--figure-b, #c9762f)"
"""Second accent: what it is compared with."""
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


def num(value: float) -> str:
    """A coordinate with at most two decimals, so that a redrawn figure is byte-equal on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@dataclass
class Svg:
    """A drawing of `width` by `height` user units; methods add shapes in painting order, `render` gives the file."""

    width: float
    height: float
    title: str
    parts: list[str] = field(default_factory=list)

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        fill: str = "none",
        opacity: float = 1,
        stroke: str = INK,
        stroke_opacity: float = 0.5,
        rx: float = 0,
        dash: str = "",
    ) -> None:
        """A rectangle; `opacity` is the fill's (0 to 1)."""
        self.parts.append(
            f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}"'
            + (f' rx="{num(rx)}"' if rx else "")
            + f' fill="{fill}" fill-opacity="{num(opacity)}" stroke="{stroke}" stroke-opacity="{num(stroke_opacity)}"'
            + (f' stroke-dasharray="{dash}"' if dash else "")
            + "/>"
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        stroke: str = INK,
        width: float = 1,
        opacity: float = 0.7,
        dash: str = "",
        arrow: bool = False,
    ) -> None:
        """A straight line, with an arrow head at its end if `arrow`."""
        self.parts.append(
            f'<path d="M{num(x1)} {num(y1)}L{num(x2)} {num(y2)}" fill="none"'
            f' stroke="{stroke}" stroke-width="{num(width)}"'
            f' stroke-opacity="{num(opacity)}"' + (f' stroke-dasharray="{dash}"' if dash else "") + "/>"
        )
        if arrow:
            self._head(x1, y1, x2, y2, stroke, opacity)

    def _head(self, x1: float, y1: float, x2: float, y2: float, color: str, opacity: float) -> None:
        # Drawn as a triangle: a <marker> needs an id, and ids of two inline figures on a page would clash.
        length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-9)
        ux, uy = (x2 - x1) / length, (y2 - y1) / length
        bx, by = x2 - 7 * ux, y2 - 7 * uy
        points = (
            f"{num(x2)},{num(y2)} {num(bx - 3.5 * uy)},{num(by + 3.5 * ux)} {num(bx + 3.5 * uy)},{num(by - 3.5 * ux)}"
        )
        self.parts.append(f'<polygon points="{points}" fill="{color}" fill-opacity="{num(opacity)}"/>')

    def polyline(
        self,
        points: list[tuple[float, float]],
        *,
        stroke: str = ACCENT,
        width: float = 2,
        dash: str = "",
    ) -> None:
        """A curve through `points`, for plots."""
        d = "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points)
        self.parts.append(
            f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{num(width)}" stroke-linejoin="round"'
            + (f' stroke-dasharray="{dash}"' if dash else "")
            + "/>"
        )

    def circle(self, x: float, y: float, r: float, *, fill: str = INK, opacity: float = 1) -> None:
        """A filled dot."""
        self.parts.append(
            f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{fill}" fill-opacity="{num(opacity)}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 14,
        anchor: str = "middle",
        fill: str = INK,
        bold: bool = False,
        italic: bool = False,
        opacity: float = 1,
    ) -> None:
        """Text whose baseline is at `y`; `anchor` is start, middle or end. Keep `size` at 13 or more: figures shrink on
        a phone.
        """
        self.parts.append(
            f'<text x="{num(x)}" y="{num(y)}" font-size="{num(size)}" text-anchor="{anchor}" fill="{fill}"'
            + (' font-weight="600"' if bold else "")
            + (' font-style="italic"' if italic else "")
            + (f' fill-opacity="{num(opacity)}"' if opacity != 1 else "")
            + f">{escape(text, quote=False)}</text>"
        )

    def render(self) -> str:
        """The whole SVG document, ending with a newline."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {num(self.width)} {num(self.height)}"'
            f' width="{num(self.width)}" height="{num(self.height)}" font-family="{FONT}" role="img">\n'
            f"<title>{escape(self.title, quote=False)}</title>\n" + "\n".join(self.parts) + "\n</svg>\n"
        )

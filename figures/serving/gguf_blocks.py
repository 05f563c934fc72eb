"""The bytes of a Q4_0 block and of a Q4_K super-block, to one scale of bits per weight."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg


def draw() -> str:
    """Two bars of equal width: 18 bytes for 32 weights, 144 bytes for 256."""
    svg = Svg(700, 310, "Q4_0 与 Q4_K 的字节布局")
    left, width = 30.0, 640.0

    def bar(y: float, parts: list[tuple[str, int, str, float]], total: int) -> None:
        x = left
        for name, size, color, opacity in parts:
            w = width * size / total
            svg.rect(x, y, w, 50, fill=color, opacity=opacity, stroke_opacity=0.6)
            if w > 120:
                svg.text(x + w / 2, y + 32, name, size=20)
            x += w

    svg.text(left, 36, "Q4_0：32 个权重，18 字节", size=20, anchor="start", bold=True)
    bar(50, [("d", 2, ACCENT, 0.8), ("16 字节：每字节两个 4 bit 权重", 16, ACCENT2, 0.35)], 18)
    svg.text(left, 126, "FP16 尺度 2 字节", size=18, anchor="start", fill=ACCENT)
    svg.text(left, 184, "Q4_K：256 个权重，144 字节", size=20, anchor="start", bold=True)
    bar(
        198,
        [("d", 4, ACCENT, 0.8), ("s", 12, ACCENT, 0.4), ("128 字节：每字节两个 4 bit 权重", 128, ACCENT2, 0.35)],
        144,
    )
    svg.text(left, 274, "d、dmin 4 字节，8 对 6 bit 尺度与最小值 12 字节", size=18, anchor="start", fill=ACCENT)
    svg.text(left, 302, "都是 4.5 bit，Q4_K 却多了最小值", size=18, anchor="start")
    return svg.render()

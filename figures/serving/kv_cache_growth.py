"""KV cache of one request over its length, five models of docs/data/models.yaml."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.models.layer_cache import MODELS, Layer, grouped, numbers

LENGTHS = [2**i for i in range(10, 18)]
CURVES: list[tuple[str, list[Layer], str, str, int]] = [
    ("Qwen-72B（MHA）", MODELS["Qwen-72B"], ACCENT2, "", 0),
    ("Qwen2.5-72B（GQA）", MODELS["Qwen2.5-72B"], ACCENT, "", 0),
    ("Llama 3.1 8B（GQA）", [grouped(8, 128)] * 32, INK, "6 4", -4),
    ("DeepSeek-V3（MLA）", MODELS["DeepSeek-V3"], ACCENT, "6 4", 14),
    ("Qwen3-Next（混合）", MODELS["Qwen3-Next-80B-A3B"], INK, "2 4", 6),
]


def draw() -> str:
    """Both axes logarithmic: tokens from 1K to 128K, GiB from 1/64 to 512."""
    svg = Svg(720, 430, "一条请求的 KV cache 随长度增长")
    left, right, top, bottom = 74.0, 500.0, 40.0, 360.0

    def place(tokens: float, gib: float) -> tuple[float, float]:
        return left + (right - left) * (log2(tokens) - 10) / 7, bottom - (bottom - top) * (log2(gib) + 6) / 15

    for exponent in (-6, -3, 0, 3, 6, 9):
        y = place(1024, 2.0**exponent)[1]
        svg.line(left, y, right, y, opacity=0.14)
        svg.text(left - 8, y + 6, f"{2**exponent:g}" if exponent >= 0 else f"1/{2**-exponent}", anchor="end", size=17)
    for k in (1, 4, 16, 64):
        x = place(k * 1024, 1)[0]
        svg.text(x, bottom + 24, f"{k}K", size=17)
    svg.text(right, bottom + 24, "128K", size=17)
    svg.text(left - 50, 22, "GiB（16 bit）", anchor="start", size=17)
    svg.text((left + right) / 2, bottom + 52, "上下文（token）", size=18)
    for name, layers, colour, dash, shift in CURVES:
        points = [place(n, numbers(layers, n) * 2 / 2**30) for n in LENGTHS]
        svg.polyline(points, stroke=colour, width=3, dash=dash)
        svg.text(right + 8, points[-1][1] + 6 + shift, name, anchor="start", size=18, fill=colour)
    return svg.render()

"""Parameters and training tokens of the LLaMA generations, against 20 tokens a parameter."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, Svg
from labs.foundations.decoder_params import LLAMA2_70B, LLAMA3_8B, LLAMA_7B, LLAMA_65B

LEFT, RIGHT, TOP, BOTTOM = 86.0, 610.0, 24.0, 282.0
X, Y = (9.6, 11.8), (11.0, 13.5)
TOKENS = {"LLaMA-7B": 1.0e12, "LLaMA-65B": 1.4e12, "Llama-2-70B": 2e12, "Llama-3-8B": 15e12, "405B": 15.6e12}
SIZES = {
    "LLaMA-7B": LLAMA_7B.total(),
    "LLaMA-65B": LLAMA_65B.total(),
    "Llama-2-70B": LLAMA2_70B.total(),
    "Llama-3-8B": LLAMA3_8B.total(),
    "405B": 405e9,
}


def place(parameters: float, tokens: float) -> tuple[float, float]:
    """Both axes are logarithmic."""
    x = LEFT + (RIGHT - LEFT) * (log10(parameters) - X[0]) / (X[1] - X[0])
    return x, BOTTOM - (BOTTOM - TOP) * (log10(tokens) - Y[0]) / (Y[1] - Y[0])


def draw() -> str:
    """The SVG."""
    svg = Svg(640, 344, "LLaMA 各代的参数与训练 token")
    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM)
    svg.line(LEFT, BOTTOM, LEFT, TOP)
    for value, name in ((1e10, "10B"), (1e11, "100B")):
        x = place(value, 1e12)[0]
        svg.line(x, BOTTOM, x, BOTTOM + 5)
        svg.text(x, BOTTOM + 25, name, size=18)
    for value, name in ((1e11, "0.1T"), (1e12, "1T"), (1e13, "10T")):
        y = place(1e10, value)[1]
        svg.line(LEFT - 5, y, LEFT, y)
        svg.text(LEFT - 10, y + 6, name, size=18, anchor="end")
    svg.line(*place(5e9, 1e11), *place(6e11, 1.2e13), stroke=ACCENT2, width=2.5, opacity=1, dash="7 5")
    svg.text(*place(2.1e10, 1.75e11), "每参数 20 个 token", size=19, fill=ACCENT2, anchor="start")
    for name, tokens in TOKENS.items():
        x, y = place(SIZES[name], tokens)
        svg.circle(x, y, 6.5, fill=ACCENT)
        dx, dy, anchor = {"Llama-2-70B": (0, -14, "middle"), "LLaMA-65B": (16, 24, "start")}.get(name, (12, 6, "start"))
        svg.text(x + dx, y + dy, name, size=18, anchor=anchor)
    svg.text((LEFT + RIGHT) / 2, 334, "参数", size=19)
    svg.text(LEFT + 10, TOP + 6, "训练 token", size=18, anchor="start")
    return svg.render()

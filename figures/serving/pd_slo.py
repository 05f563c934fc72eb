"""Share of requests that meet both latency targets over the load, two GPUs together and apart."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.foundations.decoder_params import LLAMA3_8B
from labs.serving.batching import on_gpu
from labs.serving.disaggregation import INFINIBAND, apart, attained, together
from labs.serving.requests import poisson_trace
from labs.serving.roofline import cache_per_token

N, SLOTS, RATES = 80, 32, (4, 6, 8, 10, 12, 14)
TTFT, TPOT = 0.4, 0.015


def results() -> dict[str, list[float]]:
    """Attainment per rate for the three set-ups."""
    cost, move = on_gpu(), cache_per_token(LLAMA3_8B) / INFINIBAND
    out: dict[str, list[float]] = {"together": [], "chunked": [], "apart": []}
    for rate in RATES:
        trace = poisson_trace(N, rate, 0, 1200, 120)
        out["together"].append(attained(together(trace, 2, SLOTS, cost), TTFT, TPOT))
        out["chunked"].append(attained(together(trace, 2, SLOTS, cost, 512), TTFT, TPOT))
        out["apart"].append(attained(apart(trace, 2 * SLOTS, cost, move), TTFT, TPOT))
    return out


def draw() -> str:
    """Three curves and the 90 % line."""
    svg = Svg(720, 390, "达标率随负载的变化")
    left, right, top, bottom = 76.0, 520.0, 40.0, 320.0

    def place(rate: float, share: float) -> tuple[float, float]:
        return left + (right - left) * (rate - 4) / 10, bottom - (bottom - top) * share

    for percent in (0, 25, 50, 75, 100):
        y = place(4, percent / 100)[1]
        svg.line(left, y, right, y, opacity=0.14)
        svg.text(left - 8, y + 6, f"{percent}%", anchor="end", size=17)
    for rate in RATES:
        svg.text(place(rate, 0)[0], bottom + 24, str(rate), size=17)
    y = place(4, 0.9)[1]
    svg.line(left, y, right, y, dash="5 4")
    svg.text(left + 6, y + 20, "90%", anchor="start", size=17)
    labels = {
        "together": ("同机，整段", ACCENT2, ""),
        "chunked": ("同机，分块 512", INK, "6 4"),
        "apart": ("PD 分离", ACCENT, ""),
    }
    for key, shares in results().items():
        name, colour, dash = labels[key]
        points = [place(r, s) for r, s in zip(RATES, shares, strict=True)]
        svg.polyline(points, stroke=colour, width=3, dash=dash)
        svg.text(right + 8, points[-1][1] + 6, name, anchor="start", size=18, fill=colour)
    svg.text((left + right) / 2, bottom + 54, "请求/秒（两张卡合计）", size=18)
    svg.text(left - 60, 22, "TTFT 与 TPOT 都达标的请求", anchor="start", size=17)
    return svg.render()

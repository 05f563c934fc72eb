"""The published models by date and total parameters: dense ones stop growing, the large ones are mixtures."""

from __future__ import annotations

from math import log10
from pathlib import Path
from typing import Any

import yaml

from figures.svg import ACCENT, ACCENT2, Svg

DATA = Path(__file__).resolve().parents[2] / "docs" / "data" / "models.yaml"
UNITS = {"M": 1e6, "B": 1e9, "T": 1e12}
NAMED = {  # where the name stands: its offset, and the side that is at the point
    "bert-large": (-8, -14, "start"),
    "gpt-2-xl": (12, 6, "start"),
    "t5-11b": (0, -12, "middle"),
    "gpt-3-175b": (0, -14, "middle"),
    "llama-1-65b": (-12, 6, "end"),
    "mixtral-8x7b": (0, 25, "middle"),
    "llama-3.1-405b": (-12, 3, "end"),
    "deepseek-v3": (-12, -2, "end"),
    "kimi-k2": (0, -14, "middle"),
    "qwen3-0.6b": (0, 26, "middle"),
}


def points() -> list[tuple[str, str, float, float, bool]]:
    """Id, name, date in years, total parameters and whether it has experts, for each model whose size is public."""
    models: list[dict[str, Any]] = yaml.load(DATA.read_text("utf-8"), Loader=yaml.BaseLoader)
    found = []
    for model in models:
        if "total" in model:
            year, month, *day = (int(part) for part in model["date"].split("-"))
            date = year + (month - 1) / 12 + (day[0] if day else 15) / 366
            total = float(model["total"][:-1]) * UNITS[model["total"][-1]]
            found.append((model["id"], model["name"], date, total, "experts" in model))
    return found


def draw() -> str:
    """Years 2018 to 2025 across, 10 M to 1 T parameters up, logarithmic; squares are mixtures of experts."""
    svg = Svg(720, 455, "模型的总参数量与发布日期")
    left, right, top, bottom = 70.0, 690.0, 60.0, 420.0

    def place(date: float, total: float) -> tuple[float, float]:
        x = left + (right - left) * (date - 2018.2) / (2025.95 - 2018.2)
        return x, bottom - (bottom - top) * (log10(total) - 6.9) / (12.25 - 6.9)

    for year in range(2019, 2026):
        x, _ = place(year, 1e9)
        svg.line(x, top, x, bottom, opacity=0.1)
        svg.text(x, bottom + 26, str(year), size=17)
    for total, label in ((1e7, "10M"), (1e8, "100M"), (1e9, "1B"), (1e10, "10B"), (1e11, "100B"), (1e12, "1T")):
        _, y = place(2020, total)
        svg.line(left, y, right, y, opacity=0.14)
        svg.text(left - 10, y + 6, label, anchor="end", size=17)
    listed = points()
    for _, _, date, total, experts in listed:
        x, y = place(date, total)
        if experts:
            svg.rect(x - 6, y - 6, 12, 12, fill=ACCENT2, opacity=0.85, stroke=ACCENT2, stroke_opacity=1)
        else:
            svg.circle(x, y, 6, fill=ACCENT, opacity=0.75)
    for name, shown, date, total, _ in listed:
        if name in NAMED:
            dx, dy, anchor = NAMED[name]
            x, y = place(date, total)
            svg.text(x + dx, y + dy, shown, size=17, anchor=anchor)
    svg.circle(left + 12, 30, 7, fill=ACCENT, opacity=0.75)
    svg.text(left + 26, 36, "稠密", anchor="start", size=18)
    svg.rect(left + 86, 23, 14, 14, fill=ACCENT2, opacity=0.85, stroke=ACCENT2, stroke_opacity=1)
    svg.text(left + 108, 36, "MoE（总参数）", anchor="start", size=18)
    return svg.render()

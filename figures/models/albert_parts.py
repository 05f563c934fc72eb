"""ALBERT: parameters of a base model with neither, either and both of its two savings."""

from __future__ import annotations

from typing import Any

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.parameter_count import block, count

LAYERS, H = 12, 768


def model(e: int, shared: bool) -> dict[str, Any]:
    """A BERT-base with embeddings of width e and, if shared, one block for all layers."""
    shape = {"layers": LAYERS, "hidden": H, "heads": 12, "ffn": 4 * H, "vocab": 30_000, "positions": 512, "segments": 2}
    style = {"gated": False, "bias": "all", "norm": "LayerNorm", "tied": True, "pooler": True, "kind": "encoder"}
    return shape | style | {"embedding_dim": e, "shared_layers": shared}


def draw() -> str:
    """The SVG."""
    svg = Svg(660, 270, "ALBERT 的两项节省")
    rows = [("BERT 式", H, False), ("嵌入分解", 128, False), ("跨层共享", H, True), ("两者都做", 128, True)]
    unit = 410 / 110e6
    for i, (name, e, shared) in enumerate(rows):
        y = 20 + 52 * i
        m = model(e, shared)
        total, blocks = count(m).total, block(m, 0) * (1 if shared else LAYERS)
        svg.text(118, y + 24, name, size=20, anchor="end")
        svg.rect(132, y, blocks * unit, 34, fill=ACCENT, opacity=0.7)
        svg.rect(132 + blocks * unit, y, (total - blocks) * unit, 34, fill=ACCENT2, opacity=0.55)
        svg.text(142 + total * unit, y + 24, f"{total / 1e6:.1f}M", size=20, anchor="start", bold=True)
    svg.rect(132, 236, 18, 18, fill=ACCENT, opacity=0.7)
    svg.text(158, 252, "各层", size=19, anchor="start")
    svg.rect(260, 236, 18, 18, fill=ACCENT2, opacity=0.55)
    svg.text(286, 252, "嵌入与 pooler", size=19, anchor="start")
    return svg.render()

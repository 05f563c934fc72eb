"""The widget attention-patterns against the masks of labs/attention and their reachability."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from figures.playground.attention_patterns import MASK, SEEN, SHARE
from labs.attention import sparse_masks as sm
from labs.attention.long_context_cost import attention_flops, linear_flops, pair_flops
from labs.attention.masks import causal_mask
from labs.attention.window_cache import reach
from labs.position.irope import chunk_mask
from labs.pretraining.objectives import visible
from tests.playground import Check

NAMES = ["full", "causal", "prefix", "documents", "window", "dilated", "first", "strided"]


def _mask(pattern: str, n: int, given: dict[str, int]) -> sm.Mask:
    w, gap, g, prefix, block = (given[key] for key in ("w", "gap", "g", "prefix", "block"))
    made = {
        "full": lambda: visible(n, n),
        "causal": lambda: causal_mask(n),
        "prefix": lambda: visible(n, prefix),
        "documents": lambda: chunk_mask(n, block),
        "window": lambda: sm.sliding_window(n, w),
        "dilated": lambda: sm.dilated(n, w, gap),
        "first": lambda: sm.window_and_first(n, w, g),
        "strided": lambda: sm.strided(n, block)[0] | sm.strided(n, block)[1],
    }
    return made[pattern]()


def _draw(rng: Random) -> list[Any]:
    params = {key: rng.randint(1, 40) for key in ("w", "gap", "g", "prefix", "block")}
    return [rng.choice(NAMES), rng.randint(1, 64), params]


def _draw_reach(rng: Random) -> list[Any]:
    return [*_draw(rng), rng.randint(1, 6), rng.choice([1, 3, 64])]


def _draw_grid(rng: Random) -> list[Any]:
    pattern, n, params = _draw(rng)
    return [pattern, n, params, n]


def _pairs(pattern: str, n: int, params: dict[str, int]) -> int:
    return int(_mask(pattern, n, params).sum())


def _reach(pattern: str, n: int, params: dict[str, int], layers: int, cells: int) -> list[dict[str, Any]]:
    mask = _mask(pattern, n, params)
    seen = [np.flatnonzero(sm.reachable([mask] * (layer + 1))[-1]) for layer in range(layers)]
    return [{"count": len(j), "spread": np.bincount(j * cells // n, minlength=cells).tolist()} for j in seen]


def _grid(pattern: str, n: int, params: dict[str, int], _cells: int) -> list[list[int]]:
    return [[int(seen) for seen in row] for row in _mask(pattern, n, params)]


def _draw_flops(rng: Random) -> list[int]:
    return [rng.randint(1, 2**34), rng.randint(1, 2**17), rng.randint(64, 16_384)]


def _flops(pairs: int, n: int, d: int) -> dict[str, int]:
    return {"attention": pair_flops(pairs, d), "linear": linear_flops(n, d)}


CHECKS = [
    Check("pairs", _draw, _pairs),
    Check("reach", _draw_reach, _reach),
    Check("grid", _draw_grid, _grid),
    Check("flops", _draw_flops, _flops),
]


def shown() -> list[str]:
    """A window of 8 over 64 tokens: its pairs, their share, and what eight layers see."""
    return [f"{MASK.sum()} 对", f"{SHARE:.1%}", f"{SEEN[-1].sum()} 个"]


def page() -> list[str]:
    """What happens in the things to try: on masks of 64 tokens, and on 32 768 of which no matrix is made."""
    holes, d, w = sm.dilated(64, 8, 4), 4096, 4096
    seen = [int(sm.reachable([mask] * 16)[-1].sum()) for mask in (holes, sm.dilated(64, 8, 1))]
    assert seen[1] == 64 and reach([8] * 9) == reach([8] * 8) + 7 == 64
    # A window's first queries see as a causal mask does, each later one `w` keys; a packed document is a mask itself.
    n, (first, own) = 32_768, (int(causal_mask(size).sum()) for size in (w, 2048))
    window, linear = pair_flops(first + (n - w) * w, d), linear_flops(n, d)
    layers = next(layer for layer in range(1, 33) if reach([w] * layer) >= n)
    far = reach([w] * 32)
    return [
        *shown(),
        f"{holes.sum()} 对",
        f"64 个里的 {seen[0]} 个",
        f"{window / (window + linear):.1%}",
        f"{attention_flops(n, d) / (attention_flops(n, d) + linear):.1%}",
        f"第 {layers} 层起",
        f"{far:,} 个".replace(",", " "),
        f"差 {131_072 - far} 个",
        f"{16 * own / (n * (n + 1) / 2):.1%}",
    ]

"""KV cache per token of four Qwen flagships (page models/qwen-1)."""

from __future__ import annotations

from figures.models.v2_cache import bars


def draw() -> str:
    """Four bars on one scale."""
    names = ("Qwen-72B", "Qwen2.5-72B", "Qwen3-235B-A22B", "Qwen3-Next-80B-A3B")
    labels = ("Qwen-72B", "Qwen2.5-72B", "Qwen3-235B", "Qwen3-Next")
    return bars(list(zip(names, labels, strict=True)), "Qwen 各代每个 token 的 KV cache")

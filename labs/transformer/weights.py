"""Random weights for the Transformer labs, as dictionaries of arrays."""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Weights = dict[str, Array]


def linear(rng: np.random.Generator, d_in: int, d_out: int) -> Array:
    """A matrix (d_in, d_out) that keeps the variance of its input."""
    w: Array = rng.standard_normal((d_in, d_out)) / sqrt(d_in)
    return w


def attention_weights(rng: np.random.Generator, d: int) -> Weights:
    """W^Q, W^K, W^V, W^O (d, d) and their biases (d,)."""
    matrices = {f"w_{n}": linear(rng, d, d) for n in "qkvo"}
    return matrices | {f"b_{n}": 0.1 * rng.standard_normal(d) for n in "qkvo"}


def norm_weights(rng: np.random.Generator, d: int) -> Weights:
    """Gain near 1 and a small offset, both (d,)."""
    return {"gamma": 1 + 0.1 * rng.standard_normal(d), "beta": 0.1 * rng.standard_normal(d)}


def layer_weights(rng: np.random.Generator, d: int, d_ff: int, cross: bool = False) -> dict[str, Weights]:
    """One layer: self-attention, FFN and two norms; with `cross` also cross-attention and a third norm."""
    parts = {"self": attention_weights(rng, d)}
    if cross:
        parts["cross"] = attention_weights(rng, d)
    parts["ffn"] = {"w_1": linear(rng, d, d_ff), "b_1": np.zeros(d_ff), "w_2": linear(rng, d_ff, d), "b_2": np.zeros(d)}
    return parts | {f"norm_{i + 1}": norm_weights(rng, d) for i in range(3 if cross else 2)}

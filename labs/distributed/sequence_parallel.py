r"""Megatron sequence parallelism: LayerNorm and dropout on 1/t of the tokens, the matrix products tensor-parallel.

Source: Korthikanti et al., *Reducing Activation Recomputation in Large Transformer Models* (arXiv:2205.05198), section
4.2: g is an all-gather forward and a reduce-scatter backward, ḡ the reverse. The block is
y = x + dropout(GeLU(LN(x) A) B); each card holds x as (s/t, h), A as (h, m/t), B as (m/t, h).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from labs.transformer.ffn import gelu, slope

Array = npt.NDArray[np.float64]
EPS = 1e-5


@dataclass
class Wire:
    """Collectives over the tensor-parallel group, counted."""

    calls: Counter[str] = field(default_factory=Counter)

    def all_gather(self, parts: list[Array]) -> Array:
        """(s/t, h) on each card → (s, h) on all."""
        self.calls["all_gather"] += 1
        return np.concatenate(parts)

    def reduce_scatter(self, parts: list[Array]) -> list[Array]:
        """Partial sums (s, h) → each card's rows (s/t, h) of the sum."""
        self.calls["reduce_scatter"] += 1
        return np.split(np.sum(parts, axis=0), len(parts))

    def all_reduce(self, parts: list[Array]) -> Array:
        """The sum on every card."""
        self.calls["all_reduce"] += 1
        total: Array = np.sum(parts, axis=0)
        return total


def normalize(x: Array) -> tuple[Array, Array]:
    """LayerNorm without gain, (n, h), and 1/σ of each row (n, 1)."""
    inv = 1 / np.sqrt(x.var(axis=1, keepdims=True) + EPS)  # (n, 1)
    return (x - x.mean(axis=1, keepdims=True)) * inv, inv


# --8<-- [start:forward]
def forward(
    x: list[Array], gain: Array, a: list[Array], b: list[Array], keep: list[Array], wire: Wire
) -> tuple[list[Array], list[Array]]:
    """Outputs (s/t, h), and what each card stores for the backward pass besides x: GeLU's input (s, m/t)."""
    normed = [gain * normalize(x_i)[0] for x_i in x]  # (s/t, h): each row by itself, so no communication
    full = wire.all_gather(normed)  # (s, h), dropped again after the product
    u = [full @ a_i for a_i in a]  # (s, m/t)
    z = wire.reduce_scatter([gelu(u_i) @ b_i for u_i, b_i in zip(u, b, strict=True)])  # (s/t, h)
    return [x_i + k_i * z_i for x_i, k_i, z_i in zip(x, keep, z, strict=True)], u


# --8<-- [end:forward]


# --8<-- [start:backward]
def backward(
    x: list[Array], gain: Array, a: list[Array], b: list[Array], keep: list[Array], u: list[Array], dy: list[Array],
    wire: Wire,
) -> tuple[list[Array], Array, list[Array], list[Array]]:  # fmt: skip
    """(dx (s/t, h) per card, d gain (h,), dA, dB)."""
    dz = wire.all_gather([k_i * dy_i for k_i, dy_i in zip(keep, dy, strict=True)])  # (s, h): ḡ backward
    du = [(dz @ b_i.T) * slope("gelu", u_i) for b_i, u_i in zip(b, u, strict=True)]  # (s, m/t)
    db = [gelu(u_i).T @ dz for u_i in u]  # (m/t, h)
    dn = wire.reduce_scatter([du_i @ a_i.T for du_i, a_i in zip(du, a, strict=True)])  # (s/t, h): g backward
    # Only (s/t, h) of A's input was kept: a second all-gather, which can run beside the product above.
    full = wire.all_gather([gain * normalize(x_i)[0] for x_i in x])  # (s, h)
    da = [full.T @ du_i for du_i in du]  # (h, m/t)
    dx, dgain = [], []
    for x_i, dn_i, dy_i in zip(x, dn, dy, strict=True):
        hat, inv = normalize(x_i)
        dgain.append((dn_i * hat).sum(axis=0))  # (h,), over this card's tokens only
        g = dn_i * gain  # (s/t, h)
        dx.append(dy_i + inv * (g - g.mean(axis=1, keepdims=True) - hat * (g * hat).mean(axis=1, keepdims=True)))
    return dx, wire.all_reduce(dgain), da, db  # the gain is replicated: its gradients are added over the group


# --8<-- [end:backward]


# --8<-- [start:memory]
def layer_activations(s: int, b: int, h: int, heads: int, t: int = 1, sp: bool = False, core: bool = True) -> float:
    """Bytes kept by one card for one layer (16 bit, FFN of 4h, dropout); `core`: the s×s attention part is stored."""
    norm_and_dropout, inside, quadratic = 10.0, 24.0, 5 * heads * s / h if core else 0.0
    return s * b * h * (norm_and_dropout / (t if sp else 1) + (inside + quadratic) / t)


# --8<-- [end:memory]

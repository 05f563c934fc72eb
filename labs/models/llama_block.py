r"""One LLaMA block: RMSNorm before each half, rotated queries and keys, grouped heads, SwiGLU, no biases.

Sources: Touvron et al., *LLaMA* (arXiv:2302.13971), section 2.2; *Llama 2* (arXiv:2307.09288), section 2.2, for the
grouped heads. The conventions (interleaved pairs, w1, w2, w3) are those of Meta's code.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.grouped_query import grouped_query
from labs.attention.multi_head import merge_heads, split_heads
from labs.position.rope import angles, rotate_interleaved
from labs.position.sinusoidal import frequencies
from labs.transformer.ffn import swiglu
from labs.transformer.layernorm import rms_norm

Array = npt.NDArray[np.float64]
Block = dict[str, Array]


def initial(rng: np.random.Generator, d: int, heads: int, n_kv: int, d_ff: int) -> Block:
    """Random weights, in the names of Meta's code."""
    d_h = d // heads
    shapes = {"wq": (d, d), "wk": (d, n_kv * d_h), "wv": (d, n_kv * d_h), "wo": (d, d)}
    shapes |= {"w1": (d, d_ff), "w3": (d, d_ff), "w2": (d_ff, d)}
    norms = {name: 1 + 0.1 * rng.standard_normal(d) for name in ("attention_norm", "ffn_norm")}
    return {name: rng.standard_normal(shape) / shape[0] ** 0.5 for name, shape in shapes.items()} | norms


# --8<-- [start:block]
def attend(x: Array, w: Block, heads: int, n_kv: int, start: int = 0, base: float = 10_000.0) -> Array:
    """Causal attention of `x` (n, d): RoPE turns q and k after their projections, before the dot product."""
    n, d = x.shape
    angle = angles(np.arange(start, start + n), frequencies(d // heads, base))  # (n, d_h/2)
    q = rotate_interleaved(split_heads(x @ w["wq"], heads), angle)  # (h, n, d_h)
    k = rotate_interleaved(split_heads(x @ w["wk"], n_kv), angle)  # (g, n, d_h)
    v = split_heads(x @ w["wv"], n_kv)  # (g, n, d_h), never rotated
    return merge_heads(grouped_query(q, k, v, np.tri(n, dtype=np.bool_))) @ w["wo"]  # (n, d)


def block(x: Array, w: Block, heads: int, n_kv: int, start: int = 0) -> Array:
    """(n, d) → (n, d): x + Attention(Norm(x)), then the same with the FFN."""
    x = x + attend(rms_norm(x, w["attention_norm"]), w, heads, n_kv, start)
    return x + swiglu(rms_norm(x, w["ffn_norm"]), w["w1"], w["w3"], w["w2"])


# --8<-- [end:block]


def rotate_too_late(x: Array, w: Block, heads: int, n_kv: int, start: int = 0) -> Array:
    """The mistake "RoPE comes after attention": positions never enter the scores, only the output is turned."""
    n, d = x.shape
    q, k, v = (split_heads(x @ w[name], m) for name, m in (("wq", heads), ("wk", n_kv), ("wv", n_kv)))
    out = grouped_query(q, k, v, np.tri(n, dtype=np.bool_))  # (h, n, d_h)
    angle = angles(np.arange(start, start + n), frequencies(d // heads))  # (n, d_h/2)
    return merge_heads(rotate_interleaved(out, angle)) @ w["wo"]  # (n, d)


def parameters(w: Block) -> int:
    """Weights of one block."""
    return sum(array.size for array in w.values())

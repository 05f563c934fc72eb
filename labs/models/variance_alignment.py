r"""Variance alignment in LongCat-Flash: parts that meet in a sum or a dot product start at the same scale.

Source: Meituan LongCat Team, *LongCat-Flash* (arXiv:2509.01322), section 2.3; `mla_scale_q_lora` and
`mla_scale_kv_lora` in the released code.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:mla]
def scales(d: int, d_q: int, d_c: int) -> tuple[float, float]:
    """α_q = √(d/d_q) on the query latent, α_kv = √(d/d_c) on the cached latent."""
    return sqrt(d / d_q), sqrt(d / d_c)


def first_step(d: int, d_q: int, d_c: int, *, align: bool, seed: int = 0, n: int = 400) -> dict[str, float]:
    """Variance of query, content key and RoPE key at initialisation, all weights drawn with variance 1/d."""
    rng = np.random.default_rng(seed)
    a_q, a_c = scales(d, d_q, d_c) if align else (1.0, 1.0)
    latent_q = rng.standard_normal((n, d_q)) * a_q  # (n, d_q), as it leaves its RMSNorm
    latent_c = rng.standard_normal((n, d_c)) * a_c  # (n, d_c)
    hidden = rng.standard_normal((n, d))  # (n, d): the RoPE key comes straight from the hidden state

    def project(x: Array) -> float:
        weights = rng.standard_normal((x.shape[-1], 64)) / sqrt(d)  # (·, 64)
        return float((x @ weights).var())

    return {"query": project(latent_q), "content key": project(latent_c), "rope key": project(hidden)}


# --8<-- [end:mla]


# --8<-- [start:experts]
def split_variance(m: int, k: int = 2, ffn: int = 256, d: int = 64, seed: int = 0, n: int = 4000) -> float:
    """Output variance when k experts of width `ffn` become m·k of width ffn/m, equal gates that still sum to 1.

    An expert is stood for by its last matrix (entries of variance 1/d) on independent activations.
    """
    rng = np.random.default_rng(seed)
    out = np.zeros((n, d))  # (n, d)
    for _ in range(m * k):
        active = rng.standard_normal((n, ffn // m))  # (n, ffn/m)
        out += active @ rng.standard_normal((ffn // m, d)) / sqrt(d) / (m * k)  # gate 1/(m·k)
    return float(out.var())


# --8<-- [end:experts]

r"""Block expansion: copy a block, zero the two matrices that write to the residual stream, and it is the identity.

Source: Wu et al., *LLaMA Pro* (arXiv:2401.02415), section 3. T tokens, width d, FFN width f; one head, no positions:
the argument needs neither.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention
from labs.transformer.ffn import swiglu
from labs.transformer.layernorm import rms_norm

Array = npt.NDArray[np.float64]
Block = dict[str, Array]
WRITES = ("w_o", "w_down")
"""The matrices whose product is added to the residual stream."""


# --8<-- [start:block]
def block(x: Array, w: Block) -> Array:
    """One Pre-LN block without biases, as in LLaMA: (T, d) → (T, d)."""
    h = rms_norm(x, w["norm_1"])  # (T, d)
    mixed = attention(h @ w["w_q"], h @ w["w_k"], h @ w["w_v"], np.tri(len(x), dtype=bool))  # (T, d)
    x = x + mixed @ w["w_o"]
    return x + swiglu(rms_norm(x, w["norm_2"]), w["w_gate"], w["w_up"], w["w_down"])


def expand(blocks: list[Block], every: int) -> tuple[list[Block], list[bool]]:
    """After each `every` blocks, a copy of the last one that changes nothing yet; and which blocks to train."""
    grown: list[Block] = []
    trained: list[bool] = []
    for i, w in enumerate(blocks):
        grown.append(w)
        trained.append(False)
        if (i + 1) % every == 0:
            grown.append({name: np.zeros_like(m) if name in WRITES else m.copy() for name, m in w.items()})
            trained.append(True)
    return grown, trained


# --8<-- [end:block]


def random_block(rng: np.random.Generator, d: int, f: int) -> Block:
    """Weights of one block."""

    def matrix(rows: int, columns: int) -> Array:
        m: Array = rng.standard_normal((rows, columns)) / np.sqrt(rows)
        return m

    out = {name: matrix(d, d) for name in ("w_q", "w_k", "w_v", "w_o")}
    out |= {"w_gate": matrix(d, f), "w_up": matrix(d, f), "w_down": matrix(f, d)}
    return out | {name: 1 + 0.1 * rng.standard_normal(d) for name in ("norm_1", "norm_2")}


def block_parameters(d: int, f: int) -> int:
    """Parameters of one multi-head LLaMA block: four (d, d), three (d, f), two gains."""
    return 4 * d * d + 3 * d * f + 2 * d

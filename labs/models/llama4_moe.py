r"""Llama 4's expert layer: one routed expert a token, a sigmoid gate on its input, and a shared expert for all.

Sources: Meta AI, *The Llama 4 herd* (2025); `Llama4TextMoe` and `Llama4Router` of Hugging Face Transformers for the
gate.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.transformer.ffn import sigmoid, swiglu

Array = npt.NDArray[np.float64]
Expert = tuple[Array, Array, Array]  # gate, up (d, d_ff), down (d_ff, d)


# --8<-- [start:moe]
def expert_layer(x: Array, router: Array, experts: list[Expert], shared: Expert) -> tuple[Array, Array]:
    """`x` (n, d), `router` (d, E) → output (n, d) and the expert of each token (n,)."""
    logits = x @ router  # (n, E)
    chosen = logits.argmax(axis=1)  # (n,), top-1
    gate = sigmoid(logits.max(axis=1, keepdims=True))  # (n, 1): of its own logit, not a softmax over experts
    out = swiglu(x, *shared)  # (n, d), every token
    for e, weights in enumerate(experts):
        mine = chosen == e
        out[mine] += swiglu(gate[mine] * x[mine], *weights)  # the gate scales the input, not the output
    return out, chosen


# --8<-- [end:moe]

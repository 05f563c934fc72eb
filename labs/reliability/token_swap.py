r"""Exchanging two tokens before layer l of a small random decoder: who notices?

Sources: self-attention is permutation equivariant without positions (Vaswani et al., arXiv:1706.03762, section 3.5);
causal models without position codes: Kazemnejad et al. (arXiv:2305.19466). Random weights: a check of structure, not
of any trained model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.attention.masks import causal_mask
from labs.attention.scaled_dot_product import attention, softmax
from labs.position.rope import angles, rotate_half
from labs.position.sinusoidal import frequencies

Array = npt.NDArray[np.float64]


# --8<-- [start:model]
@dataclass(frozen=True)
class Decoder:
    """`layers` of one-head attention and a ReLU network; weights (layers, 5, d, d), output (d, V)."""

    weights: Array
    output: Array
    rope: bool = False
    causal: bool = True

    def forward(self, x: Array, swap_before: int | None = None, pair: tuple[int, int] = (0, 1)) -> Array:
        """Hidden states `x` (n, d) → next-token distributions (n, V); swap two rows on entry to one layer."""
        n, d = x.shape
        turn = angles(np.arange(n), frequencies(d))  # (n, d/2)
        mask = causal_mask(n) if self.causal else None
        for layer, (w_q, w_k, w_v, w_1, w_2) in enumerate(self.weights):
            if layer == swap_before:
                x = x.copy()
                x[list(pair)] = x[list(pair[::-1])]
            q, k = x @ w_q, x @ w_k  # (n, d)
            if self.rope:
                q, k = rotate_half(q, turn), rotate_half(k, turn)
            x = x + attention(q, k, x @ w_v, mask)  # (n, d)
            x = x + np.maximum(x @ w_1, 0) @ w_2  # (n, d)
        return softmax(x @ self.output)


# --8<-- [end:model]


def random_decoder(layers: int, d: int, vocab: int, seed: int, rope: bool = False, causal: bool = True) -> Decoder:
    """Weights so small that the residual stream keeps its scale and the predictions stay soft."""
    rng = np.random.default_rng(seed)
    weights = rng.standard_normal((layers, 5, d, d)) * 0.6 / np.sqrt(d)
    return Decoder(weights, rng.standard_normal((d, vocab)) / d, rope, causal)


def last_kl(model: Decoder, x: Array, swap_before: int, pair: tuple[int, int]) -> float:
    """KL divergence (nats) of the last position's prediction from the one without the swap."""
    p, q = model.forward(x)[-1], model.forward(x, swap_before, pair)[-1]  # (V,)
    return float((p * np.log(p / q)).sum())

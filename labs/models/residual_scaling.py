r"""GPT-2: the trunk of a Pre-LN network grows with depth unless what writes into it starts smaller by 1/√N.

Source: Radford et al., *Language Models are Unsupervised Multitask Learners* (2019), section 2.3. N is the number of
residual layers: two (attention, FFN) a block.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.transformer.pre_post_ln import Weights, forward, initial

Array = npt.NDArray[np.float64]


# --8<-- [start:scale]
def scaled(weights: Weights) -> Weights:
    """The last matrix of each branch, W_O or W_2, times 1/√N, N the number of branches."""
    n = len(weights)
    return [(*w[:-1], w[-1] / sqrt(n)) for w in weights]


def trunk_growth(blocks: int, scale: bool, seed: int = 0, d: int = 64, tokens: int = 16) -> Array:
    """Mean square of the trunk after each of the 2·blocks branches over that of the input: (2·blocks,)."""
    rng = np.random.default_rng(seed)
    weights = initial(rng, "pre", blocks, d)
    x = rng.standard_normal((tokens, d))  # (tokens, d)
    trunk = forward(x, scaled(weights) if scale else weights, "pre")[2]  # 2·blocks arrays (tokens, d)
    growth: Array = np.array([(state**2).mean() for state in trunk]) / (x**2).mean()
    return growth


# --8<-- [end:scale]


# --8<-- [start:logits]
def logit_std(blocks: int, final_norm: bool, seed: int = 0, d: int = 64, vocab: int = 500) -> float:
    """Standard deviation of the logits of an unscaled stack, with or without the LayerNorm before the output."""
    rng = np.random.default_rng(seed)
    weights = initial(rng, "pre", blocks, d)
    x = rng.standard_normal((16, d))  # (16, d)
    normed, _, trunk = forward(x, weights, "pre")
    head = rng.standard_normal((d, vocab)) / sqrt(d)  # (d, V)
    return float(((normed if final_norm else trunk[-1]) @ head).std())


# --8<-- [end:logits]

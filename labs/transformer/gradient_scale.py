r"""How large are gradients and first updates in stacks of different depth: Pre-LN, Post-LN, DeepNorm.

Source: Xiong et al. (arXiv:2002.04745), theorem 1 and figure 3; Wang et al. (arXiv:2203.00555), section 4.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.transformer.pre_post_ln import Weights, backward, forward, initial, norm

Array = npt.NDArray[np.float64]


# --8<-- [start:measure]
def measure(kind: str, layers: int, d: int = 64, n: int = 16, seeds: int = 8) -> tuple[Array, Array]:
    r"""Per layer, over random stacks: RMS of $\|\partial L/\partial W_2\|_F$, and mean square of the trunk.

    The loss is linear, so its gradient at the output is a random (n, d) of norm 1 whatever the depth. Both (layers,).
    """
    grads2, trunk2 = np.zeros(layers), np.zeros(layers)
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        weights = initial(rng, kind, layers, d)
        x = norm(rng.standard_normal((n, d)))[0]  # (n, d)
        g = rng.standard_normal((n, d)) / sqrt(n * d)  # (n, d), norm about 1
        _, saved, trunk = forward(x, weights, kind)
        grads = backward(g, weights, kind, saved, trunk)
        grads2 += [float((of_w[1] ** 2).sum()) for of_w in grads[1::2]]  # W_2 of every FFN
        trunk2 += [float((t**2).mean()) for t in trunk[1::2]]  # after every layer, before Post-LN's norm
    return np.sqrt(grads2 / seeds), trunk2 / seeds


# --8<-- [end:measure]


# --8<-- [start:update]
def first_update(kind: str, layers: int, rule: str, d: int = 32, n: int = 16, seeds: int = 4) -> float:
    """Change of the output (root mean square) after one step of size 10⁻⁴: "sgd" moves by the gradient,
    "adam" by its sign, which is Adam's first step."""
    total = 0.0
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        weights = initial(rng, kind, layers, d)
        x, g = norm(rng.standard_normal((n, d)))[0], rng.standard_normal((n, d)) / sqrt(n * d)
        y, saved, trunk = forward(x, weights, kind)
        grads = backward(g, weights, kind, saved, trunk)
        moved: Weights = [
            tuple(w - 1e-4 * (gw if rule == "sgd" else np.sign(gw)) for w, gw in zip(ws, gs, strict=True))
            for ws, gs in zip(weights, grads, strict=True)
        ]
        total += float(((forward(x, moved, kind)[0] - y) ** 2).mean())
    return sqrt(total / seeds)


# --8<-- [end:update]

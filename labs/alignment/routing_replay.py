r"""Why MoE makes token ratios jump: a tiny change of the router flips a top-1 choice, and replay removes the flip.

One layer: token states x (n, d), router (d, E), experts (E, d, V) that give logits; top-1 routing.
Source: Zheng et al., *GSPO* (arXiv:2507.18071), section 5.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:model]
def route(x: Array, router: Array) -> Ints:
    """Expert of each token: (n, d) @ (d, E) → (n,)."""
    return np.asarray((x @ router).argmax(axis=1))


def logp(x: Array, experts: Array, chosen: Ints, tokens: Ints) -> Array:
    """Log-probability of `tokens` (n,) when token i uses expert `chosen[i]`: (n,)."""
    logits = np.einsum("nd,ndv->nv", x, experts[chosen])  # (n, V)
    return np.asarray(np.log(softmax(logits))[np.arange(len(tokens)), tokens])


# --8<-- [end:model]


# --8<-- [start:update]
def ratios(step: float, seed: int = 0, n: int = 2000, d: int = 16, count: int = 8, vocab: int = 32) -> dict[str, Array]:
    """Token log-ratios after one random update of size `step`: free routing, replayed routing, and who flipped."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d))  # (n, d)
    router, experts = rng.standard_normal((d, count)), rng.standard_normal((count, d, vocab)) / d**0.5
    old = route(x, router)  # (n,)
    p = softmax(np.einsum("nd,ndv->nv", x, experts[old]))  # (n, V)
    tokens = (rng.random((n, 1)) > p.cumsum(axis=1)).sum(axis=1).clip(max=vocab - 1)  # (n,): sampled from the old
    before = logp(x, experts, old, tokens)  # (n,)
    router = router + step * rng.standard_normal(router.shape)
    experts = experts + step / d**0.5 * rng.standard_normal(experts.shape)
    new = route(x, router)  # (n,)
    return {
        "free": logp(x, experts, new, tokens) - before,  # (n,)
        "replay": logp(x, experts, old, tokens) - before,  # (n,): the experts of the old policy, with new weights
        "flipped": (new != old).astype(float),  # (n,)
    }


# --8<-- [end:update]

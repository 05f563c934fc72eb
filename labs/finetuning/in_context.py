r"""In-context learning against fine-tuning, where both can be computed: linear regression.

One layer of linear attention over the examples gives exactly the prediction of one gradient step from zero weights
(von Oswald et al., arXiv:2212.07677, proposition 1). d features, n examples (x, y), q queries.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:icl]
def in_context(x: Array, y: Array, query: Array, rate: float) -> Array:
    """Linear attention: keys x (n, d), values y (n,), queries (q, d) → (q,). No weight changes, n reads a query."""
    scores = query @ x.T  # (q, n)
    return rate / len(x) * scores @ y


def fine_tune(x: Array, y: Array, rate: float, steps: int) -> Array:
    """Gradient descent on the mean of (xw - y)²/2 from w = 0: weights (d,), after which the examples are not needed."""
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w -= rate * x.T @ (x @ w - y) / len(x)
    return w


# --8<-- [end:icl]


# --8<-- [start:cost]
def break_even(samples: int, sample_tokens: int, epochs: float, prompt_tokens: int) -> float:
    """Requests after which fine-tuning costs fewer FLOPs than sending `prompt_tokens` of examples each time.

    Training costs 6N per token and reading a prompt 2N (N parameters cancel); no prompt cache.
    """
    return 6 * samples * sample_tokens * epochs / (2 * prompt_tokens)


# --8<-- [end:cost]


def errors(
    n: int, noise: float, flipped: float = 0.0, d: int = 8, tasks: int = 200, steps: int = 200
) -> dict[str, float]:
    """Mean squared error on clean queries, over random tasks; `flipped` is the share of labels with wrong sign."""
    rng = np.random.default_rng(0)
    found: dict[str, list[float]] = {"in context": [], "fine-tuned": []}
    for _ in range(tasks):
        w, x = rng.standard_normal(d) / np.sqrt(d), rng.standard_normal((n, d))  # (d,), (n, d)
        y = x @ w + noise * rng.standard_normal(n)  # (n,)
        y = np.where(rng.random(n) < flipped, -y, y)
        query = rng.standard_normal((20, d))  # (q, d)
        rate = n / (n + d + 1)  # the best single step for noise-free Gaussian inputs
        found["in context"].append(float(((in_context(x, y, query, rate) - query @ w) ** 2).mean()))
        found["fine-tuned"].append(float(((query @ (fine_tune(x, y, 0.1, steps) - w)) ** 2).mean()))
    return {name: float(np.mean(values)) for name, values in found.items()}

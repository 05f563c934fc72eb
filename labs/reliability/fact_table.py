r"""A tiny language model against its own fact table: how often does it say something false, at each temperature?

Bigram-like: after "X 的首都是", the next token is a city, with probability softmax(log counts / T). Counts come from a
corpus with a given share of mistakes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:model]
def train(mentions: Ints, wrong: float, answers: int, seed: int, prior: float = 0.05) -> Array:
    """Logits (facts, answers) from counts; fact i is mentioned `mentions[i]` times, its true answer is column 0."""
    rng = np.random.default_rng(seed)
    counts = np.full((len(mentions), answers), prior)  # (facts, answers): smoothing, a little for everything
    for i, n in enumerate(mentions):
        mistakes = int(rng.binomial(n, wrong))
        counts[i, 0] += n - mistakes
        np.add.at(counts[i], rng.integers(1, answers, mistakes), 1)
    return np.asarray(np.log(counts))


def false_rate(logits: Array, temperature: float) -> Array:
    """Probability (facts,) of any answer but the true one at this temperature; 0 means greedy."""
    if temperature == 0:
        return np.asarray((logits.argmax(-1) != 0).astype(float))
    return 1 - softmax(logits / temperature)[:, 0]


# --8<-- [end:model]

OFTEN, RARE = 200, 2


def corpus(facts: int = 400) -> Ints:
    """Half of the facts are mentioned often, half rarely. (facts,)"""
    return np.repeat([OFTEN, RARE], facts // 2)

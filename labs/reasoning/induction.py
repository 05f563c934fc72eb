r"""An induction head built by hand: two attention layers that continue «… A B … A» with B, without learning anything.

Mechanism: Olsson et al., *In-context Learning and Induction Heads* (arXiv:2209.11895). n tokens of a vocabulary of V.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Tokens = npt.NDArray[np.int64]


# --8<-- [start:head]
def induction(tokens: Tokens, vocabulary: int, sharpness: float = 50.0) -> Array:
    """Prediction (V,) for the token after the last one. tokens (n,)."""
    one_hot = np.eye(vocabulary)[tokens]  # (n, V)
    previous = np.vstack([np.zeros(vocabulary), one_hot[:-1]])  # (n, V), layer 1: copy the left neighbour
    match = previous @ one_hot[-1]  # (n,), layer 2: who is preceded by what stands here now?
    attention = softmax(sharpness * match[None])[0]  # (n,)
    prediction: Array = attention @ one_hot  # (V,), copy what stands there
    return prediction


# --8<-- [end:head]


def markov(transition: Array, n: int, rng: np.random.Generator) -> Tokens:
    """A sequence (n,) from a chain with rows of transition probabilities (V, V)."""
    tokens = [int(rng.integers(len(transition)))]
    while len(tokens) < n:
        tokens.append(int(rng.choice(len(transition), p=transition[tokens[-1]])))
    return np.array(tokens)


def error_by_length(lengths: list[int], vocabulary: int = 4, chains: int = 60, seed: int = 0) -> list[float]:
    """Mean total variation between the head's prediction and the true next-token row, over random new chains."""
    rng = np.random.default_rng(seed)
    errors = np.zeros((chains, len(lengths)))
    for i in range(chains):
        transition = rng.dirichlet(np.ones(vocabulary), size=vocabulary)  # (V, V), never seen before
        tokens = markov(transition, max(lengths), rng)  # (n,)
        for j, n in enumerate(lengths):
            guess = induction(tokens[:n], vocabulary)  # (V,)
            errors[i, j] = np.abs(guess - transition[tokens[n - 1]]).sum() / 2
    return [float(e) for e in errors.mean(axis=0)]

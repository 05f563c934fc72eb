r"""Exposure bias: a model that errs rarely on true prefixes, and what happens once it reads its own.

Sources: Ranzato et al. (arXiv:1511.06732) for the name; Bengio et al. (arXiv:1506.03099), section 2.4, for
scheduled sampling. The language is a cycle 0, 1, …, 9, 0, … in a vocabulary of 100: any other pair is an error.
"""

from __future__ import annotations

from math import exp

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

GOOD, VOCAB = 10, 100


# --8<-- [start:model]
def truth(steps: int) -> npt.NDArray[np.int64]:
    """The text: (steps,)."""
    return np.arange(steps) % GOOD


def train(steps: int, keep: float, rng: np.random.Generator, add: float = 0.05) -> Array:
    """Next-token table (V, V) by counting; the input is the true token with probability `keep`, else the model's.

    keep = 1 is teacher forcing; below 1 it is scheduled sampling at one point of its schedule.
    """
    text = truth(steps + 1)
    counts = np.full((VOCAB, VOCAB), add)  # smoothing stands for the imperfection of any model
    shown = 0
    for t in range(steps):
        counts[shown, text[t + 1]] += 1  # the target is the true next token, whatever was shown
        if rng.random() < keep:
            shown = int(text[t + 1])
        else:  # the model's own guess becomes the next input
            shown = int(rng.choice(VOCAB, p=counts[shown] / counts[shown].sum()))
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def error_curve(p: Array, length: int, teacher: bool) -> Array:
    """Probability (length,) that step t continues its own prefix wrongly, exactly, by propagating the state."""
    legal = np.zeros((VOCAB, VOCAB))  # (V, V)
    legal[np.arange(GOOD), (np.arange(GOOD) + 1) % GOOD] = 1  # after a token outside the language nothing is legal
    state = np.eye(VOCAB)[0]  # (V,): the distribution of the token read at step t
    errors = []
    for t in range(length):
        errors.append(float(1 - state @ (p * legal).sum(axis=1)))
        state = np.eye(VOCAB)[(t + 1) % GOOD] if teacher else state @ p  # the truth, or what was just produced
    return np.array(errors)


# --8<-- [end:model]


# --8<-- [start:schedule]
def inverse_sigmoid(i: float, k: float) -> float:
    """Probability of showing the true token at step i: k / (k + e^{i/k}), from k/(k+1) down to 0."""
    return k / (k + exp(i / k))


def exponential(i: float, k: float) -> float:
    """k^i with k < 1."""
    return float(k**i)


def linear(i: float, start: float, slope: float, floor: float) -> float:
    """max(floor, start − slope·i)."""
    return max(floor, start - slope * i)


# --8<-- [end:schedule]

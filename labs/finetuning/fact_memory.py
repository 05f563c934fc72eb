r"""A memory for facts that training can fill and spoil: question vector → answer, one softmax layer.

Not a language model, but the smallest thing in which facts share parameters: with more questions than dimensions, no
weight belongs to one fact. Used to watch what Gekhman et al. (arXiv:2405.05904) and Ni et al. (arXiv:2311.08011)
describe.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:memory]
def train(w: Array, keys: Array, answers: Ints, steps: int, rate: float) -> Array:
    """Gradient descent on the mean cross-entropy: `w` (V, d), `keys` (n, d), `answers` (n,) → (V, d)."""
    target = np.eye(len(w))[answers]  # (n, V)
    for _ in range(steps):
        p = softmax(keys @ w.T)  # (n, V)
        w = w - rate * (p - target).T @ keys / len(keys)
    return w


def accuracy(w: Array, keys: Array, answers: Ints) -> float:
    """Share of questions whose most probable answer is right."""
    return float(((keys @ w.T).argmax(1) == answers).mean())


# --8<-- [end:memory]


def right(w: Array, keys: Array, answers: Ints) -> Ints:
    """Indices of the facts that are answered rightly."""
    return np.flatnonzero((keys @ w.T).argmax(1) == answers)


def facts(rng: np.random.Generator, n: int, d: int, vocabulary: int) -> tuple[Array, Ints]:
    """n random questions of norm about 1 (n, d) and their answers (n,)."""
    return rng.standard_normal((n, d)) / np.sqrt(d), rng.integers(vocabulary, size=n)


# --8<-- [start:curves]
def learn_new(
    seed: int, n: int = 60, d: int = 48, vocabulary: int = 12, epochs: int = 200, with_new: bool = True
) -> dict[str, list[float]]:
    """Pre-train on 3n facts, fine-tune on n of them and n new ones: accuracy (epochs + 1) on known, new, held out."""
    rng = np.random.default_rng(seed)
    old, old_answers = facts(rng, 3 * n, d, vocabulary)
    new, new_answers = facts(rng, n, d, vocabulary)
    w = train(np.zeros((vocabulary, d)), old, old_answers, 1000, 20.0)
    known = right(w, old, old_answers)
    inside, outside = known[:n], known[n:]  # facts the model has: half of a fine-tuning set, and held out
    keys = np.concatenate([old[inside], new]) if with_new else old[inside]
    answers = np.concatenate([old_answers[inside], new_answers]) if with_new else old_answers[inside]
    curves: dict[str, list[float]] = {"known": [], "new": [], "held out": []}
    for _ in range(epochs + 1):
        curves["known"].append(accuracy(w, old[inside], old_answers[inside]))
        curves["new"].append(accuracy(w, new, new_answers))
        curves["held out"].append(accuracy(w, old[outside], old_answers[outside]))
        w = train(w, keys, answers, 1, 5.0)
    return curves


# --8<-- [end:curves]


def mean_curves(with_new: bool = True, seeds: int = 3) -> dict[str, Array]:
    """The three curves (epochs + 1,), averaged over random facts."""
    runs = [learn_new(seed, with_new=with_new) for seed in range(seeds)]
    return {name: np.mean([run[name] for run in runs], axis=0) for name in runs[0]}

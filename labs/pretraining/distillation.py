r"""Knowledge distillation: a student fits the teacher's softened distribution.

Sources: Hinton, Vinyals and Dean (arXiv:1503.02531), sections 2 and 2.1; Kim and Rush (arXiv:1606.07947) for
the sequence level.
"""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:loss]
def soft_loss(student: Array, teacher: Array, t: float) -> tuple[float, Array]:
    r"""$T^2\,D_{KL}(p^T\|q^T)$ averaged over rows of logits (n, V), and its gradient in the student's (n, V)."""
    p, q = softmax(teacher / t), softmax(student / t)  # (n, V)
    value = float((p * (np.log(p) - np.log(q))).sum(axis=-1).mean())
    grad = (q - p) / t / len(p)  # (n, V): one 1/T by the chain rule; q - p itself shrinks like another
    return t**2 * value, t**2 * grad


def hard_loss(student: Array, labels: Ids) -> tuple[float, Array]:
    """Cross-entropy with the true classes (n,) at T = 1, and its gradient (n, V)."""
    q = softmax(student)  # (n, V)
    rows = np.arange(len(q))
    return float(-np.log(q[rows, labels]).mean()), (q - np.eye(q.shape[1])[labels]) / len(q)


# --8<-- [end:loss]


# --8<-- [start:train]
def toy(seed: int = 1) -> tuple[Array, Array, Ids, Ids]:
    """A linear teacher of five classes: features (400, 8), logits (400, 5), classes (400,), 40 rows to train on.

    None of the 40 rows is of class 3.
    """
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((400, 8))  # (400, 8)
    teacher = features @ rng.standard_normal((8, 5))  # (400, 5)
    classes = teacher.argmax(axis=1)  # (400,)
    return features, teacher, classes, np.flatnonzero(classes != 3)[:40]


def train(teacher: Array, rows: Ids, features: Array, t: float, rate: float = 0.2, steps: int = 2000) -> Array:
    """A linear student (k, V) on `features` (n, k) by gradient descent; `teacher` (n, V), `rows` picks the data."""
    w = np.zeros((features.shape[1], teacher.shape[1]))  # (k, V)
    x, target = features[rows], teacher[rows]  # (r, k), (r, V)
    for _ in range(steps):
        w -= rate * x.T @ soft_loss(x @ w, target, t)[1]  # (k, V)
    return w


def train_hard(classes: Ids, rows: Ids, features: Array, count: int, rate: float = 0.2, steps: int = 2000) -> Array:
    """The same student (k, V) on the teacher's decisions alone."""
    w = np.zeros((features.shape[1], count))  # (k, V)
    x = features[rows]  # (r, k)
    for _ in range(steps):
        w -= rate * x.T @ hard_loss(x @ w, classes[rows])[1]  # (k, V)
    return w


# --8<-- [end:train]


# --8<-- [start:sequence]
def sequence_targets(first: Array, nxt: Array, length: int) -> tuple[dict[tuple[int, ...], float], tuple[int, ...]]:
    """All sequences of a Markov teacher, `first` (V,), `nxt` (V, V), with probabilities; and the likeliest one.

    Sequence-level distillation replaces the sum over all of them by the likeliest (found by beam search).
    """
    every = {}
    for s in product(range(len(first)), repeat=length):
        every[s] = float(first[s[0]] * np.prod([nxt[i, j] for i, j in pairwise(s)]))
    return every, max(every, key=lambda s: every[s])


# --8<-- [end:sequence]

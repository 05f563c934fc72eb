r"""A shortcut feature: the best classifier on the training distribution follows it, and fails where it stops holding.

Two binary features that are independent given the label; each agrees with the label with a known probability.
"""

from __future__ import annotations

from itertools import product
from math import log


# --8<-- [start:shortcut]
def weights(core: float, shortcut: float) -> tuple[float, float]:
    """Log-odds that naive Bayes, here the optimal rule, gives to each feature: log p / (1 − p)."""
    return log(core / (1 - core)), log(shortcut / (1 - shortcut))


def accuracy(w: tuple[float, float], core: float, shortcut: float) -> float:
    """Accuracy of the rule on a distribution where the features are right with these probabilities; ties count half."""
    total = 0.0
    for a, b in product((1, -1), repeat=2):  # +1: the feature points to the true label
        p = (core if a > 0 else 1 - core) * (shortcut if b > 0 else 1 - shortcut)
        score = a * w[0] + b * w[1]
        total += p * (1.0 if score > 0 else 0.5 if score == 0 else 0.0)
    return total


# --8<-- [end:shortcut]

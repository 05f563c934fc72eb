r"""Facts seen once, and facts never seen: why a model trained on a faultless corpus must still be wrong sometimes.

Sources: Kalai et al., *Why Language Models Hallucinate* (arXiv:2509.04664), section 3.3 (arbitrary facts, singleton
rate); Good (1953) for the estimate. Arbitrary facts: nothing about one person's birthday follows from another's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def zipf(people: int, exponent: float = 1.0) -> Array:
    """How often each person is written about (people,): a few very often, most hardly ever."""
    p = np.arange(1, people + 1) ** -exponent  # (people,)
    return np.asarray(p / p.sum())


# --8<-- [start:mass]
def missing_mass(p: Array, n: int) -> float:
    r"""Expected probability that the next mention is of someone unseen in n mentions: $\sum_i p_i(1-p_i)^n$."""
    return float((p * (1 - p) ** n).sum())


def singleton_rate(p: Array, n: int) -> float:
    r"""Expected share of the n mentions that stay alone: $\sum_i p_i(1-p_i)^{n-1}$, nearly the same sum."""
    return float((p * (1 - p) ** (n - 1)).sum())


def error_floor(p: Array, n: int, answers: int) -> float:
    """Error of one who remembers every birthday read and guesses the others uniformly among `answers` days."""
    return missing_mass(p, n) * (1 - 1 / answers)


# --8<-- [end:mass]


# --8<-- [start:simulate]
def simulate(p: Array, n: int, answers: int, seed: int) -> tuple[float, float]:
    """Draw a corpus of n mentions: (share of singletons in it, error of the remembering guesser on fresh questions)."""
    rng = np.random.default_rng(seed)
    birthday = rng.integers(answers, size=len(p))  # (people,): the truth, and the corpus has no mistakes
    counts = np.bincount(rng.choice(len(p), n, p=p), minlength=len(p))  # (people,)
    asked = rng.choice(len(p), n, p=p)  # (n,): fresh questions, as frequent as the mentions
    answer = np.where(counts[asked] > 0, birthday[asked], rng.integers(answers, size=n))  # (n,)
    return float((counts == 1).sum() / n), float((answer != birthday[asked]).mean())


# --8<-- [end:simulate]

r"""SelfCheckGPT on answers instead of sentences: what is made up differs from sample to sample, unless it does not.

Source: Manakul et al. (arXiv:2303.08896), section 5: n-gram, and a score in [0, 1] per sample (NLI, prompt), averaged.
A fact is a distribution over its possible answers, the right one in column 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:score]
def inconsistency(answer: Ints, samples: Ints) -> Array:
    """Share of the samples (facts, N) that contradict the answer (facts,): high is suspicious. → (facts,)"""
    return np.asarray((samples != answer[:, None]).mean(1))


def expected(p: Array) -> tuple[Array, Array]:
    r"""Mean score of a fact's right and wrong answers (facts,), (facts,): $1-p_0$ and $1-\sum_{j>0}p_j^2/(1-p_0)$."""
    wrong = 1 - p[:, 0]  # (facts,)
    repeats = (p[:, 1:] ** 2).sum(1) / np.maximum(wrong, 1e-300)  # (facts,): a wrong answer meets itself again
    return wrong, 1 - repeats


# --8<-- [end:score]


# --8<-- [start:ngram]
def unigram(sentence: Sequence[str], samples: Sequence[Sequence[str]], whole: Sequence[str]) -> tuple[float, float]:
    """(mean, max) of −log p over the sentence's tokens, p counted in samples and answer with add-one smoothing."""
    counts = Counter(token for text in [*samples, whole] for token in text)
    total = sum(counts.values()) + len(counts)
    surprise = [-log((counts[token] + 1) / total) for token in sentence]
    return sum(surprise) / len(surprise), max(surprise)


# --8<-- [end:ngram]


def draw(p: Array, n: int, rng: np.random.Generator) -> Ints:
    """n answers of each fact (facts, n) from p (facts, answers)."""
    cumulative = p.cumsum(1)  # (facts, answers)
    return np.asarray((rng.random((len(p), n, 1)) > cumulative[:, None, :-1]).sum(2))


def known(share: float, rivals: int) -> Array:
    """The right answer with probability `share`, the rest spread evenly over rivals: guesses that scatter. (1, 1+k)"""
    return np.array([[share, *[(1 - share) / rivals] * rivals]])


def misconception(share: float, rivals: int) -> Array:
    """The same, but one wrong answer has `share` and the right one is among the rest: a belief, not a guess."""
    return np.array([[(1 - share) / rivals, share, *[(1 - share) / rivals] * (rivals - 1)]])


# --8<-- [start:indirect]
def overlap(p: Array) -> float:
    """Chance that two independent answers (answers,) agree: what an indirect query measures."""
    return float((p**2).sum())


def direct_yes(real: bool, bias: float, skill: float) -> float:
    """Chance of "yes, it exists": a coin of weight `bias` unless, with probability `skill`, the model can tell."""
    return skill * real + (1 - skill) * bias


# --8<-- [end:indirect]

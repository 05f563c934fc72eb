r"""When to answer and when to say "I don't know": grading rules, risk and coverage, calibration error.

Sources: Kalai et al. (arXiv:2509.04664), section 4 (confidence targets); the risk of selective prediction is the
usual one. A model's `confidence` (n,) goes with `right` (n,), true where its answer was correct.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


# --8<-- [start:grading]
def penalty(target: float) -> float:
    """Points that a wrong answer must lose so that answering pays exactly above confidence `target`: t / (1 − t)."""
    return target / (1 - target)


def expected_points(p: Array | float, target: float) -> Array | float:
    """Of answering with probability p of being right: +1 or −t/(1−t); abstaining earns 0. target 0 is 0/1 grading."""
    return p - (1 - p) * penalty(target)


def total_points(right: float, wrong: float, target: float) -> float:
    """Per 100 questions, with `right` and `wrong` of them; the rest were declined."""
    return right - wrong * penalty(target)


# --8<-- [end:grading]


# --8<-- [start:curve]
def risk_coverage(confidence: Array, right: Bools) -> tuple[Array, Array]:
    """Answer the k most confident, k = 1 … n: coverage (n,) and share of wrong ones among the answered (n,)."""
    order = np.argsort(-confidence, kind="stable")  # (n,)
    answered = np.arange(1, len(right) + 1)  # (n,)
    return answered / len(right), np.cumsum(~right[order]) / answered


def at_threshold(confidence: Array, right: Bools, tau: float) -> tuple[float, float]:
    r"""(coverage, risk) when exactly the answers with confidence ≥ tau are given; risk 0 if there are none."""
    given = confidence >= tau  # (n,)
    return float(given.mean()), float((~right[given]).mean()) if given.any() else 0.0


# --8<-- [end:curve]


# --8<-- [start:calibration]
def calibration_error(confidence: Array, right: Bools, bins: int = 10) -> float:
    r"""ECE: $\sum_b\frac{n_b}{n}\,|\text{accuracy}_b-\text{mean confidence}_b|$ over equal-width bins."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)  # (n,)
    gap = np.bincount(which, right - confidence, minlength=bins)  # (bins,): n_b · (accuracy − confidence)
    return float(np.abs(gap).sum() / len(right))


# --8<-- [end:calibration]


def questions(n: int, seed: int) -> tuple[Array, Bools]:
    """Made questions: true chance of being right (n,), spread over 0 … 1 with many hard ones, and the outcomes (n,)."""
    rng = np.random.default_rng(seed)
    chance = rng.beta(1.2, 1.2, n)  # (n,)
    return chance, rng.random(n) < chance


def overconfident(chance: Array, sharpness: float = 0.35) -> Array:
    """The same ranking, pushed towards 1: p^sharpness, so risk and coverage do not change but calibration does."""
    return np.asarray(chance**sharpness)

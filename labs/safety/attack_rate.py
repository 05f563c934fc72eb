r"""How often does an attack get through? Intervals, repeated tries, and a judge that errs.

Wilson interval: E. B. Wilson (1927). Correcting a prevalence for an imperfect test: Rogan and Gladen (1978).
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


# --8<-- [start:wilson]
def wilson(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Confidence interval of a rate; stays sensible at 0 successes, unlike rate ± 2 standard errors."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    rate, extra = successes / trials, z * z / trials
    centre = (rate + extra / 2) / (1 + extra)
    half = z * sqrt(rate * (1 - rate) / trials + extra / (4 * trials)) / (1 + extra)
    return centre - half, centre + half


def zero_bound(trials: int, level: float = 0.95) -> float:
    """Largest rate that still gives no success in `trials` with probability 1 − level: about 3/trials."""
    return float(1 - (1 - level) ** (1 / trials))


# --8<-- [end:wilson]


# --8<-- [start:tries]
def any_of(rate: float, tries: int) -> float:
    """Chance that at least one of `tries` independent attempts gets through."""
    return float(1 - (1 - rate) ** tries)


def mean_any_of(rates: list[float], tries: int) -> float:
    """The same averaged over prompts that differ: never more than `any_of` of the mean rate (Jensen)."""
    return sum(any_of(rate, tries) for rate in rates) / len(rates)


# --8<-- [end:tries]


# --8<-- [start:judge]
def judged(rate: float, sensitivity: float, specificity: float) -> float:
    """What a judge reports: real successes it sees plus harmless answers it flags."""
    return rate * sensitivity + (1 - rate) * (1 - specificity)


def corrected(observed: float, sensitivity: float, specificity: float) -> float:
    """The true rate behind a judge's report, clipped to [0, 1]; needs a judge better than chance."""
    skill = sensitivity + specificity - 1
    if skill <= 0:
        raise ValueError("this judge says nothing about the rate")
    return min(max((observed + specificity - 1) / skill, 0.0), 1.0)


def precision(rate: float, sensitivity: float, specificity: float) -> float:
    """Share of flagged answers that are real."""
    return rate * sensitivity / judged(rate, sensitivity, specificity)


# --8<-- [end:judge]

r"""Side-by-side evaluation: net win rate of good, same and bad, the sign test, and a bootstrap interval.

Sources: the sign test is exact binomial (Conover, *Practical Nonparametric Statistics*, chapter 3); position bias:
Zheng et al., *Judging LLM-as-a-Judge* (arXiv:2306.05685), sections 3.3 and 3.4.
"""

from __future__ import annotations

from math import ceil, comb, log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:gsb]
def net_win_rate(good: int, same: int, bad: int) -> float:
    """(G − B) / (G + S + B), between −1 and 1."""
    return (good - bad) / (good + same + bad)


def sign_test(good: int, bad: int) -> float:
    """Two-sided p-value of at least so uneven a split if both were equally likely; ties carry no sign."""
    n, most = good + bad, max(good, bad)
    tail: float = sum(comb(n, i) for i in range(most, n + 1)) / 2**n
    return min(1.0, 2 * tail)


def bootstrap_interval(
    good: int, same: int, bad: int, seed: int, draws: int = 10_000, level: float = 0.95
) -> tuple[float, float]:
    """Percentile interval of the net win rate: draw the questions anew, with replacement."""
    total = good + same + bad
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(total, np.array([good, same, bad]) / total, size=draws)  # (draws, 3)
    rates = (counts[:, 0] - counts[:, 2]) / total  # (draws,)
    low, high = np.quantile(rates, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


# --8<-- [end:gsb]


# --8<-- [start:judge]
def swapped_verdict(first: str, second: str) -> str:
    """Join a judge's two verdicts, A shown first and A shown second: a win counts only if both agree."""
    return first if first == second else "same"


def biased_judge(quality: float, bias: float, shown_first: bool) -> str:
    """A judge who sees A's lead in quality plus a liking for whatever stands first."""
    seen = quality + (bias if shown_first else -bias)
    return "good" if seen > 0 else "bad" if seen < 0 else "same"


# --8<-- [end:judge]


# --8<-- [start:golden]
def chance_to_notice(cases: int, broken: float) -> float:
    """Probability that at least one of `cases` fails when a change breaks this share of all requests."""
    return 1 - (1 - broken) ** cases


def cases_needed(broken: float, confidence: float = 0.95) -> int:
    """The fewest cases that notice it with this confidence: about 3 / broken for 95 %."""
    return ceil(log(1 - confidence) / log(1 - broken))


# --8<-- [end:golden]

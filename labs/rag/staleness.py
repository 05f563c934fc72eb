r"""When is retrieval worth it: how stale knowledge gets between updates, and how often retrieval must hit.

Facts change independently at `rate` per day (a Poisson process); the knowledge is renewed every `period` days.
"""

from __future__ import annotations

import math


# --8<-- [start:stale]
def stale_share(rate: float, period: float) -> float:
    """Mean share of facts that have changed since the last renewal: 1 − (1 − e^(−λT)) / (λT)."""
    x = rate * period
    return 1 + math.expm1(-x) / x


def answer_rate(hit: float, with_evidence: float, with_noise: float) -> float:
    """Share of right answers if retrieval brings the evidence in a share `hit` of the questions."""
    return hit * with_evidence + (1 - hit) * with_noise


def break_even_hit(closed_book: float, with_evidence: float, with_noise: float) -> float:
    """The hit rate above which retrieval beats answering from memory."""
    return (closed_book - with_noise) / (with_evidence - with_noise)


# --8<-- [end:stale]

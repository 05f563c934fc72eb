"""Dynamic sampling against brute force, and the numbers of dapo.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.dynamic_sampling import fill, filtered_gradient, kept_share, plain_gradient

RATES = np.array([0, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 1])


def test_share_kept() -> None:
    """Page dapo: eight questions, one hopeless and one trivial, groups of 16: 53 % speak, 1.9 groups per kept one."""
    assert round(kept_share(RATES, 16), 2) == 0.53
    assert round(1 / kept_share(RATES, 16), 1) == 1.9
    assert [round(kept_share(RATES, g), 2) for g in (4, 64)] == [0.31, 0.67]


def test_fill_draws_as_many_as_expected() -> None:
    kept, drawn = fill(RATES, 16, 4000, np.random.default_rng(0))
    assert len(kept) == 4000 and not np.isin(kept, [0, 1]).any()
    assert abs(drawn / 4000 - 1 / kept_share(RATES, 16)) < 0.06


@pytest.mark.parametrize("kind", ["grpo", "dr"])
def test_filter_keeps_the_direction(kind: str) -> None:
    """Page dapo: the expected gradient grows by 1/(share kept), the same factor for every question."""
    rates = RATES[1:-1]
    plain, filtered = plain_gradient(rates, 16, kind), filtered_gradient(rates, 16, kind)
    np.testing.assert_allclose(filtered / plain, 1 / kept_share(rates, 16), rtol=1e-12)


def test_filter_by_simulation() -> None:
    """The same by sampling: mean Dr.GRPO gradient of a question per kept group, over all kept groups."""
    rng, rates, size = np.random.default_rng(1), np.array([0.05, 0.5]), 4
    total, kept = np.zeros(2), 0
    which = rng.integers(2, size=200_000)
    right = rng.binomial(size, rates[which])
    for q in (0, 1):
        m = right[which == q] / size
        total[q] = (m * (1 - m)).sum()  # the Dr.GRPO gradient of a group in logit p, 0 for m = 0 or 1
    kept = int(((right > 0) & (right < size)).sum())
    np.testing.assert_allclose(total / kept, filtered_gradient(rates, size, "dr"), rtol=0.02)

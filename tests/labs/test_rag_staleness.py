"""Staleness against an integral, and the numbers of docs/rag/rag-vs-sft.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.staleness import answer_rate, break_even_hit, stale_share


@pytest.mark.parametrize(("rate", "period"), [(0.01, 90.0), (0.3, 7.0), (2.0, 1.0)])
def test_equals_the_integral(rate: float, period: float) -> None:
    integrate = pytest.importorskip("scipy.integrate", reason="needs scipy==1.17.1")
    area, _ = integrate.quad(lambda t: 1 - np.exp(-rate * t), 0, period)
    assert stale_share(rate, period) == pytest.approx(area / period, abs=1e-10)


def test_equals_a_simulation() -> None:
    rng = np.random.default_rng(0)
    changed = rng.exponential(1 / 0.05, 200_000)  # days until the next change of a fact
    asked = rng.uniform(0, 30, 200_000)  # when it is asked for, counted from the renewal
    assert stale_share(0.05, 30) == pytest.approx((changed < asked).mean(), abs=0.004)


def test_break_even_is_where_the_rates_meet() -> None:
    r = break_even_hit(0.5, 0.8, 0.4)
    assert answer_rate(r, 0.8, 0.4) == pytest.approx(0.5)


def test_numbers_of_the_page() -> None:
    """Each fact changes once in 100 days on average; then closed book 56.1 %, evidence 88.3 %."""
    shares = [round(100 * stale_share(1 / 100, t), 1) for t in (90, 30, 1)]
    assert shares == [34.1, 13.6, 0.5]
    assert round(100 * stale_share(1 / 100, 1 / 24), 2) == 0.02
    assert break_even_hit(0.56, 0.88, 0.40) == pytest.approx(1 / 3)
    assert break_even_hit(0.56, 0.88, 0.56) == 0
    assert answer_rate(0.8, 0.88, 0.40) == pytest.approx(0.784)

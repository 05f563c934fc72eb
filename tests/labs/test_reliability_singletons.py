"""Missing mass by enumeration, and the numbers of docs/reliability/hallucination-causes-survey.md."""

from __future__ import annotations

from itertools import product

import numpy as np

from labs.reliability.singletons import error_floor, missing_mass, simulate, singleton_rate, zipf


def test_by_enumeration() -> None:
    p, n = np.array([0.5, 0.3, 0.15, 0.05]), 5
    unseen = alone = 0.0
    for corpus in product(range(4), repeat=n):
        chance = float(np.prod(p[list(corpus)]))
        unseen += chance * sum(p[i] for i in range(4) if i not in corpus)
        alone += chance * sum(corpus.count(i) == 1 for i in range(4)) / n
    np.testing.assert_allclose([missing_mass(p, n), singleton_rate(p, n)], [unseen, alone], atol=1e-12)
    assert abs(missing_mass(p, n - 1) - singleton_rate(p, n)) < 1e-15  # Good–Turing: unbiased for one mention fewer


def test_page_numbers() -> None:
    """Page: 20 000 people by Zipf; singletons, unseen and measured error for three sizes of corpus."""
    p = zipf(20_000)
    rows = {n: (singleton_rate(p, n), missing_mass(p, n), simulate(p, n, 365, 0)[1]) for n in (1000, 10_000, 100_000)}
    assert {n: tuple(f"{v:.1%}" for v in row) for n, row in rows.items()} == {
        1000: ("45.5%", "45.5%", "44.1%"),
        10_000: ("24.0%", "24.0%", "22.6%"),
        100_000: ("5.6%", "5.6%", "5.7%"),
    }
    alone, error = simulate(p, 10_000, 365, 0)
    assert f"{alone:.1%}" == "24.3%"
    assert abs(error - error_floor(p, 10_000, 365)) < 0.02

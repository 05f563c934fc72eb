"""Search against enumeration, and the numbers of docs/reasoning/verifier-search.md and deepseek-prover-v2.md."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from labs.reasoning.verifier_search import beam, best_of_n, noisy


def test_beam_against_every_outcome() -> None:
    """Two levels, four candidates a level, two beams kept, right ones first: all 2^8 outcomes."""
    q, want = 0.35, 0.0
    for draw in product((0, 1), repeat=8):
        kept = sorted(draw[:4], reverse=True)[:2]  # both parents of level 1 are right
        second = [kept[i // 2] * draw[4 + i] for i in range(4)]
        want += q ** sum(draw) * (1 - q) ** (8 - sum(draw)) * max(second)
    assert beam(q, 2, 4, 2) == pytest.approx(want, abs=1e-12)
    assert beam(q, 1, 4, 2) == pytest.approx(best_of_n(q, 1, 4), abs=1e-12)
    assert beam(q, 5, 6, 6) < best_of_n(q, 1, 6)


def test_simulation_with_a_perfect_verifier() -> None:
    rng = np.random.default_rng(1)
    assert noisy(0.7, 8, 16, 16, 1.0, 0.0, 4000, rng) == pytest.approx(best_of_n(0.7, 8, 16), abs=0.03)
    assert noisy(0.5, 6, 8, 2, 1.0, 0.0, 4000, rng) == pytest.approx(beam(0.5, 6, 8, 2), abs=0.03)
    assert noisy(0.7, 8, 16, 4, 0.5, 0.5, 4000, rng) == pytest.approx(0.7**8, abs=0.015)  # a coin for a verifier


def test_page_perfect() -> None:
    """Page: eight steps at 0.7."""
    assert f"{0.7**8:.3f}" == "0.058"
    assert [f"{best_of_n(0.7, 8, n):.2f}" for n in (4, 16, 64)] == ["0.21", "0.61", "0.98"]
    assert [f"{beam(0.7, 8, n, 4):.3f}" for n in (4, 16, 64)] == ["0.211", "1.000", "1.000"]
    assert f"{beam(0.7, 8, 4, 1):.2f}" == "0.94"


def test_page_noisy() -> None:
    """Page: beam wins small budgets on hard questions, loses on easy ones and at large budgets."""
    table = {
        (q, leak): [
            f"{noisy(q, 8, n, w, 0.9, leak, 4000, np.random.default_rng(0)):.2f}" for n in (16, 64) for w in (n, 4)
        ]
        for q, leak in ((0.7, 0.3), (0.95, 0.5))
    }
    assert table == {(0.7, 0.3): ["0.46", "0.73", "0.75", "0.73"], (0.95, 0.5): ["0.94", "0.92", "0.94", "0.91"]}
    assert f"{0.95**8:.2f}" == "0.66"


def test_page_prover() -> None:
    """Prover page: six lemmas at 0.3: 96 whole proofs against 16 tries a lemma, 96 tries in all."""
    assert f"{0.3**6:.5f}" == "0.00073"
    assert [f"{x:.3f}" for x in (best_of_n(0.3, 6, 96), beam(0.3, 6, 16, 1))] == ["0.068", "0.980"]
    assert beam(0.3, 6, 16, 1) == pytest.approx((1 - 0.7**16) ** 6, abs=1e-12)

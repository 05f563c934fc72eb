"""Contamination and mixtures: naive loops, SciPy, and the numbers of docs/pretraining/pretraining-data-pipeline.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.finetuning.mixture import epochs, weights
from labs.pretraining.contamination import EXAMPLES, TEST, contaminated, covered
from labs.pretraining.data_mixture import NAMES, SIZES, cap_epochs, fit_slope, mixing_law

BUDGET = 1000.0


@pytest.mark.parametrize("n", [3, 5, 10])
def test_overlap_equals_substring_search(n: int) -> None:
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(200):
        document, test = ("".join(rng.choice(list("ab"), m)) for m in (30, 12))
        naive = any(test[i : i + n] in document for i in range(len(test) - n + 1))
        assert contaminated(list(document), list(test), n) == naive
        hits += naive
    assert hits > 0
    assert n < 6 or hits < 200


def test_short_test_items() -> None:
    """Page: shorter than n must occur whole, shorter than 3 is never matched."""
    document = list("现在一加一等于几呢")
    assert contaminated(document, list("一加一等于几"))
    assert not contaminated(document, list("一加二等于几"))
    assert not contaminated(document, list("现在"))


def test_covered_equals_marking() -> None:
    document, test, n = "abcdefxyz", "abcdQefxyz", 3
    marked: set[int] = set()
    for i in range(len(test) - n + 1):
        if test[i : i + n] in document:
            marked.update(range(i, i + n))
    assert covered(list(document), list(test), n) == pytest.approx(len(marked) / len(test))


def test_numbers_of_contamination() -> None:
    """Page: the table of four documents."""
    found = {name: [contaminated(d, TEST, n) for n in (5, 8, 10, 13)] for name, d in EXAMPLES.items()}
    assert found == {
        "原题": [True] * 4,
        "换数字": [True, True, False, False],
        "改写": [False] * 4,
        "无关": [False] * 4,
    }
    assert round(covered(EXAMPLES["换数字"], TEST, 5), 2) == 0.75


def test_numbers_of_repetition() -> None:
    """Page: passes over each source at three temperatures, and with a cap of 4."""
    assert NAMES == ["网页", "代码", "论文", "百科"]

    def passes(p: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
        return [round(float(e), 1) for e in epochs(SIZES, p, int(BUDGET))]

    assert passes(weights(SIZES, 1)) == [0.4] * 4
    assert passes(weights(SIZES, 2)) == [0.3, 1.0, 2.0, 4.6]
    np.testing.assert_allclose(epochs(SIZES, weights(SIZES, 1e9), int(BUDGET)), [0.125, 1.25, 5, 25], atol=1e-6)
    capped = cap_epochs(weights(SIZES, 1e9), SIZES, BUDGET, 4)
    assert passes(capped) == [0.2, 1.9, 4.0, 4.0]
    assert [round(100 * float(w)) for w in capped] == [38, 38, 20, 4]


def test_cap_is_the_projection_that_keeps_ratios() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        sizes, p = rng.uniform(1, 100, 5), rng.dirichlet(np.ones(5))
        w = cap_epochs(p, sizes, 100.0, 2.0)
        room = 2 * sizes / 100
        assert w.sum() == pytest.approx(1)
        assert (w <= room + 1e-9).all()
        free = w < room - 1e-9
        np.testing.assert_allclose(w[free] / p[free], (w / p).max())  # the uncapped keep their ratios
    with pytest.raises(ValueError, match="budget"):
        cap_epochs(np.array([0.5, 0.5]), np.array([1.0, 1.0]), 100.0, 4.0)


def test_mixing_law_equals_loop_and_is_recovered() -> None:
    optimize = pytest.importorskip("scipy.optimize", reason="needs scipy==1.17.1")
    rng = np.random.default_rng(0)
    r = rng.dirichlet(np.ones(2), 6)
    c, k, t = np.array([1.5, 2.0]), np.array([1.2, 0.8]), np.array([[-1.0, 0.1], [0.2, -0.9]])
    loop = [[c[i] + k[i] * np.exp(sum(t[i, j] * row[j] for j in range(2))) for i in range(2)] for row in r]
    np.testing.assert_allclose(mixing_law(r, c, k, t), loop, atol=1e-12)

    share = np.linspace(0, 1, 9)
    loss = 1.7 + 0.9 * np.exp(-2.0 * share)
    got = fit_slope(share, loss, np.linspace(0, 2, 2001))
    want, _ = optimize.curve_fit(lambda s, a, b, d: a + b * np.exp(d * s), share, loss, p0=(1.0, 1.0, -1.0))
    np.testing.assert_allclose(got, want, atol=1e-6)
    np.testing.assert_allclose(got, (1.7, 0.9, -2.0), atol=1e-6)

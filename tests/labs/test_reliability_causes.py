"""Fact table and knowledge levels; numbers of docs/reliability/hallucination-causes-survey.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.reliability.fact_table import corpus, false_rate, train
from labs.reliability.knowledge_levels import level, missed


def test_false_rate_equals_sampling() -> None:
    logits = train(corpus(20), 0.2, 6, 3)
    rng = np.random.default_rng(0)
    for temperature in (0.5, 1.0, 2.0):
        noise = -np.log(-np.log(rng.random((20_000, *logits.shape))))
        picked = (logits / temperature + noise).argmax(-1)  # Gumbel: samples of the softmax
        np.testing.assert_allclose((picked != 0).mean(0), false_rate(logits, temperature), atol=0.015)


def test_temperature_one_gives_back_the_corpus() -> None:
    logits = train(corpus(), 0.3, 20, 0, prior=1e-9)
    assert false_rate(logits, 1.0)[:200].mean() == pytest.approx(0.3, abs=0.01)  # imitates the mistakes at their rate


def test_page_table() -> None:
    """Page: share of false statements about frequent and rare facts, over temperature and mistakes in the corpus."""
    rows = {}
    for wrong in (0.0, 0.05, 0.3):
        logits = train(corpus(), wrong, 20, 0)
        rows[wrong] = [
            tuple(f"{part.mean():.0%}" for part in np.split(false_rate(logits, t), 2)) for t in (0, 0.5, 1, 2)
        ]
    assert rows == {
        0.0: [("0%", "0%"), ("0%", "1%"), ("0%", "32%"), ("23%", "75%")],
        0.05: [("0%", "0%"), ("0%", "7%"), ("5%", "35%"), ("45%", "76%")],
        0.3: [("0%", "8%"), ("1%", "30%"), ("30%", "51%"), ("73%", "80%")],
    }


def test_levels() -> None:
    yes, no = np.ones(10, dtype=bool), np.zeros(10, dtype=bool)
    one = no.copy()
    one[3] = True
    none, some = np.zeros((10, 16), dtype=bool), np.zeros((10, 16), dtype=bool)
    some[4, 7] = True
    got = [level(yes, some), level(one, none), level(no, some), level(no, none)]
    assert got == ["HighlyKnown", "MaybeKnown", "WeaklyKnown", "Unknown"]


def test_page_missed() -> None:
    """Page: a fact sampled rightly 1 % of the time still passes for Unknown one time in five."""
    rng = np.random.default_rng(0)
    assert f"{missed(0.01):.0%}" == "20%"
    assert (rng.random((5000, 160)) > 0.01).all(1).mean() == pytest.approx(missed(0.01), abs=0.02)

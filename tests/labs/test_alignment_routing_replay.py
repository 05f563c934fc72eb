"""Routing replay: log-probabilities against PyTorch, and the numbers of gspo.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.routing_replay import logp, ratios, route


def test_logp_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, router, experts = rng.standard_normal((9, 4)), rng.standard_normal((4, 3)), rng.standard_normal((3, 4, 5))
    chosen, tokens = route(x, router), rng.integers(5, size=9)
    for i in range(9):
        want = torch.log_softmax(torch.tensor(x[i] @ experts[chosen[i]]), 0)[int(tokens[i])]
        assert np.isclose(logp(x, experts, chosen, tokens)[i], want.item(), atol=1e-12)


def test_flips_make_the_spread() -> None:
    """Page gspo: 3.8 % of the tokens change expert; deviation of log ρ 0.30 with them, 0.048 with replay."""
    out = ratios(0.05)
    flipped = out["flipped"].astype(bool)
    assert round(100 * flipped.mean(), 1) == 3.8
    assert round(out["free"].std(), 2) == 0.30 and round(out["replay"].std(), 3) == 0.048
    np.testing.assert_array_equal(out["free"][~flipped], out["replay"][~flipped])
    outside = {k: round(100 * float((np.abs(np.expm1(out[k])) > 0.2).mean()), 1) for k in ("free", "replay")}
    assert outside == {"free": 3.3, "replay": 0.0}


def test_the_mean_over_an_answer_is_calmer() -> None:
    """Page gspo: geometric means over 10 answers of 200 tokens lie in 0.92 … 1.00, single ratios in 0.02 … 5.7."""
    free = ratios(0.05)["free"]
    s = np.exp(free.reshape(10, 200).mean(axis=1))
    assert round(float(s.min()), 2) == 0.92 and round(float(s.max()), 2) == 1.0
    assert round(float(np.exp(free.min())), 2) == 0.02 and round(float(np.exp(free.max())), 1) == 5.7

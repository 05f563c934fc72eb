"""Scaling laws and 6ND against SciPy and the counted FLOPs; the numbers of docs/pretraining/scaling-laws.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit, minimize_scalar

from labs.foundations.decoder_flops import forward, training
from labs.foundations.decoder_params import GPT3, LLAMA3_8B, LLAMA_7B
from labs.pretraining.scaling_laws import (
    CHINCHILLA,
    REFIT,
    Array,
    Law,
    fit,
    kaplan_d,
    kaplan_n,
    slope,
    training_runs,
)
from labs.pretraining.training_compute import exact_over_six, linear_layer_flops, matmul_params, seconds, six_nd

GOPHER = 5.76e23


@pytest.mark.parametrize("law", [CHINCHILLA, REFIT])
@pytest.mark.parametrize("c", [1e18, GOPHER, 1e26])
def test_optimum_equals_numerical_search(law: Law, c: float) -> None:
    found = minimize_scalar(lambda x: float(law.loss(np.exp(x), c / 6 / np.exp(x))), bounds=(10, 40), method="bounded")
    n, d = law.optimum(c)
    assert np.log(n) == pytest.approx(found.x, abs=1e-4)
    assert 6 * n * d == pytest.approx(c, rel=1e-12)
    best = float(law.loss(n, d))
    assert best < float(law.loss(n * 1.01, d / 1.01)) and best < float(law.loss(n / 1.01, d * 1.01))


def test_optimum_exponents() -> None:
    """Page: a = β/(α+β) is 0.45 and 0.51, and the slope of log N against log C is just that."""
    budgets = np.geomspace(1e18, 1e25, 8)
    for law, want in ((CHINCHILLA, 0.45), (REFIT, 0.51)):
        got = slope(budgets, np.array([law.optimum(c)[0] for c in budgets]))
        assert got == pytest.approx(law.beta / (law.alpha + law.beta), abs=1e-9)
        assert round(got, 2) == want


def test_fit_recovers_the_law_without_noise() -> None:
    got = fit(*training_runs(REFIT, 0, noise=0.0), rounds=16)
    assert (got.e, got.a, got.b, got.alpha, got.beta) == pytest.approx(
        (REFIT.e, REFIT.a, REFIT.b, REFIT.alpha, REFIT.beta), rel=1e-3
    )


def test_fit_equals_scipy() -> None:
    """With noise, both find the same least squares; page: the fitted numbers."""
    n, d, loss = training_runs(REFIT, 0)

    def model(nd: Array, e: float, a: float, b: float, alpha: float, beta: float) -> Array:
        return np.asarray(e + a * (nd[0] / 1e9) ** -alpha + b * (nd[1] / 1e10) ** -beta)

    (e, a, b, alpha, beta), _ = curve_fit(model, np.stack([n, d]), loss, p0=[2, 1, 1, 0.4, 0.3])
    got = fit(n, d, loss)
    assert (got.e, got.alpha, got.beta) == pytest.approx((e, alpha, beta), abs=1e-4)
    assert (got.a, got.b) == pytest.approx((a * 1e9**alpha, b * 1e10**beta), rel=1e-2)
    assert (round(got.e, 3), round(got.alpha, 3), round(got.beta, 3)) == (1.818, 0.348, 0.368)
    assert (round(got.a), round(got.b)) == (483, 2188)
    big_n, big_d = got.optimum(GOPHER)
    assert round(big_d / big_n, 1) == 17.9


def test_gopher_budget() -> None:
    """Page: table of the two laws at 5.76e23."""
    for law, n_b, d_t, ratio in ((CHINCHILLA, 32.2, 2.98, 93), (REFIT, 72.2, 1.33, 18)):
        n, d = law.optimum(GOPHER)
        assert (round(n / 1e9, 1), round(d / 1e12, 2), round(d / n)) == (n_b, d_t, ratio)
    ratios = [REFIT.optimum(c) for c in (1e21, 1e24)]
    assert [round(d / n, 1) for n, d in ratios] == [21.6, 18.1]


def test_rounding_moves_the_optimum() -> None:
    """Page: α = 0.3392, β = 0.2849 (the unrounded pair) give 59 tokens per parameter."""
    n, d = Law(1.6934, 406.4, 410.7, 0.3392, 0.2849).optimum(GOPHER)
    assert round(d / n) == 59


def test_models_by_the_refit() -> None:
    """Page: Gopher, Chinchilla and an 8B model on 15T tokens; the budget sums."""
    runs = [(280e9, 300e9), (70e9, 1.4e12), (8e9, 15e12)]
    assert [round(float(REFIT.loss(n, d)), 3) for n, d in runs] == [2.000, 1.974, 2.022]
    assert [f"{six_nd(n, d):.2e}" for n, d in runs] == ["5.04e+23", "5.88e+23", "7.20e+23"]
    n, d = REFIT.optimum(7.2e23)
    assert round(float(REFIT.loss(n, d)), 3) == 1.968
    assert (round(n / 1e9), round(15e12 / 8e9)) == (81, 1875)
    assert f"{six_nd(405e9, 15.6e12):.1e}" == "3.8e+25"


def test_rule_of_thumb() -> None:
    """Page: N = sqrt(C/120) with 20 tokens a parameter; 5.76e23 gives 69B and 1.39T."""
    n = (GOPHER / 120) ** 0.5
    assert six_nd(n, 20 * n) == pytest.approx(GOPHER)
    assert (round(n / 1e9), round(20 * n / 1e12, 2)) == (69, 1.39)


def test_kaplan() -> None:
    """Page: ten times the parameters, 16 % less loss; ten times the data, 20 %; halving needs 2^(1/α)."""
    assert round(1 - kaplan_n(1e10) / kaplan_n(1e9), 2) == 0.16
    assert round(1 - kaplan_d(1e11) / kaplan_d(1e10), 2) == 0.20
    assert round(2 ** (1 / 0.076)) == 9139
    assert slope(np.array([1e8, 1e10]), np.array([kaplan_n(1e8), kaplan_n(1e10)])) == pytest.approx(-0.076)


def test_reducible_loss_falls_by_the_same_factor() -> None:
    """Page: ten times N takes 55 % of A/N^α off, whatever N is (refit)."""
    for n in (1e8, 1e11):
        part = [REFIT.a * m**-REFIT.alpha for m in (n, 10 * n)]
        assert round(1 - part[1] / part[0], 2) == 0.55


def test_linear_layer_backward_is_twice_forward() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    from torch.utils.flop_counter import FlopCounterMode

    rng = np.random.default_rng(0)
    x, w, g = rng.standard_normal((6, 4)), rng.standard_normal((4, 3)), rng.standard_normal((6, 3))
    (y, gx, gw), flops = linear_layer_flops(x, w, g)
    tx, tw = (torch.from_numpy(a).requires_grad_() for a in (x, w))
    counter = FlopCounterMode(display=False)
    with counter:
        out = tx @ tw
        before = counter.get_total_flops()
        out.backward(torch.from_numpy(g))
    assert before == flops["forward"] == 2 * 6 * 4 * 3
    assert counter.get_total_flops() - before == flops["backward"] == 2 * before
    for mine, theirs in ((y, out.detach()), (gx, tx.grad), (gw, tw.grad)):
        np.testing.assert_allclose(mine, theirs.numpy(), atol=1e-12)


def test_six_nd_against_the_counted_flops() -> None:
    """Page: counted over 6ND: GPT-3 1.03, LLaMA-7B 1.06, LLaMA-3-8B 1.20 at 8192 and 5.21 at 131072."""
    got = [exact_over_six(m, s) for m, s in ((GPT3, 2048), (LLAMA_7B, 2048), (LLAMA3_8B, 8192), (LLAMA3_8B, 131_072))]
    assert [round(r, 2) for r in got] == [1.03, 1.06, 1.20, 5.21]


def test_all_that_is_left_out_is_attention() -> None:
    """With matrix parameters for N, and without scores and mix, the count is 6ND to the last FLOP."""
    for model in (GPT3, LLAMA_7B, LLAMA3_8B):
        parts = forward(model, 1, 2048)
        rest = training(model, 1, 2048) - 3 * (parts["scores"] + parts["mix"])
        biases = model.layers * (4 * model.h + 5 * model.h) if model.bias == "all" else 0
        assert rest == six_nd(matmul_params(model) - biases, 2048)


def test_doubling_both_is_fourfold() -> None:
    assert six_nd(2, 2) == 4 * six_nd(1, 1)
    assert f"{six_nd(175e9, 300e9):.2e}" == "3.15e+23"


def test_time() -> None:
    """Page: 8B on 1T tokens, 64 devices of 989 TFLOP/s at 40 %: 22 days."""
    assert round(seconds(8e9, 1e12, 64, 989e12, 0.4) / 86_400, 1) == 21.9


def test_question_budget() -> None:
    """Page: 1e24 by D = 20N 91B and 1.8T, by the refit 96B and 1.7T; 2.5 times off costs 0.02 at most."""
    n = (1e24 / 120) ** 0.5
    assert (round(n / 1e9), round(20 * n / 1e12, 1)) == (91, 1.8)
    n, d = REFIT.optimum(1e24)
    assert (round(n / 1e9), round(d / 1e12, 1)) == (96, 1.7)
    best = float(REFIT.loss(n, d))
    assert all(0 < float(REFIT.loss(n * f, d / f)) - best < 0.021 for f in (0.4, 2.5))
    assert round(15.6e12 / 405e9) == 39


def test_post_training_shares() -> None:
    """docs/pretraining/llm-training-stages.md: shares of the published compute."""
    assert [round(100 * x, 2) for x in (4.9 / 3640, 60 / 3640, 5 / 2664)] == [0.13, 1.65, 0.19]
    assert f"{3640e15 * 86_400:.2e}" == "3.14e+23"

"""DPO and its variants against PyTorch autograd and SciPy, and the numbers of docs/alignment/dpo.md."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from scipy.optimize import minimize

from labs.alignment.dpo import closed_form, dpo, dpo_nll, implicit_reward, normalised_dpo, population_loss, sigmoid
from labs.attention.scaled_dot_product import softmax

RNG = np.random.default_rng(0)
N = 9
CHOSEN, REJECTED, REF_C, REF_R = -30 + 5 * RNG.standard_normal((4, N))
LEN_W, LEN_L = RNG.integers(5, 40, N).astype(float), RNG.integers(5, 40, N).astype(float)
REF, REWARD = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.0, 1.0, -1.0, 2.0])


@pytest.mark.parametrize("kind", ["dpo", "r-dpo", "normalised", "nll"])
def test_loss_and_gradient_are_autograd(kind: str) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    c, r = torch.tensor(CHOSEN, requires_grad=True), torch.tensor(REJECTED, requires_grad=True)
    rc, rr, n_w, n_l = (torch.tensor(x) for x in (REF_C, REF_R, LEN_W, LEN_L))
    margin = 0.1 * ((c - rc) - (r - rr))
    if kind == "r-dpo":
        margin = margin + 0.02 * (n_w - n_l)
    if kind == "normalised":
        margin = 2.0 * ((c - rc) / n_w - (r - rr) / n_l)
    want = -torch.nn.functional.logsigmoid(margin).mean()
    if kind == "nll":
        want = want + 0.2 * (-c / n_w).mean()
    want.backward()
    loss, g_c, g_r = {
        "dpo": lambda: dpo(CHOSEN, REJECTED, REF_C, REF_R, 0.1),
        "r-dpo": lambda: dpo(CHOSEN, REJECTED, REF_C, REF_R, 0.1, 0.02 * (LEN_W - LEN_L)),
        "normalised": lambda: normalised_dpo(CHOSEN, REJECTED, REF_C, REF_R, LEN_W, LEN_L, 2.0),
        "nll": lambda: dpo_nll(CHOSEN, REJECTED, REF_C, REF_R, LEN_W, 0.1, 0.2),
    }[kind]()
    assert loss == pytest.approx(want.item(), abs=1e-12)
    np.testing.assert_allclose(g_c, c.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(g_r, r.grad.numpy(), atol=1e-12)


def test_first_loss_is_ln_2() -> None:
    """Page: any data, any β; also with a mask that is wrong on both sides."""
    for beta in (0.01, 0.1, 5.0):
        loss, grad, _ = dpo(CHOSEN, REJECTED, CHOSEN, REJECTED, beta)
        assert loss == pytest.approx(log(2), abs=1e-15)
        np.testing.assert_allclose(grad, -beta / 2 / N, atol=1e-15)
    assert round(log(2), 4) == 0.6931
    wrong = CHOSEN - 17.0  # prompt tokens counted in, by policy and reference alike
    assert dpo(wrong, REJECTED, wrong, REJECTED)[0] == pytest.approx(log(2), abs=1e-15)


def test_first_loss_with_length_margin_is_not_ln_2() -> None:
    """Page: R-DPO with α = 0.01 and a chosen answer 50 tokens longer starts at 0.474."""
    one = np.array([-20.0])
    assert round(dpo(one, one, one, one, 0.1, np.array([0.5]))[0], 3) == 0.474


def test_worked_pair() -> None:
    """Page: the numbers of one pair, β = 0.1."""
    c, r, rc, rr = (np.array([x]) for x in (-42.0, -48.0, -40.0, -36.0))
    assert implicit_reward(c, rc)[0] == pytest.approx(-0.2) and implicit_reward(r, rr)[0] == pytest.approx(-1.2)
    loss, g_c, g_r = dpo(c, r, rc, rr)
    assert (round(loss, 3), round(g_c[0], 4), round(g_r[0], 4)) == (0.313, -0.0269, 0.0269)
    assert round(float(sigmoid(np.array([-1.0]))[0]), 3) == 0.269


def test_population_optimum_is_the_closed_form() -> None:
    """Page: four responses; SciPy minimises the expected DPO loss and finds π* = π_ref·e^{r/β}/Z."""
    want, z = closed_form(REF, REWARD, beta=1.0)
    got = minimize(lambda x: population_loss(softmax(x), REF, REWARD, 1.0), np.zeros(4), tol=1e-12)
    np.testing.assert_allclose(softmax(got.x), want, atol=1e-5)
    assert want.round(3).tolist() == [0.197, 0.402, 0.036, 0.364]
    # Z cancels: the implicit reward differs from the true one by the same amount everywhere
    gap = REWARD - implicit_reward(np.log(want), np.log(REF), 1.0)
    np.testing.assert_allclose(gap, np.log(z), atol=1e-12)


def test_closed_form_maximises_the_objective() -> None:
    """Page: E[r] − β·KL at π* is β·log Z, and SciPy finds nothing better."""
    beta = 0.5
    pi, z = closed_form(REF, REWARD, beta)

    def objective(x: np.ndarray) -> float:
        p = softmax(x)
        return float((p * REWARD).sum() - beta * (p * np.log(p / REF)).sum())

    assert objective(np.log(pi)) == pytest.approx(beta * log(z), abs=1e-12)
    best = minimize(lambda x: -objective(x), np.zeros(4), tol=1e-12)
    assert -best.fun == pytest.approx(beta * log(z), abs=1e-9)


def test_loss_does_not_see_a_third_response() -> None:
    """dpo-likelihood-displacement: scaling π(w) and π(l) by one factor leaves the loss as it was."""
    c, r, rc, rr = (np.log([x]) for x in (0.4, 0.1, 0.3, 0.3))
    scaled = dpo(c + log(0.01), r + log(0.01), rc, rr)[0]
    assert scaled == pytest.approx(dpo(c, r, rc, rr)[0], abs=1e-12)


def test_gradient_in_probability_ratios() -> None:
    """dpo-likelihood-displacement: in x = π/π_ref the rejected slope is x_w/x_l times the chosen one."""
    x_w, x_l = 1.5, 0.3
    _, g_w, g_l = dpo(np.log([x_w]), np.log([x_l]), np.zeros(1), np.zeros(1))
    assert abs(g_l[0] / x_l) / abs(g_w[0] / x_w) == pytest.approx(x_w / x_l, abs=1e-12) == pytest.approx(5)

"""Variance of dot products and saturation of softmax; numbers of docs/attention/attention-scaling.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.attention.scaling import dot_products, jacobian, saturation, t5_scores


@pytest.mark.parametrize("d_k", [4, 64, 256])
def test_variance_is_d_k(d_k: int) -> None:
    dots = dot_products(d_k, 20_000, np.random.default_rng(0))
    assert abs(dots.mean()) < 0.02 * d_k**0.5
    # 20 000 samples leave an error of about 1 % (2 % for the heavier tails of small d_k).
    assert dots.var() / d_k == pytest.approx(1, abs=0.05)
    assert (dots / d_k**0.5).var() == pytest.approx(1, abs=0.05)


def test_jacobian_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    s = np.random.default_rng(0).standard_normal(6)
    expected = torch.autograd.functional.jacobian(lambda t: t.softmax(0), torch.from_numpy(s))
    np.testing.assert_allclose(jacobian(softmax(s)), expected.numpy(), rtol=1e-12, atol=1e-12)


def test_page_jacobian_at_the_ends() -> None:
    """Page: Frobenius norm 0.5 for two equal weights, 0.12 for 64 equal ones, 0 for a one-hot row."""
    assert np.linalg.norm(jacobian(np.array([0.5, 0.5]))) == pytest.approx(0.5)
    assert round(float(np.linalg.norm(jacobian(np.full(64, 1 / 64)))), 2) == 0.12
    assert np.linalg.norm(jacobian(np.eye(64)[0])) == 0
    for seed in range(50):
        p = softmax(np.random.default_rng(seed).standard_normal(8) * 3)
        assert np.linalg.norm(jacobian(p)) < 0.5


def test_page_table() -> None:
    """Page: the rows of the table to the digits printed, ln 64, and the peak of the figure at d_k = 16."""
    assert round(float(np.log(64)), 2) == 4.16
    wanted = {
        (4, True): ("0.08", "3.79", "0.17"),
        (64, True): ("0.09", "3.71", "0.18"),
        (1024, True): ("0.10", "3.71", "0.18"),
        (4, False): ("0.22", "2.92", "0.26"),
        (64, False): ("0.84", "0.54", "0.22"),
        (1024, False): ("1.00", "0.00", "0.00"),
    }
    for (d_k, scaled), numbers in wanted.items():
        assert tuple(f"{x:.2f}" for x in saturation(d_k, scaled)) == numbers
    last = saturation(1024, scaled=False)
    assert f"{last.largest:.4f}" == "0.9999"
    assert f"{last.gradient:.1e}" == "2.5e-04"
    unscaled = {d_k: saturation(d_k, scaled=False).gradient for d_k in (4, 8, 16, 32, 64)}
    assert max(unscaled, key=unscaled.__getitem__) == 16
    assert f"{unscaled[16]:.2f}" == "0.32"


def test_page_worked_example_of_two_keys() -> None:
    """Page: d_k = 64, one standard deviation apart: 8 and 0 give 0.9997, 1 and 0 give 0.73."""
    hard, soft = softmax(np.array([8.0, 0.0])), softmax(np.array([1.0, 0.0]))
    assert round(float(hard[0]), 4) == 0.9997
    assert round(float(soft[0]), 2) == 0.73
    assert f"{jacobian(hard)[0, 0]:.1e}" == "3.4e-04"
    assert round(float(jacobian(soft)[0, 0]), 2) == 0.20


def test_t5_initial_values_need_no_scaling() -> None:
    """Page: variance about 1 without any division; T5-base has d_model 768 and d_kv 64."""
    s = t5_scores(256, 768, 64, np.random.default_rng(0))
    assert s.var() == pytest.approx(1, abs=0.05)

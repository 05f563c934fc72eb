"""The three forms of linear attention agree with each other and with a double loop; torch's elu as φ."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from labs.attention.associative_memory import mean_recall_errors, recall_errors, unit
from labs.attention.linear_attention import chunked, parallel, phi, recurrent

Array = npt.NDArray[np.float64]


def inputs(n: int = 21) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((2, n, 6))
    return q, k, rng.standard_normal((n, 4))


def test_equals_the_double_loop() -> None:
    q, k, v = inputs()
    want = np.empty_like(v)
    for i in range(21):
        weights = [float(sum(phi(q[i]) * phi(k[j]))) for j in range(i + 1)]
        want[i] = sum(w * v[j] for j, w in enumerate(weights)) / sum(weights)
    assert np.allclose(parallel(q, k, v), want, atol=1e-12)


@pytest.mark.parametrize("size", [1, 4, 7, 21, 50])
def test_three_forms_agree(size: int) -> None:
    q, k, v = inputs()
    assert np.allclose(recurrent(q, k, v), parallel(q, k, v), atol=1e-12)
    assert np.allclose(chunked(q, k, v, size), parallel(q, k, v), atol=1e-12)


def test_phi_is_elu_plus_one() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x = np.linspace(-800, 5, 101)
    assert np.allclose(phi(x), torch.nn.functional.elu(torch.from_numpy(x)).numpy() + 1, atol=1e-15)


def test_causal_and_weights_form_a_mean() -> None:
    q, k, v = inputs()
    later = v.copy()
    later[10:] += 9
    assert np.array_equal(recurrent(q, k, later)[:10], recurrent(q, k, v)[:10])
    assert np.allclose(parallel(q, k, np.ones_like(v)), 1.0)


def test_page_cost_numbers() -> None:
    """Page linear-attention: d = d_v = 128; state against cache, and where the two orders of multiplication
    cross.
    """
    d = 128
    state, per_token = d * d + d, 2 * d
    assert state == 16_512 and per_token == 256
    assert state / per_token == 64.5
    n = 65_536
    assert n * per_token == 16_777_216
    assert round(n * per_token / state) == 1016
    assert 2 * n * n * d // (2 * n * d * d) == 512  # (QKᵀ)V against Q(KᵀV)


def test_page_recall_errors() -> None:
    """Page linear-attention and its figure: additive error is (N - 1)/d on average; nothing is lost with
    orthogonal keys.
    """
    for pairs in (16, 32, 64):
        added, corrected = mean_recall_errors(pairs, 64, 20)
        assert added == pytest.approx((pairs - 1) / 64, rel=0.06)
        assert corrected < 0.7 * added
    added, corrected = mean_recall_errors(64, 64, 20)
    assert (round(added, 2), round(corrected, 2)) == (0.98, 0.6)
    rng = np.random.default_rng(0)
    k = np.linalg.qr(rng.standard_normal((64, 64)))[0]
    for errors in recall_errors(k, unit(rng.standard_normal((64, 64)))):
        assert errors.max() < 1e-25

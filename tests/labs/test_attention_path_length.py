"""Path lengths and gradients of RNNs; numbers of docs/attention/why-attention.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from labs.attention.path_length import (
    Mask,
    attention_cost,
    everywhere,
    hops,
    influence,
    recurrent,
    recurrent_cost,
    rnn,
)


def window(n: int, w: int) -> Mask:
    distance = np.subtract.outer(np.arange(n), np.arange(n))
    return (distance >= 0) & (distance < w)


@pytest.mark.parametrize("reads", [recurrent(12), everywhere(12), window(12, 4)])
def test_hops_match_scipy(reads: Mask) -> None:
    expected = shortest_path(csr_array(reads.T), method="D", unweighted=True)  # edges from what is read
    for source in (0, 3):
        for target in range(source, 12):
            assert hops(reads, source, target) == expected[source, target]


def test_rnn_cannot_look_ahead() -> None:
    with pytest.raises(ValueError, match="never hears"):
        hops(recurrent(5), source=3, target=1)


def test_page_path_lengths() -> None:
    """Page: n = 1024, RNN 1023 hops, self-attention 1, window of 128 needs 9; figure: n = 6."""
    assert hops(recurrent(1024), 0, 1023) == 1023
    assert hops(everywhere(1024), 0, 1023) == 1
    assert hops(window(1024, 128), 0, 1023) == 9
    assert hops(recurrent(6), 0, 5) == 5


def test_rnn_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    w, u = rng.standard_normal((2, 4, 4))
    x = rng.standard_normal((6, 4))
    cell = torch.nn.RNN(4, 4, bias=False, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_hh_l0.copy_(torch.from_numpy(w))
        cell.weight_ih_l0.copy_(torch.from_numpy(u))
        expected, _ = cell(torch.from_numpy(x))
    np.testing.assert_allclose(rnn(x, w, u), expected.numpy(), rtol=1e-12, atol=1e-12)


def test_influence_matches_finite_differences() -> None:
    rng = np.random.default_rng(1)
    w, u = rng.standard_normal((2, 3, 3)) / 2
    x = rng.standard_normal((5, 3))
    states = rnn(x, w, u)
    step, columns = 1e-6, []
    for axis in np.eye(3):
        moved = []
        for sign in (1, -1):
            h = states[0] + sign * step * axis
            for token in x[1:]:
                h = np.tanh(w @ h + u @ token)
            moved.append(h)
        columns.append((moved[0] - moved[1]) / (2 * step))
    assert influence(states, w)[-1] == pytest.approx(np.linalg.norm(np.array(columns).T, 2), rel=1e-7)


def test_page_gradient_shrinks_along_the_path() -> None:
    """Page: norm of W 0.9, 99 steps: at most 3.0e-5, and 1.3e-23 in the run with tanh."""
    rng = np.random.default_rng(0)
    w = 0.9 * np.linalg.qr(rng.standard_normal((64, 64)))[0]
    u = rng.standard_normal((64, 64)) / 8
    norms = influence(rnn(rng.standard_normal((100, 64)), w, u), w)
    assert f"{0.9**99:.1e}" == "3.0e-05"
    assert (norms <= 0.9 ** np.arange(100) * (1 + 1e-12)).all()
    assert f"{norms[-1]:.0e}" == "1e-23"


def test_page_costs() -> None:
    """Page: n = 128, d = 512 costs attention a quarter of the RNN; n = 4096 costs eight times as much."""
    assert attention_cost(128, 512) * 4 == recurrent_cost(128, 512) == 33_554_432
    assert attention_cost(128, 512) == 8_388_608
    assert attention_cost(4096, 512) == 8 * recurrent_cost(4096, 512)

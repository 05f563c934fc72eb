"""Bradley-Terry against SciPy's minimiser and PyTorch's autograd, and the numbers of the page bradley-terry."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse.csgraph import connected_components

from labs.alignment.bradley_terry import fit, gradient, hessian, nll, win_probability

WINS = np.array([[0, 7, 8, 9], [3, 0, 6, 8], [2, 4, 0, 7], [1, 2, 3, 0]], float)


def random_wins(seed: int, n: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    wins = rng.integers(0, 8, (n, n)).astype(float)
    np.fill_diagonal(wins, 0)
    assert connected_components(wins, connection="strong")[0] == 1
    return wins


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_fit_is_scipys_minimum(seed: int, l2: float) -> None:
    wins = random_wins(seed)
    want = minimize(nll, np.zeros(6), args=(wins, l2), method="BFGS", options={"gtol": 1e-9})
    got = fit(wins, l2)
    assert np.allclose(got, want.x - want.x.mean(), atol=1e-5)
    assert nll(got, wins, l2) <= want.fun + 1e-12
    assert np.abs(gradient(got, wins, l2)).max() < 1e-10


def test_gradient_and_hessian_are_autograds() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    wins, r0 = random_wins(7), np.random.default_rng(8).normal(size=6)

    def loss(r: object) -> object:
        gaps = r[:, None] - r[None, :]  # type: ignore[index]
        return -(torch.tensor(wins) * torch.nn.functional.logsigmoid(gaps)).sum() + 0.15 * (r**2).sum()  # type: ignore[operator]

    x = torch.tensor(r0, requires_grad=True)
    loss(x).backward()  # type: ignore[attr-defined]
    assert np.allclose(x.grad.numpy(), gradient(r0, wins, 0.3), atol=1e-12)
    hess = torch.autograd.functional.hessian(loss, torch.tensor(r0)).numpy()
    assert np.allclose(hess, hessian(r0, wins, 0.3), atol=1e-12)


@pytest.mark.parametrize("c", [-3.0, 0.5, 100.0])
def test_a_common_constant_changes_nothing(c: float) -> None:
    wins, r = random_wins(1), np.random.default_rng(2).normal(size=6)
    assert nll(r + c, wins) == pytest.approx(nll(r, wins), abs=1e-9)
    assert np.allclose(win_probability(r + c), win_probability(r), atol=1e-12)
    assert np.allclose(hessian(r, wins) @ np.ones(6), 0, atol=1e-12)
    assert gradient(r, wins).sum() == pytest.approx(0, abs=1e-10)
    assert not np.allclose(win_probability(2 * r), win_probability(r), atol=0.01)  # a factor does change it


def test_page_fit() -> None:
    """Page bradley-terry: four answers, ten comparisons of each pair."""
    assert (WINS + WINS.T)[np.triu_indices(4, 1)].tolist() == [10] * 6
    r = fit(WINS)
    assert np.round(r, 2).tolist() == [1.11, 0.23, -0.23, -1.11]
    assert np.round(win_probability(r)[0], 2).tolist() == [0.5, 0.71, 0.79, 0.9]
    assert round(nll(r, WINS), 2) == round(nll(r + 5, WINS), 2) == 32.22
    assert np.round(fit(WINS, 1.0), 2).tolist() == [0.95, 0.2, -0.2, -0.95]
    eigenvalues = np.linalg.eigvalsh(hessian(r, WINS))
    assert abs(eigenvalues[0]) < 1e-12 and round(eigenvalues[1], 1) == 5.4


def test_page_odds() -> None:
    """Page bradley-terry: a gap of 1 is 73%, of 2 is 88%, and odds multiply."""
    p = win_probability(np.array([2.0, 1.0, 0.0]))
    assert np.round(p[0], 2).tolist() == [0.5, 0.73, 0.88]
    odds = p / p.T
    assert odds[0, 2] == pytest.approx(odds[0, 1] * odds[1, 2])


def test_page_a_clean_sweep_has_no_maximum() -> None:
    """Page bradley-terry: ten wins in ten, the loss at gaps 1, 5 and 10, and the finite fit with λ = 0.1."""
    sweep = np.array([[0.0, 10.0], [0.0, 0.0]])
    losses = [nll(np.array([gap / 2, -gap / 2]), sweep) for gap in (1.0, 5.0, 10.0)]
    assert [f"{x:.2g}" for x in losses] == ["3.1", "0.067", "0.00045"]
    r = fit(sweep, 0.1)
    assert round(r[0] - r[1], 2) == 3.91


def test_shift_per_prompt_is_free_but_shift_per_answer_is_not() -> None:
    """Page bradley-terry: the free constant may differ from prompt to prompt, not within one prompt."""
    a, b = np.array([1.0, 0.0]), np.array([0.3, 0.9])
    wins = np.array([[0, 6], [2, 0]], float)
    before = nll(a, wins) + nll(b, wins)
    assert nll(a + 4, wins) + nll(b - 7, wins) == pytest.approx(before)
    assert nll(a + np.array([4.0, 0.0]), wins) != pytest.approx(nll(a, wins))


def test_page_elo_is_the_same_model() -> None:
    """Page bradley-terry: a gap of 1 is 174 Elo points."""
    assert round(400 / np.log(10)) == 174
    assert 1 / (1 + 10 ** (-400 / np.log(10) / 400)) == pytest.approx(win_probability(np.array([1.0, 0.0]))[0, 1])


def test_page_a_circle_of_preferences_is_invisible() -> None:
    """Page bradley-terry: A beats B, B beats C, C beats A, 7 to 3 each: the best fit calls them equal."""
    circle = np.array([[0, 7, 3], [3, 0, 7], [7, 3, 0]], float)
    assert np.allclose(fit(circle), 0, atol=1e-12)


def test_page_valley() -> None:
    """Page bradley-terry, figure bt-valley: seven to three is a gap of log(7/3)."""
    r = fit(np.array([[0.0, 7.0], [3.0, 0.0]]))
    assert r[0] - r[1] == pytest.approx(np.log(7 / 3)) and round(r[0] - r[1], 2) == 0.85

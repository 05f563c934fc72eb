"""Length bias of the group loss against brute force over all groups, and the numbers of dr-grpo.md."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from labs.alignment.group_advantage import binary_advantages
from labs.alignment.length_bias import gradient, lengths_of, sigmoid, stop_drift, train

Z = np.log(np.array([0.25, 1 / 9, 1 / 9]))  # p = 0.2, q = 0.1


@pytest.mark.parametrize("average", ["sample", "tokens", "constant"])
def test_gradient_against_all_groups(average: str) -> None:
    """Three answers of at most four tokens: every combination of verdicts and lengths."""
    z, longest, size = np.array([0.3, -0.4, 0.2]), 4, 3
    p, q = sigmoid(z)[0], sigmoid(z)[1:]
    law = [lengths_of(float(x), longest) for x in q]
    want = np.zeros(3)
    for verdicts in product((0, 1), repeat=size):  # 1 is right
        k = sum(verdicts)
        if k in (0, size):
            continue
        for ns in product(range(1, longest + 1), repeat=size):
            chance = 1.0
            for v, n in zip(verdicts, ns, strict=True):
                chance *= (p if v else 1 - p) * law[1 - v][0][n]
            for v, n in zip(verdicts, ns, strict=True):
                w = {"sample": 1 / n, "tokens": size / sum(ns), "constant": 1 / longest}[average]
                a = binary_advantages(k, size)[1 - v] * chance * w / size
                want += a * np.array([(1 - p) if v else -p, 0, 0])
                want[2 - v] += a * law[1 - v][1][n]
    np.testing.assert_allclose(gradient(z, size, average, longest), want, atol=1e-12)


def test_score_equals_autograd() -> None:
    """The score of a whole answer is the derivative of its log-probability in the stop logit."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    chance, score = lengths_of(0.1, 6)
    for n in range(1, 7):
        z = torch.tensor(np.log(1 / 9), requires_grad=True)
        logp = (n - 1) * torch.nn.functional.logsigmoid(-z) + (torch.nn.functional.logsigmoid(z) if n < 6 else 0)
        logp.backward()
        assert np.isclose(np.exp(logp.item()), chance[n]) and np.isclose(z.grad.item(), score[n])


def test_score_has_mean_zero_and_the_closed_form_holds() -> None:
    """Page dr-grpo: E[s] = 0, E[s/n] = −q ln q/(1−q) − q = 0.156 at q = 0.1."""
    chance, score = lengths_of(0.1, 400)
    n = np.arange(401)
    assert abs(chance.sum() - 1) < 1e-12 and abs(chance @ score) < 1e-12
    assert abs(float(chance[1:] @ (score[1:] / n[1:])) - stop_drift(0.1)) < 1e-10
    assert round(stop_drift(0.1), 3) == 0.156
    assert all(stop_drift(float(q)) > 0 for q in np.linspace(0.01, 0.99, 50))


def test_signs() -> None:
    """Page dr-grpo: right answers are pushed to stop, wrong ones to go on; the constant pushes neither."""
    g = {a: gradient(Z, 8, a, 64) for a in ("sample", "tokens", "constant")}
    for a in ("sample", "tokens"):
        assert g[a][1] > 0 > g[a][2]
    assert np.abs(g["constant"][1:]).max() < 1e-15
    assert round(g["sample"][1] / g["sample"][0], 2) == 0.61 and round(g["tokens"][1] / g["tokens"][0], 2) == 0.11


def test_bias_of_the_token_average_falls_with_the_group() -> None:
    """Page dr-grpo: G = 2, 4, 8, 16; the sample average has 0.61 at every G."""
    bias = {}
    for a in ("sample", "tokens"):
        rows = [gradient(Z, size, a, 64) for size in (2, 4, 8, 16)]
        bias[a] = [round(float(g[1] / g[0]), 2) for g in rows]
    assert bias == {"sample": [0.61] * 4, "tokens": [0.4, 0.22, 0.11, 0.06]}


def test_training() -> None:
    """Page dr-grpo: mean lengths when 90 % are right; all start at 10.0."""
    rows = {a: train(a, 0.9) for a in ("sample", "tokens", "constant")}
    assert [round(float(x), 1) for x in rows["sample"][0]] == [0.2, 10.0, 10.0]
    ends = {a: [round(float(x), 1) for x in r[-1, 1:]] for a, r in rows.items()}
    assert ends == {"sample": [1.6, 32.6], "tokens": [7.3, 15.3], "constant": [10.0, 10.0]}

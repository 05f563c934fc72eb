"""Speculative decoding: exact enumeration, SciPy's chi-square, and the numbers of speculative-decoding.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from labs.serving.speculative import (
    Array,
    Model,
    accept_probability,
    acceptance_rate,
    best_gamma,
    draw,
    expected_tokens,
    extra_arithmetic,
    outcomes,
    residual,
    speculative_round,
    speedup,
)


def bigram(seed: int, vocab: int = 3, concentration: float = 3.0) -> Model:
    """Random rows; the last one begins a text."""
    p = np.random.default_rng(seed).dirichlet(np.full(vocab, concentration), size=vocab + 1)
    return lambda prefix: np.asarray(p[prefix[-1] if prefix else vocab])


def joint(model: Model, tokens: tuple[int, ...]) -> float:
    """Probability of a text under the target alone."""
    return float(np.prod([model(tokens[:i])[x] for i, x in enumerate(tokens)]))


@pytest.mark.parametrize(("seed", "gamma"), [(0, 1), (1, 2), (2, 3)])
def test_lossless_by_enumeration(seed: int, gamma: int) -> None:
    """Every outcome of a round, continued by the target to γ + 1 tokens, has the target's probability."""
    target, draft = bigram(seed), bigram(seed + 100)
    got: dict[tuple[int, ...], float] = {}

    def extend(tokens: tuple[int, ...], chance: float) -> None:
        if len(tokens) == gamma + 1:
            got[tokens] = got.get(tokens, 0) + chance
            return
        for y, p in enumerate(target(tokens)):
            extend((*tokens, y), chance * float(p))

    for tokens, chance in outcomes(target, draft, gamma):
        extend(tokens, chance)
    assert len(got) == 3 ** (gamma + 1)
    for tokens, chance in got.items():
        assert chance == pytest.approx(joint(target, tokens), abs=1e-15)


def wrong_round(
    target: Model, draft: Model, prefix: tuple[int, ...], gamma: int, rng: np.random.Generator
) -> list[int]:
    """The mistake on the page: after a rejection, draw from p instead of the residual."""
    guess: list[int] = []
    q: list[Array] = []
    for _ in range(gamma):
        q.append(draft((*prefix, *guess)))
        guess.append(draw(q[-1], rng))
    p = [target((*prefix, *guess[:i])) for i in range(gamma + 1)]
    for i, x in enumerate(guess):
        if rng.random() >= accept_probability(p[i], q[i])[x]:
            return [*guess[:i], draw(p[i], rng)]
    return [*guess, draw(p[gamma], rng)]


def test_lossless_by_chi_square() -> None:
    """3000 texts of 3 tokens, seed 0, 27 cells, significance 0.01; the wrong rule is rejected at 1e-6."""
    target, draft = bigram(7), bigram(8)
    cells = [(a, b, c) for a in range(3) for b in range(3) for c in range(3)]
    want = np.array([joint(target, cell) for cell in cells]) * 3000
    assert want.min() > 5
    for rule in (speculative_round, wrong_round):
        rng = np.random.default_rng(0)
        counts = dict.fromkeys(cells, 0)
        for _ in range(3000):
            text: tuple[int, ...] = ()
            while len(text) < 3:
                text = (*text, *rule(target, draft, text, 2, rng))
            counts[text[0], text[1], text[2]] += 1
        p_value = chisquare([counts[cell] for cell in cells], want).pvalue
        assert p_value > 0.01 if rule is speculative_round else p_value < 1e-6


def test_example() -> None:
    """Page: p = (0.6, 0.3, 0.1), q = (0.3, 0.3, 0.4)."""
    p, q = np.array([0.6, 0.3, 0.1]), np.array([0.3, 0.3, 0.4])
    assert acceptance_rate(p, q) == pytest.approx(0.7)
    np.testing.assert_allclose(accept_probability(p, q), [1, 1, 0.25])
    np.testing.assert_allclose(residual(p, q), [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(np.minimum(p, q) + (1 - 0.7) * residual(p, q), p, atol=1e-15)
    assert acceptance_rate(p, q) == pytest.approx(1 - np.abs(p - q).sum() / 2)  # 1 − total variation


def test_expected_tokens_against_simulation() -> None:
    """Page: α = 0.7, γ = 4: 2.77, within three standard errors of 4000 rounds."""
    p, q = np.array([0.6, 0.3, 0.1]), np.array([0.3, 0.3, 0.4])
    rng = np.random.default_rng(0)
    sizes = [len(speculative_round(lambda _: p, lambda _: q, (), 4, rng)) for _ in range(4000)]
    want = expected_tokens(0.7, 4)
    assert round(want, 2) == 2.77
    assert abs(np.mean(sizes) - want) < 3 * np.std(sizes) / np.sqrt(4000)
    assert expected_tokens(1, 4) == 5


def test_expected_tokens_is_the_geometric_sum() -> None:
    for alpha in (0.0, 0.3, 0.9):
        for gamma in (0, 1, 7):
            assert expected_tokens(alpha, gamma) == pytest.approx(sum(alpha**i for i in range(gamma + 1)))


def test_speedup_table() -> None:
    """Page: best γ and speed-up for two costs of the draft, and the arithmetic."""
    rows = {0.5: (3, 1.63, 1, 1.25), 0.7: (6, 2.35, 3, 1.58), 0.8: (8, 3.09, 4, 1.87), 0.9: (13, 4.67, 7, 2.37)}
    for alpha, (g1, s1, g2, s2) in rows.items():
        assert (best_gamma(alpha, 0.05), best_gamma(alpha, 0.2)) == (g1, g2)
        assert (round(speedup(alpha, g1, 0.05), 2), round(speedup(alpha, g2, 0.2), 2)) == (s1, s2)
    assert round(extra_arithmetic(0.7, 4, 0.05), 2) == 1.88


def test_when_speculation_pays() -> None:
    """Page: some γ helps exactly if α > c, by (1 + α)/(1 + c) at least."""
    for alpha in (0.05, 0.2, 0.5, 0.9):
        for c in (0.01, 0.1, 0.3, 0.6):
            best = speedup(alpha, best_gamma(alpha, c), c)
            if alpha > c:
                assert best >= (1 + alpha) / (1 + c) - 1e-12 > 1
            else:
                assert best_gamma(alpha, c) == 0

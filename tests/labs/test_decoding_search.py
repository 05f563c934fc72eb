"""Search against brute force; numbers of greedy-decoding.md and beam-search.md."""

from __future__ import annotations

from math import log, log10

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.decoding.search import (
    Model,
    beam_search,
    garden_path,
    greedy,
    length_penalty,
    shared_positions,
    texts,
    translation,
)


def bigram(seed: int, vocab: int, sharp: float = 1.0) -> Model:
    """A random bigram model; row 0 begins a text."""
    p = softmax(np.random.default_rng(seed).standard_normal((vocab, vocab)) * sharp)
    return lambda prefix: p[prefix[-1] if prefix else 0]


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_is_exhaustive_search(seed: int) -> None:
    model = bigram(seed, 4)
    found, _ = beam_search(model, 4**4, 4)
    want = sorted(texts(model, 4), key=lambda h: -h.logp)
    assert {h.tokens for h in found} == {h.tokens for h in want}  # the order of exact ties is free
    assert len(found) == len(want)
    np.testing.assert_allclose([h.logp for h in found], [h.logp for h in want], atol=1e-12)
    assert sum(np.exp(h.logp) for h in want) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(6))
def test_width_one_is_greedy_and_no_width_beats_the_optimum(seed: int) -> None:
    model = bigram(seed, 5, 2.0)
    best = max(h.logp for h in texts(model, 5))
    assert beam_search(model, 1, 5)[0][0].tokens == greedy(model, 5).tokens
    assert all(beam_search(model, k, 5)[0][0].logp <= best + 1e-12 for k in (1, 2, 3, 8))


def test_garden_path() -> None:
    """Pages: greedy 0.20, best 0.36, found with width 2."""
    best = max(texts(garden_path, 4), key=lambda h: h.logp)
    assert np.exp(greedy(garden_path, 4).logp) == pytest.approx(0.20)
    assert np.exp(best.logp) == pytest.approx(0.36)
    assert beam_search(garden_path, 2, 4)[0][0].tokens == best.tokens


def test_length_penalty_and_the_empty_translation() -> None:
    """Beam page: the table of width against α, and the scores in the text."""
    for k in (1, 2, 3, 4, 8, 16):
        plain, fair = (beam_search(translation, k, 13, a)[0][0] for a in (0.0, 0.6))
        assert len(plain.tokens) == (13 if k < 4 else 1)
        assert len(fair.tokens) == 13
    assert round(12 * log(0.75), 2) == -3.45
    assert round(log(0.05), 2) == -3.00
    assert round(length_penalty(13, 0.6), 2) == 1.93
    assert round(12 * log(0.75) / length_penalty(13, 0.6), 2) == -1.79
    assert length_penalty(1, 0.6) == 1


def test_cost() -> None:
    """Beam page: prefixes through the model, candidates, and how many texts there are."""
    model, k, steps = bigram(0, 6), 3, 7

    def endless(prefix: tuple[int, ...]) -> np.ndarray:
        p = model(prefix).copy()
        p[0] = 0
        return np.asarray(p / p.sum())

    assert beam_search(endless, k, steps)[1] == 1 + k * (steps - 1)
    assert 4 * 32_000 * 100 == 12_800_000
    assert int(100 * log10(32_000)) == 450


def test_beams_are_alike() -> None:
    """Beam page: 88.5 % of positions shared by five beams, 6 % by five samples, in a bigram model of 30 tokens."""
    rng = np.random.default_rng(0)
    z = rng.standard_normal((30, 30)) * 3
    z[:, 0] = -np.inf
    p = softmax(z)
    found, _ = beam_search(lambda prefix: p[prefix[-1] if prefix else 1], 5, 20)
    assert round(shared_positions([h.tokens for h in found]), 4) == 0.885

    def sample() -> tuple[int, ...]:
        out = [1]
        for _ in range(20):
            out.append(int(rng.choice(30, p=p[out[-1]])))
        return tuple(out[1:])

    shared = [shared_positions([sample() for _ in range(5)]) for _ in range(100)]
    assert round(float(np.mean(shared)), 2) == 0.06


def test_greedy_loses_although_every_step_exceeds_one_half() -> None:
    """Greedy page, last question."""
    assert round(0.6 * 0.51**2, 3) == 0.156
    assert round(0.4 * 0.99**2, 3) == 0.392
    assert round(0.9**4, 3) == 0.656

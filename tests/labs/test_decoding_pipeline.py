"""The chain of processors against naive loops; numbers of repetition-penalty.md and top-p-sampling.md."""

from __future__ import annotations

from math import exp, inf

import numpy as np
import pytest

from labs.decoding.pipeline import ORDERS, NgramIndex, Settings, ctrl_as_printed, effect, next_distribution, stages
from labs.decoding.samplers import Array, kept, zipf
from labs.reliability.repetition import additive_penalty, block_ngrams, repetition_penalty

Z = np.array([2.0, -1.0, 0.5, 0.0])


NAIVE_ORDERS = {"transformers": "tkpm", "vllm": "tmkp", "llama.cpp": "kpmt"}


def naive(logits: list[float], context: list[int], s: Settings, engine: str) -> list[float]:
    """Penalties and the engine's filters, token by token and without NumPy."""

    def softmax(z: list[float]) -> list[float]:
        weights = [exp(x - max(z)) for x in z]
        return [w / sum(weights) for w in weights]

    z = list(logits)
    for token in set(context):
        z[token] = z[token] * s.theta if z[token] < 0 else z[token] / s.theta
        z[token] -= s.presence + s.frequency * context.count(token)
    if s.ngram:
        tail = context[len(context) - s.ngram + 1 :]
        for i in range(len(context) - s.ngram + 1):
            if context[i : i + s.ngram - 1] == tail:
                z[context[i + s.ngram - 1]] = -inf
    for letter in NAIVE_ORDERS[engine]:
        p = softmax(z)
        if letter == "t":
            z = [x / s.t for x in z]
        elif letter == "k" and s.k:
            limit = sorted(z)[-min(s.k, len(z))]
            z = [x if x >= limit else -inf for x in z]
        elif letter == "m":
            z = [x if q >= s.m * max(p) else -inf for x, q in zip(z, p, strict=True)]
        elif letter == "p":
            total = 0.0
            for i in sorted(range(len(p)), key=lambda i: -p[i]):
                if total >= s.p - 1e-12 and s.p < 1:
                    z[i] = -inf
                total += p[i]
    return softmax(z)


@pytest.mark.parametrize("engine", ORDERS)
def test_chain_against_the_naive_one(engine: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(150):
        z = rng.standard_normal(25) * 3
        context = rng.integers(0, 7, size=int(rng.integers(3, 20))).tolist()
        s = Settings(
            theta=float(rng.choice([1, 1.3])),
            presence=float(rng.choice([0, 0.5])),
            frequency=float(rng.choice([0, 0.2])),
            ngram=int(rng.choice([0, 2, 3])),
            t=float(rng.choice([0.5, 1, 1.7])),
            k=int(rng.choice([0, 3, 10])),
            p=float(rng.choice([1, 0.9, 0.5])),
            m=float(rng.choice([0, 0.05, 0.3])),
        )
        want = naive(z.tolist(), context, s, engine)
        np.testing.assert_allclose(next_distribution(z, context, s, engine), want, atol=1e-12)


def test_stages_are_what_the_engine_does_one_by_one() -> None:
    s = Settings(theta=1.2, t=2.0, k=3, p=0.9, m=0.1)
    for engine, names in ORDERS.items():
        found = stages(Z, [0], s, engine)
        assert len(found) == 1 + len(names) and sorted(names) == sorted(ORDERS["vllm"])
        np.testing.assert_array_equal(found[0], repetition_penalty(Z, [0], 1.2))


def test_neutral_settings_change_nothing() -> None:
    p = next_distribution(Z, [0, 1, 1], Settings())
    np.testing.assert_allclose(p, np.exp(Z) / np.exp(Z).sum(), atol=1e-15)


def test_division_raises_negative_logits() -> None:
    """Penalty page: −0.833 and odds times 1.18 as printed, −1.2 and 0.82 as implemented."""
    printed, fixed = ctrl_as_printed(Z, [1], 1.2), repetition_penalty(Z, [1], 1.2)
    assert round(float(printed[1]), 3) == -0.833
    assert round(effect(Z, printed, 1), 2) == 1.18
    assert fixed[1] == pytest.approx(-1.2)
    assert round(effect(Z, fixed, 1), 2) == 0.82


def test_division_depends_on_the_zero_of_logits() -> None:
    """Penalty page: the same distribution, shifted by ±10, is punished by other factors; subtraction is not."""

    def odds(shift: float) -> float:
        return round(effect(Z + shift, repetition_penalty(Z + shift, [0], 1.2), 0), 2)

    assert (odds(0), odds(10), odds(-10)) == (0.72, 0.14, 0.20)
    for shift in (0.0, 10.0, -10.0):
        got = effect(Z + shift, additive_penalty(Z + shift, [0], 0.5, 0.0), 0)
        assert round(got, 2) == 0.61
        assert got == pytest.approx(np.exp(-0.5))
    normal = Z - np.log(np.exp(Z).sum())  # page: on log p the rule is p^θ
    np.testing.assert_allclose(repetition_penalty(normal, [0], 1.2)[0], 1.2 * normal[0], atol=1e-15)


def test_ngram_index_against_rescanning() -> None:
    rng = np.random.default_rng(1)
    for n in (1, 2, 3, 4):
        index, text = NgramIndex(n), []
        for token in rng.integers(0, 3, size=40).tolist():
            index.append(token)
            text.append(token)
            blocked = block_ngrams(np.zeros(3), text, n)
            assert index.banned() == set(np.flatnonzero(np.isinf(blocked)).tolist())


def test_ngram_example() -> None:
    """Penalty page: after A B C A B, the token C is forbidden for n = 3."""
    index = NgramIndex(3)
    for token in (0, 1, 2, 0, 1):
        index.append(token)
    assert index.banned() == {2}


def test_what_the_playground_lets_you_try() -> None:
    """Playground page sampling: tokens kept and probabilities of its four things to try."""

    def left(z: Array, s: Settings, engine: str = "transformers") -> int:
        return len(kept(stages(z, [], s, engine)[-1]))

    five, four, whole = np.array([3.0, 2, 1, 0, -1]), np.log([0.4, 0.3, 0.2, 0.1]), zipf(50_257, 1.5)
    assert [left(five, Settings(t=2, p=0.9), engine) for engine in ORDERS] == [4, 4, 3]
    assert [left(four, Settings(k=k, p=0.75)) for k in (3, 0)] == [2, 3]
    assert [left(whole, Settings(t=t, p=0.9)) for t in (1, 1.3)] == [55, 3990]
    assert left(whole, Settings(t=1.3, p=0.9), "llama.cpp") == 55
    assert [left(whole, Settings(t=t, m=0.05)) for t in (1, 1.3)] == [7, 13]
    loop, text = np.array([2.5, 1.5, -0.5, 1, 0.5, -1]), [0, 0, 0, 1, 1, 2]
    asked = [Settings(), Settings(frequency=1), Settings(theta=1.5)]
    said = [next_distribution(loop, text, s) for s in asked]
    assert [f"{p[0]:.1%}" for p in said[:2]] == ["55.4%", "9.8%"]
    assert [f"{p[1]:.1%}" for p in (said[0], said[2])] == ["20.4%", "20.6%"]

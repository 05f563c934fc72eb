"""RAG-Sequence and RAG-Token against sums over every answer, and the numbers of docs/rag/index.md."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from labs.rag.marginal import Array, posterior, rag_sequence, rag_token


def model(k: int = 3, n: int = 3, v: int = 4, seed: int = 0) -> tuple[Array, Array]:
    """A prior over k documents, and (k, n, v) token distributions that do not depend on the prefix."""
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(k)), rng.dirichlet(np.ones(v), size=(k, n))


def test_both_are_distributions_over_answers() -> None:
    prior, p = model()
    answers = list(product(range(4), repeat=3))
    picked = [np.stack([p[:, i, y] for i, y in enumerate(answer)], axis=1) for answer in answers]  # (k, n) each
    assert sum(rag_sequence(prior, t) for t in picked) == pytest.approx(1)
    assert sum(rag_token(prior, t) for t in picked) == pytest.approx(1)


def test_equal_to_explicit_sums() -> None:
    prior, p = model(seed=1)
    t = p[:, :, 0]
    paths = product(range(3), repeat=3)  # a document for every token
    assert rag_token(prior, t) == pytest.approx(
        sum(np.prod([prior[z] * t[z, i] for i, z in enumerate(path)]) for path in paths)
    )
    assert rag_sequence(prior, t) == pytest.approx(sum(prior[z] * np.prod(t[z]) for z in range(3)))


def test_one_document_or_one_token_makes_them_equal() -> None:
    prior, p = model()
    assert rag_token(prior, p[:, :1, 0]) == pytest.approx(rag_sequence(prior, p[:, :1, 0]))
    assert rag_token(np.ones(1), p[:1, :, 0]) == pytest.approx(rag_sequence(np.ones(1), p[:1, :, 0]))


def test_numbers_of_the_page() -> None:
    """Two documents at 0.6 and 0.4; each makes one half of the answer likely."""
    prior, t = np.array([0.6, 0.4]), np.array([[0.9, 0.1], [0.1, 0.9]])
    assert rag_sequence(prior, t) == pytest.approx(0.09)
    assert rag_token(prior, t) == pytest.approx(0.2436)
    t = np.array([[0.9, 0.9], [0.1, 0.1]])  # the first document alone has the whole answer
    assert rag_sequence(prior, t) == pytest.approx(0.49)
    assert rag_token(prior, t) == pytest.approx(0.3364)
    np.testing.assert_allclose(posterior(prior, t), [0.9918, 0.0082], atol=1e-4)

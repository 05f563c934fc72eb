"""Word2vec with the full softmax: gradients against PyTorch, numbers of docs/tokenization/word2vec.md."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from labs.tokenization.word2vec import (
    GROUPS,
    Array,
    Ids,
    corpus,
    cosine,
    examples,
    loss_and_grad,
    plane,
    train,
    vocabulary,
    windows,
)

SENTENCES = corpus()
WORDS = vocabulary(SENTENCES)
SKIP_GRAM = examples(SENTENCES, WORDS, window=2, cbow=False)
CBOW = examples(SENTENCES, WORDS, window=2, cbow=True)
NOUNS = list(dict.fromkeys(word for group, _ in GROUPS for word in group))


@pytest.fixture(scope="module")
def trained() -> tuple[Array, Array, list[float]]:
    return train(*SKIP_GRAM)


def rows(table: Array, *names: str) -> Array:
    """Rows of a table by word."""
    return table[[WORDS.index(name) for name in names]]


@pytest.mark.parametrize("data", [SKIP_GRAM, CBOW], ids=["skip-gram", "CBOW"])
def test_loss_and_gradients_equal_torch(data: tuple[Array, Ids]) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    a, y = data
    w_in, w_out = np.random.default_rng(0).standard_normal((2, len(WORDS), 5))
    t_in, t_out = (torch.tensor(w, requires_grad=True) for w in (w_in, w_out))
    want = torch.nn.functional.cross_entropy(torch.tensor(a) @ t_in @ t_out.T, torch.tensor(y))
    want.backward()
    loss, g_in, g_out = loss_and_grad(a, y, w_in, w_out)
    assert loss == pytest.approx(want.item(), rel=1e-12)
    np.testing.assert_allclose(g_in, t_in.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(g_out, t_out.grad.numpy(), atol=1e-12)


def test_windows_of_the_page_example() -> None:
    """Page and figure: 我 坐 火车 去 北京, window 2."""
    found = windows(["我", "坐", "火车", "去", "北京"], 2)
    assert found[2] == ("火车", ["我", "坐", "去", "北京"])
    assert found[0] == ("我", ["坐", "火车"])
    assert sum(len(context) for _, context in found) == 14


def test_examples_are_the_windows_counted_by_hand() -> None:
    sentence = [["a", "b", "c"]]
    words = ["a", "b", "c"]
    rows_, targets = examples(sentence, words, 1, cbow=True)
    np.testing.assert_array_equal(rows_, [[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]])
    np.testing.assert_array_equal(targets, [0, 1, 2])
    rows_, targets = examples(sentence, words, 1, cbow=False)
    np.testing.assert_array_equal(rows_.argmax(axis=1), [0, 1, 1, 2])
    np.testing.assert_array_equal(targets, [1, 0, 2, 1])


def test_page_sizes() -> None:
    """Page: sentences, vocabulary, positions, and examples of the two models."""
    assert (len(SENTENCES), len(WORDS), sum(map(len, SENTENCES))) == (36, 43, 133)
    assert (len(CBOW[1]), len(SKIP_GRAM[1])) == (133, 316)


def test_order_of_the_context_does_not_matter() -> None:
    one, _ = examples([["a", "b", "c", "d", "e"]], list("abcde"), 2, cbow=True)
    other, _ = examples([["e", "d", "c", "b", "a"]], list("abcde"), 2, cbow=True)
    np.testing.assert_allclose(one[2], other[2])  # c in the middle: the same four neighbours


def test_page_training(trained: tuple[Array, Array, list[float]]) -> None:
    """Page: the loss starts at ln V and ends at 1.68 (skip-gram), 0.27 (CBOW)."""
    _, _, losses = trained
    assert losses[0] == pytest.approx(log(43), abs=0.01)
    assert round(log(43), 2) == 3.76
    assert round(losses[-1], 2) == 1.68
    assert round(train(*CBOW)[2][-1], 2) == 0.27


def test_page_words_that_never_meet_become_neighbours(trained: tuple[Array, Array, list[float]]) -> None:
    """Page: 猫 and 狗 share no sentence; their cosine is 0.88, that of 猫 and 汽车 0.12."""
    w_in, _, _ = trained
    assert not any({"猫", "狗"} <= set(s) for s in SENTENCES)
    assert round(float(cosine(rows(w_in, "猫"), rows(w_in, "狗"))[0, 0]), 2) == 0.88
    assert round(float(cosine(rows(w_in, "猫"), rows(w_in, "汽车"))[0, 0]), 2) == 0.12
    assert round(float(cosine(rows(w_in, "苹果"), rows(w_in, "香蕉"))[0, 0]), 2) == 0.64
    assert round(float(cosine(rows(w_in, "苹果"), rows(w_in, "华为"))[0, 0]), 2) == 0.62
    assert round(float(cosine(rows(w_in, "香蕉"), rows(w_in, "华为"))[0, 0]), 2) == -0.17


@pytest.mark.parametrize("data", [SKIP_GRAM, CBOW], ids=["skip-gram", "CBOW"])
def test_nearest_noun_is_of_the_same_group(data: tuple[Array, Ids]) -> None:
    table = rows(train(*data)[0], *NOUNS)
    near = cosine(table, table) - 2 * np.eye(len(NOUNS))
    for i, word in enumerate(NOUNS):
        other = NOUNS[int(near[i].argmax())]
        assert any(word in group and other in group for group, _ in GROUPS), (word, other)


def test_model_is_log_linear(trained: tuple[Array, Array, list[float]]) -> None:
    """Page: all V × V scores are one product of rank d; there is nothing between the two tables."""
    w_in, w_out, _ = trained
    assert np.linalg.matrix_rank(w_in @ w_out.T, tol=1e-8) == 8


def test_page_input_and_output_vectors_differ(trained: tuple[Array, Array, list[float]]) -> None:
    """Page: 葡萄 is nearer to the output vector of its neighbour 吃 than to its input vector, and nearest to 香蕉."""
    w_in, w_out, _ = trained
    grape = rows(w_in, "葡萄")
    assert round(float(cosine(grape, rows(w_in, "吃"))[0, 0]), 2) == 0.45
    assert round(float(cosine(grape, rows(w_out, "吃"))[0, 0]), 2) == 0.76
    assert round(float(cosine(grape, rows(w_in, "香蕉"))[0, 0]), 2) == 0.80


def test_shrinking_window_weights() -> None:
    """Page: a window drawn from 1 … 5 sees distance δ with probability (5 − δ + 1)/5, and 6 words on average."""
    reach = [sum(r >= delta for r in range(1, 6)) / 5 for delta in range(1, 6)]
    assert reach == [1, 0.8, 0.6, 0.4, 0.2]
    assert 2 * sum(reach) == 6


def test_subsampling_of_the_page() -> None:
    """Page: t = 1e-5 drops 98.6 % of a word with frequency 5 %, none of a word at or below 1e-5."""
    assert round(1 - (1e-5 / 0.05) ** 0.5, 3) == 0.986
    assert max(0, 1 - (1e-5 / 1e-5) ** 0.5) == 0


def test_full_softmax_cost_of_the_page() -> None:
    """Page: V = 100 000, d = 300: 60 MFLOP for one example's scores."""
    assert 2 * 300 * 100_000 == 60_000_000


# docs/tokenization/semantic-space.md


def test_rotation_changes_every_coordinate_and_nothing_else(trained: tuple[Array, Array, list[float]]) -> None:
    """Page semantic-space: a common rotation keeps loss and cosines, so one coordinate means nothing by itself."""
    w_in, w_out, _ = trained
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((8, 8)))
    turned = w_in @ turn, w_out @ turn
    assert loss_and_grad(*SKIP_GRAM, *turned)[0] == pytest.approx(loss_and_grad(*SKIP_GRAM, w_in, w_out)[0], rel=1e-12)
    np.testing.assert_allclose(cosine(turned[0], turned[0]), cosine(w_in, w_in), atol=1e-12)
    assert np.abs(turned[0] - w_in).mean() > 0.5


def test_page_stretching_an_axis_keeps_the_loss_and_changes_cosines(
    trained: tuple[Array, Array, list[float]],
) -> None:
    """Page semantic-space: w_in·D and w_out·D^−1 fit as well, with other cosines."""
    w_in, w_out, _ = trained
    stretch = np.array([1, 10.0, 1, 1, 1, 1, 1, 1])
    found = w_in * stretch, w_out / stretch
    assert loss_and_grad(*SKIP_GRAM, *found)[0] == pytest.approx(loss_and_grad(*SKIP_GRAM, w_in, w_out)[0], rel=1e-12)
    before = float(cosine(rows(w_in, "猫"), rows(w_in, "汽车"))[0, 0])
    after = float(cosine(rows(found[0], "猫"), rows(found[0], "汽车"))[0, 0])
    assert (round(before, 2), round(after, 2)) == (0.12, 0.95)


def test_plane_is_the_best_one(trained: tuple[Array, Array, list[float]]) -> None:
    """The plane keeps the two largest singular values; page semantic-space: 67 % of the variance."""
    table = rows(trained[0], *NOUNS)
    flat = plane(table, table)
    s = np.linalg.svd(table - table.mean(axis=0), compute_uv=False)
    assert (flat**2).sum() == pytest.approx((s[:2] ** 2).sum(), rel=1e-10)
    assert round(float((s[:2] ** 2).sum() / (s**2).sum()), 2) == 0.67
